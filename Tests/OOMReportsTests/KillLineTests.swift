import KernelLog
import TestSupport
import Testing

@testable import OOMReports

@Suite struct KillLineTests {
  /// Names that look like what stands behind a name.
  static let names: [[UInt8]] =
    [
      "java", "Web Content", "CPU 0/KVM", "runc:[1:CHILD]", "(sd-pam)", "((sd-pam))", ") score 1",
      "a) total-vm:9kB", "), UID 0, x", ") vsz:1kB", "a), UID 5", ").", "()", "", " ", "  x ",
      "two\nlines", "\u{1B}[31mRED", "a,b=c", "kworker/0:1H", "]", "한글앱", "123", ": Killed",
      ") (", "x) sharing same",
    ].map { Array($0.utf8) } + [Array("한글프로세스".utf8.prefix(14)), [0xFF, 0xFE]]

  struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What stands before and behind the name.
    let head: String
    let tail: String
    var uid: Int64?
    var sizes: [Int64?] = [nil, nil, nil, nil]
    var tables: Int64?
    var adj: Int64?
    var constraint: Constraint?
  }

  static let shapes = [
    Shape(testDescription: "2.6.18", head: "Out of Memory: Killed process 475 (", tail: ")."),
    Shape(testDescription: "2.6.20", head: "Killed process 475 (", tail: ")"),
    Shape(
      testDescription: "2.6.33", head: "Killed process 475 (",
      tail: ") vsz:800kB, anon-rss:600kB, file-rss:4kB", sizes: [800, 600, 4, nil]),
    Shape(
      testDescription: "2.6.36", head: "Killed process 475 (",
      tail: ") total-vm:800kB, anon-rss:600kB, file-rss:4kB", sizes: [800, 600, 4, nil]),
    Shape(
      testDescription: "RHEL 6", head: "Killed process 475, UID 27, (",
      tail: ") total-vm:800kB, anon-rss:600kB, file-rss:4kB", uid: 27, sizes: [800, 600, 4, nil]),
    Shape(
      testDescription: "RHEL 7", head: "Killed process 475 (",
      tail: "), UID 1001, total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB", uid: 1001,
      sizes: [9, 8, 0, 1]),
    Shape(
      testDescription: "4.5", head: "Killed process 475 (",
      tail: ") total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB", sizes: [9, 8, 0, 1]),
    Shape(
      testDescription: "5.1", head: "Memory cgroup out of memory: Killed process 475 (",
      tail: ") total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB", sizes: [9, 8, 0, 1],
      constraint: .memcg),
    Shape(
      testDescription: "5.4",
      head: "Out of memory (oom_kill_allocating_task): Killed process 475 (",
      tail: ") total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB, UID:33 pgtables:52kB "
        + "oom_score_adj:-998",
      uid: 33, sizes: [9, 8, 0, 1], tables: 52, adj: -998),
    Shape(
      testDescription: "cpuset", head: "No available memory in cpuset: Killed process 475 (",
      tail: ").", constraint: .cpuset),
    Shape(
      testDescription: "policy", head: "No available memory (MPOL_BIND): Killed process 475 (",
      tail: ").", constraint: .mempolicy),
  ]

  @Test(arguments: shapes)
  func everyNameInEveryShape(_ shape: Shape) throws {
    for name in Self.names {
      let line = Array(shape.head.utf8) + name + Array(shape.tail.utf8)
      let report = Reading.report([line])
      let place: Comment = "\(LogText(line))"
      let victim = try #require(report.victims.first, place)
      #expect(victim.comm == LogText(name), place)
      #expect(victim.pid == 475, place)
      #expect(victim.uid == shape.uid, place)
      let sizes = [victim.totalVM, victim.anonRSS, victim.fileRSS, victim.shmemRSS].map { $0?.kB }
      #expect(sizes == shape.sizes, place)
      #expect(victim.pageTables?.kB == shape.tables, place)
      #expect(victim.oomScoreAdj == shape.adj, place)
      #expect(report.constraint?.value == shape.constraint, place)
      #expect(report.isAllocatingTaskKill == shape.head.contains("allocating"), place)
      #expect(KeyLine(line.span) == .killed(pid: 475), place)
    }
  }

  @Test(arguments: [
    ("Out of Memory: Kill process 900 (", " and children."),
    ("Out of memory: kill process 900 (", " or a child"),
    ("Memory cgroup out of memory: Kill process 900 (", " or sacrifice child"),
    ("No available memory in cpuset: kill process 900 (", " or a child"),
  ])
  func whatTheKernelMeansToKill(_ head: String, _ tail: String) throws {
    for name in Self.names {
      let line = Array(head.utf8) + name + Array(") score 1234\(tail)".utf8)
      let report = Reading.report([line])
      let intent = try #require(report.intent?.value, "\(LogText(line))")
      #expect(intent.comm == LogText(name))
      #expect(intent.pid == 900)
      #expect(intent.score == 1234)
      #expect(report.victims.isEmpty)
      #expect(KeyLine(line.span) == .intent(pid: 900))
    }
  }

  @Test func aChildHasNoScore() {
    let report = Reading.report([
      "Out of memory: Kill process 900 (java) score 7 or sacrifice child",
      "Killed process 901 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB",
    ])
    #expect(report.victims.map(\.score) == [nil])
    let same = Reading.report([
      "Out of memory: Kill process 900 (java) score 7 or sacrifice child",
      "Killed process 900 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB",
    ])
    #expect(same.victims.map(\.score) == [7])
  }

  @Test(arguments: [
    "Out of memory: Kill process 9 (java) sharing same memory",
    "Kill process 9 (x) by hand", "Killed process (x)", "Killed process 9", "Killed process x (y)",
    "Out of memory: OOM victim 77 (java) is already exiting. Skip killing the task",
    "Would have killed process 77 (java). But continuing instead.",
    "oom killer 77 (java) has mm pinned by 1 (init)", " Killed process 9 (x)",
    "Out of memory: Killed process 99999999999999999999 (x)",
  ])
  func noKills(_ message: String) {
    #expect(Reading.report([message]).victims.isEmpty)
    #expect(Reading.keyLine(message) == nil)
  }

  /// A log that ends without a newline may end inside a figure.
  @Test(
    arguments: [
      ("oom_score_adj:985", nil), ("oom_score_adj:0", 0), ("oom_score_adj:985\n", 985),
    ] as [(String, Int64?)])
  func figuresAtTheEndOfALog(_ tail: String, _ adjustment: Int64?) throws {
    let line =
      "[    5.000001] Out of memory: Killed process 475 (java) total-vm:900kB, anon-rss:640kB, "
      + "file-rss:12kB, shmem-rss:0kB, UID:33 pgtables:52kB "
    for head in ["", "[    5.000000] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0\n"] {
      for isWhole in [true, false] {
        let found = Scan.events(in: Array((head + line + tail).utf8), isWhole: isWhole)
        let victim = try #require(found.first?.report.victims.first)
        #expect(victim.oomScoreAdj == adjustment)
        #expect(victim.uid == 33)
      }
    }
  }

  /// A summary of a log counts its lines.
  @Test func aCountBehindALine() throws {
    for name in ["java", "(sd-pam)", "a) b"] {
      let line =
        "Killed process 475 (\(name)) total-vm:900kB, anon-rss:640kB, file-rss:12kB:  1 Time(s)"
      let victim = try #require(Reading.report([line]).victims.first)
      #expect(victim.comm == LogText(name))
      #expect([victim.totalVM, victim.anonRSS].map { $0?.kB } == [900, 640])
    }
  }

  /// What some show of a kernel's line: its name is read, and of its figures those that are there.
  @Test(
    arguments: [
      (") anon-rss:640kB", [nil, 640, nil, nil]), ("), anon-rss:640kB", [nil, 640, nil, nil]),
      (") anon-rss:640kB, file-rss:12kB", [nil, 640, 12, nil]),
      (") score 31", [nil, nil, nil, nil]), (") ...", [nil, nil, nil, nil]),
      (") UID:33 pgtables:52kB", [nil, nil, nil, nil]),
      (") total-v", [nil, nil, nil, nil]), (") oom_score_adj:0", [nil, nil, nil, nil]),
      ("),", [nil, nil, nil, nil]),
      ("). Jul 19 04:11:28 node7 kernel: eth0", [nil, nil, nil, nil]),
      (") anon-rss:640kB, file-rss:12kB in 1 of (2) parts", [nil, 640, 12, nil]),
    ] as [(String, [Int64?])])
  func linesWithoutSomeFigures(_ tail: String, _ sizes: [Int64?]) throws {
    for name in ["java", "(sd-pam)", "a) b", "Web Content"] {
      let line = "Memory cgroup out of memory: Killed process 475 (\(name)\(tail)"
      #expect(Reading.reading(of: line, by: KillLine.killed) == .torn, "\(line)")
      #expect(Reading.keyLine(line) == .killed(pid: 475), "\(line)")
      let report = Reading.report([line])
      let victim = try #require(report.victims.first, "\(line)")
      #expect(victim.comm == LogText(name), "\(line)")
      #expect(victim.pid == 475)
      #expect(victim.score == nil)
      #expect(
        [victim.totalVM, victim.anonRSS, victim.fileRSS, victim.shmemRSS].map { $0?.kB } == sizes,
        "\(line)")
      #expect(report.constraint?.value == .memcg)
    }
  }

  @Test(arguments: [
    "Killed process  47 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB",
    "Killed process 47  (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB",
    "Killed process 47 (java)  total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:1kB",
  ])
  func moreBlanksThanOne(_ line: String) {
    #expect(Reading.keyLine(line) == .killed(pid: 47))
    let victim = Reading.report([line]).victims.first
    #expect(victim?.comm == LogText("java"))
    #expect(victim?.pid == 47)
    #expect(victim?.totalVM?.kB == 9)
    #expect(victim?.shmemRSS?.kB == 1)
  }

  /// A kill of which figures are missing is an event, and the first of its group.
  @Test func aGroupOfWhichFiguresAreMissing() throws {
    let log = [
      "[   90.000001] Memory cgroup out of memory: Killed process 61 (ruby) anon-rss:512kB",
      "[   90.000002] Tasks in /a are going to be killed due to memory.oom.group set",
      "[   90.000003] Memory cgroup out of memory: Killed process 62 (node) total-vm:9kB, "
        + "anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0",
    ].joined(separator: "\n")
    let events = Scan.events(in: Array(log.utf8), clock: Clock())
    #expect(events.map { $0.report.victims.map(\.pid) } == [[61, 62]])
    let report = try #require(events.first?.report)
    #expect(report.diagnostics.map(\.kind) == [.torn])
    #expect(report.victims.map { $0.anonRSS?.kB } == [512, 8])
  }

  @Test func figuresWithoutTheirUnitAreCut() {
    let report = Reading.report([
      "Killed process 5 (java) total-vm:9kB, anon-rss:80"
    ])
    #expect(report.victims.first?.totalVM?.kB == 9)
    #expect(report.victims.first?.anonRSS == nil)
  }

  @Test func impossibleFiguresAreNone() {
    let report = Reading.report([
      "Killed process 5 (java) total-vm:18446744073709551612kB, anon-rss:9007199254740991kB, "
        + "file-rss:-4kB, shmem-rss:0kB"
    ])
    #expect(report.victims.first?.totalVM == nil)
    #expect(report.victims.first?.anonRSS == nil)
    #expect(report.victims.first?.shmemRSS?.kB == 0)
  }

  @Test func aGroupNamesItsFirstVictimTwice() {
    let report = Reading.report([
      "Memory cgroup out of memory: Killed process 5 (a) total-vm:9kB, anon-rss:8kB",
      "Tasks in /a are going to be killed due to memory.oom.group set",
      "Memory cgroup out of memory: Killed process 5 (a) total-vm:9kB, anon-rss:8kB",
      "Memory cgroup out of memory: Killed process 6 (b) total-vm:9kB, anon-rss:8kB",
    ])
    #expect(report.victims.map(\.pid) == [5, 6])
    #expect(report.victims.map(\.line) == [1, 4])
    #expect(report.groupKill?.value == LogText("/a"))
  }

  @Test func reapedVictims() {
    let report = Reading.report([
      "Out of memory: Killed process 5 (a) total-vm:9kB, anon-rss:8kB",
      "oom_reaper: reaped process 6 (b), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
      "oom_reaper: reaped process 5 (a), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
    ])
    #expect(report.victims.map(\.reapedLine) == [3])
  }
}
