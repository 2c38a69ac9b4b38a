import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

@Suite struct PopulationTests {
  /// A whole table of workers with these pids, each of this share of 8 GiB, and one init.
  private static func table(
    _ number: Int, _ pids: [Int64], share: Double = 0.01, killed: Int64? = nil
  ) -> Sample {
    let rows = pids.map { pid -> TaskRow in
      var row = Sample.row(pid, "worker", share: share)
      row.uid = 33
      return row
    }
    let sample = Sample(number).with(shares: ["inactive_anon": 0.9])
      .with(rows: [Sample.row(1, "init", share: 0.001)] + rows)
    return killed.map { sample.with(victim: $0, "worker") } ?? sample
  }

  private func find(
    _ samples: [Sample], _ name: String? = "worker"
  ) -> Result<[Population], Population.Refusal> {
    let reports = Dictionary(uniqueKeysWithValues: samples.map { ($0.event.number, $0.report) })
    return Population.find(name.map { LogText($0) }, in: samples.map(\.event), reports: reports)
  }

  private func verdicts(_ samples: [Sample]) throws -> [Population.Verdict] {
    try #require(find(samples).get().first).verdicts
  }

  @Test func whoIsReplacedAtOnceIsOnATreadmill() throws {
    let tables = (0..<4).map { index in
      Self.table(
        index + 1, (Int64(index)..<Int64(index) + 5).map { 100 + $0 }, killed: 100 + Int64(index))
    }
    let found = try #require(find(tables).get().first)
    #expect(found.samples.map(\.count) == [5, 5, 5, 5])
    #expect(found.samples.map(\.fresh) == [nil, 1, 1, 1])
    #expect(found.samples.map(\.killed) == [1, 1, 1, 1] && found.kills == 4)
    #expect(found.uid == 33)
    #expect(found.verdicts.map(\.kind) == [.treadmill])
    #expect(found.verdicts[0].certainty == .certain)
  }

  @Test func killsWithoutATableCount() throws {
    var samples = [
      Self.table(1, [100, 101, 102, 103], killed: 100), Sample(2).with(victim: 101, "worker"),
      Self.table(3, [102, 103, 104, 105]),
    ]
    samples[1].report.status = .killOnly
    let found = try #require(find(samples).get().first)
    #expect(found.samples.map(\.killed) == [2, 0] && found.samples.map(\.event) == [1, 3])
  }

  @Test func whoIsNotReplacedIsNot() throws {
    let pids: [Int64] = [100, 101, 102, 103, 104, 105, 106, 107]
    let tables = (0..<4).map { Self.table($0 + 1, Array(pids.dropFirst($0)), killed: pids[$0]) }
    #expect(try verdicts(tables).isEmpty)
    // New ones without a kill are no treadmill either.
    #expect(try verdicts([Self.table(1, [1, 2, 3]), Self.table(2, [2, 3, 4])]).isEmpty)
  }

  @Test func oneServiceThatIsStartedAgainIsNoPool() throws {
    let tables = (0..<4).map { index in
      Self.table(index + 1, [100 + Int64(index)], share: 0.5, killed: 100 + Int64(index))
    }
    let found = try verdicts(tables)
    #expect(found.map(\.kind) == [.restarted] && found[0].certainty == .certain)
  }

  @Test func whoAreOthersEachTimeAreNoBombAndNoTreadmill() throws {
    let tables = (0..<4).map { index in
      let first = 1000 + Int64(index) * 3000
      return Self.table(index + 1, Array(first..<first + 150), share: 0.0001, killed: first)
    }
    #expect(try verdicts(tables).map(\.kind) == [.renewed])
  }

  @Test func moreThanFitIsAPoolTooLarge() throws {
    let pids = Array(100..<130).map(Int64.init)
    let tables = [1, 2].map { Self.table($0, pids, share: 0.04) }
    let found = try verdicts(tables)
    #expect(found.map(\.kind) == [.poolTooLarge] && found[0].certainty == .likely)
    // Shared pages are counted for each: without most of memory being anonymous it may be nothing.
    let shared = tables.map { $0.with(shares: ["inactive_anon": 0.9, "shmem": 0.8]) }
    #expect(try verdicts(shared).map(\.certainty) == [.possible])
    #expect(try verdicts([1, 2].map { Self.table($0, pids, share: 0.03) }).isEmpty)
    #expect(try verdicts([1, 2].map { Self.table($0, [1, 2, 3], share: 0.5) }).isEmpty)
  }

