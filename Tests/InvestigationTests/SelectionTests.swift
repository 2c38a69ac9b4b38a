import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

/// Who is chosen by the scores of a report's own table.
@Suite struct SelectionTests {
  static let pages = ["uid", "rss", "pgtables_bytes", "swapents", "oom_score_adj"]
  static let oldPages = ["uid", "rss", "nr_ptes", "swapents", "oom_score_adj"]
  static let perMille = ["uid", "rss", "cpu", "oom_adj", "oom_score_adj"]

  /// A row with so many resident pages.
  static func row(
    _ pid: Int64, _ name: String, rss: Int64, adj: Int64 = 0, uid: Int64 = 1000, swap: Int64 = 0,
    tables: Int64 = 0
  ) -> TaskRow {
    var row = TaskRow(line: Int(pid), pid: pid, name: LogText(name))
    (row.uid, row.tgid, row.oomScoreAdj) = (uid, pid, adj)
    (row.rss, row.swap, row.pageTables) = (Pages(rss), Pages(swap), Bytes(tables * 4096))
    return row
  }

  /// A machine of 1,000,000 pages, 4000 MB, without swap.
  static func report(
    _ rows: [TaskRow], columns: [String], victim: Int64?, score: Int64? = nil,
    release: String? = nil
  ) -> OOMReport {
    var report = OOMReport(firstLine: 1, time: LogTime())
    var memory = MemoryState(firstLine: 2)
    memory.pagesRAM = Cited(Pages(1_010_000), line: 3)
    memory.pagesReserved = Cited(Pages(10_000), line: 4)
    memory.totalSwap = Cited(Bytes(0), line: 5)
    report.memory = memory
    report.constraint = Cited(.none, line: 6)
    report.tasks = TaskTable(headerLine: 7, columns: columns)
    report.tasks?.rows = rows
    if let victim {
      let name = rows.first { $0.pid == victim }?.name ?? LogText("?")
      report.victims = [Victim(pid: victim, comm: name, line: 90)]
      if let score {
        report.intent = Cited(Intent(pid: victim, comm: name, score: score), line: 89)
      }
    }
    if let release {
      var system = SystemLine()
      system.kernelRelease = LogText(release)
      report.system = Cited(system, line: 2)
    }
    return report
  }

  @Test func swapAndPageTablesCount() throws {
    let rows = [
      Self.row(10, "big", rss: 500), Self.row(11, "swapped", rss: 100, swap: 390, tables: 20),
    ]
    let selection = try Selection(Self.report(rows, columns: Self.pages, victim: 11))
    #expect(selection.verdict == .reproduced(tied: 0))
    #expect(selection.chosen?.score == 510)
  }

  @Test func adjustmentsAreThousandthsOfAllMemory() throws {
    let rows = [
      Self.row(10, "kept", rss: 300_000, adj: -500), Self.row(11, "given", rss: 10, adj: 1),
      Self.row(12, "never", rss: 600_000, adj: -1000),
    ]
    let badness = try Badness(Self.report(rows, columns: Self.pages, victim: 11))
    #expect(badness.candidates.map(\.row.pid) == [11, 10, 12])
    #expect(badness.candidates.map(\.score) == [1010, -200_000, -400_000])
    #expect(badness.candidates.map(\.rank) == [1, 2, nil])
    #expect(badness.candidates.last?.exclusion == .protected)
  }

  @Test func olderScoresNeverFallBelowOne() throws {
    let rows = [Self.row(10, "kept", rss: 1000, adj: -500), Self.row(11, "small", rss: 1)]
    let report = Self.report(rows, columns: Self.pages, victim: 11, release: "5.4.0-1-amd64")
    #expect(try Badness(report).candidates.map(\.score) == [1, 1])
  }

  @Test(arguments: [("4.14.0", 97_000), ("4.18.0-147.el8", 100_000), ("4.4.155", 97_000)])
  func rootIsLetOff(_ release: String, _ score: Int64) throws {
    let rows = [Self.row(10, "root", rss: 100_000, uid: 0)]
    let report = Self.report(rows, columns: Self.oldPages, victim: 10, release: release)
    #expect(try Badness(report).first?.score == score)
  }

  @Test func wholeThousandthsTieAndTheFirstRowWins() throws {
    let rows = [
      Self.row(20, "first", rss: 6_100), Self.row(10, "larger", rss: 6_900),
      Self.row(30, "root", rss: 35_900, uid: 0),
    ].enumerated().map { index, row in
      var row = row
      row.line = index + 10
      return row
    }
    let report = Self.report(rows, columns: Self.perMille, victim: 20, score: 6)
    let selection = try Selection(report)
    #expect(selection.verdict == .reproduced(tied: 1))
    #expect(selection.badness.candidates.map(\.score) == [6, 6, 5])
    let other = Self.report(rows, columns: Self.perMille, victim: 10, score: 6)
    #expect(try Selection(other).verdict == .tiedOtherwise(with: 1))
  }

