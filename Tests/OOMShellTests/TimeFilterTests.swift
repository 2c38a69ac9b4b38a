import Investigation
import KernelLog
import OOMReports
import Testing

@testable import OOMShell

/// What times mean against a session's anchor; the transcripts show how they are said.
@Suite struct TimeFilterTests {
  /// The pids that are left in view, in the order of the list.
  private func left(_ shell: inout Shell, _ filters: String...) -> [Int] {
    for filter in filters {
      let answer = shell.run(filter)
      #expect(answer.status == 0, "\(answer.diagnostics)")
    }
    return shell.state.session.eventsInView.compactMap { $0.victim.map { Int($0.pid) } }
  }

  private func shell(_ lines: String..., machine: LogMachine = LogMachine()) -> Shell {
    machine.log("a", lines.joined())
    var shell = machine.makeShell()
    #expect(shell.run("set tz UTC; load a").status == 0)
    return shell
  }

  @Test func filesCountBackFromTheirNewestLine() {
    let machine = LogMachine()
    var shell = shell(
      KillLine.iso("2020-05-01T10:00:00+00:00", 1), KillLine.iso("2020-05-01T11:30:00+00:00", 2),
      "2020-05-01T12:00:00+00:00 host kernel: something else\n", machine: machine)
    #expect(left(&shell, "since 1h") == [2])
    machine.pass(seconds: 1_000_000)
    #expect(left(&shell, "since 1h") == [2])
    #expect(left(&shell, "since 2h") == [1, 2])
    #expect(left(&shell, "since now") == [])
  }

  @Test func aLiveLogCountsBackFromItsLoading() {
    let machine = LogMachine()
    machine.ring("4,1,3600500000,-;\(KillLine.text(1))\n4,2,7000500000,-;\(KillLine.text(2))\n")
    var shell = machine.makeShell()
    #expect(shell.run("load dmesg").status == 0)
    #expect(left(&shell, "since 5m") == [2])
    machine.pass(seconds: 3600)
    #expect(left(&shell, "since 5m") == [2])
    #expect(left(&shell, "since 2h") == [1, 2])
  }

  @Test func secondsSinceBootMeanTheLastBoot() {
    var shell = shell(
      KillLine.uptime(100, 1), KillLine.uptime(5000, 2), KillLine.uptime(60, 3),
      KillLine.uptime(9000, 4))
    #expect(left(&shell, "since boot+60.5") == [3, 4])
    #expect(left(&shell, "since boot+61") == [4])
    #expect(left(&shell, "reset", "until boot+61") == [1, 2, 3])
    #expect(left(&shell, "reset", "since 1h") == [4])
  }

  /// How long the machine was off before its last start is not in the log.
  @Test func noSpanReachesOverAStart() {
    var shell = shell(KillLine.uptime(5000, 1), KillLine.uptime(60, 2), KillLine.uptime(90, 3))
    #expect(left(&shell, "since 10s") == [3])
    #expect(left(&shell, "since 3d") == [1, 2, 3])
    #expect(shell.state.session.unplacedInView == 1)
  }

  @Test func uptimesOfTwoLogsAreNotCompared() {
    let machine = LogMachine()
    machine.log("b", KillLine.uptime(100, 11) + KillLine.uptime(200, 12))
    var shell = shell(KillLine.uptime(5000, 1), machine: machine)
    #expect(shell.run("load b").status == 0)
    #expect(left(&shell, "since boot+150") == [1, 12])
    #expect(shell.state.session.unplacedInView == 1)
  }

  @Test func untilTakesTheWholeSecondIn() {
    var shell = shell(
      KillLine.iso("2020-05-01T10:00:00.000001+00:00", 1),
      KillLine.iso("2020-05-01T10:00:00.999999+00:00", 2),
      KillLine.iso("2020-05-01T10:00:01.000000+00:00", 3))
    #expect(left(&shell, "until '2020-05-01 10:00:00'") == [1, 2])
    #expect(left(&shell, "until '2020-05-01 10:00:00.5'") == [1])
    #expect(left(&shell, "reset", "since '2020-05-01 10:00:01'") == [3])
  }