  @Test func aQueueGrows() throws {
    let tables = [10, 12, 14, 16, 18].enumerated().map { index, count in
      Self.table(index + 1, Array(100..<100 + Int64(count)))
    }
    let found = try verdicts(tables)
    #expect(found.map(\.kind) == [.growing] && found[0].certainty == .likely)
    #expect(
      try verdicts(
        tables.reversed().enumerated().map { index, sample in
          sample.changed { $0.event.number = index + 1 }
        }
      ).isEmpty)
  }

  @Test func aBombIsNewAndMostOfAllTasks() throws {
    let tables = [
      Self.table(1, Array(100..<150), share: 0.0001),
      Self.table(2, Array(100..<900), share: 0.0001, killed: 100),
    ]
    let found = try verdicts(tables)
    #expect(found.map(\.kind) == [.forkBomb] && found[0].certainty == .likely)
    // The same crowd in both tables is a large pool, no bomb.
    let pool = [1, 2].map { Self.table($0, Array(100..<900), share: 0.0001) }
    #expect(try verdicts(pool).isEmpty)
  }

  /// Counts, each a second after the one before, of processes that have a share of 8 GiB each.
  private func course(
    _ counts: [Int], apart: Int64 = 1, share: Double = 0.0001, seconds: Int64 = 1
  ) throws -> [Population.Verdict] {
    try verdicts(
      counts.enumerated().map { index, count in
        Self.table(index + 1, (0..<Int64(count)).map { 100 + $0 * apart }, share: share).changed {
          $0.event.time = LogTime(uptimeMicros: Int64(index) * seconds * 1_000_000)
        }
      })
  }

  @Test func aBombMayGrowSteadily() throws {
    let steady = try course([300, 400, 500, 600])
    #expect(steady.map(\.kind) == [.forkBomb] && steady[0].certainty == .likely)
    // Not doubled yet, or there at once: a pool that is started looks alike.
    #expect(try course([300, 400, 500]).map(\.kind) == [.forkBomb, .growing])
    #expect(try course([300, 400, 500])[0].certainty == .possible)
  }

  @Test func whatGrowsSlowlyOrIsLargeOrScatteredIsNoBomb() throws {
    #expect(try course([150, 200, 250, 300], seconds: 60).map(\.kind) == [.growing])
    #expect(try course([150, 200, 250, 300], share: 0.002).map(\.kind) == [.growing])
    #expect(try course([150, 200, 250, 300], apart: 9).map(\.kind) == [.growing])
  }

  @Test func whoComesWithTheLastTableIsCounted() throws {
    let tables = [
      Sample.machine(1), Self.table(2, Array(100..<900), share: 0.0001, killed: 100),
    ]
    let found = try #require(find(tables).get().first)
    #expect(found.samples.map(\.count) == [0, 800] && found.samples.map(\.fresh) == [nil, 800])
    #expect(found.verdicts.map(\.kind) == [.forkBomb])
    #expect(found.verdicts[0].certainty == .possible)
  }

  @Test func memoryIsAnInterval() throws {
    let tables = [1, 2].map { number in
      Self.table(number, [100, 101]).changed { sample in
        for (index, anon) in [(1, Int64(1000)), (2, 2000)] {
          sample.report.tasks?.rows[index].rss = Pages(anon + 5000)
          sample.report.tasks?.rows[index].rssAnon = Pages(anon)
          sample.report.tasks?.rows[index].rssShmem = Pages(5000)
        }
      }
    }
    let sample = try #require(find(tables).get().first?.samples.first)
    #expect(sample.low == Bytes(8000 * 4096) && sample.high == Bytes(13_000 * 4096))
    // Without these columns only the largest is sure.
    let old = try #require(
      find([1, 2].map { Self.table($0, [100, 101]) }).get().first?.samples.first)
    #expect(old.low.map { $0.count * 2 } == old.high?.count)
    // A row without its rss leaves both open.
    let torn = [1, 2].map { number in
      Self.table(number, [100, 101]).changed { $0.report.tasks?.rows[1].rss = nil }
    }
    #expect(try find(torn).get().first?.samples.first?.high == nil)
    // So does one that no machine could hold.
    let forged = [1, 2].map { number in
      Self.table(number, [100, 101]).changed { sample in
        for index in 1...2 { sample.report.tasks?.rows[index].rss = Pages(.max / 2) }
      }
    }
    #expect(try find(forged).get().first?.samples.first?.high == nil)
  }

  @Test func itRefusesWithTheReason() {
    #expect(find([Self.table(1, [1])]) == .failure(.tooFewTables(1)))
    let torn = Self.table(2, [1]).changed {
      $0.report.tasks = TaskTable(headerLine: nil, columns: [])
    }
    #expect(find([Self.table(1, [1]), torn]) == .failure(.tooFewTables(1)))
    let boots = [1, 2].map { number in Self.table(number, [1]).changed { $0.event.boot = number } }
    #expect(find(boots) == .failure(.noTwoOfOnePlace(tables: 2)))
    #expect(find([1, 2].map { Self.table($0, [1]) }, "java") == .failure(.notListed))
  }

  @Test func tablesOfOtherCgroupsAreNotCompared() throws {
    let samples = [
      Sample.memcg(1), Sample.memcg(2, limit: "/other"), Sample.memcg(3),
    ]
    let found = try find(samples, nil).get()
    #expect(found.map(\.samples.count) == [2] && found[0].samples.map(\.event) == [1, 3])
  }
}

/// The storm of php-fpm on 2.6.32: three servers' worth of workers that are started again.
@Suite(
  .enabled(
    if: Places.exists("\(Places.shared)/corpus/2.6.32-el6-newdb1-part1.log"),
    "the folder ../shared with its logs is not there"))
struct SharedStormTests {
  @Test func isATreadmillAndAPoolTooLarge() throws {
    let path = "\(Places.shared)/corpus/2.6.32-el6-newdb1-part1.log"
    let found = Scan.events(in: try #require(Places.bytes(at: path)))
    var events: [Event] = []
    var reports: [Int: OOMReport] = [:]
    for (index, one) in found.enumerated() {
      var event = Event(one.report, input: 0, boot: 0, byteRange: 0..<1)
      event.number = index + 1
      events.append(event)
      reports[index + 1] = one.report
    }
    #expect(events.count == 13)
    let populations = try Population.find(
      LogText("php-fpm"), in: events, reports: reports
    ).get()
    let pool = try #require(populations.first)
    #expect(pool.uid == 1002 && pool.verdicts.map(\.kind) == [.treadmill, .poolTooLarge])
    // The third table lost its head and half of its rows.
    #expect(pool.samples.count == 12 && !pool.samples.map(\.event).contains(3))
    let all = try Population.find(nil, in: events, reports: reports).get()
    #expect(!all.flatMap(\.verdicts).map(\.kind).contains(.forkBomb))
  }
}
