import Investigation
import Testing

@testable import OOMShell

/// What the commands that look across events do beside the transcripts: clocks that change, users
/// who cancel, more reports than one answer reads.
@Suite struct AcrossTests {
  private func shell(_ machine: LogMachine, _ log: String) -> Shell {
    machine.log("a.log", log)
    var shell = machine.makeShell()
    _ = shell.run("load a.log --quiet")
    return shell
  }

  @Test func theHourThatComesTwiceIsNamedByItsOffset() {
    let machine = LogMachine()
    machine.zone { $0 < 1_792_890_000 ? 7200 : 3600 }
    var shell = shell(
      machine,
      KillLine.iso("2026-10-25T00:30:00+00:00", 1) + KillLine.iso("2026-10-25T01:30:00+00:00", 2)
        + KillLine.iso("2026-10-25T01:40:00+00:00", 3))
    let output = shell.run("timeline --by=hour").output
    #expect(output.contains("2026-10-25 02:00 UTC+02:00      1"))
    #expect(output.contains("2026-10-25 02:00 UTC+01:00      2"))
    let days = shell.run("timeline --by=day").output.split(separator: "\n")
    #expect(days.count == 3 && days[2].hasPrefix("2026-10-25 "))
  }

  @Test func uptimesOfSeveralBootsMakeNoTimeline() {
    let machine = LogMachine()
    machine.log("b.log", KillLine.uptime(2, 2))
    var shell = shell(machine, KillLine.uptime(1, 1))
    #expect(shell.run("timeline").output.contains("00:00"))
    _ = shell.run("load b.log --quiet")
    #expect(shell.run("timeline").output.contains("uptimes of several boots"))
  }

  @Test func longStretchesWithoutEventsAreOneRow() {
    var shell = shell(
      LogMachine(),
      KillLine.iso("2026-10-25T00:30:00+00:00", 1) + KillLine.iso("2026-10-25T02:30:00+00:00", 2)
        + KillLine.iso("2026-10-25T09:30:00+00:00", 3))
    let output = shell.run("timeline --by=hour").output
    #expect(output.contains("2026-10-25 01:00      0"))
    #expect(output.contains("… 6 hours") && !output.contains("2026-10-25 05:00"))
    _ = shell.run("set format csv")
    let rows = shell.run("timeline --by=hour").output
    #expect(rows.split(whereSeparator: \.isNewline).count == 6 && rows.contains(",0,0,6"))
  }

  @Test func whoCancelsGetsNoHalfAnswer() throws {
    let shell = shell(LogMachine(), KillLine.uptime(1, 1) + KillLine.uptime(2, 2))
    var state = shell.state
    #expect(try ReadReports(state, state.session.view, limit: 9).reports.count == 2)
    state.environment.isInterrupted = { true }
    #expect(throws: CommandError.interrupted()) {
      try ReadReports(state, state.session.view, limit: 9)
    }
  }

  @Test func onlyTheNewestReportsAreRead() throws {
    let log = (1...5).map { KillLine.uptime($0, $0) }.joined()
    let state = shell(LogMachine(), log).state
    let read = try ReadReports(state, state.session.view, limit: 2)
    #expect(read.numbers == [4, 5] && read.notes.count == 1)
    #expect(try ReadReports(state, state.session.view, limit: 5).notes.isEmpty)
  }

  @Test func betweenTwoHostsTheWallClockTells() {
    func kill(_ clock: String, _ host: String, _ uptime: Int, _ pid: Int) -> String {
      "Nov 21 \(clock) \(host) kernel: [\(uptime).000000] Out of memory: Killed process \(pid) (java) "
        + "total-vm:900kB, anon-rss:800kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:12kB "
        + "oom_score_adj:0\n"
    }
    var shell = shell(
      LogMachine(), kill("10:00:00", "alpha", 5000, 1) + kill("10:00:20", "beta", 90_000, 2))
    _ = shell.run("set format json")
    #expect(shell.run("diff 1 2").output.contains("\"span_us\":20000000,"))
  }

  @Test func killsInAStormWithoutReportsAreStillOneIncident() {
    let log = (1...30).map { KillLine.uptime($0, $0) }.joined() + KillLine.uptime(120, 99)
    var shell = shell(LogMachine(), log)
    let output = shell.run("set width 200; incidents 1").output
    #expect(output.contains("30 kills without a report in the log"))
    #expect(shell.run("incidents").output.contains("2 incidents."))
    #expect(shell.run("incidents --gap=90").output.contains("1 incident."))
  }
}
