import KernelLog
import Testing

@testable import OOMShell

/// When a captured machine booted, by what its own programs printed.
@Suite struct CapturedBootTests {
  private static let uptime = "sos_commands/host/uptime"
  private static let utc = "sos_commands/date/date_--utc"
  private static let date = "Thu Nov 26 09:48:42 UTC 2026\n"
  /// 2026-11-26 09:48:42 UTC.
  private static let now: Int64 = 1_795_686_522

  private func bootMoment(_ files: [String: String]) -> BootMoment? {
    var machine = CapturedMachine(name: "sos")
    for (path, text) in files {
      #expect(CapturedMachine.wants(path))
      machine.take(path, Array(text.utf8))
    }
    return machine.boot
  }

  @Test(
    arguments: [
      (" 09:48:42 up  4:34,  0 user,  load average: 7.63, 6.48, 6.22\n", 274),
      (" 09:48:42 up 12 days,  4:34,  2 users,  load average: 0", 12 * 1440 + 274),
      (" 09:48:42 up 1 day, 5 min,  2 users", 1445), (" 09:48:42 up 0 min, 1 user", 0),
      // Ten seconds after `date`, in a zone that is 5:45 ahead, and behind midnight in one that is 11.
      (" 15:33:52 up 3 min", 3), (" 22:48:42 up 3 min", 3),
    ])
  func whatUptimePrintsIsGoodToAMinute(text: String, minutes: Int64) throws {
    let boot = try #require(bootMoment([Self.uptime: text, Self.utc: Self.date]))
    let late: Int64 = text.contains(":52") ? 10 : 0
    #expect(boot.wallMicros == (Self.now + late - minutes * 60 - 30) * 1_000_000)
    #expect(boot.errorMicros == 31_000_000)
  }

  @Test(
    arguments: ["cpu 1 2\nbtime 1795600000\nprocesses 9\n", "btime 1795600000"])
  func theKernelsOwnFigureIsBetter(text: String) {
    let others = [Self.uptime: " 09:48:42 up 3 min", Self.utc: Self.date]
    let boot = bootMoment(others.merging(["proc/stat": text]) { $1 })
    #expect(boot == BootMoment(wallMicros: 1_795_600_000_000_000, errorMicros: 1_000_000))
  }

  @Test func otherProgramsPrintTheDateToo() throws {
    let uptime = " 10:48:42 up 3 min"
    let control =
      "  Local time: 2026-11-26 10:48:40 CET\n  Universal time: 2026-11-26 09:48:40 UTC\n"
    let timed = try #require(
      bootMoment([Self.uptime: uptime, "sos_commands/systemd/timedatectl": control]))
    #expect(timed.wallMicros == (Self.now - 210) * 1_000_000)
    let general = bootMoment([
      "sos_commands/general/uptime": uptime,
      "sos_commands/general/date": "Thu Nov 26 10:48:42 CET 2026\n",
    ])
    #expect(general == timed)
  }

  @Test(
    arguments: [
      ("Sun Oct 25 04:00:00 PM UTC 2026", 1_792_944_000),
      ("Sun 25 Oct 2026 12:30:00 AM UTC", 1_792_888_200),
      ("Sun Oct 25 12:30:00 PM GMT 2026", 1_792_931_400),
      ("Mon Oct 26 01:00:00 +09 2026", 1_792_944_000),
      ("Sun Oct 25 12:30:00 -0330 2026", 1_792_944_000),
    ] as [(String, Int64)])
  func hoursAndZonesOfOtherLocales(date: String, second: Int64) throws {
    let clock = date.contains("30:00") && !date.contains("-0330") ? "16:30:00" : "16:00:00"
    let boot = try #require(
      bootMoment([Self.uptime: " \(clock) up 1:00, 1 user", Self.utc: date]))
    #expect(boot.wallMicros == (second - 3630) * 1_000_000)
  }

  /// What is cut, in another language or in an unnamed zone tells nothing, and is not guessed at.
  @Test(
    arguments: [
      ["proc/stat": "btime 0"], ["proc/stat": "btime -5"], ["proc/stat": "btime 99999999999999"],
      ["proc/stat": "btime"], [uptime: " 09:48:42 up 3 min"], [utc: date],
      [uptime: " 09:48:42 up 3", utc: date], [uptime: " 09:48:42 up", utc: date],
      [uptime: "up 3 min", utc: date], [uptime: " 09:48:42 up 3 min", utc: "Thu Nov 26 09:48"],
      [uptime: " 09:48:42 up 3 min", utc: "Thu Foo 26 09:48:42 UTC 2026"],
      [uptime: " 09:48:42 up 3 min", utc: "Thu Nov 31 09:48:42 UTC 2026"],
      [uptime: " 10:48:42 up 3 min", "sos_commands/date/date": "Thu Nov 26 10:48:42 CST 2026"],
      // A quarter of an hour between the two is no other zone where the zone is printed.
      [uptime: " 11:03:42 up 3 min", "sos_commands/date/date": "Thu Nov 26 10:48:42 CET 2026"],
      [uptime: " 09:48:42 up 99999999 days, 3 min", utc: date],
      // The two were printed too far apart to tell a zone from a delay.
      [uptime: " 09:53:42 up 3 min", utc: date], [uptime: " 09:43:42 up 3 min", utc: date],
    ])
  func whatIsNotSaidIsNotKnown(files: [String: String]) { #expect(bootMoment(files) == nil) }

  @Test(
    arguments: [
      ("sos_commands/kernel/dmesg", true), ("sos_commands/kernel/dmesg_-T", true),
      ("sos_commands/general/dmesg", true), ("var/log/dmesg", false),
      ("sos_commands/logs/journalctl_--boot", false), ("dmesg", false),
    ])
  func onlyTheRingOfTheCaptureIsOfThatBoot(path: String, isRing: Bool) {
    #expect(CapturedMachine.isRing(path) == isRing)
  }
}
