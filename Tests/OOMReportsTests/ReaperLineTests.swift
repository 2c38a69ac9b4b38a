import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// A process is reaped only if it was killed: `dmesg | grep -i oom` of 4.6 to 4.20 keeps this of a kill.
@Suite struct ReaperLineTests {
  private static let invoked =
    "sh invoked oom-killer: gfp_mask=0x24200ca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0"
  private static let table = [
    "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name",
    "[  71 ]     0    71     9000     8000      20       3        0             0 db",
  ]

  private static func reaped(_ pid: Int, shmem: String = "8kB") -> String {
    "oom_reaper: reaped process \(pid) (db), now anon-rss:0kB, file-rss:4kB, shmem-rss:\(shmem)"
  }

  /// The victims' pids of a log whose lines are a millisecond apart, which are the same in a list.
  private static func victims(_ messages: [String]) -> [[Int64]] {
    let lines = messages.enumerated().map { "[  10.\(100 + $0.offset)000] \($0.element)\n" }
    let log = Array(lines.joined().utf8)
    let found = Scan.events(in: log).map { $0.report.victims.map(\.pid) }
    #expect(Scan.events(in: log, isWhole: false).map { $0.report.victims.map(\.pid) } == found)
    return found
  }

  private static let intent = "Out of memory: Kill process 71 (db) score 9 or sacrifice child"

  @Test func theVictimIsKnownWhereItsKillLineIsLost() throws {
    let log = [Self.invoked] + Self.table + [Self.intent, Self.reaped(71)]
    let text = log.map { "[  10.100000] \($0)\n" }.joined()
    let report = try #require(Scan.events(in: Array(text.utf8)).first?.report)
    let victim = try #require(report.victims.first)
    #expect(report.outcome == .killed && report.status == .truncated)
    #expect(victim.pid == 71 && victim.comm == LogText("db") && victim.line == 5)
    #expect(victim.totalVM == nil && victim.anonRSS == nil)
    #expect(victim.reapedLine == 5 && victim.reaped?.shmemRSS == Bytes(8192))
    #expect(report.remarks.isEmpty)
  }

  /// What nobody is known to have been chosen for is remarked upon.
  @Test func aReaperAlone() throws {
    let text = [Self.invoked, Self.reaped(71)].map { "[  10.100000] \($0)\n" }.joined()
    let report = try #require(Scan.events(in: Array(text.utf8)).first?.report)
    #expect(report.victims.isEmpty && report.outcome == .unknown)
    #expect(report.remarks.map(\.kind) == [.reaped] && report.remarks.map(\.pid) == [71])
  }

  /// The reaper of the kill before may be late.
  @Test func whoseItIsMustBeSure() {
    #expect(Self.victims([Self.invoked, Self.reaped(70)] + Self.table) == [[]])
    #expect(Self.victims([Self.invoked, Self.reaped(70), Self.reaped(71)]) == [[]])
    #expect(Self.victims([Self.invoked, Self.reaped(70)]) == [[]])
    #expect(Self.victims([Self.invoked, Self.intent, Self.reaped(70), Self.reaped(71)]) == [[71]])
    #expect(Self.victims([Self.invoked, Self.intent, Self.reaped(70)]) == [[]])
    let killed = "Killed process 71 (db) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB"
    #expect(Self.victims([Self.invoked, Self.intent, killed, Self.reaped(70)]) == [[71]])
    #expect(Self.victims([Self.invoked, Self.reaped(70), Self.intent, killed]) == [[71]])
    #expect(Self.victims([Self.reaped(71)]) == [])
  }
}
