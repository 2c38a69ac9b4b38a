import Investigation
import TestSupport
import Testing

@testable import OOMShell

/// Events whose kill is not in the log, though the log tells what was chosen.
@Suite struct ChosenTests {
  private func shell(_ text: String) -> Shell {
    let machine = LogMachine()
    machine.log("a", text)
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    return shell
  }

  private static let decision = """
    [10.500000] app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
    [10.500100] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,\
    global_oom,task_memcg=/a.slice,task=node,pid=863987,uid=0

    """

  @Test func aDecisionWithoutItsKillIsNoKill() {
    var shell = shell(Self.decision)
    #expect(shell.run("events").output.contains("(chosen: node)  863987"))
    let card = shell.run("show 1").output
    #expect(card.contains("node (pid 863987) was chosen, how it ended is not in the log"))
    #expect(card.contains("the log does not hold its kill"))
    #expect(shell.state.session.killsInView == 0)
  }

  @Test func whatWasKilledIsNotCalledChosen() {
    var shell = shell(Self.decision + KillLine.uptime(10, 863_987, "node"))
    #expect(!shell.run("events; show 1").output.contains("chosen"))
  }

  /// Where the first line's `oom_score_adj` is torn, the words behind the score show its scale, as does
  /// the user's number in the kill line of RHEL 6.
  @Test func theScaleOfAScoreWhoseReportIsTorn() {
    func card(_ process: String, _ fate: String = "or sacrifice child") -> String {
      var shell = shell(
        """
        [7.100000] app invoked oom-killer: gfp_mask=0xd0, order=0, oom_adj=0
        [7.100900] Out of memory: Kill process 310 (app) score 644 \(fate)
        [7.100950] Killed process \(process) total-vm:9100kB, anon-rss:7000kB, file-rss:12kB

        """)
      return shell.run("show 1").output
    }
    #expect(card("310, UID 501, (app)").contains("thousandths of what could be used"))
    #expect(card("310 (app)").contains("thousandths of what could be used"))
    #expect(card("310 (app)", "or a child").contains("by the rule before 2.6.36"))
  }

  /// The kernel may kill another task than its scores say.
  @Test func whatIfNamesTheTaskThatWasKilled() throws {
    let file = "Tests/Fixtures/captures/global-noswap-5.10.0-46-cloud.dmesg.log"
    let text = String(decoding: try #require(Places.bytes(file)), as: UTF8.self)
    var whole = shell(text)
    let same = whole.run("whatif 1 ram=+1G").output
    #expect(same.contains("would have chosen the same task, leaky-app (137)."), "\(same)")
    var other = shell(
      text.replacing("Killed process 137 (leaky-app)", with: "Killed process 134 (sshd)"))
    let answer = other.run("whatif 1 ram=+1G").output
    #expect(!answer.contains("the same task"), "\(answer)")
    #expect(answer.contains("sshd (134)"), "\(answer)")
  }

  /// A copied memory.max has no unit, but a forgotten one is less than a page.
  @Test(arguments: ["ram=+8", "swap=2", "limit=-64", "ram=4095", "ram=1k"])
  func sizesBelowAPageAreRefused(_ change: String) throws {
    let file = "Tests/Fixtures/captures/global-noswap-5.10.0-46-cloud.dmesg.log"
    var shell = shell(String(decoding: try #require(Places.bytes(file)), as: UTF8.self))
    let answer = shell.run("whatif 1 \(change)")
    #expect(answer.status == 2 && answer.output.isEmpty, "\(answer.output)")
    #expect(shell.run("whatif 1 ram=+4096").status == 0)
    #expect(shell.run("whatif 1 swap=0").status == 0)
  }

  /// Figures that no kernel prints end in no trap and in no hang.
  @Test(arguments: [
    ("memory: usage 32768kB", "memory: usage -140737488355327kB"),
    ("usage 32768kB, limit 32768kB", "usage -9kB, limit 9007199254740988kB"),
    ("] anon ", "] anon 9223372036854775807"),
    ("] kernel_stack ", "] kernel_stack 9223372036854775"),
    ("             0 javaish", " 4611686018427387904 javaish"),
    ("18848             0 javaish", "9223372036854775807 -9223372036854775808 javaish"),
  ])
  func impossibleFigures(_ old: String, _ new: String) throws {
    let texts = try ["memcg-v2", "global-swap-disk"].map { name in
      let file = "Tests/Fixtures/captures/\(name)-6.12.117-cloud.dmesg.log"
      return String(decoding: try #require(Places.bytes(file)), as: UTF8.self)
    }
    #expect(texts.contains { $0.contains(old) })
    for text in texts {
      var shell = shell(text.replacing(old, with: new))
      for command in ["why 1", "culprit 1", "mem 1", "trust 1", "recommend", "whatif 1 swap=0"] {
        #expect([0, 3].contains(shell.run(command).status), "\(command)")
      }
    }
  }

  @Test func aLogWithoutStampsPrintsNoTime() {
    var shell = shell(KillLine.text(1) + "\n")
    let card = shell.run("show 1").output
    #expect(card.contains("the log prints no time") && !card.contains("since boot"))
  }
}
