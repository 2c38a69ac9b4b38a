import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// What advice says, and leaves unsaid, of single situations.
@Suite struct AdviceWordingTests {
  private func advice(_ id: String, _ samples: [Sample]) -> Recommendation? {
    Advice.recommendations(for: Evidence(samples)).first { $0.ruleID == id }
  }

  private func reason(_ id: String, _ samples: [Sample]) -> String? {
    advice(id, samples).map { given in
      given.reason.map { $0.text { "\($0.count >> 20)M" } }.joined(separator: "; ")
    }
  }

  private func withoutVictim(_ rows: [TaskRow]) -> Sample {
    Sample.machine().with(rows: rows).changed {
      $0.event.outcome = .noVictim
      $0.event.victim = nil
      $0.event.killCount = 0
      $0.report.outcome = .noVictim
      $0.report.victims = []
    }
  }

  @Test func candidatesThatAreLeftRefuteTheirExclusion() throws {
    let excluded = Sample.row(2, "udevd", share: 0.01, adj: -1000)
    let left = [excluded, Sample.row(3, "smbd", share: 0.001)]
    let given = try #require(advice("no-killable", [withoutVictim(left)]))
    #expect(given.certainty == .likely && !given.action.contains("is excluded"))
    #expect(reason("no-killable", [withoutVictim(left)])?.contains("is smbd with") == true)
    // Init is never chosen, whatever its setting.
    let none = try #require(
      advice("no-killable", [withoutVictim([excluded, Sample.row(1, "init", share: 0.01)])]))
    #expect(none.certainty == .certain && none.action.contains("is excluded"))
  }

  /// A record keeps the largest rows alone, and says how many more the log has.
  @Test(arguments: [0, 1, 2])
  func rowsThatARecordLeavesOutAreTold(_ dropped: Int) throws {
    let sample = withoutVictim([Sample.row(3, "smbd", share: 0.001)]).changed {
      $0.report.droppedRowCount = dropped
    }
    let words = try #require(reason("no-killable", [sample]))
    let told = ["", "leaves out 1 further row;", "leaves out 2 further rows;"][dropped]
    #expect(words.contains("further row") == (dropped > 0))
    #expect(dropped == 0 || words.contains(told))
  }

  @Test func endsThatAreMissingAreNamedSo() throws {
    let samples = (1...2).map { number in
      Sample.machine(number).changed { $0.event.status = .truncated }
    }
    #expect(reason("log-collection", samples) == "2 events whose end is missing")
  }

  /// Classes that exceed the usage tell nothing of it.
  @Test func statisticsThatContradictTheUsageAreNoReason() {
    let sample = Sample.memcg().changed {
      $0.report.memcg?.stats = ["anon": 20, "file": 5000, "shmem": 4000].mapValues {
        Cited($0 * Sample.mib, line: 1)
      }
    }
    #expect(advice("shmem", [sample]) == nil)
    #expect(reason("memcg-limit", [sample])?.contains("most of it") == false)
  }

  /// A record's own length is not that of its report.
  @Test func recordsDoNotTellHowLongReportsAre() {
    let sample = Sample.machine().changed {
      ($0.event.status, $0.event.byteRange) = (.truncated, 0..<9000)
    }
    for (records, count) in [(Set<Int>(), 2), ([1], 1)] {
      let evidence = Evidence(
        events: [sample.event], reports: [1: sample.report], records: records)
      let given = Advice.recommendations(for: evidence).first { $0.ruleID == "log-collection" }
      #expect(given?.snippets.count == count)
    }
  }

  /// Records that lack a year alone are not the log's fault.
  @Test func recordsWithoutAYearAreExtractedAgain() throws {
    let sample = Sample.machine().changed { $0.event.time = LogTime() }
    let evidence = Evidence(
      events: [sample.event], reports: [1: sample.report], yearlessRecords: [1])
    let given = Advice.recommendations(for: evidence).filter { $0.ruleID == "log-collection" }
    #expect(given.count == 1 && given[0].action.contains("--ref-time=mtime"))
    #expect(advice("log-collection", [sample])?.action.contains("--ref-time") == false)
  }

  /// Shares of what bounded the request: 2 of 8 GiB are the nodes'.
  @Test func sharesAreThoseOfTheNodes() throws {
    let sample = Sample.boundToNodes([(0, "Normal", 2 * Sample.gib)], allowed: "0")
      .with(rows: [Sample.row(7, "pinned", share: 0.2)])
    #expect(reason("watch-largest", [sample])?.contains("80 % of the nodes' memory") == true)
  }

  /// Memory for pages that can be moved is no device's: other advice helps.
  @Test(arguments: [("Movable", true), ("HighMem", false)])
  func whatIsFreeBeyondALowZoneTellsWhatHelps(_ beyond: String, _ isMovable: Bool) throws {
    let sample = Sample.machine().changed {
      var invocation = Invocation()
      (invocation.order, invocation.gfpFlags) = (0, ["GFP_KERNEL"])
      $0.report.invocation = Cited(invocation, line: 1)
      $0.report.memory?.zones = [
        Sample.zone("Normal", free: 1 << 20, low: 8 << 20),
        Sample.zone(beyond, free: 900 << 20, low: 50 << 20, reserve: [0]),
      ]
    }
    let given = try #require(advice("lowmem", [sample]))
    #expect(given.action.contains("online_kernel") == isMovable)
    #expect(reason("lowmem", [sample])?.contains("while \(beyond) was above") == true)
  }

  @Test func nodesWithoutAZoneForTheRequestAreNotExhausted() throws {
    let movable = Sample.boundToNodes([(4, "Movable", 2 * Sample.gib)], allowed: "4")
    let given = try #require(advice("node-bound", [movable]))
    #expect(given.action.contains("zone that is not Movable") && given.certainty == .likely)
    #expect(advice("monitoring", [movable]) == nil)
    let normal = Sample.boundToNodes([(4, "Normal", 2 * Sample.gib)], allowed: "4")
    #expect(advice("node-bound", [normal])?.certainty == .certain)
  }

  @Test func aListOfSmallCachesIsNoKernelLeak() {
    func listed(_ slab: Double) -> [Sample] {
      [
        Sample.machine().with(shares: ["inactive_anon": 0.05, "slab_unreclaimable": slab]).changed {
          $0.report.memory?.slabCaches = [
            SlabCache(name: "dentry", used: Bytes(1), total: Bytes(2 << 20), line: 3)
          ]
        }
      ]
    }
    #expect(advice("slab", listed(0.02)) == nil)
    #expect(advice("slab", listed(0.2)) != nil)
  }

  @Test func growthNeedsTime() throws {
    func grown(_ seconds: Int64?) -> [Sample] {
      (1...6).map { number in
        Sample.machine(number).with(rows: [Sample.row(9, "leaky", share: 0.1 * Double(number))])
          .with(victim: Int64(200 + number), "other").changed {
            $0.event.time = LogTime(uptimeMicros: seconds.map { $0 * 1_000_000 * Int64(number) })
          }
      }
    }
    for seconds in [nil, 0, 11] as [Int64?] {
      #expect(advice("growth", grown(seconds)) == nil)
      #expect(advice("watch-largest", grown(seconds))?.certainty == .possible)
    }
    let text = try #require(reason("growth", grown(12)))
    #expect(text.contains("grew over 6 reports: 819M, …, 2457M, 3276M, 4096M, 4915M"))
  }

  @Test func anInnocentVictimIsNotExamined() {
    let rows = [Sample.row(100, "app", share: 0.3)]
    let files = Sample.machine().with(shares: ["shmem": 0.6]).with(rows: rows)
    #expect(advice("watch-largest", [files]) == nil)
    let mapped = files.changed { $0.report.victims[0].shmemRSS = Bytes(4 * Sample.gib) }
    #expect(advice("watch-largest", [mapped]) != nil)
  }

  @Test func sharedMemoryOfTheVictimIsTold() throws {
    let files = Sample.machine().with(shares: ["shmem": 0.6])
    #expect(advice("shmem", [files])?.action.contains("no kill gives back") == true)
    let mapped = files.changed { $0.report.victims[0].shmemRSS = Bytes(4 * Sample.gib) }
    #expect(advice("shmem", [mapped])?.action.contains("no kill gives back") == false)
    #expect(reason("shmem", [mapped])?.contains("which was killed, mapped 4096M") == true)
  }

  @Test func versionOneHasItsOwnFiles() throws {
    let old = Sample.memcg().changed {
      $0.report.memcg?.memorySwap = Cited(
        MemcgUsage(usage: Bytes(5), limit: nil, failcnt: 0), line: 2)
    }
    let given = try #require(advice("memcg-limit", [old]))
    #expect(given.action.contains("memory.max_usage_in_bytes"))
    #expect(!given.action.contains("memory.current") && !given.action.contains("MemoryHigh"))
    #expect(advice("memcg-limit", [.memcg()])?.action.contains("MemoryHigh") == true)
  }

  @Test func noShareExceedsTheWhole() throws {
    let rows = [Sample.row(201, "node", share: 0.08, adj: -1000)]
    let sample = Sample.memcg().with(rows: rows).changed {
      $0.report.memcg?.stats["anon"] = Cited(600 << 20, line: 1)
    }
    for id in ["watch-largest", "protected-hog", "memcg-limit"] {
      #expect(try !#require(reason(id, [sample])).contains("%"), "\(id)")
    }
    let swapped = Sample.machine().changed { $0.report.tasks?.rows[0].swap = Pages(1000) }
    #expect(try !#require(reason("watch-largest", [swapped])).contains("%"))
  }

  @Test func allProcessesOfAGroupAreCounted() {
    let group = Sample.memcg().changed { $0.event.killCount = 3 }
    #expect(reason("systemd-unit", [group]) == "web.service lost 3 processes in 1 event")
    #expect(reason("systemd-unit", [.memcg()]) == "web.service lost a process in 1 event")
  }

  @Test func nobodyDiesWhereNothingIsKilled() {
    let stuck = withoutVictim([Sample.row(2, "hog", share: 0.7, adj: -1000)])
    #expect(advice("protected-hog", [stuck])?.action.contains("died") == false)
    #expect(reason("monitoring", [stuck]) == "memory was short, with nothing to kill, in 1 report")
  }
}
