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
    #expect(found[0].whole?.amount == Bytes(8 * Sample.gib) && found[0].whole?.limitPath == nil)
    #expect(abs(try #require(found[0].secondsUntilFull) - left) < 1)
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
    #expect(trends(.pid(7), atOnce)[0].slope == .failure(.noSpan))
  }

  @Test func whatDoesNotGrowFillsNothing() throws {
    #expect(trends(.pid(7), samples([300, 300, 300]))[0].secondsUntilFull == nil)
    #expect(trends(.pid(7), samples([300, 200, 100]))[0].secondsUntilFull == nil)
    #expect(trends(.pid(7), samples([400, 100, 420, 150]))[0].secondsUntilFull == nil)
  }

  @Test func aPidThatWasKilledIsAnotherProcessAfterwards() {
    var storm = samples([100, 200, 300, 50, 60])
    storm[2] = storm[2].with(victim: 7, "leak")
    let found = trends(.pid(7), storm)
    #expect(found.map(\.sizes.count) == [3, 2])
    #expect(found.map(\.killedIn) == [3, nil])
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
