import Investigation
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

  @Test func aLogWithoutStampsPrintsNoTime() {
    var shell = shell(KillLine.text(1) + "\n")
    let card = shell.run("show 1").output
    #expect(card.contains("the log prints no time") && !card.contains("since boot"))
  }
}
