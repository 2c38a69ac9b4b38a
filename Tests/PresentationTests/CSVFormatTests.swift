import Presentation
import Testing

@Suite struct CSVFormatTests {
  @Test func everything() {
    #expect(
      render(Samples.everything, "csv", width: 20, theme: .color, units: .kB) == """
        key,value,line
        comm,mysqld,40
        anon_rss,1610612736,41
        score,,
        cgroup,/kubepods/burstable/pod0d8f/cri-containerd-77ab,39

        id,time,victim,pid,rss,cgroup
        1,2026-11-22T14:03:11Z,mysqld,4211,1610612736,/system.slice/mysql.service
        2,,한글프로세스,77,65536,
        10,2026-11-22T15:00:00Z,\\x1b[2Jevil,,,/user.slice/user-1000.slice

        victim,kills,share
        java,8,0.8
        node,1,0.125
        sh,0,0.0

        lines
        [  279.309665] Out of memory:  Killed\\x1b[0m
        "  indented"

        """)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("a\nb", #"a\nb"#), (" edge ", "\" edge \""), ("=1+1", "'=1+1"), ("+1", "'+1"),
    ("-bash", "'-bash"), ("@sum", "'@sum"), ("＝1", "'＝1"), ("=1,2", "\"'=1,2\""),
    ("\t=1", #"\t=1"#), ("a=1", "a=1"), ("", "\"\""),
  ])
  func quoting(_ text: String, _ expected: String) {
    let table = Table(key: "t", columns: [Column("c", "c")], rows: [[.text(text)]])
    #expect(render(.table(table), "csv") == "c\n\(expected)\n")
  }

  @Test func negativeNumbersStayNumbers() {
    let fields = Fields(
      key: "f", [Field("oom_score_adj", "", .integer(-1000)), Field("ratio", "", .share(-0.5))])
    #expect(render(.fields(fields), "csv") == "key,value\noom_score_adj,-1000\nratio,-0.5\n")
  }

  @Test func emptyTables() {
    #expect(render(Samples.empty, "csv") == "id,time,victim,pid,rss,cgroup\n")
    #expect(render(Document([.prose("x"), .heading("h")]), "csv") == "")
  }
}
