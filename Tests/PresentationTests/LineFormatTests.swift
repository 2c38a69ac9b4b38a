import Presentation
import Testing

@Suite struct LineFormatTests {
  @Test func tables() {
    #expect(
      render(.table(Samples.events), "line", width: 20) == """
        id     = 1
        time   = 14:03:11
        victim = mysqld
        pid    = 4211
        rss    = 1.50 GiB
        cgroup = /system.slice/mysql.service

        id     = 2
        time   = +279.31
        victim = 한글프로세스
        pid    = 77
        rss    = 64 KiB
        cgroup = -

        id     = 10
        time   = 15:00:00
        victim = \\x1b[2Jevil
        pid    = -
        rss    = -
        cgroup = /user.slice/user-1000.slice

        """)
  }

  @Test func fieldsAndTitles() {
    #expect(
      render(.fields(Samples.victim), "line", width: 40) == """
        Victim
        comm     = mysqld  (line 40)
        anon_rss = 1.50 GiB  (line 41)
            memory that no file stands behind;
            only swap could have taken it
        score    = -
            이 커널은 점수를 출력하지 않습니다
        cgroup   = /kubepods/burstable/pod0d8f/cri-containerd-77ab  (line 39)

        """)
  }

  @Test func barsAreLeftOut() {
    #expect(!render(.table(Samples.top), "line").contains("bar"))
  }

  @Test func emptyTables() {
    #expect(render(Samples.empty, "line") == "(no rows)\n")
    #expect(render(Document(), "line") == "")
  }
}
