import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct TrendTests {
  private static let mib: Int64 = 1 << 20

  /// Reports of a machine with 8 GiB, a minute apart, in which a process has these sizes.
  private func samples(_ sizes: [Int64?], pid: Int64 = 7, _ name: String = "leak") -> [Sample] {
    sizes.enumerated().map { index, size in
      var row = Sample.row(pid, name, share: 0)
      row.rss = size.map { Pages($0 * Self.mib / 4096) }
      return Sample.machine(index + 1).with(rows: [Sample.row(1, "init", share: 0.01), row])
    }
  }

  private func trends(_ subject: ProcessTrend.Subject, _ samples: [Sample]) -> [ProcessTrend] {
    let reports = Dictionary(uniqueKeysWithValues: samples.map { ($0.event.number, $0.report) })
    return ProcessTrend.find(subject, in: samples.map(\.event), reports: reports)
  }

  @Test func slopeIsTheMedianOfPairs() throws {
    // 60 MiB a minute, and one report in which it was swapped out and missed.
    let found = trends(.pid(7), samples([100, 160, 220, 10, 340, 400, 460]))
    #expect(found.count == 1)
    let slope = try found[0].slope.get()
    #expect(abs(slope.perSecond - Double(Self.mib)) < 1)
    let left = Double(8 * Sample.gib - 460 * Self.mib) / Double(Self.mib)
    #expect(found[0].whole?.amount == Bytes(8 * Sample.gib) && found[0].whole?.kind == .ram)
    #expect(abs(try #require(try found[0].secondsUntilFull?.get()) - left) < 1)
  }

  /// A task that is bound to nodes can fill these alone.
  @Test func nodesBoundWhatATaskCanFill() {
    let bound = Sample.boundToNodes([(0, "Normal", 2 * Sample.gib)], allowed: "0")
      .with(rows: [Sample.row(7, "leak", share: 0.2)])
    let whole = trends(.pid(7), [bound]).first?.whole
    #expect(whole?.amount == Bytes(2 * Sample.gib) && whole?.kind == .nodes)
  }

  @Test func twoPointsAreNoTrend() {
    let found = trends(.pid(7), samples([100, 200]))
    #expect(found[0].slope == .failure(.fewerThanThree) && found[0].secondsUntilFull == nil)
  }

  @Test func withoutTimesThereIsNoSlope() {
    let undated = samples([1, 2, 3]).map { sample in
      sample.changed { $0.event.time = LogTime() }
    }
    #expect(trends(.pid(7), undated)[0].slope == .failure(.noTime))
    let atOnce = samples([1, 2, 3]).map { sample in
      sample.changed { $0.event.time = LogTime(uptimeMicros: 5) }
    }
    #expect(trends(.pid(7), atOnce)[0].slope == .failure(.tooFewMoments))
    // Three sizes of two moments make a line through two points.
    let twice = samples([100, 200, 300]).enumerated().map { index, sample in
      sample.changed { $0.event.time = LogTime(uptimeMicros: index < 2 ? 5 : 90_000_005) }
    }
    #expect(trends(.pid(7), twice)[0].slope == .failure(.tooFewMoments))
  }

  @Test func whatDoesNotGrowFillsNothing() throws {
    func until(_ sizes: [Int64?]) -> Result<Double, ProcessTrend.Hindrance>? {
      trends(.pid(7), samples(sizes))[0].secondsUntilFull
    }
    #expect(until([300, 300, 300]) == .failure(.isSteady))
    #expect(until([300, 303, 306, 309]) == .failure(.isSteady))
    #expect(until([300, 200, 100]) == .failure(.isNotRising))
    #expect(until([400, 100, 420, 150]) == .failure(.isNotRising))
    #expect(until([2000, 5000, 9000]) == .failure(.isFull))
  }

  @Test func ramIsComparedWithSwapWhereThereIsSome() throws {
    let gib = Sample.gib
    let swapped = samples([100, 200, 300]).map { $0.with(swap: 2 * gib, free: gib) }
    let whole = try #require(trends(.pid(7), swapped)[0].whole)
    #expect(whole.amount == Bytes(10 * gib) && whole.includesSwap)
    // Swapped pages without a figure of swap: what there is for them is not known.
    let unknown = samples([100, 200, 300]).map { sample in
      sample.changed {
        $0.report.memory?.totalSwap = nil
        $0.report.tasks?.rows[1].swap = Pages(5)
      }
    }
    #expect(trends(.pid(7), unknown)[0].whole == nil)
    #expect(trends(.pid(7), unknown)[0].secondsUntilFull == .failure(.unknownWhole))
  }

  @Test func aCgroupsSwapIsPartOfWhatThereIs() throws {
    func whole(_ usage: Int64, limit: Int64?) -> ProcessTrend.Whole? {
      let inGroup = Sample.memcg(1).changed {
        $0.report.memcg?.swap = Cited(
          MemcgUsage(usage: Bytes(usage), limit: limit.map { Bytes($0) }, failcnt: 0), line: 1)
      }
      return trends(.pid(200), [inGroup])[0].whole
    }
    #expect(whole(5, limit: 64 << 20)?.amount == Bytes(576 << 20))
    #expect(whole(0, limit: nil)?.amount == Bytes(512 << 20))
    #expect(whole(5, limit: nil) == nil)
  }

  @Test func aPidThatWasKilledIsAnotherProcessAfterwards() {
    var storm = samples([100, 200, 300, 50, 60])
    storm[2] = storm[2].with(victim: 7, "leak")
    let found = trends(.pid(7), storm)
    #expect(found.map(\.sizes.count) == [3, 2])
    #expect(found.map(\.killedIn) == [3, nil])
  }

  @Test func aKillWithoutAReportEndsAProcessToo() {
    var storm = samples([100, 200, nil, 50, 60])
    storm[2] = storm[2].with(victim: 7, "leak")
    let reports = Dictionary(
      uniqueKeysWithValues: storm.map { ($0.event.number, $0.report) }.filter { $0.0 != 3 })
    let found = ProcessTrend.find(.pid(7), in: storm.map(\.event), reports: reports)
    #expect(found.map(\.sizes.count) == [2, 2] && found.map(\.killedIn) == [3, nil])
  }

  @Test func aPidOfAnotherUserIsAnotherProcess() {
    var storm = samples([100, 200, 300, 400])
    for index in 2..<4 { storm[index].report.tasks?.rows[1].uid = 33 }
    let found = trends(.pid(7), storm)
    #expect(found.map(\.sizes.count) == [2, 2] && found.map(\.uid) == [33, nil])
  }

  /// The kernel's list is in the order in which processes were made.
  @Test func aPidBehindANewProcessIsNewItself() {
    var storm = samples([100, 200, 300, 400])
    storm[2].report.tasks?.rows.insert(Sample.row(9, "late", share: 0), at: 1)
    storm[3].report.tasks?.rows.insert(Sample.row(9, "late", share: 0), at: 1)
    #expect(trends(.pid(7), storm).map(\.sizes.count) == [2, 2])
    // A table of a cgroup comes in another order.
    let inGroup = storm.map { $0.changed { $0.report.constraint = Cited(.memcg, line: 1) } }
    #expect(trends(.pid(7), inGroup).map(\.sizes.count) == [4])
    // What a whole table did not list had ended.
    storm = samples([100, 200, 300, 400])
    storm[1].report.tasks?.rows.removeLast()
    #expect(trends(.pid(7), storm).map(\.sizes.count) == [2, 1])
  }

  @Test func bootsThatTheLogTellsApartAreNotJoined() {
    let boots = samples([100, 200, 300, 400]).enumerated().map { index, sample in
      sample.changed { $0.event.boot = index / 2 }
    }
    #expect(trends(.pid(7), boots).map(\.sizes.count) == [2, 2])
  }

  @Test func aTableThatListsARowTwiceHasOneSize() {
    let doubled = samples([100, 200, 300]).map { sample in
      let rows = sample.report.tasks?.rows ?? []
      return sample.with(rows: rows + rows)
    }
    #expect(trends(.pid(7), doubled)[0].sizes.count == 3)
  }

  @Test func aNameFindsEachOfItsProcesses() {
    let storm = zip(samples([100, 200]), samples([50, 40], pid: 9)).map { first, second in
      first.changed { $0.report.tasks?.rows += second.report.tasks?.rows ?? [] }
    }
    #expect(trends(.name(LogText("leak")), storm).map(\.pid) == [7, 9])
    #expect(trends(.name(LogText("lea")), storm).isEmpty)
  }

  @Test func aCgroupsProcessIsBoundByItsLimit() throws {
    let inGroup = [1, 2, 3].map { Sample.memcg($0) }
    let found = try #require(trends(.pid(200), inGroup).first)
    #expect(found.whole?.amount == Bytes(512 << 20))
    #expect(found.whole?.limitPath == LogText("/system.slice/web.service"))
  }

  @Test func sizesAtDeathAreThoseOfTheKillLines() throws {
    let deaths = [1, 2, 3].map {
      Sample.memcg($0).with(victim: Int64($0), "node", anon: Int64($0) * 60 << 20)
    }
    let events = EventStore(deaths.map(\.event))
    let found = try #require(DeathSizes.find(LogText("node"), in: events, [1, 2, 3]).first)
    #expect(found.repeated.sizes.map(\.pid) == [1, 2, 3] && found.repeated.trend == .sizesGrow)
    #expect(abs(try found.slope.get().perSecond - Double(1 << 20)) < 1)
    #expect(DeathSizes.find(LogText("java"), in: events, [1, 2, 3]).isEmpty)
    #expect(DeathSizes.find(LogText("node"), in: events, [2]).isEmpty)
  }

  @Test func deathsOfSeveralBootsNeedTheWallClock() throws {
    let deaths = [1, 2, 3].map { number in
      Sample.machine(number).with(victim: Int64(number), "java", anon: 1 << 30).changed {
        $0.event.boot = number
        $0.event.time.wallMicros = nil
      }
    }
    let events = EventStore(deaths.map(\.event))
    let found = try #require(DeathSizes.find(LogText("java"), in: events, [1, 2, 3]).first)
    #expect(found.slope == .failure(.noTime))
  }
}
