import Presentation
import Testing

@testable import OOMShell

/// Answers of the commands about events where the log says little.
@Suite struct EventAnswerTests {
  private func shell(_ text: String) -> Shell {
    let machine = LogMachine()
    machine.log("a", text)
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    return shell
  }

  @Test func dataFormatsKeepTheUptime() {
    var shell = shell(KillLine.uptime(120, 7))
    #expect(!shell.run("events").output.contains("uptime_us"))
    let events = shell.run("set format csv; events").output.split(separator: "\n")
    #expect(events.count == 2)
    #expect(events.first?.contains("uptime_us") == true)
    #expect(events.last?.contains("120500000") == true)
    #expect(shell.run("show 1").output.contains("uptime,uptime 120.500 s"))
  }

  @Test func aKillLineAloneIsNoError() {
    var shell = shell(KillLine.uptime(120, 7))
    for (command, lacks) in [("mem 1", "prints no memory figures"), ("tasks 1", "no task table")] {
      let answer = shell.run(command)
      #expect(answer.status == 0 && answer.diagnostics.isEmpty)
      #expect(answer.output.contains(lacks))
      #expect(answer.output.contains("its kill line alone is in the log"))
    }
  }

  @Test func theKilledStayInAShortTable() {
    var shell = shell(
      """
      [10.100000] app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
      [10.100001] Tasks state (memory values in pages):
      [10.100002] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
      [10.100003] [      5]     0     5     9000     8000    40960        0             0 large
      [10.100004] [      6]     0     6     9000     7000    40960        0             0 middle
      [10.100005] [      7]     0     7     9000     6000    40960        0             0 small
      [10.200000] \(KillLine.text(7, "small"))

      """)
    let text = shell.run("tasks --top=1").output
    #expect(text.contains("large") && text.contains("small") && !text.contains("middle"))
    #expect(text.contains("2 of 3 rows"))
  }

  /// Pages that a crowd shares count with each of it.
  @Test func aCrowdHasNoMoreThanItsSum() {
    let rows = (10...15).map { pid in
      "[10.1000\(pid)] [     \(pid)]     0    \(pid)     9000     8000    40960        0             0 php"
    }
    var shell = shell(
      """
      [10.100000] app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
      [10.100001] Tasks state (memory values in pages):
      [10.100002] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
      \(rows.joined(separator: "\n"))
      [10.200000] \(KillLine.text(10, "php"))

      """)
    #expect(shell.run("culprit").output.contains("many php: at most 188 MiB"))
  }

  /// A table of one event is there, so that its setting is not what is missing.
  @Test func oneTableNeedsAnother() {
    let table = """
      [10.100000] app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
      [10.100001] Tasks state (memory values in pages):
      [10.100002] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
      [10.100003] [      5]     0     5     9000     8000    40960        0             0 large
      [10.200000] \(KillLine.text(5, "large"))

      """
    var shell = shell(table)
    let hint = shell.run("population").diagnostics
    #expect(hint.contains("more events") && !hint.contains("oom_dump_tasks"))
    var bare = self.shell(KillLine.uptime(120, 7))
    #expect(bare.run("population").diagnostics.contains("vm.oom_dump_tasks=1"))
  }

  @Test func endsThatLookTheSameAreOneFigure() {
    #expect(SizeUnits.binary.interval(119_537_664, 119_600_000) == "114 MiB")
    #expect(SizeUnits.binary.interval(119_537_664, 125_829_120) == "114 MiB to 120 MiB")
  }

  @Test func wrongTurnsAreAnsweredWithTheRightOne() {
    var shell = shell(KillLine.uptime(120, 7))
    #expect(shell.run("events 3").diagnostics.contains("hint: 'show 3' shows one event; usage:"))
    #expect(shell.run("explain lowmem").diagnostics.contains("did you mean '"))
  }
}
