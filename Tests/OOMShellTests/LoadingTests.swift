import Investigation
import KernelLog
import OOMReports
import Testing

@testable import OOMShell

/// Loading, as far as transcripts cannot show it.
@Suite struct LoadingTests {
  private func numbers(_ shell: Shell) -> [Int: Int64] {
    let session = shell.state.session
    return Dictionary(
      uniqueKeysWithValues: (0..<session.events.count).compactMap { index in
        session.event(index + 1).victim.map { (index + 1, $0.pid) }
      })
  }

  @Test func numbersStayWhenMoreIsLoaded() {
    let machine = LogMachine()
    machine.log(
      "new",
      KillLine.iso("2020-05-01T10:00:00Z", 1) + KillLine.iso("2020-05-01T12:00:00Z", 2))
    machine.log(
      "old",
      KillLine.iso("2020-04-01T10:00:00Z", 3) + KillLine.iso("2020-05-01T11:00:00Z", 4))
    var shell = machine.makeShell()
    #expect(shell.run("load new").status == 0)
    #expect(numbers(shell) == [1: 1, 2: 2])
    #expect(shell.run("load old; since 2020-05-01").status == 0)
    #expect(numbers(shell) == [1: 1, 2: 2, 3: 3, 4: 4])
    #expect(shell.state.session.view == [1, 4, 2])
  }

  @Test func filesOfOneCommandAreNumberedTogether() {
    let machine = LogMachine()
    machine.log("kern.log", KillLine.iso("2020-05-02T10:00:00Z", 2))
    machine.log(
      "kern.log.1",
      KillLine.iso("2020-05-01T10:00:00Z", 1) + KillLine.iso("2020-05-03T10:00:00Z", 3))
    var shell = machine.makeShell()
    #expect(shell.run("load kern.log kern.log.1").status == 0)
    #expect(numbers(shell) == [1: 1, 2: 2, 3: 3])
    #expect(shell.state.session.inputs.map(\.name) == ["kern.log.1", "kern.log"])
    #expect(shell.state.session.inputs.map(\.eventCount) == [2, 1])
    #expect(shell.run("raw 1 2").output.contains("Killed process 2"))
  }

  /// Of an event in two logs the host may be known from the one that is not shown.
  @Test(arguments: [["", "web1"], ["web1", ""], ["web1.example.com", "web1"], ["", "", "web1"]])
  func whatIsShownHasTheHostOfAnotherLog(hosts: [String]) throws {
    let machine = LogMachine()
    let messages = [
      "a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
      "memory: usage 16384kB, limit 16384kB, failcnt 19",
      "Memory cgroup out of memory: Killed process 7 (b) total-vm:900kB, anon-rss:640kB, "
        + "file-rss:12kB, shmem-rss:0kB, UID:0 pgtables:52kB oom_score_adj:0",
    ]
    for (index, host) in hosts.enumerated() {
      let prefix = host.isEmpty ? "" : "Nov 22 10:00:05 \(host) kernel: "
      machine.log(
        "log\(index)", messages.map { "\(prefix)[   5.000001] \($0)\n" }.joined())
    }
    var shell = machine.makeShell()
    for index in hosts.indices { #expect(shell.run("load log\(index)").status == 0) }
    #expect(shell.state.session.events.count == 1)
    let name = try #require(hosts.first { !$0.isEmpty })
    for command in ["show 1", "why 1", "trust 1", "mem 1", "raw 1"] {
      #expect(shell.run(command).status == 0, "\(command)")
    }
    let shown = shell.run("show 1").output
    #expect(shown.contains(name) && shown.contains("seen in"))
    #expect(shown.contains("another log of the event names it") == hosts[0].isEmpty)
  }

  /// The parts of a dump are written from its end: Part1 holds what came last.
  @Test func partsOfADumpAreOneLog() {
    let machine = LogMachine()
    let lines = [
      "[5.000001] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n",
      "[5.000002] memory: usage 16384kB, limit 16384kB, failcnt 19\n",
      KillLine.uptime(5, 1),
    ]
    for (part, line) in [(3, lines[0]), (2, lines[1]), (1, lines[2])] {
      machine.log("pstore/dmesg-ramoops-\(part - 1)", "Panic#1 Part\(part)\n" + line)
    }
    var shell = machine.makeShell()
    #expect(
      shell.run("load pstore/dmesg-ramoops-0 pstore/dmesg-ramoops-1 pstore/dmesg-ramoops-2").status
        == 0)
    #expect(numbers(shell) == [1: 1])
    #expect(shell.state.session.event(1).status == .complete)
    #expect(shell.state.session.inputs.map(\.name).first == "pstore/dmesg-ramoops-2")
    let whole = [1, 2, 3].map { "Panic#1 Part\($0)\n" + lines[3 - $0] }.joined()
    machine.log("dump", whole)
    shell = machine.makeShell()
    let answer = shell.run("load dump")
    #expect(answer.status == 0 && answer.output.contains("put back"))
    #expect(shell.state.session.event(1).status == .complete)
    // What is shown of it is in order too.
    #expect(shell.run("raw 1").output.contains("invoked oom-killer"))
  }

