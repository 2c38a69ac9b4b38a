import KernelLog
import Testing

@testable import OOMReports

@Suite struct TaskTableTests {
  private static let pages = "  uid  tgid total_vm      rss"

  /// Every header, a row below it, and what the row says.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let header: String
    let row: String
    var tables: Int64?
    var tableBytes: Int64?
    var swap: Int64?
    var oomAdj: Int64?
    var oomScoreAdj: Int64?
    var parts: [Int64?] = [nil, nil, nil]
  }

  static let cases = [
    Case(
      testDescription: "2.6.25", header: "[ pid ] \(pages) cpu oom_adj name",
      row: "[  321]  1000   321   202020   101010   3     -17 ", oomAdj: -17),
    Case(
      testDescription: "2.6.36", header: "[ pid ] \(pages) cpu oom_adj oom_score_adj name",
      row: "[  321]  1000   321   202020   101010   3     -17         -1000 ", oomAdj: -17,
      oomScoreAdj: -1000),
    Case(
      testDescription: "3.6", header: "[ pid ] \(pages) nr_ptes swapents oom_score_adj name",
      row: "[  321]  1000   321   202020   101010     250     1200           300 ", tables: 250,
      swap: 1200, oomScoreAdj: 300),
    Case(
      testDescription: "4.0",
      header: "[ pid ] \(pages) nr_ptes nr_pmds swapents oom_score_adj name",
      row: "[  321]  1000   321   202020   101010     250       4     1200             0 ",
      tables: 254, swap: 1200, oomScoreAdj: 0),
    Case(
      testDescription: "4.15",
      header: "[ pid ] \(pages) pgtables_bytes swapents oom_score_adj name",
      row: "[  321]  1000   321   202020   101010  3276800     1200             0 ",
      tableBytes: 3_276_800, swap: 1200, oomScoreAdj: 0),
    Case(
      testDescription: "4.19",
      header: "[  pid  ] \(pages) pgtables_bytes swapents oom_score_adj name",
      row: "[    321]  1000   321   202020   101010  3276800     1200             0 ",
      tableBytes: 3_276_800, swap: 1200, oomScoreAdj: 0),
    Case(
      testDescription: "6.8",
      header: "[  pid  ] \(pages) rss_anon rss_file rss_shmem pgtables_bytes swapents "
        + "oom_score_adj name",
      row: "[    321]  1000   321   202020   101010   101000        9         1  3276800     1200"
        + "             0 ",
      tableBytes: 3_276_800, swap: 1200, oomScoreAdj: 0, parts: [101_000, 9, 1]),
  ]

  static let names = [
    "java", "Web Content", "7z", "123", "123 456", "-1", "", " ", " x", "x ", "[1]", "name",
    "한글앱", "a\tb", "0",
  ]

  @Test(arguments: cases)
  func everyHeader(_ wanted: Case) throws {
    for name in Self.names {
      let report = Reading.report([wanted.header, wanted.row + name])
      let row = try #require(report.tasks?.rows.first, "\(wanted.testDescription): \(name)")
      #expect(row.name == LogText(name))
      expect(row, wanted)
      #expect(report.tasks?.headerLine == 1)
    }
  }

  private func expect(_ row: TaskRow, _ wanted: Case) {
    #expect(row.pid == 321)
    #expect(row.uid == 1000)
    #expect(row.tgid == 321)
    #expect(row.totalVM?.count == 202_020)
    #expect(row.rss?.count == 101_010)
    #expect(row.pageTablePages?.count == wanted.tables)
    #expect(row.pageTables?.count == wanted.tableBytes)
    #expect(row.swap?.count == wanted.swap)
    #expect(row.oomAdj == wanted.oomAdj)
    #expect(row.oomScoreAdj == wanted.oomScoreAdj)
    #expect([row.rssAnon, row.rssFile, row.rssShmem].map { $0?.count } == wanted.parts)
  }

  /// The columns follow from the figures where only one kernel can have printed them.
  @Test(arguments: cases, ["java", "Web Content", "7z", "123", ""])
  func rowsWithoutHeader(_ wanted: Case, _ name: String) throws {
    let report = Reading.report([wanted.row + name])
    let row = try #require(report.tasks?.rows.first)
    #expect(row.name == LogText(name))
    expect(row, wanted)
    #expect(report.tasks?.headerLine == nil)
  }

  /// A processor and an oom_adj of 0, or page tables and no swap: what both kernels print stays.
  @Test func columnsThatCouldBeTwo() throws {
    let report = Reading.report(["[  321]  1000   321   202020   101010     3     0      0 java"])
    let row = try #require(report.tasks?.rows.first)
    #expect(report.taskRowCount == 1)
    #expect(row.rss?.count == 101_010)
    #expect(row.oomScoreAdj == 0)
    #expect(row.oomAdj == nil)
    #expect(row.swap == nil)
    #expect(row.pageTablePages == nil)
    #expect(row.name == LogText("java"))
  }

  @Test func columnsOfVendorsAreReadByTheirNames() throws {
    let report = Reading.report([
      "[ pid ] tgid rss new_column oom_score_adj name", "[ 5]  6 7 8 9 java",
    ])
    #expect(report.tasks == nil || report.tasks?.rows.isEmpty == true)
    let wider = Reading.report([
      "[ pid ] uid tgid total_vm rss new_column oom_score_adj name", "[ 5]  1 6 7 8 9 10 java",
    ])
    let row = try #require(wider.tasks?.rows.first)
    #expect(row.rss?.count == 8)
    #expect(row.oomScoreAdj == 10)
    #expect(wider.tasks?.columns.contains("new_column") == true)
  }

  @Test func countersThatWrappedAreMissing() throws {
    let report = Reading.report([
      "[ pid ] \(Self.pages) pgtables_bytes swapents oom_score_adj name",
      "[  321]    -2   321 18446744073709551615   101010  3276800 9223372036854775807  0 java",
    ])
    let row = try #require(report.tasks?.rows.first)
    #expect(row.uid == -2)
    #expect(row.totalVM == nil)
    #expect(row.swap == nil)
    #expect(row.rss?.count == 101_010)
  }

  @Test(arguments: [
    "[ pid ] ", "[  321]  1000   321   2020", "[  321]", "[ 321] java", "[  321] 1 2 3 4 5",
    "[  321]  1000   321   202020   101010   x", "[x] 1 2 3 4 5 6 7 java",
    "[   12.345678] 1 2 3 4 5 6 7 java",
  ])
  func noRows(_ message: String) {
    #expect(Reading.report([message]).tasks?.rows ?? [] == [])
  }

  /// A row that cannot be read is one nonetheless, but nothing of it is taken.
  @Test func tornRowsAreCounted() throws {
    let log = """
      [    1.000000] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
      [    1.000000] [ pid ] \(Self.pages) cpu oom_adj oom_score_adj name
      [    1.000000] [  321]  1000   321   202020   101010   3     0         0 java
      [    1.000000] [  322]  1000   322   202020   101010   3     0     ava
      [    1.000000] [  323]  1000   323   202020   101010   3     0         0 java
      [    1.000000] Killed process 321 (java) total-vm:808080kB, anon-rss:8kB, file-rss:0kB

      """
    let event = try #require(Self.events(log).first)
    #expect(event.report.taskRowCount == 3)
    #expect(event.report.tasks?.rows.map(\.pid) == [321, 323])
    #expect(event.report.diagnostics.map(\.line) == [4])
  }

  private static func events(_ log: String) -> [ReportScanner.Found] {
    var scanner = ReportScanner(clock: Clock(), isWhole: true)
    var found: [ReportScanner.Found] = []
    var rest = Array(log.utf8)
    while unsafe scanner.scanChunk(
      reading: { buffer in
        unsafe buffer.copyBytes(from: rest)
        defer { rest = [] }
        return rest.count
      }, emit: { event, _ in found.append(event) })
    {}
    return found
  }

  /// A terminal from which a log was copied may fill its lines with blanks.
  @Test(arguments: ["", " ", "\t", "          "])
  func paddedLines(_ padding: String) throws {
    let report = Reading.report(
      [
        "cp invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0, "
          + "oom_score_adj=-998",
        "cp cpuset=/ mems_allowed=0",
        "Hardware name: Google Google Compute Engine/Google Compute Engine, BIOS Google 01/01/2011",
        "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name",
        "[ 4000]     0  4000      256        1       4       2        0          -998 pause",
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=y,mems_allowed=0,"
          + "oom_memcg=/a,task_memcg=/a/y,task=pause,pid=4000,uid=0",
        "Memory cgroup out of memory: Killed process 4000 (pause) total-vm:1024kB, "
          + "anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:60kB oom_score_adj:-998",
      ].map { $0 + padding })
    #expect(report.tasks?.rows.map(\.name) == [LogText("pause")])
    #expect(report.decision?.value.pid == 4000 && report.decision?.value.uid == 0)
    #expect(report.memcg?.taskPath?.value == LogText("/a/y"))
    #expect(report.victims.first?.oomScoreAdj == -998)
    #expect(report.diagnostics.isEmpty)
  }

  /// Blanks that end a name are the name's where nothing else ends in blanks.
  @Test func namesThatEndInBlanks() {
    let report = Reading.report([
      "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name",
      "[ 4000]     0  4000      256        1       4       2        0          -998 pause ",
    ])
    #expect(report.tasks?.rows.map(\.name) == [LogText("pause ")])
  }
}
