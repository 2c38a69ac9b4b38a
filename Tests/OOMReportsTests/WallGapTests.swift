import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// Reports in logs that have no time but the wall clock's.
@Suite struct WallGapTests {
  private static let invoked =
    "dbwriter invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
  private static let task = "CPU: 1 PID: 733 Comm: dbwriter Not tainted 6.1.0-9-amd64 #1"
  private static let kill =
    "Out of memory: Killed process 377 (render) total-vm:64000kB, anon-rss:51200kB, "
    + "file-rss:8kB, shmem-rss:0kB, UID:33 pgtables:148kB oom_score_adj:0"
  private static let choice =
    "Out of memory: Kill process 371 (render) score 611 or sacrifice child"
  private static let child = "Killed process 377 (render) total-vm:64000kB, anon-rss:51200kB"

  /// How the prefix of a day and a time of day is written.
  enum Prefix: CaseIterable {
    case syslog, iso, dmesg

    func text(day: Int, _ time: String) -> String {
      switch self {
      case .syslog: "Mar \(day) \(time) node7 kernel: "
      case .iso: "2026-03-\(day)T\(time).250000+01:00 node7 kernel: "
      case .dmesg: "[\(day == 11 ? "Wed" : "Thu") Mar \(day) \(time) 2026] "
      }
    }
  }

  private static func log(_ lines: [(prefix: String, message: String)]) -> [UInt8] {
    Array(lines.map { "\($0.prefix)\($0.message)\n" }.joined().utf8)
  }

  /// The lines of each event, which are the same whether the log is read for a list or not.
  private static func lines(_ log: [UInt8]) -> [ClosedRange<Int>] {
    let readings = [(true, true), (false, true), (false, false)].map { isWhole, isQuick in
      Scan.events(in: log, isWhole: isWhole, isQuick: isQuick)
        .map { $0.report.firstLine...$0.report.lastLine }
    }
    #expect(readings[1] == readings[0])
    #expect(readings[2] == readings[0])
    return readings[0]
  }

  @Test(arguments: Prefix.allCases)
  func aReportIsOverLongBeforeTheNextKill(_ prefix: Prefix) {
    let head = [
      (prefix.text(day: 11, "21:07:12"), Self.invoked),
      (prefix.text(day: 11, "21:07:12"), Self.task),
    ]
    for (day, time, isOne) in [
      (11, "21:07:13", true), (11, "21:09:40", true), (11, "21:16:50", true),
      (11, "21:52:30", false), (12, "21:07:12", false), (11, "20:10:00", false),
    ] {
      let kill = (prefix.text(day: day, time), Self.kill)
      #expect(Self.lines(Self.log(head + [kill])) == (isOne ? [1...3] : [1...2, 3...3]))
    }
  }

  @Test(arguments: Prefix.allCases)
  func aChoiceIsNotOfAMuchLaterKill(_ prefix: Prefix) {
    let choice = (prefix.text(day: 11, "21:07:12"), Self.choice)
    for (day, time, isOne) in [
      (11, "21:07:14", true), (11, "21:52:30", false), (12, "21:07:12", false),
    ] {
      let kill = (prefix.text(day: day, time), Self.child)
      #expect(Self.lines(Self.log([choice, kill])) == (isOne ? [1...2] : [1...1, 2...2]))
    }
  }

  /// What is short in the log is short at midnight, in each month and at the year's end.
  @Test(arguments: [
    ("Dec 31 23:59:59", "Jan  1 00:00:02"), ("Feb 28 23:59:58", "Mar  1 00:00:01"),
    ("Feb 29 23:59:58", "Mar  1 00:00:01"), ("Feb 28 23:59:58", "Feb 29 00:00:01"),
    ("Jun 30 23:59:50", "Jul  1 00:00:00"), ("Jul 11 08:00:02", "Jul 11 08:00:00"),
  ])
  func midnight(_ before: String, _ after: String) {
    let log = Self.log([
      ("\(before) node7 kernel: ", Self.invoked), ("\(after) node7 kernel: ", Self.task),
      ("\(after) node7 kernel: ", Self.kill),
    ])
    #expect(Self.lines(log) == [1...3])
  }