  @Test func laterKernelsTakeTheLastOfEquals() throws {
    let rows = [Self.row(10, "a", rss: 500), Self.row(11, "b", rss: 500)]
    let last = Self.report(rows, columns: Self.pages, victim: 11, release: "6.12.0")
    #expect(try Selection(last).verdict == .reproduced(tied: 1))
    let first = Self.report(rows, columns: Self.pages, victim: 10, release: "6.12.0")
    #expect(try Selection(first).verdict == .tiedOtherwise(with: 1))
  }

  @Test func aPrintedScoreTellsWhatTheTableHides() throws {
    let rows = [Self.row(10, "php", rss: 6_000), Self.row(11, "mysqld", rss: 400)]
    let report = Self.report(rows, columns: Self.perMille, victim: 11, score: 16)
    let selection = try Selection(report)
    #expect(selection.verdict == .reproduced(tied: 0))
    #expect(selection.printed?.hidden == 15_600...16_600)
  }

  /// The row shows all that counts, so that another score is none of hidden memory.
  @Test(
    arguments: [(411, .agrees), (700, .contradicts), (0, .contradicts), (.max, .contradicts)]
      as [(Int64, Selection.PrintedScore.Fit)])
  func aPrintedScoreMayContradict(_ score: Int64, _ fit: Selection.PrintedScore.Fit) throws {
    let rows = [Self.row(10, "java", rss: 400_000, tables: 11_000), Self.row(11, "sh", rss: 400)]
    let report = Self.report(rows, columns: Self.oldPages, victim: 10, score: score)
    let selection = try Selection(report)
    #expect(selection.printed?.fit == fit && selection.printed?.hidden == nil)
    let choice = Culprit(report, scores: selection).selection
    #expect((choice.certainty == .certain) == (fit == .agrees))
  }

  /// A score ends at the bottom, however much an adjustment takes off.
  @Test func theLeastScoreHidesNothing() throws {
    let rows = [Self.row(10, "kept", rss: 400, adj: -998)]
    let report = Self.report(rows, columns: Self.oldPages, victim: 10, score: 0)
    #expect(try Selection(report).printed?.fit == .agrees)
  }

  /// No more can be hidden than the machine has in swap and in page tables.
  @Test(arguments: [(20_000, true), (1000, false)] as [(Int64, Bool)])
  func swapBoundsWhatIsHidden(_ swapped: Int64, _ isHidden: Bool) throws {
    let rows = [Self.row(10, "php", rss: 6_000), Self.row(11, "mysqld", rss: 400)]
    var report = Self.report(rows, columns: Self.perMille, victim: 11, score: 16)
    report.memory?.totalSwap = Cited(Bytes(swapped * 4096), line: 5)
    report.memory?.freeSwap = Cited(Bytes(0), line: 5)
    report.memory?.counters["pagetables"] = Cited(Pages(100), line: 5)
    #expect((try Selection(report).printed?.hidden != nil) == isHidden)
  }

  @Test func aChildInPlaceOfTheChosen() throws {
    let rows = [Self.row(10, "parent", rss: 9_000), Self.row(11, "child", rss: 400)]
    var report = Self.report(rows, columns: Self.oldPages, victim: 10, score: 9)
    report.victims = [Victim(pid: 11, comm: LogText("child"), line: 90)]
    #expect(try Selection(report).verdict == .childSacrificed(tied: 0))
  }

  @Test func theReasonWhyNot() throws {
    let rows = [
      Self.row(10, "huge", rss: 500_000), Self.row(11, "small", rss: 400),
      Self.row(12, "near", rss: 499_800),
    ]
    func verdict(_ victim: Int64?, _ change: (inout OOMReport) -> Void = { _ in }) throws
      -> Selection.Verdict
    {
      var report = Self.report(rows, columns: Self.pages, victim: victim)
      change(&report)
      return try Selection(report).verdict
    }
    #expect(try verdict(11) == .unexplained(above: 2, pages: 499_600))
    #expect(try verdict(12) == .withinError(above: 1, pages: 200))
    #expect(try verdict(99) == .notInTable)
    #expect(try verdict(nil) == .lost)
    #expect(try verdict(11) { $0.isAllocatingTaskKill = true } == .allocatingTask)
  }

  @Test func anEarlierVictimIsPassedOver() throws {
    let rows = [Self.row(10, "dying", rss: 500_000), Self.row(11, "small", rss: 400)]
    let report = Self.report(rows, columns: Self.pages, victim: 11)
    let selection = try Selection(report, killedBefore: [10: 3])
    #expect(selection.verdict == .reproduced(tied: 0))
    #expect(selection.badness.candidates.last?.exclusion == .alreadyKilled(event: 3))
  }

