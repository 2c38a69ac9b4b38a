import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct RepeatsTests {
  @Test(
    arguments: [
      ([], .onlyCounts), ([1, 2], .onlyCounts), ([100, 100, 100], .sizesSteady),
      ([100, 91, 100], .sizesSteady), ([0, 0, 0], .sizesSteady), ([100, 120, 140], .sizesGrow),
      ([100, 96, 140], .sizesGrow), ([100, 94, 140], .sizesVary), ([140, 120, 100], .sizesFall),
      ([140, 146, 100], .sizesFall), ([140, 150, 100], .sizesVary), ([100, 94, 89], .sizesFall),
      ([100, 300, 90], .sizesVary), ([0, 50, 100], .sizesGrow),
      ([0, .max, .max], .sizesGrow),
    ] as [([Int64], SizeTrend)])
  func trendFollowsItsRule(_ sizes: [Int64], _ trend: SizeTrend) {
    #expect(SizeTrend(sizes.map { Bytes($0) }) == trend)
  }

  @Test func victimsAreGroupedByNameAndPlace() throws {
    let samples =
      [1, 2, 3].map { Sample.memcg($0).with(victim: Int64($0), "node", anon: 500 << 20) }
      + [4, 5].map { Sample.memcg($0, limit: "/other").with(victim: Int64($0), "node") }
      + [6, 7].map { Sample.machine($0).with(victim: 77, "java") }
      + [Sample.machine(8).with(victim: 8, "once")]
    let found = RepeatedVictim.find(in: samples.map(\.event))
    #expect(found.map(\.kills) == [3, 2, 2])
    #expect(found.map(\.comm) == [LogText("node"), LogText("node"), LogText("java")])
    #expect(found[0].place == .limit(LogText("/system.slice/web.service"), host: nil))
    #expect(found[0].events == [1, 2, 3] && found[0].distinctPIDs == 3)
    #expect(found[0].first == samples[0].event.time && found[0].last == samples[2].event.time)
    #expect(found[0].trend == .sizesSteady)
    #expect(found[0].meaningID == "repeats.steady-at-limit")
    #expect(found[1].trend == .onlyCounts && found[1].sizes.isEmpty)
    #expect(found[2].place == .host(nil) && found[2].distinctPIDs == 1)
  }

  @Test func hostsAreKeptApart() {
    let events = [1, 2].map { number in
      Sample.machine(number).changed { $0.event.host = LogText("host\(number)") }.event
    }
    #expect(RepeatedVictim.find(in: events).isEmpty)
  }

  @Test func allVictimsOfAGroupCountWhereTheReportIsThere() {
    let samples = [1, 2].map { number in
      Sample.memcg(number).changed {
        $0.report.victims.append(Victim(pid: 300, comm: LogText("sidecar"), line: 10))
      }
    }
    let reports = Dictionary(uniqueKeysWithValues: samples.map { ($0.event.number, $0.report) })
    let names = RepeatedVictim.find(in: samples.map(\.event), reports: reports).map(\.comm)
    #expect(names == [LogText("node"), LogText("sidecar")])
  }

  /// A group that dies at once is one event, however many processes of a name it had.
  @Test func aGroupKillIsNoRepetition() {
    let sample = Sample.memcg().changed {
      $0.report.victims.append(Victim(pid: 201, comm: LogText("node"), line: 10))
    }
    #expect(RepeatedVictim.find(in: [sample.event], reports: [1: sample.report]).isEmpty)
  }

  // MARK: One process in several reports

  private func growth(_ samples: [Sample]) -> [ProcessGrowth] {
    let reports = Dictionary(uniqueKeysWithValues: samples.map { ($0.event.number, $0.report) })
    return ProcessGrowth.find(in: samples.map(\.event), reports: reports)
  }

  private func series(_ shares: [Double], pid: Int64 = 9, victim: Int64 = 1000) -> [Sample] {
    shares.enumerated().map { position, share in
      Sample.machine(position + 1).with(rows: [Sample.row(pid, "leaky", share: share)])
        .with(victim: victim + Int64(position), "other")
    }
  }

  @Test func oneProcessIsFollowedThroughReports() throws {
    let found = try #require(growth(series([0.1, 0.2, 0.4])).first)
    #expect(found.pid == 9 && found.trend == .sizesGrow && found.sizes.map(\.event) == [1, 2, 3])
    #expect(found.meaningID == "repeats.same-process-grows")
    #expect(growth(series([0.2, 0.2, 0.2])).first?.trend == .sizesSteady)
    #expect(growth(series([0.2, 0.4, 0.1])).first?.trend == .sizesVary)
  }

  @Test func twoReportsAreNotEnough() {
    #expect(growth(series([0.1, 0.4])).isEmpty)
  }

  @Test func aKilledProcessIsNotContinued() {
    var samples = series([0.1, 0.2, 0.3, 0.4])
    samples[1] = samples[1].with(victim: 9, "leaky")
    #expect(growth(samples).isEmpty)
  }

  @Test func aPIDIsNotFollowedAcrossBootsHostsOrNames() {
    var samples = series([0.1, 0.2, 0.3])
    samples[2].event.time.uptimeMicros = 1
    #expect(growth(samples).isEmpty)

    samples = series([0.1, 0.2, 0.3])
    samples[1].event.host = LogText("other")
    #expect(growth(samples).isEmpty)

    samples = series([0.1, 0.2, 0.3])
    samples[1] = samples[1].with(rows: [Sample.row(9, "renamed", share: 0.2)])
    #expect(growth(samples).isEmpty)
  }

  @Test func swappedMemoryCounts() throws {
    var samples = series([0.2, 0.1, 0.01])
    for position in samples.indices {
      samples[position].report.tasks?.rows[0].swap = Pages(Int64(position + 1) * 400_000)
    }
    #expect(growth(samples).first?.trend == .sizesGrow)
  }

  @Test func rowsWithoutASizeAreLeftOut() {
    var samples = series([0.1, 0.2, 0.3])
    samples[0].report.tasks?.rows[0].rss = nil
    #expect(growth(samples).isEmpty)
  }
}