  /// The kernel's own clock says more than a daemon's, which may be set meanwhile.
  @Test func theKernelsClockCounts() {
    let log = Self.log([
      ("Mar 11 21:07:12 node7 kernel: [  812.000001] ", Self.invoked),
      ("Mar 11 22:53:40 node7 kernel: [  812.000120] ", Self.task),
      ("Mar 11 22:53:40 node7 kernel: [  812.200000] ", Self.kill),
    ])
    #expect(Self.lines(log) == [1...3])
  }

  /// What follows a kill much later is not its own.
  @Test(arguments: Prefix.allCases)
  func theReaperIsNotLate(_ prefix: Prefix) {
    let reaped = "oom_reaper: reaped process 377 (render), now anon-rss:0kB, file-rss:0kB"
    for (time, isOne) in [("21:07:14", true), ("21:52:30", false)] {
      let log = Self.log([
        (prefix.text(day: 11, "21:07:12"), Self.invoked),
        (prefix.text(day: 11, "21:07:12"), Self.kill), (prefix.text(day: 11, time), reaped),
      ])
      #expect(Self.lines(log) == [isOne ? 1...3 : 1...2])
    }
  }

  /// The end of a report behind the beginning of another one, the lines between lost: the kernel's
  /// clock shows it, in the middle of the cgroup's figures too.
  @Test(arguments: [(2, true), (20, true), (61, false), (90_000, false)] as [(Int64, Bool)])
  func aHoleBetweenTwoReports(_ seconds: Int64, isOne: Bool) {
    func stamp(_ micros: Int64) -> String {
      let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
      return "[\(micros / 1_000_000).\(fraction)] "
    }
    let before = [
      Self.invoked, Self.task, "memory: usage 32768kB, limit 32768kB, failcnt 19",
      "Memory cgroup stats for /a:", "anon 33476608", "file 4096",
    ].enumerated().map { (stamp(79_900_000 + Int64($0)), $1) }
    let behind = [
      "kernel_stack 0", "pagetables 65536",
      "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
      "[    377]     0   377    16000    12800   151552        0             0 render",
      Self.kill.replacing("Out of", with: "Memory cgroup out of"),
    ].enumerated().map { (stamp(79_900_000 + seconds * 1_000_000 + Int64($0)), $1) }
    let all = before + behind
    #expect(Self.lines(Self.log(all)) == (isOne ? [1...11] : [1...6, 7...11]))
  }

  /// A group's first member is killed once more at once; a process that does not die, later.
  @Test(arguments: [
    ("[  100.000000] ", "[  100.004000] ", true), ("[  100.000000] ", "[  103.000000] ", false),
    ("[  100.000000] ", "[ 9000.000000] ", false),
    ("Mar 11 21:07:12 node7 kernel: ", "Mar 11 21:07:13 node7 kernel: ", true),
    ("Mar 11 21:07:12 node7 kernel: ", "Mar 11 21:07:15 node7 kernel: ", false),
    ("", "", true),
  ])
  func aKillOfOneProcessAgain(_ first: String, _ second: String, isOne: Bool) {
    let log = Self.log([(first, Self.kill), (second, Self.kill)])
    #expect(Self.lines(log) == (isOne ? [1...2] : [1...1, 2...2]))
  }

  /// Whatever follows a group's end by hours is none of its kills, also where lines print the
  /// kernel's clock alone.
  @Test func aGroupEnds() {
    let kill = Self.kill.replacing("Out of", with: "Memory cgroup out of")
    let other = kill.replacing("377", with: "378")
    let group = "Tasks in /a are going to be killed due to memory.oom.group set"
    for lines in [[kill, kill, other], [kill, group, kill, other]] {
      let end = lines.count
      let all = lines + [other.replacing("378", with: "379"), kill]
      let times = ["100.000000", "100.000090", "100.000200", "100.000400"].prefix(end)
      let log = zip(times + ["5000.000000", "9000.000000"], all).map { ("[\($0)] ", $1) }
      #expect(Self.lines(Self.log(log)) == [1...end, end + 1...end + 1, end + 2...end + 2])
    }
  }
}
