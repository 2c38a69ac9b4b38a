import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct IncidentTests {
  /// Kills at these seconds of one boot, in a cgroup at its limit.
  private func samples(_ seconds: [Int64]) -> [Sample] {
    seconds.enumerated().map { index, second in
      Sample.memcg(index + 1).with(victim: Int64(100 + index), "node", anon: 100 << 20).changed {
        $0.event.time = LogTime(uptimeMicros: second * 1_000_000)
      }
    }
  }

  private func fold(_ samples: [Sample], gap: Int = 60) -> [[Int]] {
    let numbers = samples.map(\.event.number)
    return Incident.find(in: EventStore(samples.map(\.event)), numbers, gap: gap).map(\.events)
  }

  @Test func theGapCountsFromTheEventBefore() {
    let storm = samples([0, 60, 120, 181])
    #expect(fold(storm) == [[1, 2, 3], [4]])
    #expect(fold(storm, gap: 59) == [[1], [2], [3], [4]])
    #expect(fold(storm, gap: 61) == [[1, 2, 3, 4]])
  }

  @Test func hostsBootsAndUndatedEventsStayApart() {
    var storm = samples([0, 1, 2, 3])
    storm[1].event.host = LogText("db1")
    #expect(fold(storm) == [[1, 3, 4], [2]])
    storm[2].event.boot = 1
    #expect(fold(storm) == [[1], [2], [3], [4]])
    var undated = samples([0, 1, 2])
    undated[1].event.time = LogTime()
    #expect(fold(undated) == [[1], [2], [3]])
  }

  @Test func aHostIsOneHoweverManyLogsTellOfIt() {
    let events = [0, 1].map { index -> Event in
      var event = Sample.machine(index + 1).event
      event.input = index
      event.host = LogText("web1")
      event.time = LogTime(wallMicros: Int64(index) * 1_000_000)
      return event
    }
    #expect(Incident.find(in: EventStore(events), [1, 2], gap: 60).count == 1)
    var nameless = events
    nameless[0].host = nil
    nameless[1].host = nil
    #expect(Incident.find(in: EventStore(nameless), [1, 2], gap: 60).count == 2)
  }

  @Test func itCountsNamesAndTellsWhoWasKilledAgain() throws {
    var storm = samples([0, 1, 2])
    storm[1] = storm[1].with(victim: 100, "node")
    storm[2].event.victim?.comm = LogText("other")
    let events = EventStore(storm.map(\.event))
    let found = try #require(Incident.find(in: events, [1, 2, 3], gap: 60).first)
    #expect(found.kills == 3)
    #expect(
      found.victims == [
        .init(comm: LogText("node"), kills: 2), .init(comm: LogText("other"), kills: 1),
      ]
    )
    #expect(found.killedAgain.map(\.pid) == [100] && found.killedAgain[0].events == [1, 2])
    #expect(found.limitPaths == [LogText("/system.slice/web.service")])
    #expect(found.constraints == [.memcg])
  }

  // MARK: what a kill freed

  private func effects(_ storm: [Sample]) throws -> [KillEffect] {
    let events = EventStore(storm.map(\.event))
    let numbers = storm.map(\.event.number)
    let incident = try #require(Incident.find(in: events, numbers, gap: 60).first)
    let reports = Dictionary(uniqueKeysWithValues: storm.map { ($0.event.number, $0.report) })
    return KillEffect.list(incident, events, reports: reports)
  }

  @Test func theNextReportTellsWhatWasFreeThen() throws {
    var storm = samples([0, 1, 2])
    for (index, usage) in [512, 412, 500].enumerated() {
      storm[index].report.memcg?.memory = Cited(
        MemcgUsage(usage: Bytes(Int64(usage) << 20), limit: Bytes(512 << 20), failcnt: 1), line: 1)
    }
    // Another cgroup's report in between tells nothing of the first one.
    storm[1].report.memcg?.limitPath = Cited(LogText("/other"), line: 1)
    storm[0].report.victims[0].reapedLine = 77
    storm[0].report.victims[0].reaped = ReaperResult(
      anonRSS: Bytes(1 << 20), fileRSS: nil, shmemRSS: nil)
    let found = try effects(storm)
    #expect(found.map(\.held) == [100 << 20, 100 << 20, 100 << 20].map { Bytes($0) })
    #expect(found[0].left == Bytes(1 << 20) && found[0].leftLine == 77)
    #expect(found[0].free == Bytes(0) && found[0].freeNext == Bytes(12 << 20))
    #expect(found[0].nextEvent == 3)
    #expect(found[1].free == Bytes(100 << 20) && found[1].freeNext == nil && found[1].left == nil)
    #expect(found.allSatisfy { $0.missing == nil })
  }

  /// Free memory of other nodes is none for a task that is bound.
  @Test func freeMemoryIsThatOfTheNodes() throws {
    let storm = (1...3).map { number in
      let bound = Sample.boundToNodes([(0, "Normal", 2 * Sample.gib)], allowed: "0")
      return Sample.machine(number).with(victim: 100, "java").changed {
        guard number != 2 else { return }
        $0.report.constraint = bound.report.constraint
        $0.report.decision = bound.report.decision
        $0.report.memory?.zones = bound.report.memory?.zones ?? []
      }
    }
    let found = try effects(storm)
    #expect(found[0].free == Bytes(2 * Sample.gib / 1000) && found[0].nextEvent == 3)
    #expect(found[1].free == Bytes(Sample.pages / 100 * 4096) && found[1].nextEvent == nil)
  }

  /// No kill frees more than the machine has.
  @Test func aKillFreesNoMoreThanRAM() throws {
    let storm = [100, 1 << 20].enumerated().map { index, mib in
      Sample.machine(index + 1).with(victim: 100, "java", anon: Int64(mib) << 20)
    }
    let found = try effects(storm)
    #expect(found.map(\.held) == [Bytes(100 << 20), nil])
    #expect(found.map(\.isImpossible) == [false, true])
  }

  @Test func theKernelsOwnLimitExplainsKillsWithoutReport() throws {
    var storm = samples(Array(repeating: 0, count: 12) + [30])
    for index in 10...12 { storm[index].event.status = .killOnly }
    let found = try effects(storm)
    #expect(found[10...].map(\.missing) == [.rateLimited, .rateLimited, .unknown])
    #expect(found[9].missing == nil)
    // One report fewer before it, and the limit explains nothing.
    storm.removeFirst()
    for index in storm.indices { storm[index].event.number = index + 1 }
    #expect(try effects(storm)[9].missing == .unknown)
  }
}
