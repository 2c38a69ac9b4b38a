import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct WhatIfTests {
  private static let mib: Int64 = 1 << 20

  private static let rows = [
    SelectionTests.row(10, "big", rss: 500_000), SelectionTests.row(11, "next", rss: 200_000),
    SelectionTests.row(12, "worker", rss: 100_000), SelectionTests.row(13, "worker", rss: 90_000),
  ]

  private static func report() -> OOMReport {
    var report = SelectionTests.report(rows, columns: SelectionTests.pages, victim: 10)
    var invocation = Invocation()
    invocation.order = 0
    report.invocation = Cited(invocation, line: 1)
    report.memory?.zones = [zone("Normal", free: 8)]
    return report
  }

  /// A zone whose `min` watermark is 10 MiB.
  private static func zone(_ name: String, free: Int64) -> ZoneState {
    var zone = ZoneState(node: 0, name: name, line: 6)
    zone.counters = [
      "free": Bytes(free * mib), "min": Bytes(10 * mib), "managed": Bytes(4096 * mib),
    ]
    return zone
  }

  private static func answer(
    _ changes: WhatIf.Change..., to report: OOMReport = report()
  ) throws -> WhatIf {
    try WhatIf(report, try Badness(report), changes)
  }

  @Test func nothingChangesNothing() throws {
    let answer = try Self.answer()
    #expect(answer.victims.map(\.row.pid) == [10, 11, 12, 13])
    #expect(answer.outlook.answer == .stillShort)
  }

  @Test func anAdjustmentMovesATask() throws {
    let answer = try Self.answer(.adjust(.name(LogText("big")), to: -500))
    #expect(answer.victims.map(\.row.pid) == [11, 12, 13, 10])
    #expect(answer.outlook.answer == .stillShort)
  }

  @Test func aNameMeansEveryTaskThatHasIt() throws {
    let answer = try Self.answer(.adjust(.name(LogText("worker")), to: 1000))
    #expect(answer.victims.map(\.row.pid) == [12, 13, 10, 11])
  }

  @Test func moreRAMWouldHaveMetTheRequest() throws {
    let answer = try Self.answer(.ram(.more(Bytes(512 * Self.mib))))
    #expect(answer.outlook == .init(answer: .met, low: 512 * Self.mib, high: 512 * Self.mib))
    #expect(answer.after.total?.low == Int64(1_131_072))
  }

  @Test func theWatermarkMustBeReachedAndTheZoneAllowed() throws {
    // Two MiB and the page itself are missing.
    #expect(try Self.answer(.ram(.more(Bytes(2 * Self.mib)))).outlook.answer == .unknown)
    #expect(try Self.answer(.ram(.more(Bytes(3 * Self.mib)))).outlook.answer == .met)
    var report = Self.report()
    report.memory?.zones.append(Self.zone("DMA32", free: 4))
    #expect(
      try Self.answer(.ram(.more(Bytes(8 * Self.mib))), to: report).outlook.answer == .unknown)
    #expect(try Self.answer(.ram(.more(Bytes(9 * Self.mib))), to: report).outlook.answer == .met)
    report.invocation = report.invocation.map { old in
      var invocation = old.value
      invocation.gfpFlags = ["GFP_KERNEL", "GFP_DMA32"]
      return Cited(invocation, line: old.line)
    }
    let most = WhatIf.Change.ram(.more(Bytes(8192 * Self.mib)))
    #expect(try Self.answer(most, to: report).outlook.answer == .unknown)
  }

  @Test func noTaskGivesBackMoreThanThereIs() throws {
    var report = Self.report()
    report.tasks?.rows[0].rss = Pages(50_000_000)
    let answer = try Self.answer(.kill(.pid(10)), to: report)
    let memory = report.memory
    let whole =
      (memory?.managed?.bytes(report.pageSize)?.count ?? 0)
      + (memory?.totalSwap?.value.count ?? 0)
    #expect(answer.outlook.high == whole)
  }

  @Test func ramMayLieInNodesThatABoundTaskMayNotUse() throws {
    var report = Self.report()
    report.constraint = Cited(.cpuset, line: 1)
    let more = try Self.answer(.ram(.more(Bytes(512 * Self.mib))), to: report)
    #expect(more.outlook == .init(answer: .unknown, low: 0, high: 512 * Self.mib))
    let less = try Self.answer(.ram(.less(Bytes(Self.mib))), to: report)
    #expect(less.outlook == .init(answer: .stillShort, low: -Self.mib, high: 0))
  }

  @Test func lessIsWorse() throws {
    #expect(try Self.answer(.ram(.less(Bytes(Self.mib)))).outlook.answer == .stillShort)
  }

  @Test func takingAwayUsedSwapPushesItBack() throws {
    var report = Self.report()
    report.memory?.totalSwap = Cited(Bytes(100 * Self.mib), line: 5)
    report.memory?.freeSwap = Cited(Bytes(40 * Self.mib), line: 6)
    let none = try Self.answer(.swap(.exactly(Bytes(0))), to: report)
    #expect(none.outlook.low == -60 * Self.mib)
    let smaller = try Self.answer(.swap(.exactly(Bytes(70 * Self.mib))), to: report)
    #expect(smaller.outlook.low == 0)
    let more = try Self.answer(.swap(.more(Bytes(Self.mib))), to: report)
    #expect(more.outlook == .init(answer: .unknown, low: 0, high: Self.mib))
  }

  @Test func aLargeRequestNeedsItsPagesSideBySide() throws {
    var report = Self.report()
    report.invocation = report.invocation.map { old in
      var invocation = old.value
      invocation.order = 9
      return Cited(invocation, line: old.line)
    }
    #expect(
      try Self.answer(.ram(.more(Bytes(Self.mib << 10))), to: report).outlook.answer == .unknown)
  }

  @Test func aTaskThatIsGoneLeavesAtLeastItsOwnPages() throws {
    var report = Self.report()
    report.tasks?.rows[0].rssAnon = Pages(300_000)
    let answer = try Self.answer(.kill(.pid(10)), to: report)
    #expect(answer.victims.first?.row.pid == 11)
    #expect(
      answer.outlook == .init(answer: .met, low: 300_000 * 4096, high: 500_000 * 4096))
  }

  @Test func aCgroupsLimitIsNotTheMachines() throws {
    let sample = Sample.memcg().report
    var report = Self.report()
    report.constraint = sample.constraint
    report.memcg = sample.memcg
    let answer = try Self.answer(
      .limit(.exactly(Bytes(1 << 30))), .ram(.more(Bytes(1 << 30))), to: report)
    #expect(answer.outlook == .init(answer: .met, low: 512 * Self.mib, high: 512 * Self.mib))
    #expect(answer.idle.map(\.reason) == [.limitWasHit])
    let more = try Self.answer(.limit(.more(Bytes(32 * Self.mib))), to: report)
    #expect(more.outlook.low == 32 * Self.mib && more.outlook.high == 32 * Self.mib)
    let (taken, was) = (WhatIf.Amount.less(Bytes(1 << 30)), Bytes(512 * Self.mib))
    #expect(throws: WhatIf.Obstacle.beyond(.limit(taken), was: was)) {
      try Self.answer(.limit(taken), to: report)
    }
    #expect(try Self.answer(.limit(.exactly(Bytes(1)))).idle.map(\.reason) == [.noLimit])
  }

  @Test func whoIsNotThereCannotBeChanged() throws {
    #expect(throws: WhatIf.Obstacle.noSuchTask(.pid(99))) { try Self.answer(.kill(.pid(99))) }
  }

  @Test func noMachineHasLessThanNothing() throws {
    var report = Self.report()
    report.memory?.totalSwap = Cited(Bytes(100 * Self.mib), line: 5)
    report.memory?.freeSwap = Cited(Bytes(0), line: 6)
    let ram = try #require(report.memory?.managed?.bytes(report.pageSize))
    for change in [WhatIf.Change.ram(.less(Bytes(100 << 30))), .ram(.exactly(Bytes(0)))] {
      #expect(throws: WhatIf.Obstacle.beyond(change, was: ram)) {
        try Self.answer(change, to: report)
      }
    }
    let swap = WhatIf.Change.swap(.less(Bytes(101 * Self.mib)))
    #expect(throws: WhatIf.Obstacle.beyond(swap, was: Bytes(100 * Self.mib))) {
      try Self.answer(swap, to: report)
    }
    let all = try Self.answer(.swap(.less(Bytes(100 * Self.mib))), to: report)
    #expect(all.outlook.low == -100 * Self.mib)
  }

  /// Swap in compressed RAM gives that back where it is taken away.
  @Test func compressedSwapTakesRAMItself() throws {
    var report = Self.report()
    report.memory?.totalSwap = Cited(Bytes(100 * Self.mib), line: 5)
    report.memory?.freeSwap = Cited(Bytes(0), line: 6)
    report.memory?.zones[0].counters["zspages"] = Bytes(30 * Self.mib)
    let none = try Self.answer(.swap(.exactly(Bytes(0))), to: report)
    #expect(
      none.outlook == .init(answer: .stillShort, low: -100 * Self.mib, high: -70 * Self.mib))
    #expect(none.compression == .comesBack)
    let more = try Self.answer(.swap(.more(Bytes(Self.mib))), to: report)
    #expect(more.compression == .takesMore)
    report.memory?.zones[0].counters["zspages"] = Bytes(0)
    let disk = try Self.answer(.swap(.exactly(Bytes(0))), to: report)
    #expect(disk.outlook.high == -100 * Self.mib && disk.compression == nil)
  }
}
