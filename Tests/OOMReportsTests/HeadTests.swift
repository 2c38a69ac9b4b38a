import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// What stands before a kill whose report has lost its first line.
@Suite struct HeadTests {
  private static let kill =
    "Out of memory: Killed process 812 (ledger) total-vm:90210kB, anon-rss:71000kB, "
    + "file-rss:12kB, shmem-rss:0kB, UID:70 pgtables:212kB oom_score_adj:0"
  private static let task = "CPU: 3 PID: 408 Comm: indexer Not tainted 5.10.0-28-amd64 #1"
  private static let hardware = "Hardware name: Example Board, BIOS 2.1 05/06/2021"
  private static let trace = [
    "Call Trace:", " dump_stack+0x6b/0x83", " dump_header+0x4a/0x1f0",
    " oom_kill_process.cold+0xb/0x10", " out_of_memory+0x1bd/0x4e0",
    " __alloc_pages_slowpath.constprop.0+0xb7c/0xc50", " do_user_addr_fault+0x1b5/0x3f0",
    "RIP: 0033:0x55d0c2a1",
  ]
  private static let memory = [
    "Mem-Info:", "active_anon:412 inactive_anon:98210 isolated_anon:0",
    "Node 0 DMA free:4012kB min:172kB low:212kB high:252kB present:15988kB managed:15360kB",
    "524158 pages RAM",
  ]
  private static let table = [
    "Tasks state (memory values in pages):",
    "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
    "[    812]    70   812    22552    17753   217088        0             0 ledger",
  ]

  /// A log of messages that stand a millisecond apart, but for those named, which come later by
  /// so many seconds.
  private static func log(_ messages: [String], later: [Int: Double] = [:]) -> [UInt8] {
    var seconds = 4100.0
    var text = ""
    for (index, message) in messages.enumerated() {
      seconds += later[index] ?? 0.001
      let micros = Int(seconds * 1_000_000)
      let fraction = "\(1_000_000 + micros % 1_000_000)".dropFirst()
      text += "[ \(micros / 1_000_000).\(fraction)] \(message)\n"
    }
    return Array(text.utf8)
  }

  /// The only event of a log, which a list shows with the same lines.
  private static func report(_ log: [UInt8]) throws -> OOMReport {
    let events = Scan.events(in: log)
    let listed = Scan.events(in: log, isWhole: false)
    try #require(events.count == 1)
    #expect(listed.map(\.byteRange) == events.map(\.byteRange))
    #expect(listed.map(\.report.status) == events.map(\.report.status))
    let report = events[0].report
    #expect(report.victims.map(\.pid) == [812])
    return report
  }

  private static let head = [task, hardware] + trace + memory

  @Test func aHeadOfTheReportIsTaken() throws {
    for head in [Self.head, Self.head + Self.table, [Self.task, Self.hardware] + Self.trace] {
      let report = try Self.report(Self.log(head + [Self.kill]))
      #expect(report.firstLine == 1)
      #expect(report.status == .headless)
      #expect(report.system?.value.comm?.description == "indexer")
      #expect(report.hardware?.line == 2)
      #expect(report.trace.frames.count == 6)
    }
  }

  /// A table shows that the memory state before it is the report's, and so the head.
  @Test func aHeadWithoutATraceIsTakenBeforeATable() throws {
    let report = try Self.report(Self.log([Self.task] + Self.memory + Self.table + [Self.kill]))
    #expect(report.system?.line == 1)
  }

  @Test(arguments: [
    ["indexer: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL), nodemask=(null)"],
    ["indexer: page allocation stalls for 12040ms, order:1, mode:0x1400(GFP_NOIO)"],
    ["WARNING: CPU: 3 PID: 408 at fs/inode.c:330 drop_nlink+0x2c/0x40"],
    ["BUG: unable to handle page fault for address: ffffb2d8", "Oops: 0002 [#1] SMP NOPTI"],
    ["INFO: task indexer:408 blocked for more than 120 seconds."],
    ["watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [indexer:408]"],
    ["Kernel panic - not syncing: hung_task: blocked tasks"], [],
  ])
  func aHeadOfAnotherDumpIsNot(_ first: [String]) throws {
    let frames = ["Call Trace:", " dump_stack+0x6b/0x83", " kthread+0x118/0x140"]
    let dump = first + [Self.task, Self.hardware] + frames
    for rest in [[], ["---[ end trace 5d1f0c2ab9 ]---"], first.isEmpty ? [] : Self.memory] {
      let report = try Self.report(Self.log(dump + rest + [Self.kill]))
      #expect(report.system == nil)
      #expect(report.hardware == nil)
      #expect(report.trace.frames.isEmpty)
      #expect(report.memory == nil)
      #expect(report.status == .killOnly)
    }
  }

  /// What shows that a trace is another dump's stands in the trace, too.
  @Test(arguments: ["panic+0x107/0x2bd", "warn_alloc.cold+0x7b/0xdf", "__warn.cold+0x2c/0x40"])
  func aTraceOfAnotherDumpIsNot(_ frame: String) throws {
    let trace = ["Call Trace:", " dump_stack+0x6b/0x83", " \(frame)", " out_of_memory+0x6/0x4e0"]
    let report = try Self.report(Self.log([Self.task] + trace + Self.memory + [Self.kill]))
    #expect(report.system == nil)
    #expect(report.trace.frames.isEmpty)
    #expect(report.memory == nil)
  }

  /// Behind a warning, the report's own head is taken and not the warning's.
  @Test func theNearestHeadIsTaken() throws {
    let warning = [
      "WARNING: CPU: 0 PID: 9 at mm/slub.c:77 check+0x1/0x20",
      "CPU: 0 PID: 9 Comm: other Not tainted 5.10.0-28-amd64 #1", "Call Trace:",
      " check+0x1/0x20",
    ]
    for end in [[], ["---[ end trace 01 ]---"]] {
      let report = try Self.report(Self.log(warning + end + Self.head + [Self.kill]))
      #expect(report.system?.value.pid == 408)
      #expect(report.trace.frames.count == 6)
    }
  }

  @Test(arguments: [-300.0, 11.0, 9000.0])
  func aHeadOfAnotherTimeIsNot(_ gap: Double) throws {
    let log = Self.log(Self.head + [Self.kill], later: [Self.head.count: gap])
    let report = try Self.report(log)
    #expect(report.system == nil)
    #expect(report.firstLine == Self.head.count + 1)
  }

  /// A slow console prints for half a minute, some seconds at a time.
  @Test func aSlowHeadIsTaken() throws {
    let log = Self.log(
      Self.head + [Self.kill],
      later: Dictionary(uniqueKeysWithValues: (2..<9).map { ($0, 5.0) }))
    #expect(try Self.report(log).firstLine == 1)
  }

  /// The kernel names the task before it chooses whom to kill.
  @Test func aHeadBehindTheChoiceIsNot() throws {
    let choice = "Out of memory: Kill process 812 (ledger) score 871 or sacrifice child"
    let kill = "Killed process 812 (ledger) total-vm:90210kB, anon-rss:71000kB, file-rss:12kB"
    let report = try Self.report(
      Self.log([choice, Self.task, Self.hardware] + Self.trace + [kill]))
    #expect(report.system == nil)
    #expect(report.hardware == nil)
    #expect(report.trace.frames.isEmpty)
    #expect(report.intent?.value.pid == 812)
  }
}
