import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct MemoryLedgerTests {
  private func measure(_ sample: Sample) -> MemoryLedger? {
    sample.report.memory.flatMap { MemoryLedger($0, pageSize: .assumed) }
  }

  @Test func sharesAreThoseOfManagedRAM() throws {
    let ledger = try #require(
      measure(Sample(1).with(shares: ["inactive_anon": 0.92, "shmem": 0.3])))
    #expect(ledger.managed == Bytes(8 * Sample.gib))
    #expect(abs((ledger.share(ledger.anonymous) ?? 0) - 0.62) < 0.001)
    #expect(abs((ledger.share(ledger.swappable) ?? 0) - 0.92) < 0.001)
    #expect(abs((ledger.share(ledger.unaccounted) ?? 0) - 0.02) < 0.001)
  }

  @Test func missingFiguresStayMissing() throws {
    let sample = Sample(1).with(shares: ["inactive_anon": 0.5]).changed {
      $0.report.memory?.counters["shmem"] = nil
      $0.report.memory?.hugePools = []
    }
    let ledger = try #require(measure(sample))
    #expect(ledger.shmem == nil && ledger.anonymous == nil && ledger.hugePages == nil)
    #expect(ledger.swappable != nil)
  }

  @Test func kernelsWithoutHugePagesPrintNone() throws {
    let sample = Sample(1).with(shares: ["inactive_anon": 0.5]).changed {
      $0.report.memory?.hugePools = []
    }
    let ledger = try #require(measure(sample))
    #expect(abs((ledger.share(ledger.unaccounted) ?? 0) - 0.44) < 0.001)
  }

  /// Half of the zones' RAM and all of their free memory, against the report's total of 8 GiB.
  @Test(
    arguments: [
      (4, 0.01, true), (8, 0.01, false), (4, 0.005, false), (nil, 0.01, true),
    ] as [(Int64?, Double, Bool)])
  func zonesMayContradictTheTotal(_ present: Int64?, _ free: Double, _ contradicts: Bool) {
    let sample = Sample(1).with(shares: ["inactive_anon": 0.5]).changed {
      var zone = Sample.zone("Normal", free: Int64(free * 8 * Double(Sample.gib)), low: 1)
      zone.counters["present"] = present.map { Bytes($0 * Sample.gib) }
      $0.report.memory?.zones = [zone]
    }
    #expect((measure(sample) == nil) == contradicts)
  }

  @Test func withoutRAMThereIsNoLedger() {
    for (present, reserved) in [(0, 0), (10, 10), (5, 10)] as [(Int64, Int64)] {
      let sample = Sample(1).with(shares: [:]).changed {
        $0.report.memory?.pagesRAM = Cited(Pages(present), line: 1)
        $0.report.memory?.pagesReserved = Cited(Pages(reserved), line: 1)
      }
      #expect(measure(sample) == nil)
    }
  }

  @Test func forgedFiguresGiveNoSum() {
    let sample = Sample.machine().changed {
      $0.report.memory?.counters["active_anon"] = Cited(Pages(.max), line: 1)
      $0.report.memory?.counters["free"] = Cited(Pages(-4), line: 1)
      $0.report.memory?.hugePools = [
        HugePool(node: 0, total: .max, free: .max, surplus: 0, size: Bytes(.max), line: 1)
      ]
      $0.report.tasks?.rows[0].rss = Pages(.max)
      $0.report.tasks?.rows[0].swap = Pages(.max)
    }
    let forged = measure(sample)
    #expect(forged?.swappable == nil && forged?.free == nil && forged?.hugePages == nil)
    #expect(!Advice.recommendations(for: Evidence([sample])).isEmpty)
  }
}

@Suite struct WorkloadTests {
  @Test(
    arguments: [
      ("/", nil), ("/user.slice/user-1000.slice/session-3.scope", nil), ("/pinned", nil),
      ("/system.slice/nginx.service", .service(LogText("nginx.service"))),
      (
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.service",
        .service(LogText("app-x.service"))
      ),
      ("/system.slice/docker.service", .service(LogText("docker.service"))),
      ("/system.slice/docker-0123abc.scope", .container), ("/docker/0123abc", .container),
      ("/machine.slice/libpod-77.scope", .container), ("/lxc/101/ns/init.scope", .container),
      ("/lxc.payload.web/system.slice/cron.service", .container),
      ("/kubepods/burstable/pod1/2", .kubernetes),
      ("/kubepods.slice/kubepods-besteffort.slice/cri-containerd-1.scope", .kubernetes),
      (".service", nil), ("", nil),
    ] as [(String, Workload?)])
  func pathTellsWhoRunsIt(_ path: String, _ workload: Workload?) {
    #expect(Workload(path: LogText(path)) == workload)
  }
}

@Suite struct SentenceTests {
  private func text(_ sentence: Sentence) -> String { sentence.text { "\($0.count) B" } }

  @Test func figuresStayValues() {
    let name = LogText("evil\u{1b}[31m")
    let sentence: Sentence = "\(name) held \(Bytes(5)), \(share: 0.256) of it, \(3, "time")"
    #expect(sentence.parts.contains(.logText(name)) && sentence.parts.contains(.bytes(Bytes(5))))
    #expect(text("\(1, "kill") and \(2, "kill")") == "1 kill and 2 kills")
    #expect(text("\(Bytes(5)), \(share: 0.256)") == "5 B, 26 %")
    #expect(text(.list(["a", "b", "c"])) == "a, b, c")
  }

  @Test(
    arguments: [
      (0, "0 %"), (0.004, "0.4 %"), (0.0995, "10.0 %"), (0.1, "10 %"), (1.4, "140 %"),
      (-0.02, "-2.0 %"), (.nan, "-"), (.infinity, "-"), (1e9, "-"),
    ] as [(Double, String)])
  func sharesAreShort(_ share: Double, _ shown: String) {
    #expect(text("\(share: share)") == shown)
  }
}
