import Testing

@testable import OOMShell

/// How tables name the zone of their times when clocks are changed in between.
@Suite struct ZoneDisplayTests {
  /// A machine whose clocks go back from UTC+02:00 to UTC+01:00 at 2026-10-25 01:00 UTC.
  private func shell(_ lines: String...) -> Shell {
    let machine = LogMachine()
    machine.zone { $0 < 1_792_890_000 ? 7200 : 3600 }
    machine.log("a", lines.joined())
    var shell = machine.makeShell()
    #expect(shell.run("load a").status == 0)
    return shell
  }

  private static let before = KillLine.iso("2026-10-25T00:30:00+00:00", 1)
  private static let after = KillLine.iso("2026-10-25T01:30:00+00:00", 2)

  @Test func rowsOfDifferentOffsetsNameTheirOwn() {
    var shell = shell(Self.before, Self.after)
    let text = shell.run("events").output
    #expect(text.contains("2026-10-25 02:30:00 UTC+02:00"))
    #expect(text.contains("2026-10-25 02:30:00 UTC+01:00"))
    #expect(!text.contains("(UTC"))
  }

  @Test func aSharedOffsetStandsInTheTitle() {
    var shell = shell(Self.after)
    let text = shell.run("events").output
    #expect(text.contains("time (UTC+01:00)"))
    #expect(text.contains("2026-10-25 02:30:00  "))
  }

  @Test func hoursAreThoseThatClocksShowed() {
    var shell = shell(Self.before, Self.after)
    let text = shell.run("top hours").output
    #expect(text.contains("hour (local time)"))
    #expect(text.split(separator: "\n").filter { $0.contains(":00 ") }.count == 1)
  }

  @Test func oneEventNamesItsZone() {
    var shell = shell(Self.before, Self.after)
    #expect(shell.run("show 1").output.contains("time (UTC+02:00)  2026-10-25 02:30:00"))
    #expect(shell.run("show 2").output.contains("time (UTC+01:00)  2026-10-25 02:30:00"))
  }
}
