import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct RequestZonesTests {
  @Test(
    arguments: [
      (["GFP_KERNEL"], "Normal", "HighMem", false),
      (["GFP_HIGHUSER_MOVABLE", "__GFP_COMP"], "Movable", nil, true),
      (["GFP_HIGHUSER"], "HighMem", "Movable", false),
      (["GFP_DMA32"], "DMA32", "Normal", false),
      (["GFP_KERNEL", "GFP_DMA"], "DMA", "DMA32", false),
      (["GFP_USER", "__GFP_MOVABLE"], "Normal", "HighMem", true),
    ] as [([String], String, String?, Bool)])
  func highestZone(_ flags: [String], _ zone: String, _ beyond: String?, _ isMovable: Bool) {
    let zones = RequestZones(flags: flags)
    #expect(zones.includes(zone) && zones.isMovable == isMovable)
    if let beyond { #expect(!zones.includes(beyond)) }
  }

  @Test func unknownFlagsMayUseAll() {
    let zones = RequestZones(flags: [])
    #expect(zones.includes("Movable") && zones.isMovable == nil && !zones.includes("Device"))
  }
}

@Suite struct ZoneRoomTests {
  private static let mib: Int64 = 1 << 20

  private static func zone(
    _ name: String, free: Int64, reserve: [Int64], cma: Int64 = 0, highAtomic: Int64 = 0,
    node: Int = 0
  ) -> ZoneState {
    var zone = ZoneState(node: node, name: name, line: 6)
    zone.counters = [
      "free": Bytes(free * mib), "min": Bytes(10 * mib), "low": Bytes(12 * mib),
      "free_cma": Bytes(cma * mib), "reserved_highatomic": Bytes(highAtomic * mib),
    ]
    zone.lowmemReserve = reserve.map { Pages($0) }
    return zone
  }

  private static func rooms(
    _ flags: [String], _ zones: [ZoneState], _ change: (inout OOMReport) -> Void = { _ in }
  ) -> [ZoneRoom] {
    var report = OOMReport(firstLine: 1, time: LogTime())
    var invocation = Invocation()
    invocation.gfpFlags = flags
    report.invocation = Cited(invocation, line: 1)
    report.memory = MemoryState(firstLine: 2)
    report.memory?.zones = zones
    change(&report)
    return ZoneRoom.rooms(report)
  }

  @Test func cmaIsForPagesThatCanBeMoved() {
    let zones = [Self.zone("Normal", free: 100, reserve: [0, 0, 0, 0], cma: 80)]
    #expect(Self.rooms(["GFP_KERNEL"], zones)[0].usable == Bytes(10 * Self.mib))
    #expect(Self.rooms(["GFP_HIGHUSER_MOVABLE"], zones)[0].usable == Bytes(90 * Self.mib))
  }

  @Test func highAtomicIsKeptBack() {
    let zones = [Self.zone("Normal", free: 100, reserve: [0, 0, 0, 0], highAtomic: 5)]
    #expect(Self.rooms(["GFP_KERNEL"], zones)[0].usable == Bytes(85 * Self.mib))
  }

  /// A 32-bit machine: the reserve against requests for HighMem is larger than against those for
  /// Normal, whose entry is the one before the first above 0 of Normal's own.
  @Test func theReserveIsThatOfTheHighestZone() {
    let zones = [
      Self.zone("DMA", free: 100, reserve: [0, 2560, 5120, 5120]),
      Self.zone("Normal", free: 100, reserve: [0, 0, 7680, 7680]),
      Self.zone("HighMem", free: 100, reserve: [0, 0, 0, 0]),
    ]
    let kernel = Self.rooms(["GFP_KERNEL"], zones)
    #expect(kernel.map(\.isAllowed) == [true, true, false])
    #expect(kernel.map(\.usable) == [80, 90, 0].map { Bytes($0 * Self.mib) })
    let user = Self.rooms(["GFP_HIGHUSER_MOVABLE"], zones)
    #expect(user.map(\.usable) == [70, 60, 90].map { Bytes($0 * Self.mib) })
  }

  @Test func onlyAllowedNodesCount() {
    let zones = [
      Self.zone("Normal", free: 100, reserve: [0], node: 0),
      Self.zone("Normal", free: 100, reserve: [0], node: 1),
    ]
    let rooms = Self.rooms(["GFP_KERNEL"], zones) { report in
      var decision = Decision()
      decision.constraint = .cpuset
      decision.memsAllowed = "1"
      report.decision = Cited(decision, line: 9)
      report.constraint = Cited(.cpuset, line: 9)
    }
    #expect(rooms.map(\.isAllowed) == [false, true])
  }

  @Test func aTornLineTellsNothing() {
    var zone = Self.zone("Normal", free: 100, reserve: [0])
    zone.counters["min"] = nil
    #expect(Self.rooms(["GFP_KERNEL"], [zone])[0].usable == nil)
  }

  @Test func blocksOfTheWrongTypeAreNoUse() {
    var zone = Self.zone("Normal", free: 100, reserve: [0])
    zone.buddyLine = 7
    zone.freeBlocks = [
      FreeBlocks(count: 4, size: Bytes(4096), types: "UME"),
      FreeBlocks(count: 1, size: Bytes(8192), types: "H"),
      FreeBlocks(count: 9, size: Bytes(4 * Self.mib), types: "C"),
      FreeBlocks(count: 0, size: Bytes(8 * Self.mib), types: ""),
    ]
    #expect(Self.rooms(["GFP_KERNEL"], [zone])[0].largestBlock == Bytes(4096))
    #expect(Self.rooms(["GFP_HIGHUSER_MOVABLE"], [zone])[0].largestBlock == Bytes(4 * Self.mib))
  }
}

@Suite struct TaskMemoryTests {
  private func report(_ rows: [TaskRow]) -> OOMReport {
    Sample(1).with(shares: ["inactive_anon": 0.9]).with(rows: rows).report
  }

  private func row(_ anon: Int64, _ file: Int64, _ shmem: Int64) -> TaskRow {
    var row = TaskRow(line: 5, pid: 7, name: LogText("postgres"))
    (row.rssAnon, row.rssFile, row.rssShmem) = (Pages(anon), Pages(file), Pages(shmem))
    row.rss = Pages(anon + file + shmem)
    return row
  }

  @Test func sharedPagesCountOnceAtLeast() throws {
    let rows = Array(repeating: row(1000, 100, 50_000), count: 10)
    let memory = try #require(TaskMemory(report(rows), mapped: Bytes(60_000 * 4096)))
    #expect(memory.low == Bytes(60_000 * 4096))
    #expect(memory.high == Bytes(70_000 * 4096))
    #expect(memory.summed == Bytes(511_000 * 4096))
  }

  @Test func aTableWithoutPartsSaysLess() throws {
    let rows = [Sample.row(1, "a", share: 0.6), Sample.row(2, "b", share: 0.6)]
    let memory = try #require(TaskMemory(report(rows), users: Bytes(7 * Sample.gib)))
    #expect(memory.basis == .whole && memory.high == Bytes(7 * Sample.gib))
    #expect(memory.low < memory.high)
  }
}