  @Test func whatNamesNoDayIsTheLatestOfIt() {
    var shell = shell(
      KillLine.iso("2019-10-25T14:32:00+00:00", 1), KillLine.iso("2020-04-30T14:00:00+00:00", 2),
      KillLine.iso("2020-05-01T10:00:00+00:00", 3), KillLine.iso("2020-05-01T12:00:00+00:00", 4))
    #expect(left(&shell, "since 10:00") == [3, 4])
    #expect(left(&shell, "since 12:00:00") == [4])
    #expect(left(&shell, "since 13:59") == [2, 3, 4])
    #expect(left(&shell, "since Oct 25 14:32:00") == [1, 2, 3, 4])
    #expect(left(&shell, "since Oct 25 14:32:01") == [2, 3, 4])
    #expect(left(&shell, "since May 1") == [3, 4])
    #expect(left(&shell, "since Feb 29") == [2, 3, 4])
    #expect(left(&shell, "since @1588327200") == [3, 4])
    #expect(left(&shell, "reset", "until @1588327200") == [1, 2, 3])
    #expect(left(&shell, "reset", "since 1.5h") == [4])
  }

  @Test func datesWithoutAZoneAreOfTheSession() {
    let machine = LogMachine()
    machine.zone { _ in 9 * 3600 }
    machine.log(
      "a",
      KillLine.iso("2020-05-01T14:59:59+00:00", 1) + KillLine.iso("2020-05-01T15:00:00+00:00", 2))
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    #expect(left(&shell, "since 2020-05-02") == [2])
    #expect(left(&shell, "since 2020-05-01T15:00Z") == [2])
    #expect(left(&shell, "since 2020-05-02T00:00+09:00") == [2])
    #expect(left(&shell, "since today") == [2])
    #expect(left(&shell, "since yesterday") == [1, 2])
  }

  /// Europe/Berlin in 2026: summer time from 03-29 01:00 UTC to 10-25 01:00 UTC.
  @Test(arguments: [
    ("since 2026-10-25", 1_792_879_200),
    ("since '2026-10-25 04:00'", 1_792_897_200),
    // Twice on that day: the first for since, the last for until.
    ("since '2026-10-25 02:30'", 1_792_888_200),
    ("until '2026-10-25 02:30'", 1_792_891_800),
    ("since '2026-03-29 03:30'", 1_774_747_800),
    ("since '2026-03-29 01:30'", 1_774_744_200),
    ("since 'yesterday 14:00'", 1_792_843_200),
    ("since 'today 14:00'", 1_792_933_200),
  ])
  func clocksThatAreSetBackAndForward(_ filter: String, _ seconds: Int64) {
    let machine = LogMachine()
    machine.zone { (1_774_746_000..<1_792_890_000).contains($0) ? 7200 : 3600 }
    machine.log("a", KillLine.iso("2026-10-25T20:00:00+00:00", 1))
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    #expect(shell.run(filter).status == 0)
    let slack: Int64 = filter.hasPrefix("until") ? 999_999 : 0
    #expect(shell.state.session.filters.map(\.bound) == [.wall(seconds * 1_000_000 + slack)])
  }

  @Test func anHourThatIsLeftOutHidesNothing() {
    let machine = LogMachine()
    machine.zone { $0 >= 1_774_746_000 ? 7200 : 3600 }
    machine.log(
      "a", KillLine.iso("2026-03-29T00:59:00Z", 1) + KillLine.iso("2026-03-29T01:01:00Z", 2))
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    #expect(left(&shell, "since '2026-03-29 02:30'") == [1, 2])
    #expect(left(&shell, "reset", "until '2026-03-29 02:30'") == [1, 2])
  }

  @Test func sinceAndUntilTakeThePlaceOfEarlierOnes() {
    var shell = shell(
      KillLine.iso("2020-05-01T10:00:00Z", 1), KillLine.iso("2020-05-01T11:00:00Z", 2))
    #expect(left(&shell, "since 1m", "since 2h", "until 30m") == [1])
    #expect(shell.state.session.filters.map(\.text) == ["2h", "30m"])
    #expect(shell.state.view.prompt == "oomsh 1/2 (since 2h, until 30m)> ")
  }

  @Test func timesNeedSomethingToCountFrom() {
    var shell = LogMachine().makeShell()
    #expect(shell.run("since 1h").status == 3)
    var dated = self.shell(KillLine.iso("2020-05-01T10:00:00Z", 1))
    #expect(dated.run("since boot+1").diagnostics.contains("has a time since boot"))
    var undated = self.shell(KillLine.uptime(1, 1))
    #expect(undated.run("since yesterday").diagnostics.contains("has a wall-clock time"))
  }
}
