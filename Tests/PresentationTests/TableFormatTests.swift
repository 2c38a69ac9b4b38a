import Presentation
import Testing

@Suite struct TableFormatTests {
  @Test func everything() {
    #expect(
      render(Samples.everything, "table") == """
        Event 1
        3 of 12 events since 2026-11-21.
        - first item that goes on for a while

        warning: 2 events have no wall-clock time.
        critical: The last kill was 5 minutes ago.

        Victim
          name      mysqld    (line 40)
          anon-rss  1.50 GiB  memory that no file stands behind; only swap could have
                              taken it (line 41)
          score     -         이 커널은 점수를 출력하지 않습니다
          cgroup    /kubepods/burstable/pod0d8f/cri-containerd-77ab (line 39)

        id  time      victim         pid  anon-rss  cgroup
         1  14:03:11  mysqld        4211  1.50 GiB  /system.slice/mysql.service
         2  +279.31   한글프로세스    77    64 KiB  -
        10  15:00:00  \\x1b[2Jevil      -         -  /user.slice/user-1000.slice

        Victims
        victim  kills  share
        java        8    80%  ████████████████████
        node        1    13%  ██▌
        sh          0     0%

        [  279.309665] Out of memory:  Killed\\x1b[0m
          indented

        """)
  }

  @Test func fortyColumns() {
    #expect(
      render(Samples.everything, "table", width: 40) == """
        Event 1
        3 of 12 events since 2026-11-21.
        - first item that goes on for a while

        warning: 2 events have no wall-clock
          time.
        critical: The last kill was 5 minutes
          ago.

        Victim
          name      mysqld (line 40)
          anon-rss  1.50 GiB
              memory that no file stands behind;
              only swap could have taken it
              (line 41)
          score     -
              이 커널은 점수를 출력하지 않습니다
          cgroup    /kubepods/burstable/pod0d8f/
                    cri-containerd-77ab
              (line 39)

        id  time      victim        anon-rss
         1  14:03:11  mysqld        1.50 GiB
         2  +279.31   한글프로세스    64 KiB
        10  15:00:00  \\x1b[2Jevil          -
        … 2 columns hidden: pid, cgroup (widen
          the terminal, or `set format line`)

        Victims
        victim  kills  share
        java        8    80%  ██████████████████
        node        1    13%  ██▎
        sh          0     0%

        [  279.309665] Out of memory:  Killed\\x1b[0m
          indented

        """)
  }

  @Test func twentyColumns() {
    #expect(
      render(Document([.table(Samples.top), .fields(Samples.victim)]), "table", width: 20) == """
        Victims
        victim  kills  share
        java        8    80%
        node        1    13%
        sh          0     0%

        Victim
          name    mysqld
              (line 40)
          ano…ss  1.50 GiB
              memory that no
              file stands
              behind; only
              swap could
              have taken it
              (line 41)
          score   -
              이 커널은 점수
              를 출력하지 않
              습니다
          cgroup  /kubepods/
                  burstable/
                  pod0d8f/cr
                  i-containe
                  rd-77ab
              (line 39)

        """)
  }

  @Test func sixtyColumnsShortenBeforeTheyHide() {
    #expect(
      render(.table(Samples.events), "table", width: 60) == """
        id  time      victim         pid  anon-rss  cgroup
         1  14:03:11  mysqld        4211  1.50 GiB  /system.…service
         2  +279.31   한글프로세스    77    64 KiB  -
        10  15:00:00  \\x1b[2Jevil      -         -  /user.sl…0.slice

        """)
  }

  @Test func aVeryLongName() {
    let name = String(repeating: "한", count: 100_000)
    let table = Table(
      key: "t", columns: [Column("n", "name", canShrink: true), Column("k", "kills", .right)],
      rows: [[.text(name), .integer(1)]])
    #expect(
      render(.table(table), "table", width: 20) == """
        name           kills
        한한한…한한한      1

        """)
  }

  @Test func oneHiddenColumn() {
    let table = Table(
      key: "t", columns: [Column("a", "a"), Column("figure", "", .right, dropOrder: 1)],
      rows: [[.text("0123456789"), .integer(1_234_567_890)]])
    #expect(
      render(.table(table), "table", width: 20) == """
        a
        0123456789
        … 1 column hidden:
          figure (widen the
          terminal, or `set
          format line`)

        """)
  }

  @Test func emptyTables() {
    #expect(
      render(Samples.empty, "table") == """
        id  time  victim  pid  anon-rss  cgroup
        (no rows)

        """)
    #expect(render(Document(), "table") == "")
  }

  @Test func rowsThatAreTooShortMissFigures() {
    let table = Table(
      key: "t", columns: [Column("a", "a"), Column("b", "b")], rows: [[.flag(true)], []])
    #expect(render(.table(table), "table") == "a    b\nyes  -\n-    -\n")
  }

  @Test func textsThatWrapAreNeverCut() {
    let table = Table(
      key: "t",
      columns: [
        Column("name", "name"), Column("text", "meaning", canWrap: true), Column("n", "n"),
      ],
      rows: [
        [.text("a"), .text("as long as no line can be that is read"), .integer(1)],
        [.text("b"), .text("short"), .missing],
      ])
    #expect(
      render(.table(table), "table", width: 26) == """
        name  meaning            n
        a     as long as no      1
              line can be that
              is read
        b     short              -

        """)
  }

  @Test func units() {
    let table = Table(
      key: "t", columns: [Column("s", "size", .right)], rows: [[.bytes(1536 << 20)]])
    let texts = SizeUnits.allCases.map { render(Document([.table(table)]), "table", units: $0) }
    #expect(
      texts == ["    size\n1.50 GiB\n", "      size\n1572864 kB\n", "        size\n1610612736 B\n"])
  }

  @Test func asciiTheme() {
    let document = Document([.table(Samples.top), .table(Samples.events)])
    #expect(
      render(document, "table", width: 30, theme: Theme(isASCII: true)) == """
        Victims
        victim  kills  share
        java        8    80%  ########
        node        1    13%  #
        sh          0     0%

        id  time      victim  anon-rss
         1  14:03:11  mysqld  1.50 GiB
         2  +279.31   한...     64 KiB
        10  15:00:00  ...vil         -
        ... 2 columns hidden: pid,
          cgroup (widen the terminal,
          or `set format line`)

        """)
  }

  @Test func colour() {
    #expect(
      render(
        Document([
          .heading("H"), .note(.warning, "w"), .note(.critical, "c"), .note(.info, "i"),
          .fields(Fields(key: "f", [Field("k", "k", .integer(1), line: 2)])),
          .table(Table(key: "t", columns: [Column("a", "a")], rows: [[.text("x")], [.missing]])),
        ]), "table", theme: .color)
          == """
          \u{1b}[1mH\u{1b}[0m
          \u{1b}[33mwarning:\u{1b}[0m w
          \u{1b}[1;31mcritical:\u{1b}[0m c
          \u{1b}[36mnote:\u{1b}[0m i

          \u{1b}[36mk\u{1b}[0m  \u{1b}[32m1\u{1b}[0m  \u{1b}[2m(line 2)\u{1b}[0m

          \u{1b}[1ma\u{1b}[0m
          x
          \u{1b}[2m-\u{1b}[0m

          """)
  }
}