  /// With uptimes, with the wall clock only, and reports without a kill.
  @Test(arguments: [
    KillLine.uptime(1, 1) + KillLine.uptime(2, 2),
    KillLine.iso("2020-05-01T10:00:00Z", 1) + KillLine.iso("2020-05-01T10:00:00Z", 2),
    """
    [5.000001] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=-1000
    [5.000002] memory: usage 16384kB, limit 16384kB, failcnt 19
    [5.000003] Memory cgroup stats for /a:
    [5.000004] Out of memory and no killable processes...
    [6.000001] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=-1000
    [6.000002] memory: usage 16384kB, limit 16384kB, failcnt 38
    [6.000003] Memory cgroup stats for /a:
    [6.000004] Out of memory and no killable processes...

    """,
  ])
  func loadingTwiceAddsNothing(_ text: String) {
    let machine = LogMachine()
    machine.log("a", text)
    var shell = machine.makeShell()
    #expect(shell.run("load a; load a").status == 0)
    #expect(shell.state.session.events.count == 2)
    #expect(shell.state.session.inputs.map(\.eventCount) == [2, 0])
    #expect(shell.state.session.inputs.map(\.duplicateCount) == [0, 2])
  }

  /// Two logs of one kill whose clocks contradict each other: the times of neither are mixed.
  @Test(arguments: [("13:31:23Z", true), ("10:31:24Z", false)])
  func logsThatDateOneKillOtherwise(stamp: String, isWarned: Bool) {
    let machine = LogMachine()
    let line = "host kernel: [   12.345678] \(KillLine.text(7))\n"
    machine.log("a", "2026-10-25T10:31:23Z \(line)")
    machine.log("b", "2026-10-25T\(stamp) \(line)")
    var shell = machine.makeShell()
    let answer = shell.run("load a; load b")
    #expect(shell.state.session.events.count == 1)
    #expect(
      answer.output.replacing("\n  ", with: " ").contains(
        "'b' and 'a' date 1 event that both hold 3 h apart: those of 'a' (printed) are kept, not those "
          + "of 'b' (printed)") == isWarned)
  }

  /// dmesg -T printed the same kill in another zone, or before the machine had slept.
  @Test(arguments: ["Sun Oct 25 12:31:24 2026", "Sun Oct 25 09:03:11 2026"])
  func timesThatDmesgSumsUpMayBeOff(stamp: String) {
    let machine = LogMachine()
    machine.log("a", KillLine.iso("2026-10-25T10:31:23Z", 7))
    machine.log("b", "[\(stamp)] \(KillLine.text(7))\n")
    machine.log("c", "[\(stamp)] \(KillLine.text(8))\n")
    for order in ["load a; load b", "load b; load a"] {
      var shell = machine.makeShell()
      #expect(shell.run(order).status == 0)
      #expect(shell.state.session.events.count == 1)
      #expect(shell.run("load c").status == 0)
      #expect(shell.state.session.events.count == 2)
    }
  }

  @Test func linesThatRunBackwardsAreRefused() {
    let machine = LogMachine()
    let lines = (1...20).map { KillLine.uptime($0, $0) }
    machine.log("a", lines.reversed().joined())
    var shell = machine.makeShell()
    let answer = shell.run("load a")
    #expect(answer.status == 4)
    #expect(answer.diagnostics.contains("FILE | tac | oomsh -"))
    #expect(shell.state.session.events.count == 0)
  }

  @Test func oneUnreadableFileAmongThree() {
    let machine = LogMachine()
    machine.log("a", KillLine.uptime(1, 1))
    machine.log("c", KillLine.uptime(2, 2))
    var shell = machine.makeShell()
    let answer = shell.run("load a b c")
    #expect(answer.status == 4)
    #expect(answer.diagnostics == "error: cannot read 'b': no such file or directory\n")
    #expect(shell.state.session.inputs.map(\.name) == ["a", "c"])
    #expect(shell.state.session.events.count == 2)
    let both = shell.run("load x y")
    #expect(both.status == 4)
    #expect(both.diagnostics.split(separator: "\n").count == 2)
  }

  @Test func aCancelledLoadLeavesTheSessionAsItWas() {
    let machine = LogMachine()
    machine.log("a", KillLine.uptime(1, 1))
    let line =
      "[9.000000] nothing of interest, many times over, for longer than one read takes in\n"
    machine.log("long", KillLine.uptime(2, 2) + String(repeating: line, count: 20_000))
    var shell = machine.makeShell()
    #expect(shell.run("load a; since boot+0").status == 0)
    let before = shell.state.session
    machine.interrupt(afterReads: 2)
    let answer = shell.run("load a long")
    #expect(answer.status == 130 && answer.diagnostics == "error: interrupted\n")
    #expect(answer.output.isEmpty)
    #expect(shell.state.session.inputs == before.inputs)
    #expect(shell.state.session.events.count == 1 && shell.state.session.view == before.view)
    #expect(shell.state.view.prompt == "oomsh 1/1 (since boot+0)> ")

    machine.interrupt(afterReads: nil)
    #expect(shell.run("load long").status == 0)
    #expect(shell.state.session.events.count == 2)
    #expect(shell.run("raw 2").output.contains("Killed process 2"))
  }

  @Test func aPipeKeepsItsReports() {
    let machine = LogMachine()
    machine.pipe("noise\n" + KillLine.uptime(1, 1) + "noise\n" + KillLine.uptime(2, 2, "other"))
    var shell = machine.makeShell()
    #expect(shell.run("load -").status == 0)
    #expect(
      shell.run("raw 2 --numbers").output
        == "4: \(KillLine.uptime(2, 2, "other"))")
    #expect(shell.run("show 1").output.contains("Event 1: app (pid 1) killed"))
  }

  @Test func aFileThatChangedIsRefused() {
    let machine = LogMachine()
    machine.log("a", KillLine.uptime(1, 1))
    machine.log("b", KillLine.uptime(2, 2))
    var shell = machine.makeShell()
    #expect(shell.run("load a b").status == 0)
    machine.makeStale("a")
    for command in ["show 1", "raw 1", "tasks 1", "mem 1"] {
      let answer = shell.run(command)
      #expect(answer.status == 4)
      #expect(
        answer.diagnostics
          == "error: cannot read 'a': has changed since it was loaded\nhint: load it again\n")
    }
    #expect(shell.run("events").status == 0)
    #expect(shell.run("show 2").status == 0)
  }

  @Test func onlyALiveLogWarnsOfRecentKills() {
    let machine = LogMachine()
    let recent = "2027-01-15T07:59:00Z"
    machine.log("a", KillLine.iso(recent, 1))
    machine.ring("4,1,3600500000,-;\(KillLine.text(2))\n4,2,7100500000,-;\(KillLine.text(3))\n")
    var shell = machine.makeShell()
    #expect(!shell.run("load a; events").output.contains("24 hours"))
    #expect(
      shell.run("load dmesg").output.contains(
        "warning: 2 processes were killed in the last 24 hours, the latest 2 min ago"))
    machine.pass(seconds: 3 * 3600)
    #expect(shell.run("load dmesg").output.contains("the latest 3 h ago"))
    machine.pass(seconds: 20 * 3600 + 60)
    #expect(
      shell.run("load dmesg").output.contains(
        "warning: 1 process was killed in the last 24 hours, the latest 23 h ago"))
    machine.pass(seconds: 2 * 3600)
    #expect(!shell.run("load dmesg").output.contains("24 hours"))
  }

  @Test func recentKillsAreSaidOnceALoad() {
    let machine = LogMachine()
    machine.log("a", KillLine.uptime(1, 1))
    machine.ring("4,1,7100500000,-;\(KillLine.text(2))\n")
    var shell = machine.makeShell()
    let quiet = shell.run("load dmesg --quiet")
    #expect(!(quiet.output + quiet.diagnostics).contains("24 hours"))
    #expect(shell.run("load dmesg").output.contains("24 hours"))
    #expect(!shell.run("load a; events").output.contains("24 hours"))
  }

  @Test func anUndatedEventMayBeNewer() {
    let machine = LogMachine()
    machine.log("a", KillLine.iso("2027-01-15T07:59:00Z", 1))
    machine.log("b", KillLine.uptime(1, 2))
    var shell = machine.makeShell()
    #expect(shell.run("load a b").output.contains("Newest with a date: event 2, 2027"))
    #expect(machine.makeShell().loading("a").contains("Newest: event 1, 2027"))
    #expect(machine.makeShell().loading("b").contains("Newest: event 1, uptime 1.500 s"))
  }

  @Test func whatIsPackedIsSaid() {
    let machine = LogMachine()
    machine.log("a.gz", bytes: [0x1F, 0x8B, 8, 0, 0])
    machine.log("utf16.log", bytes: [0xFF, 0xFE, 0x4F, 0, 0x75, 0])
    machine.log("j", bytes: Array("LPKSHHRH".utf8) + [0, 0])
    machine.log("n", bytes: [0, 1, 2])
    machine.log("k", bytes: [0] + Array(KillLine.uptime(1, 1).utf8))
    var shell = machine.makeShell()
    #expect(shell.run("load utf16.log").diagnostics.contains("iconv -f UTF-16"))
    #expect(shell.run("load a.gz").diagnostics.hasPrefix("error: 'a.gz' is still compressed"))
    #expect(shell.run("load j").diagnostics.hasPrefix("error: 'j' is a binary journal"))
    #expect(shell.run("load n").status == 4)
    machine.log(
      "mail", "Content-transfer-encoding: Quoted-Printable\n\n" + KillLine.uptime(1, 1))
    #expect(shell.run("load mail").diagnostics.contains("decode_qp"))
    machine.log(
      "part", "[ 1.0] a invoked oom-killer: gfp_mask=3D0xcc0(GFP_KERNEL), order=3D0\n")
    #expect(shell.run("load part").diagnostics.contains("decode_qp"))
    machine.log("returns", String(repeating: "[    1.000000] x\r", count: 30))
    #expect(shell.run("load returns").diagnostics.contains(#"tr '\r' '\n'"#))
    #expect(shell.state.session.inputs.isEmpty)
    machine.log("nul", bytes: Array("a\u{0}b\n".utf8) + Array(KillLine.uptime(1, 1).utf8))
    #expect(shell.run("load nul").status == 0)
    #expect(shell.state.session.events.count == 1)
  }

  /// What reads like a kill and is not read is named, unless an event has it.
  @Test func strayKillsAreNamed() {
    let machine = LogMachine()
    let text = KillLine.uptime(1, 7)
    machine.log("quotes", "worker said: \(text)")
    machine.log("kernel", text)
    var shell = machine.makeShell()
    #expect(shell.run("load quotes").output.contains("words of a kill (pid 7, line 1)"))
    #expect(shell.run("coverage").output.contains("stray kills  1"))
    var other = machine.makeShell()
    #expect(!other.run("load kernel quotes").output.contains("words of a kill"))
  }

  /// A log that runs backwards is refused with what turns one of its form round.
  @Test(arguments: [
    ("x%\n", "", "sed '$a\\' FILE | tac | oomsh -"),
    ("h,%\n", "host,message\n", "(head -n 1 FILE; tail -n +2 FILE | sed '$a\\' | tac) | oomsh -"),
    ("{\n\"m\":1,\"message\":\"%\"}\n", "", "FILE | tac | oomsh -"),
  ])
  func logsThatRunBackwards(_ form: String, _ head: String, _ hint: String) {
    let machine = LogMachine()
    let lines = (1...9).reversed().map { second in
      let line = KillLine.uptime(second, Int(second)).dropLast()
      return form.replacing("%", with: line).replacing("x[", with: "[")
    }
    machine.log("a", head + lines.joined())
    var shell = machine.makeShell()
    let answer = shell.run("load a")
    #expect(answer.status != 0)
    #expect(answer.diagnostics.contains("run backwards"))
    #expect(answer.diagnostics.contains(hint), "\(answer.diagnostics)")
  }

  @Test func aLineOfAMegabyteIsNoObstacle() {
    let machine = LogMachine()
    let long = "[1.000000] " + String(repeating: "x", count: 1 << 20)
    machine.log("a", "\(long)\n\(KillLine.uptime(2, 7))\(long)\n")
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    #expect(shell.state.session.inputs[0].lineCount == 3)
    #expect(shell.run("raw 1 --numbers").output == "2: \(KillLine.uptime(2, 7))")
  }

  @Test func commandsWithoutEventsSaySo() {
    let machine = LogMachine()
    machine.log("a", "nothing here\n")
    var shell = machine.makeShell()
    for command in ["events", "top", "recommend", "since 1h", "inputs"] {
      #expect(shell.run(command).diagnostics.hasPrefix("error: nothing is loaded\n"), "\(command)")
    }
    for command in ["show", "raw", "tasks", "mem", "show 1", "raw last"] {
      let answer = shell.run(command)
      #expect(answer.status == 3, "\(command)")
      #expect(answer.diagnostics.hasPrefix("error: no events are loaded\n"), "\(command)")
    }
    #expect(shell.run("load a; events; top").output.contains("No event is loaded."))
    #expect(shell.run("show").status == 3)
    machine.log("b", KillLine.iso("2020-05-01T10:00:00Z", 1))
    #expect(shell.run("load b; until 2019-01-01").status == 0)
    #expect(shell.run("events").output.hasPrefix("No event is in view.\n"))
    #expect(shell.run("show").diagnostics.hasPrefix("error: no event is in view\n"))
    #expect(shell.run("show 1").status == 0)
  }
}

extension Shell {
  /// What loading a log says in a session of its own.
  fileprivate consuming func loading(_ name: String) -> String {
    var shell = self
    return shell.run("load \(name)").output
  }
}
