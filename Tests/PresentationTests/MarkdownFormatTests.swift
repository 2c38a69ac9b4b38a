import Presentation
import Testing

@Suite struct MarkdownFormatTests {
  @Test func everything() {
    #expect(
      render(Samples.everything, "markdown", width: 20, theme: .color) == """
        ## Event 1

        3 of 12 events since 2026-11-21.
        - first item that goes on for a while

        > **warning:** 2 events have no wall-clock time.

        > **critical:** The last kill was 5 minutes ago.

        ### Victim

        - **name**: mysqld (line 40)
        - **anon-rss**: 1.50 GiB — memory that no file stands behind; only swap could have \
        taken it (line 41)
        - **score**: - — 이 커널은 점수를 출력하지 않습니다
        - **cgroup**: /kubepods/burstable/pod0d8f/cri-containerd-77ab (line 39)

        | id | time | victim | pid | anon-rss | cgroup |
        | ---: | --- | --- | ---: | ---: | --- |
        | 1 | 14:03:11 | mysqld | 4211 | 1.50 GiB | /system.slice/mysql.service |
        | 2 | +279.31 | 한글프로세스 | 77 | 64 KiB | - |
        | 10 | 15:00:00 | \\\\x1b\\[2Jevil | - | - | /user.slice/user-1000.slice |

        ### Victims

        | victim | kills | share |
        | --- | ---: | ---: |
        | java | 8 | 80% |
        | node | 1 | 13% |
        | sh | 0 | 0% |

        ```
        [  279.309665] Out of memory:  Killed\\x1b[0m
          indented
        ```

        """)
  }

  @Test(arguments: [
    ("a|b", #"a\|b"#), (#"a\|b"#, #"a\\\|b"#), ("<b>*_`[x](y)`", #"\<b\>\*\_\`\[x\](y)\`"#),
    ("~x~ &lt; $y$", #"\~x\~ \&lt; \$y\$"#), ("https://x.y", #"https:\//x.y"#),
    ("WWW.x.y", #"WWW\.x.y"#), ("a\n| b", #"a\\n\| b"#), ("12:30 x_y", #"12:30 x\_y"#),
  ])
  func nothingInANameIsMarkup(_ text: String, _ expected: String) {
    let table = Table(key: "t", columns: [Column("c", "c")], rows: [[.text(text)]])
    #expect(render(.table(table), "markdown") == "| c |\n| --- |\n| \(expected) |\n")
  }

  @Test(arguments: [
    ("# x", "\\# x"), ("> x", #"\> x"#), ("  + x", #"  \+ x"#), ("a\n---", "a\n\\---"),
    ("a\n===", "a\n\\==="), ("- item", "- item"), ("a # b", "a # b"), ("*x", #"\*x"#),
  ])
  func nothingAtTheStartOfALineIsMarkup(_ text: String, _ expected: String) {
    #expect(render(.prose(text), "markdown") == expected + "\n")
  }

  @Test func noLineClosesItsFence() {
    #expect(render(.verbatim(["````", "`"]), "markdown") == "`````\n````\n`\n`````\n")
  }

  @Test func emptyTables() {
    #expect(
      render(Samples.empty, "markdown") == """
        | id | time | victim | pid | anon-rss | cgroup |
        | ---: | --- | --- | ---: | ---: | --- |

        """)
  }
}
