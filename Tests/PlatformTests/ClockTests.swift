import Glibc
import Testing

@testable import Platform

/// The zone is the process's: one test at a time.
@Suite(.serialized)
struct ClockTests {
  @Test func `The clocks agree with themselves`() {
    let first = ClockReading.now()
    let second = ClockReading.now()
    #expect(second.monotonic >= first.monotonic)
    #expect(first.boottime >= first.monotonic - 1_000_000)
    // 2020-01-01: a machine with a younger clock would be of no use here anyway.
    #expect(first.realtime > 1_577_836_800_000_000)
    let elapsed = second.monotonic - first.monotonic
    #expect(abs(second.boottime - first.boottime - elapsed) < 100_000)
  }

  @Test(arguments: [
    ("UTC", 0, "UTC"), ("Z", 0, "UTC"), ("+09:00", 32_400, "+09"), ("-0330", -12_600, "-0330"),
    ("+9", 32_400, "+09"), ("+14:00", 50_400, "+14"),
  ])
  func `Fixed offsets need no database`(name: String, seconds: Int, abbreviation: String) throws {
    try LocalZone.use(name: name)
    #expect(
      LocalZone.offset(at: 1_700_000_000)
        == LocalZone.Offset(seconds: seconds, abbreviation: abbreviation))
  }

  @Test(.enabled(if: hasDatabase))
  func `A zone knows its summer`() throws {
    try LocalZone.use(name: "Europe/Berlin")
    #expect(
      LocalZone.offset(at: 1_700_000_000) == LocalZone.Offset(seconds: 3600, abbreviation: "CET"))
    #expect(
      LocalZone.offset(at: 1_690_000_000) == LocalZone.Offset(seconds: 7200, abbreviation: "CEST"))
  }

  @Test(arguments: [
    "Asia/Soul", "", "../../../etc/passwd", "/etc/localtime", "Asia", "+25:00", "+09:60", "+", "+x",
    "zone.tab",
  ])
  func `A zone that does not exist is an error and changes nothing`(name: String) throws {
    try LocalZone.use(name: "+01:00")
    let error = #expect(throws: HostError.self) { try LocalZone.use(name: name) }
    #expect(error?.code == .missing)
    #expect(error?.path == name)
    #expect(LocalZone.offset(at: 0).seconds == 3600)
  }

  private static let hasDatabase = unsafe access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0
}
