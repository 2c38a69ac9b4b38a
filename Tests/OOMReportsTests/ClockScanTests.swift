import KernelLog
import OOMReports
import Testing
import TestSupport

/// What the scan finds out about clocks while it looks for reports.
@Suite struct ClockScanTests {
  private static let kill =
    "Out of memory: Killed process 7 (app) total-vm:2000kB, anon-rss:1000kB, file-rss:0kB, "
    + "shmem-rss:0kB, UID:0 pgtables:60kB oom_score_adj:0"

  private static func digits(_ number: Int, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(width - text.count, 0)) + text
  }

  /// 2026-11-22 at a second of the day.
  private static func iso(_ second: Int, _ host: String, _ uptime: Int, _ message: String) -> String
  {
    let time = [second / 3600, second / 60 % 60, second % 60].map { digits($0, 2) }
    return "2026-11-22T\(time.joined(separator: ":")).000000+00:00 \(host) kernel: "
      + "[\(uptime).000000] \(message)\n"
  }

  private static func final(_ log: String, piece: @escaping (Int) -> Int = { _ in .max })
    -> [(host: String, time: LogTime, boot: Int)]
  {
    let (events, scanner) = Scan.scanner(over: Array(log.utf8), piece: piece)
    return events.map { found in
      let host = found.report.host
      let last = found.byteRange.upperBound - 1
      return (
        host?.description ?? "", scanner.clocks.time(of: found.report.time, host: host, at: last),
        found.boot
      )
    }
  }

  /// An event's stamp that has no uptime behind a line of which both are known, but not noted.
  @Test func aDateWithoutHeaders() {
    let choice = "oom-kill:constraint=CONSTRAINT_NONE,task=a,pid=6,uid=0"
    for uptime in ["0.0", "12.345678", "1200.000000"] {
      for stamp in ["[<0.0]", "[\(uptime)]", "[ 1200.100000]"] {
        let log = "2026-11-22T23:40:51 m kernel [\(uptime)]\n\(stamp) \(choice)\n"
        for isWhole in [true, false] {
          let events = Scan.events(in: Array(log.utf8), isWhole: isWhole)
          #expect(events.map { $0.report.decision?.value.pid } == [6], "\(log)")
        }
      }
    }
  }

  /// What stands around a 29th of February is of its year.
  @Test(arguments: [
    (["Feb 28", "Feb 29", "Mar  1"], [2024, 2024, 2024]),
    (["Feb 29", "Dec 30", "Jan  3"], [2024, 2024, 2025]),
    (["Dec 30", "Jan  3", "Feb 29"], [2023, 2024, 2024]),
    (["Feb 27", "Feb 28", "Mar  1"], [2026, 2026, 2026]),
  ])
  func leapDays(_ days: [String], _ years: [Int]) {
    let log = days.enumerated().map { number, day in
      "\(day) 10:00:00 web1 kernel: \(Self.kill.replacing("process 7", with: "process 7\(number)"))\n"
    }.joined()
    let reference = CivilTime(year: 2026, month: 3, day: 2).unixMicrosAsUTC
    let (events, scanner) = Scan.scanner(
      over: Array(log.utf8), clock: Clock(referenceMicros: reference))
    let walls = events.map {
      let last = $0.byteRange.upperBound - 1
      return scanner.clocks.time(of: $0.report.time, host: $0.report.host, at: last).wallMicros
    }
    #expect(walls.map { CivilTime(unixMicros: $0 ?? 0, offset: 0).year } == years)
  }

  /// 2026-10-25 00:00 UTC; an hour later the clocks of Berlin are set back from 3:00 to 2:00.
  private static let night: Int64 = 1_792_886_400_000_000

  private static let berlin = Clock(
    utcOffset: { $0 < 1_792_890_000 ? 7200 : 3600 }, isZoneGiven: true)

  /// An hour that is there twice is told by the order of the lines, also where the zone is given.
  @Test(arguments: ["[Sun Oct 25 0TIME 2026]", "2026-10-25 0TIME web1 kernel:"])
  func theHourThatComesTwiceInAGivenZone(_ prefix: String) {
    let times = ["1:59:58", "2:59:53", "2:00:03", "2:29:58", "3:29:58"]
    let log = times.enumerated().map { number, time in
      let kill = Self.kill.replacing("process 7", with: "process 7\(number)")
      return "\(prefix.replacing("TIME", with: time)) \(kill)\n"
    }.joined()
    for isWhole in [true, false] {
      let (events, scanner) = Scan.scanner(
        over: Array(log.utf8), clock: Self.berlin, isWhole: isWhole)
      let walls = events.map {
        let last = $0.byteRange.upperBound - 1
        let time = scanner.clocks.time(of: $0.report.time, host: $0.report.host, at: last)
        return ((time.wallMicros ?? 0) - Self.night) / 1_000_000
      }
      #expect(walls == [-2, 3593, 3603, 5398, 8998])
    }
  }

  /// journalctl prints which of the two hours it was, where the zone's name means one offset.
  @Test(arguments: [
    ("CEST", 0, true), ("CET", 3600, true), ("UTC", 7200, true), ("+02", 0, true),
    ("-0330", 19_800, true), ("IST", 7200, false), ("XYZ", 7200, false),
  ])
  func aZoneThatIsNamed(_ zone: String, _ second: Int64, _ isKnown: Bool) {
    let log = "Sun 2026-10-25 02:00:00 \(zone) web1 kernel: \(Self.kill)\n"
    let times = Scan.events(in: Array(log.utf8)).map(\.report.time)
    #expect(times.map(\.wallMicros) == [Self.night + second * 1_000_000])
    #expect(times.map(\.basis) == [isKnown ? .printed : .printedZoneAssumed])
  }

  private static let midnight = CivilTime(year: 2026, month: 11, day: 22).unixMicrosAsUTC

  /// One daemon writes for two machines; one of them had started it 600 s too late.
  @Test func hostsHaveClocksOfTheirOwn() throws {
    var log = ""
    for step in 0..<60 {
      log += Self.iso(700, "late", step * 10, step == 20 ? Self.kill : "x")
      log += Self.iso(300 + step, "live", 40 + step, step == 20 ? Self.kill : "y")
    }
    for step in 0..<10 { log += Self.iso(700 + step * 5, "late", 600 + step * 5, "z") }
    let events = Self.final(log)
    #expect(events.count == 2)
    let late = try #require(events.first { $0.host == "late" }?.time)
    let live = try #require(events.first { $0.host == "live" }?.time)
    #expect(late.basis == .header)
    #expect(abs((late.wallMicros ?? 0) - Self.midnight - 300_000_000) < 1_000_000)
    #expect(live.basis == .printed)
    #expect(live.wallMicros == Self.midnight + 320_000_000)
  }

  @Test func piecesChangeNothing() {
    var log = "\(Self.iso(0, "a", 0, "Linux version 6.1.0"))"
    for step in 0..<9000 {
      let uptime = step < 5000 ? step : step - 5000
      log += Self.iso(step, "a", uptime, step % 900 == 450 ? Self.kill : "a line of no kind")
    }
    let whole = Self.final(log)
    #expect(whole.map(\.boot) == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
    for size in [511, 65_536, 100_003] {
      let pieces = Self.final(log) { _ in size }
      #expect(pieces.map(\.time) == whole.map(\.time))
      #expect(pieces.map(\.boot) == whole.map(\.boot))
    }
  }

  /// Between the two kills a year goes by in a megabyte of other lines.
  @Test func samplesSeeTheYearsGoBy() {
    var log = ""
    for day in 0..<800 {
      let date = CivilTime(
        unixMicros: CivilTime(year: 2024, month: 3, day: 1).unixMicrosAsUTC
          + Int64(day) * 86_400_000_000, offset: 0)
      let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
      ][date.month - 1]
      let stamp = "\(month) \(date.day < 10 ? " " : "")\(date.day) 12:00:00 web1"
      if day == 10 || day == 790 { log += "\(stamp) kernel: \(Self.kill)\n" }
      log += String(repeating: "\(stamp) cron[1]: a line of some other program\n", count: 60)
    }
    let clock = Clock(referenceMicros: CivilTime(year: 2026, month: 5, day: 10).unixMicrosAsUTC)
    let (events, scanner) = Scan.scanner(over: Array(log.utf8), clock: clock)
    let years = events.map { found in
      let time = scanner.clocks.time(
        of: found.report.time, host: found.report.host, at: found.byteRange.upperBound - 1)
      return time.wallMicros.map { CivilTime(unixMicros: $0, offset: 0).year }
    }
    #expect(years == [2024, 2026])
  }

  /// dmesg's sums hold no zone and no suspend; what it prints in Korean is the same.
  @Test func koreanStamps() throws {
    let log = "[일 11월 22 23:25:32 2026] \(Self.kill)\n"
    let event = try #require(Self.final(log).first)
    #expect(event.time.wallMicros == Self.midnight + ((23 * 60 + 25) * 60 + 32) * 1_000_000)
    #expect(event.time.basis == .convertedZoneAssumed)
    #expect(event.time.errorMicros == 2_000_000)
  }
}
