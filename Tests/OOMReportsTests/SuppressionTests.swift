import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// The line that says how many reports the kernel left out.
@Suite struct SuppressionTests {
  private static func report(_ time: Int, pid: Int) -> [String] {
    [
      "[\(time).000001] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
        + "oom_score_adj=0",
      "[\(time).000002] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
        + "mems_allowed=0,global_oom,task_memcg=/a,task=java,pid=\(pid),uid=0",
      "[\(time).000003] Out of memory: Killed process \(pid) (java) total-vm:9kB, anon-rss:8kB, "
        + "file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0",
    ]
  }

  private static func events(
    _ lines: [String], isWhole: Bool, isQuick: Bool = true
  ) -> [ReportScanner.Found] {
    Scan.events(
      in: Array((lines.joined(separator: "\n") + "\n").utf8), isWhole: isWhole, isQuick: isQuick)
  }

  @Test func aheadOfTheFirstEvent() throws {
    let lines =
      ["[50.000001] usb 1-1: new device", "[50.000002] oom_kill_process: 7 callbacks suppressed"]
      + Self.report(50, pid: 12)
    for (isWhole, isQuick) in [(true, true), (false, true), (false, false)] {
      let events = Self.events(lines, isWhole: isWhole, isQuick: isQuick)
      #expect(events.count == 1)
      let report = try #require(events.first?.report)
      #expect(report.suppressedReports == Cited(7, line: 2))
      #expect(report.firstLine == 2)
      #expect(report.status == .complete)
    }
  }

  @Test func behindAnEventItIsThatOnes() {
    let lines =
      Self.report(50, pid: 12) + ["[55.000001] oom_kill_process: 7 callbacks suppressed"]
      + Self.report(55, pid: 13)
    for (isWhole, isQuick) in [(true, true), (false, true), (false, false)] {
      let events = Self.events(lines, isWhole: isWhole, isQuick: isQuick)
      #expect(events.map(\.report.suppressedReports?.value) == [7, nil])
      #expect(events.map(\.report.firstLine) == [1, 5])
    }
  }

  @Test(arguments: [
    "slab_out_of_memory: 7 callbacks suppressed", "oom_kill_process: started",
    "net_ratelimit: 7 callbacks suppressed",
  ])
  func othersAreNone(_ message: String) {
    let lines = ["[50.000001] \(message)"] + Self.report(50, pid: 12)
    let events = Self.events(lines, isWhole: true)
    #expect(events.map(\.report.suppressedReports?.value) == [nil])
    #expect(events.map(\.report.firstLine) == [2])
  }
}
