import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// Kill lines of old kernels and of containers' kernels, each alone in a log.
@Suite struct OldKillLineTests {
  private static func events(_ message: String) -> [ReportScanner.Found] {
    Scan.events(in: Array("[ 4711.000001] \(message)\n".utf8))
  }

  @Test(arguments: [
    "Out of memory: kill process 88 (squid) score 4321 or a child",
    "Memory cgroup out of memory: kill process 88 (squid) score 4321 or a child",
    "Out of Memory: Kill process 88 (squid) score 4321 and children.",
    "Out of memory: Kill process 88 (squid) score 4321 or sacrifice child",
  ])
  func aChoiceAlone(_ message: String) throws {
    let report = try #require(Self.events(message).first?.report)
    #expect(report.intent?.value.pid == 88)
    #expect(report.intent?.value.score == 4321)
    #expect(report.victims.isEmpty)
    #expect(report.outcome == .unknown)
  }

  @Test(arguments: [
    "Out of Memory: Killed process 88 (squid).", "Out of memory: Killed process 88 (squid).",
    "Out of memory: Killed process 88, UID 23, (squid).", "Killed process 88 (squid)",
  ])
  func aKillAlone(_ message: String) throws {
    let report = try #require(Self.events(message).first?.report)
    #expect(report.victims.map(\.pid) == [88])
    #expect(report.victims.map(\.comm) == [LogText("squid")])
    #expect(report.status == .killOnly)
  }

  @Test(arguments: ["Out of memory in UB 101", "Out of memory"])
  func aKillInABeancounter(_ reason: String) throws {
    let kill = "\(reason): OOM killed process 88 (sq) uid) score 5 vm:640kB, rss:320kB, swap:16kB"
    let report = try #require(Self.events(kill).first?.report)
    let victim = try #require(report.victims.first)
    #expect(victim.pid == 88)
    #expect(victim.comm == LogText("sq) uid"))
    #expect(victim.score == 5)
    #expect(victim.totalVM?.kB == 640)
    // Which pages are resident is not told.
    #expect([victim.anonRSS, victim.fileRSS, victim.shmemRSS] == [nil, nil, nil])
    #expect(report.constraint == nil)
    #expect(report.status == .killOnly)
    #expect(report.diagnostics.isEmpty)
  }

  @Test func manyKillsInABeancounter() {
    let log = [
      "[ 4711.000001] OOM killer in rage, 3 tasks killed in ub 101",
      "[ 4711.000101] Out of memory in UB 101: OOM killed process 88 (squid) score 0 vm:640kB, "
        + "rss:320kB, swap:0kB",
      "[ 4711.900101] Out of memory in UB 101: OOM killed process 89 (squid) score 0 vm:640kB, "
        + "rss:320kB, swap:0kB", "",
    ].joined(separator: "\n")
    let events = Scan.events(in: Array(log.utf8))
    #expect(events.map { $0.report.victims.map(\.pid) } == [[88], [89]])
    #expect(events.first?.report.remarks.map(\.kind) == [.inRage])
  }

  @Test(arguments: [
    "Out of memory in UB 101: OOM killed process 88 (squid) score 5",
    "OOM killed process 88 (squid)",
    "Out of memory in UB 101: OOM killed process 88 (squid) sco",
  ])
  func beancounterLinesThatAreCut(_ message: String) {
    let victim = Reading.report([message]).victims.first
    #expect(victim?.score == nil)
    #expect(victim?.totalVM == nil)
  }
}
