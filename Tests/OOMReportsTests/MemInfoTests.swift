import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// The memory state in the wordings of all generations.
@Suite struct MemInfoTests {
  private static func memory(_ messages: [String]) throws -> MemoryState {
    try #require(Reading.report(messages).memory)
  }

  private static func counters(_ memory: MemoryState) -> [String: Int64] {
    memory.counters.mapValues { $0.value.count }
  }

  @Test func linux2618() throws {
    let memory = try Self.memory([
      "Mem-info:", "DMA per-cpu:", "cpu 0 hot: high 0, batch 1 used:0",
      "cpu 0 cold: high 0, batch 1 used:0", "HighMem per-cpu: empty",
      "Free pages:        7212kB (0kB HighMem)",
      "Active:123 inactive:4 dirty:0 writeback:1 unstable:2 free:5 slab:6 mapped:7 pagetables:8",
      "DMA free:3076kB min:72kB low:88kB high:108kB active:4528kB inactive:4376kB "
        + "present:16384kB pages_scanned:11541 all_unreclaimable? yes",
      "lowmem_reserve[]: 0 0 0 0", "DMA: 1*4kB 0*8kB 2*16kB = 36kB", "HighMem: empty",
      "Swap cache: add 2001, delete 2000, find 1/2, race 0+0", "Free swap  = 12kB",
      "Total swap = 2031608kB", "Free swap:       12kB", "524288 pages of RAM",
      "294912 pages of HIGHMEM", "5498 reserved pages", "9 pages shared", "1 pages swap cached",
    ])
    #expect(
      Self.counters(memory) == [
        "active": 123, "inactive": 4, "dirty": 0, "writeback": 1, "unstable": 2, "free": 5,
        "slab": 6, "mapped": 7, "pagetables": 8,
      ])
    let zone = try #require(memory.zones.first)
    #expect(memory.zones.count == 1)
    #expect(zone.node == nil)
    #expect(zone.name == "DMA")
    #expect(zone.counters["free"]?.kB == 3076)
    #expect(zone.counters["pages_scanned"] == nil)
    #expect(zone.lowmemReserve.map(\.count) == [0, 0, 0, 0])
    #expect(zone.freeBlocks.map(\.count) == [1, 0, 2])
    #expect(zone.freeBlocks.map(\.size.kB) == [4, 8, 16])
    #expect(memory.freeSwap?.value.kB == 12)
    #expect(memory.totalSwap?.value.kB == 2_031_608)
    #expect(memory.pagesRAM?.value.count == 524_288)
    #expect(memory.pagesHighMem?.value.count == 294_912)
    #expect(memory.pagesReserved?.value.count == 5498)
    #expect(memory.managed?.count == 518_790)
    #expect(memory.swapCache?.value.count == 1)
  }

  @Test func linux2622to28() throws {
    let old = try Self.memory([
      "Mem-info:", "Active:1 inactive:2 dirty:3 writeback:4 unstable:5",
      "free:6 slab:7 mapped:8 pagetables:9 bounce:10", "123 total pagecache pages",
    ])
    #expect(Self.counters(old).count == 10)
    #expect(old.pagecache?.value.count == 123)
    let capital = try Self.memory([
      "Mem-Info:", "Active_anon:1 active_file:2 inactive_anon:3",
      "inactive_file:4 unevictable:5 dirty:6 writeback:7 unstable:8",
      "free:9 slab:10 mapped:11 pagetables:12 bounce:13",
    ])
    #expect(Self.counters(capital).count == 13)
    #expect(Self.counters(capital)["active_anon"] == 1)
  }

  @Test func zonesOf2632() throws {
    let memory = try Self.memory([
      "Mem-Info:", "Node 0 DMA per-cpu:", "CPU    0: hi:    0, btch:   1 usd:   0",
      "Node 0 DMA free:15720kB min:40kB low:48kB high:60kB active_anon:0kB isolated(anon):0kB "
        + "present:15336kB mlocked:0kB pages_scanned:5 all_unreclaimable? yes",
      "lowmem_reserve[]: 0 2991 48441 48441",
      "Node 1 Normal free:61500kB min:45128kB present:49643520kB",
      "Node 0 DMA: 2*4kB 1*8kB = 16kB", "Node 1 Normal: 3*4kB 1*8kB = 20kB",
    ])
    #expect(memory.zones.map(\.name) == ["DMA", "Normal"])
    #expect(memory.zones.map(\.node) == [0, 1])
    #expect(memory.zones.first?.counters["isolated(anon)"]?.kB == 0)
    #expect(memory.zones.first?.lowmemReserve.map(\.count) == [0, 2991, 48441, 48441])
    #expect(memory.zones.last?.lowmemReserve.isEmpty == true)
    #expect(memory.zones.map { $0.freeBlocks.first?.count } == [2, 3])
  }

  @Test func nodesAndUnits() throws {
    let memory = try Self.memory([
      "Mem-Info:",
      "active_anon:75759 inactive_anon:0 isolated_anon:0\n active_file:0 inactive_file:1 "
        + "isolated_file:0\n free:625 free_pcp:1024 free_cma:0",
      "Node 0 active_anon:303036kB isolated(file):0kB shmem_thp: 2048kB pages_scanned:77 "
        + "all_unreclaimable? yes Balloon:4kB",
      "Node 1 active_anon:4kB all_unreclaimable? no",
      "Node 0 DMA32 free:1156kB boost:0kB min:108kB reserved_highatomic:2048KB present:4kB",
      "Node 0 DMA32: 1*4kB (U) 0*8kB 2*16kB (UMEHC) = 36kB",
      "Node 0 hugepages_total=60 hugepages_free=5 hugepages_surp=1 hugepages_size=2048kB",
      "Node 1 hugepages_total=6 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB",
      // A node's number was cut off.
      "hugepages_total=7 hugepages_free=0 hugepages_surp=0 hugepages_size=1048576kB",
    ])
    #expect(memory.counters["free_pcp"]?.value.count == 1024)
    #expect(memory.counters["inactive_file"]?.line == 2)
    let node = try #require(memory.nodes.first)
    #expect(node.counters["shmem_thp"]?.kB == 2048)
    #expect(node.counters["isolated(file)"]?.kB == 0)
    #expect(node.counters["pages_scanned"] == nil)
    #expect(memory.nodes.map(\.allUnreclaimable) == [true, false])
    #expect(memory.zones.first?.counters["reserved_highatomic"]?.kB == 2048)
    #expect(memory.zones.first?.freeBlocks.map(\.types) == ["U", "", "UMEHC"])
    #expect(memory.hugePools.map(\.total) == [60, 6])
    #expect(memory.hugePools.map(\.node) == [0, 1])
    #expect(memory.hugePools.map(\.size.kB) == [2048, 1_048_576])
  }

  @Test func slabs() throws {
    let memory = try Self.memory([
      "Mem-Info:", "Unreclaimable slab info:", "Name                      Used          Total",
      "dentry                118273KB     118274KB", "bio: x y                   1KB          2KB",
      "RAWv6                      0KB          7KB",
    ])
    #expect(memory.slabCaches.map(\.name) == ["dentry", "bio: x y", "RAWv6"])
    #expect(memory.slabCaches.map(\.used.kB) == [118_273, 1, 0])
    #expect(memory.slabCaches.map(\.total.kB) == [118_274, 2, 7])
  }

  @Test func cutFiguresAreMissing() throws {
    let memory = try Self.memory([
      "Mem-Info:", "Node 0 DMA free:1156kB min:10", "Free swap  = 123", "Node 0 DMA: 1*4kB 2*8",
    ])
    #expect(memory.zones.first?.counters.keys.sorted() == ["free"])
    #expect(memory.freeSwap == nil)
    #expect(memory.zones.first?.freeBlocks.count == 1)
  }

  @Test func aSecondMemoryStateIsAnotherReports() throws {
    let report = Reading.report([
      "Mem-Info:", "active_anon:1 inactive_anon:2 isolated_anon:3", "100 pages RAM", "Mem-Info:",
      "active_anon:4 inactive_anon:5 isolated_anon:6", "200 pages RAM", "7 pages reserved",
    ])
    #expect(report.memory?.counters["active_anon"]?.value.count == 1)
    #expect(report.memory?.pagesRAM?.value.count == 100)
    #expect(report.memory?.pagesReserved == nil)
  }

  @Test(arguments: [4, 16, 64])
  func pageSizes(_ pageKB: Int64) {
    let victim = "Killed process 5 (a) total-vm:\(100 * pageKB)kB, anon-rss:0kB, file-rss:0kB"
    let table = [
      "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name",
      "[    5]     0     5      100       50       3        0             0 a",
    ]
    let byVictim = PageSizeInference.pageSize(of: Reading.report(table + [victim]))
    #expect(byVictim == PageSize(Bytes(pageKB * 1024), .victimRow(line: 2, killLine: 3)))
    let byZones = PageSizeInference.pageSize(
      of: Reading.report([
        "Node 0 DMA free:0kB present:\(30 * pageKB)kB",
        "Node 0 Normal free:0kB "
          + "present:\(70 * pageKB)kB", "100 pages RAM",
      ]))
    #expect(byZones == PageSize(Bytes(pageKB * 1024), .zonesPresent(line: 3, zones: [1, 2])))
    let byBuddy = PageSizeInference.pageSize(
      of: Reading.report([
        "Node 0 DMA free:0kB", "Node 0 DMA: 1*\(pageKB)kB 0*\(2 * pageKB)kB = \(pageKB)kB",
      ]))
    #expect(byBuddy == PageSize(Bytes(pageKB * 1024), .buddyLine(line: 2)))
  }

  /// Page tables are multiples of a page: that many different ones are so by accident is unlikely,
  /// that two are is not, and equal ones are of processes that forked.
  @Test(
    arguments: [
      ([458_752, 393_216, 524_288, 458_752], 64), ([458_752, 393_216, 458_752], nil),
      ([36_864, 49_152, 73_728], 4), ([2048, 36_864, 49_152, 73_728], nil),
      ([16_384, 32_768, 49_152, 81_920, 98_304, 147_456], 16), ([16_384, 32_768, 49_152], nil),
      ([65_536, 65_536, 65_536, 65_536], nil), ([], nil),
    ] as [([Int], Int64?)])
  func pageTablesTellThePageSize(_ tables: [Int], _ pageKB: Int64?) {
    let header =
      "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name"
    let rows = tables.enumerated().map { index, bytes in
      "[ \(100 + index)]     0  \(100 + index)     8688     3840   \(bytes)     4832           250 dd"
    }
    let size = PageSizeInference.pageSize(of: Reading.report([header] + rows))
    #expect(size == pageKB.map { PageSize(Bytes($0 * 1024), .pageTables(line: 2)) } ?? .assumed)
  }

  /// As many pages as fit into the largest long in bytes; on 32-bit machines that many pages.
  @Test(
    arguments: [
      ("9007199254740988", 4), ("9007199254740976", 16), ("9007199254740928", 64),
      ("8589934588", 4), ("9007199254740991", nil), ("18014398509481983", nil), ("8589934592", nil),
    ] as [(String, Int64?)])
  func noLimitTellsThePageSize(_ limit: String, _ pageKB: Int64?) throws {
    let log = [
      "db invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0",
      "memory: usage 409600kB, limit 409600kB, failcnt 1520",
      "memory+swap: usage 409600kB, limit \(limit)kB, failcnt 0",
    ].map { "[   10.000000] \($0)\n" }.joined()
    let report = try #require(Scan.events(in: Array(log.utf8)).first?.report)
    let size = pageKB.map { PageSize(Bytes($0 * 1024), .noLimit(line: 3)) }
    #expect(report.pageSize == size ?? .assumed)
    #expect((report.memcg?.memorySwap?.value.limit == nil) == (limit != "8589934592"))
  }

  @Test func withoutProofThePageSizeIsAssumed() {
    let report = Reading.report([
      "Killed process 5 (a) total-vm:401kB, anon-rss:0kB, file-rss:0kB",
      "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name",
      "[    5]     0     5      100       50       3        0             0 a",
      "Node 0 DMA: 1*5kB = 5kB", "9 pages RAM",
    ])
    #expect(PageSizeInference.pageSize(of: report) == .assumed)
    #expect(PageSizeInference.pageSize(of: Reading.report([String]())) == .assumed)
  }

  /// A zone without pages has neither lists nor blocks.
  @Test(arguments: ["DMA32: empty", "Node 1 HighMem: empty", "DMA32 per-cpu: empty"])
  func emptyZones(_ line: String) {
    let log = """
      [    7.000001] java invoked oom-killer: gfp_mask=0xd0, order=0, oomkilladj=0
      [    7.000002] Mem-Info:
      [    7.000003] \(line)
      [    7.000004] DMA: 1*4kB 0*8kB = 4kB
      [    7.000005] Out of memory: Killed process 5 (java).
      """
    let events = Scan.events(in: Array(log.utf8))
    #expect(events.map(\.report.diagnostics) == [[]])
  }

  /// Behind the last counter, prose may begin with a number, which is no rest of the counter's.
  @Test(arguments: [("2.5G of it is swapped.", 640), ("12 of it is swapped.", nil)])
  func numbersInProseBehindACounter(_ prose: String, _ pages: Int64?) {
    let log = """
      [    7.000001] java invoked oom-killer: gfp_mask=0xd0, order=0, oomkilladj=0
      [    7.000002] active_anon:25 inactive_anon:6 isolated_anon:0
                      free_cma:640
      \(prose)
      """
    let report = Scan.events(in: Array(log.utf8)).first?.report
    #expect(report?.memory?.counters["free_cma"]?.value.count == pages)
  }
}
