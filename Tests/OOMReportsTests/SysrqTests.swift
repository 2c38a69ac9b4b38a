import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// Kills that somebody asked for. Up to 4.2 the request looks like any other.
@Suite struct SysrqTests {
  private static let invoked =
    "kworker/0:3 invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0"
  private static let frames = [
    "Call Trace:", " [<ffffffff81199b40>] dump_header+0x8e/0x1f4",
    " [<ffffffff81460ec0>] moom_callback+0x4c/0x70",
    " [<ffffffff81089e10>] process_one_work+0x1b3/0x3d0",
  ]
  private static let memory = [
    "Mem-Info:", "active_anon:310 inactive_anon:4410 isolated_anon:0", "262013 pages RAM",
  ]
  private static let kill = [
    "Out of memory: Kill process 611 (cruncher) score 95 or sacrifice child",
    "Killed process 611 (cruncher) total-vm:99120kB, anon-rss:40100kB, file-rss:8kB",
  ]

  private static func report(_ messages: [String], isWhole: Bool) throws -> OOMReport {
    let lines = messages.enumerated().map { "[   71.\(200_100 + $0)] \($1)\n" }
    let events = Scan.events(in: Array(lines.joined().utf8), isWhole: isWhole)
    try #require(events.count == 1)
    return events[0].report
  }

  @Test(arguments: [true, false])
  func theWorkTells(isWhole: Bool) throws {
    let workqueue = "Workqueue: events moom_callback"
    for head in [Self.frames, [workqueue], [workqueue] + Self.frames] {
      for body in [[], Self.memory] {
        let report = try Self.report([Self.invoked] + head + body + Self.kill, isWhole: isWhole)
        #expect(report.trigger == .sysrq)
        #expect(report.victims.map(\.pid) == [611])
        if isWhole { #expect(report.sysrqLine == (head.count == 4 ? 4 : 2)) }
      }
    }
  }

  @Test(arguments: [true, false])
  func otherWorkDoesNot(isWhole: Bool) throws {
    let head = ["Workqueue: events vmpressure_work_fn", Self.frames[0], Self.frames[3]]
    let report = try Self.report([Self.invoked] + head + Self.kill, isWhole: isWhole)
    #expect(report.trigger == .allocation)
    let later = try Self.report(
      [Self.invoked, Self.kill[0]] + Self.frames + [Self.kill[1]], isWhole: isWhole)
    #expect(later.trigger == .allocation)
  }
}
