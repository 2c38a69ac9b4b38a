import KernelLog
import Testing

@testable import OOMReports

@Suite struct MemcgTests {
  @Test func version1WithStatisticsInKB() throws {
    let report = Reading.report([
      "Task in /a/b killed as a result of limit of /a",
      "memory: usage 524288kB, limit 524288kB, failcnt 91",
      "memory+swap: usage 524289kB, limit 9007199254740988kB, failcnt 0",
      "kmem: usage 12kB, limit 18014398509481983kB, failcnt 0",
      "Memory cgroup stats for /a: cache:0KB rss:8KB rss_huge:2048KB mapped_file:0KB",
      "Memory cgroup stats for /a/b: cache:77KB rss:99KB",
    ])
    let memcg = try #require(report.memcg)
    #expect(memcg.taskPath?.value == LogText("/a/b"))
    #expect(memcg.limitPath?.value == LogText("/a"))
    #expect(memcg.memory?.value.usage.kB == 524_288)
    #expect(memcg.memory?.value.limit?.kB == 524_288)
    #expect(memcg.memory?.value.failcnt == 91)
    #expect(memcg.memorySwap?.value.usage.kB == 524_289)
    #expect(memcg.memorySwap?.value.limit == nil)
    #expect(memcg.kmem?.value.limit == nil)
    #expect(memcg.statsPath?.value == LogText("/a"))
    #expect(
      memcg.stats.mapValues(\.value) == [
        "cache": 0, "rss": 8192, "rss_huge": 2_097_152, "mapped_file": 0,
      ])
    #expect(report.constraint?.value == .memcg)
  }

  @Test(arguments: [false, true])
  func version2(perRecord: Bool) throws {
    let rows = ["anon 536215552", "file 0", "workingset_refault_anon 7", "pgfault 12"]
    let head = "Memory cgroup stats for /a.slice/web.scope:"
    let report = Reading.report(
      [
        "memory: usage 524288kB, limit 524288kB, failcnt 91",
        "swap: usage 0kB, limit 0kB, failcnt 0",
      ] + (perRecord ? [head] + rows : [([head] + rows).joined(separator: "\n")]))
    let memcg = try #require(report.memcg)
    #expect(memcg.swap?.value.limit?.kB == 0)
    #expect(memcg.statsPath?.value == LogText("/a.slice/web.scope"))
    #expect(
      memcg.stats.mapValues(\.value) == [
        "anon": 536_215_552, "file": 0, "workingset_refault_anon": 7, "pgfault": 12,
      ])
    #expect(memcg.stats["file"]?.line == (perRecord ? 5 : 3))
  }

  /// The kernel cuts a record at about a kilobyte, and so statistics at any place.
  @Test func cutStatistics() throws {
    let report = Reading.report(["Memory cgroup stats for /a:\nanon 536215552\nfile 0\nkernel_sta"])
    #expect(report.memcg?.stats.keys.sorted() == ["anon", "file"])
  }

  @Test func rowsBelongToStatisticsOnly() {
    let report = Reading.report([
      "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0", "anon 5",
    ])
    #expect(report.memcg == nil)
  }

  @Test(arguments: [
    "memory: usage 12kB", "memory: usage 12kB, limit 5", "swap: usage , limit 0kB, failcnt 0",
    "memory: usage 524288kB, limit 524288kB",
  ])
  func tornUsage(_ message: String) {
    #expect(Reading.report([message]).memcg?.memory == nil)
    #expect(Reading.reading(of: message, by: MemcgLines.usage) == .torn)
  }

  @Test func pathsThatLookLikeText() {
    let path = "/x killed as a result of limit of /y"
    let report = Reading.report([
      "Task in \(path) killed as a result of limit of /z",
      "Memory cgroup stats for /a: b: cache:1KB",
    ])
    #expect(report.memcg?.taskPath?.value == LogText(path))
    #expect(report.memcg?.limitPath?.value == LogText("/z"))
    #expect(report.memcg?.statsPath?.value == LogText("/a: b"))
  }

  /// The cgroup whose limit was hit comes before those below it. A path that lies not below the first
  /// one shows that the beginning is lost.
  @Test func statisticsOfSiblings() {
    let lines = ["/pods/p1/web", "/pods/p1/log", "/pods/p2"].enumerated().map {
      "Memory cgroup stats for \($1): cache:0KB rss:\(($0 + 1) * 8)KB swap:0KB"
    }
    let memcg = Reading.report(lines).memcg
    #expect(memcg?.statsPath == nil)
    #expect(memcg?.stats == [:])
    #expect(memcg?.descendants.map(\.line) == [1, 2, 3])
    #expect(memcg?.descendants.map { $0.stats["rss"] } == [8192, 16384, 24576])
    let whole = Reading.report(
      ["Memory cgroup stats for /pods: cache:0KB rss:48KB swap:0KB"] + lines
    ).memcg
    #expect(whole?.statsPath?.value == LogText("/pods"))
    #expect(whole?.descendants.count == 3)
  }
}