  @Test func whatCannotBeComputed() throws {
    var none = Self.report([], columns: [], victim: 11)
    #expect(throws: BadnessRule.Obstacle.noTable) { try Badness(none) }
    none.tasks?.rows = [Self.row(11, "a", rss: 1, adj: 5)]
    #expect(throws: BadnessRule.Obstacle.unknownColumns) { try Badness(none) }
    none.tasks = TaskTable(headerLine: 1, columns: ["rss", "cpu", "oom_adj"])
    none.tasks?.rows = [Self.row(11, "a", rss: 1)]
    #expect(throws: BadnessRule.Obstacle.oldRule) { try Badness(none) }
    none.tasks = TaskTable(headerLine: 1, columns: Self.pages)
    none.tasks?.rows = [Self.row(11, "a", rss: 1, adj: 5)]
    none.memory = nil
    #expect(throws: BadnessRule.Obstacle.noTotal) { try Badness(none) }
    // Without adjustments nothing hangs on it.
    none.tasks?.rows = [Self.row(11, "a", rss: 1)]
    #expect(try Selection(none).verdict == .reproduced(tied: 0))
  }

  @Test func sparingAdjustment() throws {
    let rows = [Self.row(10, "big", rss: 500_000), Self.row(11, "next", rss: 200_000)]
    let badness = try Badness(Self.report(rows, columns: Self.pages, victim: 10))
    let first = try #require(badness.first)
    #expect(badness.sparingAdjustment(first) == -301)
    #expect(badness.sparingAdjustment(badness.candidates[1]) == nil)
  }

  /// Every fixture with a table leads to its victim, or says that the allocating task was killed.
  @Test func fixturesAreReproduced() throws {
    var seen = 0
    for name in Places.files(in: "Tests/Fixtures/captures") {
      let bytes = try #require(Places.bytes("Tests/Fixtures/captures/\(name)"))
      for event in Scan.events(in: bytes)
      where event.report.tasks != nil && !event.report.victims.isEmpty {
        let verdict = try Selection(event.report).verdict
        let isExpected =
          name.hasPrefix("kill-allocating-task")
          ? verdict == .allocatingTask : verdict == .reproduced(tied: 0)
        #expect(isExpected, "\(name): \(verdict)")
        seen += 1
      }
    }
    #expect(seen > 30)
  }
}

/// Logs that lie beside the checkout.
@Suite(
  .enabled(
    if: Places.exists("\(Places.shared)/corpus/expected.json"),
    "the folder ../shared with its logs is not there"))
struct SharedSelectionTests {
  @Test func theStormIsReproducedByThousandths() throws {
    let path = "\(Places.shared)/corpus/2.6.32-el6-newdb1-part1.log"
    let bytes = try #require(Places.bytes(at: path))
    let verdicts = Scan.events(in: bytes).map { try? Selection($0.report).verdict }
    #expect(verdicts.count == 13)
    let reproduced = verdicts.count { if case .reproduced? = $0 { true } else { false } }
    #expect(reproduced >= 11)
  }

  @Test func everyTableLeadsToItsVictim() throws {
    var seen = 0
    for folder in ["captures", "corpus"] {
      let path = "\(Places.shared)/\(folder)"
      let names = Places.filesAt(path).filter {
        $0.hasSuffix(".dmesg.log") || folder == "corpus" && $0.hasSuffix(".log")
      }
      for name in names where !name.contains("newdb1") {
        let bytes = try #require(Places.bytes(at: "\(path)/\(name)"))
        for event in Scan.events(in: bytes) where !event.report.victims.isEmpty {
          guard let selection = try? Selection(event.report) else { continue }
          let verdict = selection.verdict
          let isExpected =
            name.hasPrefix("kill-allocating-task")
            ? verdict == .allocatingTask : verdict == .reproduced(tied: 0)
          #expect(isExpected, "\(name): \(verdict)")
          seen += 1
        }
      }
    }
    #expect(seen > 100)
  }

  /// A log that ends too early does not say that nobody was chosen.
  @Test func aChoiceMayBeLost() throws {
    let rows = [SelectionTests.row(1, "a", rss: 500), SelectionTests.row(2, "b", rss: 900)]
    var report = SelectionTests.report(rows, columns: SelectionTests.pages, victim: nil)
    #expect(try Selection(report).verdict == .lost)
    report.outcome = .panic
    #expect(try Selection(report).verdict == .nothingChosen)
  }

  /// A lost line of swap is not a machine without swap.
  @Test func aLostTotalOfSwapIsNotZero() throws {
    let rows = [SelectionTests.row(2, "b", rss: 900, adj: 100)]
    var report = SelectionTests.report(rows, columns: SelectionTests.pages, victim: 2)
    report.memory?.totalSwap = nil
    #expect(MemoryTotal(report)?.isExact == true)
    report.memory?.freeSwap = Cited(Bytes(4096 * 7), line: 5)
    let total = try #require(MemoryTotal(report))
    #expect(total.low == 1_000_007)
    #expect(!total.isExact && !total.isBounded)
  }

  /// Without a total no adjustment can be asked about.
  @Test func anAdjustmentNeedsATotal() throws {
    let rows = [SelectionTests.row(2, "b", rss: 900)]
    var report = SelectionTests.report(rows, columns: SelectionTests.pages, victim: 2)
    report.memory?.pagesRAM = nil
    let badness = try Badness(report)
    #expect(throws: WhatIf.Obstacle.noTotal) {
      try WhatIf(report, badness, [.adjust(.pid(2), to: 500)])
    }
    #expect(throws: Never.self) { try WhatIf(report, badness, [.adjust(.pid(2), to: 0)]) }
  }
}
