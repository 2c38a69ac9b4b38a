import KernelLog
import TestSupport
import Testing

/// What is remembered of clocks from line to line, so that nothing need be asked about most lines,
/// against the same lines asked about one by one.
@Suite struct RememberedClockTests {
  /// 2026-11-22 14:00:00 UTC.
  private static let start: Int64 = 1_795_356_000_000_000
  private static let second: Int64 = 1_000_000

  /// A clock that was set back an hour two days behind the start.
  private static let clock = Clock(
    utcOffset: { $0 < (start + 172_800 * second) / second ? 7200 : 3600 },
    referenceMicros: start + 400 * 86_400 * second)

  /// Lines of a syslog in which daemons fall behind, machines boot and sleep, and years pass.
  private static func log(seed: UInt64) -> [String] {
    var random = SplitMix64(seed: seed)
    var (boot, uptime, lag) = (start, Int64(5) * second, Int64(0))
    let paces: [Int64] = [1, 30, 600, 20_000]
    let pace = paces.randomElement(using: &random) ?? 1
    let isRestless = Int.random(in: 0..<2, using: &random) == 0
    return (0..<300).map { _ in
      uptime += Int64.random(in: 0...pace * second, using: &random)
      switch Int.random(in: 0..<(isRestless ? 60 : 3000), using: &random) {
      case 0: (boot, uptime) = (boot + uptime + lag + 60 * second, 2 * second)
      case 1: boot += Int64.random(in: 0...7200, using: &random) * second
      case 2: lag = Int64.random(in: 0...90, using: &random) * second
      case 3: boot += 300 * 86_400 * second
      case 4...9: lag = 0
      default: break
      }
      let read = boot + uptime + lag
      let zone = Int64(clock.utcOffset(read / second))
      let civil = CivilTime(unixMicros: read + zone * second, offset: 0)
      let host = Int.random(in: 0..<20, using: &random) == 0 ? "web2" : "web1"
      return "\(month(civil.month)) \(two(civil.day, " ")) \(two(civil.hour)):\(two(civil.minute))"
        + ":\(two(civil.second)) \(host) kernel: [\(uptime / second).\(six(uptime % second))] x\n"
    }
  }

  private static func month(_ number: Int) -> String {
    [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][number - 1]
  }

  private static func two(_ number: Int, _ fill: String = "0") -> String {
    number < 10 ? fill + "\(number)" : "\(number)"
  }

  private static func six(_ micros: Int64) -> String {
    String("\(1_000_000 + micros)".dropFirst())
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func changesNoTime(seed: UInt64) throws {
    let text = Array(Self.log(seed: seed).joined().utf8)
    let bytes = text.span
    var (plain, remembering) = (SourceClocks(clock: Self.clock), SourceClocks(clock: Self.clock))
    var names = RecentName()
    var shape: PrefixShape?
    var shapes = 0
    var numbers: [LogText?: Int] = [:]
    var lines: [(host: LogText?, offset: Int, printed: LogTime)] = []
    var offset = 0
    while offset < bytes.count {
      let record = LogFormat.lines.record(at: offset, in: bytes)
      let sighting = try #require(ClockSighting(record, in: bytes, at: offset, &names))
      let printed = plain.observe(sighting)
      lines.append((sighting.host, offset, printed))
      let known = shape ?? PrefixShape(of: record, in: bytes)
      shape = known
      if let line = known?.read(bytes, at: offset, before: record.end - 1) {
        let next = numbers[sighting.host].flatMap {
          remembering.observe(next: line, of: shapes, $0, at: offset)
        }
        let again = next ?? remembering.observe(line, of: shapes, sighting)
        #expect(again == printed)
        numbers[sighting.host] = remembering.number(of: sighting.host)
      } else {
        remembering.observe(sighting)
        (shape, shapes) = (nil, shapes + 1)
      }
      offset = record.end
    }
    var times: [LogText?: SourceClocks.HostTimes] = [:]
    for line in lines {
      let expected = plain.time(of: line.printed, host: line.host, at: line.offset)
      let settled = times[line.host, default: remembering.times(of: line.host)].time(
        of: line.printed, at: line.offset)
      #expect(settled == expected)
    }
  }
}
