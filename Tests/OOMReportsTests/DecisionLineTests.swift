import KernelLog
import TestSupport
import Testing

@testable import OOMReports

@Suite struct DecisionLineTests {
  private static let head =
    "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=web,mems_allowed=0-1,3"

  private static func kill(_ name: String) -> String {
    "Memory cgroup out of memory: Killed process 77 (\(name)) total-vm:9kB, anon-rss:8kB, "
      + "file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:52kB oom_score_adj:0"
  }

  @Test(arguments: [
    "java", "a,b=c", ",task=x", "x,pid=1,uid=0", "t,task=a,pid=1", ",pid=9,uid=9", "Web Content",
    "two\nlines", "=", ",", ")", "task_memcg=/a", ",uid=0", "",
  ])
  func forgedNames(_ name: String) throws {
    let line = Self.head + ",oom_memcg=/a,task_memcg=/a/b,task=\(name),pid=77,uid=33"
    let decision = try #require(Reading.report([line, Self.kill(name)]).decision?.value)
    #expect(decision.constraint == .memcg)
    #expect(decision.nodemask == "(null)")
    #expect(decision.cpuset == LogText("web"))
    #expect(decision.memsAllowed == "0-1,3")
    #expect(decision.isGlobal == false)
    #expect(decision.oomMemcg == LogText("/a"))
    #expect(decision.taskMemcg == LogText("/a/b"))
    #expect(decision.task == LogText(name))
    #expect(decision.pid == 77)
    #expect(decision.uid == 33)
    #expect(Reading.keyLine(line) == .decision(pid: 77))
  }

  /// cgroup names hold anything but a slash.
  @Test(arguments: [
    "/x,task=evil,pid=1,uid=0", "/a,mems_allowed=7", "/a=b", "/a b", "/한글", "/esc-\\x2d-systemd",
    "/,global_oom",
  ])
  func forgedCgroups(_ path: String) {
    let line = Self.head + ",oom_memcg=\(path),task_memcg=\(path),task=java,pid=77,uid=33"
    let report = Reading.report([line, Self.kill("java")])
    #expect(report.decision?.value.oomMemcg == LogText(path))
    #expect(report.decision?.value.taskMemcg == LogText(path))
    #expect(report.memcg?.limitPath?.value == LogText(path))
    #expect(report.decision?.value.task == LogText("java"))
    #expect(report.decision?.value.pid == 77)
  }

  /// 5.0 and 5.1 print NONE for a cgroup too, and name its limit.
  @Test func aCgroupWhoseConstraintIsNotPrinted() {
    let line =
      Self.head.replacing("MEMCG", with: "NONE")
      + ",oom_memcg=/a,task_memcg=/a/b,task=java,pid=77,uid=33"
    let events = Scan.events(in: Array([line, Self.kill("java")].joined(separator: "\n").utf8))
    #expect(events.map(\.report.constraint?.value) == [.memcg])
    #expect(events.map(\.report.memcg?.limitPath?.value) == [LogText("/a")])
    let report = Reading.report([line.replacing(",uid=33", with: ""), Self.kill("java")])
    #expect(report.constraint?.value == .memcg)
  }

  @Test(arguments: [
    ("NONE", Constraint.none), ("CPUSET", .cpuset), ("MEMORY_POLICY", .mempolicy),
    ("MEMCG", .memcg),
  ])
  func constraints(_ word: String, _ constraint: Constraint) {
    let report = Reading.report([
      "oom-kill:constraint=CONSTRAINT_\(word),nodemask=0,2-3,cpuset=/,mems_allowed=0,global_oom,"
        + "task_memcg=/,task=java,pid=77,uid=33"
    ])
    #expect(report.constraint?.value == constraint)
    #expect(report.decision?.value.nodemask == "0,2-3")
    #expect(report.decision?.value.isGlobal == true)
  }

  @Test func withoutMemoryCgroups() {
    let report = Reading.report([
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,task=java,"
        + "pid=77,uid=33"
    ])
    #expect(report.decision?.value.task == LogText("java"))
    #expect(report.decision?.value.memsAllowed == "0")
    #expect(report.decision?.value.isGlobal == nil)
    #expect(report.memcg == nil)
  }

  @Test func everyCutIsHarmless() {
    let line = Self.head + ",oom_memcg=/a,task_memcg=/a/b,task=java,pid=77,uid=33"
    for end in 0..<line.utf8.count {
      let message = Array(line.utf8.prefix(end))
      let report = Reading.report([message])
      let decision = report.decision?.value
      // Only the uid at the very end may be cut without a sign of it; before it, all is whole.
      let isWhole = end >= line.utf8.count - 2
      #expect(decision?.pid == (isWhole ? 77 : nil))
      #expect(decision?.task == (isWhole ? LogText("java") : nil))
      #expect(decision?.uid == (end == line.utf8.count - 1 ? 3 : nil))
    }
  }

  @Test(arguments: ["oom-kill:", "oom-kill:constraint=", "oom-kill:constraint=OTHER,task=x"])
  func others(_ message: String) {
    #expect(Reading.keyLine(message) == nil)
    #expect(Reading.report([message]).decision == nil)
  }
}
