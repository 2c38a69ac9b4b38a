internal import Investigation
internal import KernelLog
internal import Presentation

/// How moments are shown: in the session's zone, with a sign where they are uncertain.
struct TimeDisplay {
  private let offset: @Sendable (Zone, Int64) -> ZoneOffset?
  private let zone: Zone

  /// Times in the session's zone, or in another one.
  init(_ state: ShellState, in zone: Zone? = nil) {
    offset = state.environment.offset
    self.zone = zone ?? state.settings.zone
  }

  /// How far off a time may be before it is marked with `~`.
  private static let toleranceMicros: Int64 = 2_000_000

  /// `2026-11-22 23:25:32`, `~2026-11-22 23:25:32` where it is not sure to 2 s, or
  /// `uptime 279.319 s` where nothing ties it to the wall clock.
  func cell(_ time: LogTime) -> Cell {
    if let wall = time.wallMicros {
      let isSure = time.errorMicros.map { $0 <= Self.toleranceMicros } ?? false
      return .time(shown: (isSure ? "" : "~") + shown(wall), iso: iso(wall))
    }
    if let uptime = time.uptimeMicros { return .time(shown: Self.uptime(uptime), iso: nil) }
    return .missing
  }

  /// The same with the zone's offset behind a wall-clock time, where no heading names it.
  private func zonedCell(_ time: LogTime) -> Cell {
    guard case .time(let shown, let iso) = cell(time), let wall = time.wallMicros else {
      return cell(time)
    }
    return .time(shown: "\(shown) \(zoneName(at: wall))", iso: iso)
  }

  /// How a column shows its times.
  struct Layout {
    /// What the title adds: ` (UTC+09:00)`, or nothing where no offset holds for every row.
    let suffix: String
    let cell: (LogTime) -> Cell
  }

  /// A column of these times: its offset stands in the title where all of them share it, and else,
  /// as when clocks were changed in between, in each cell.
  func layout(of times: [LogTime]) -> Layout {
    let zones = Set(times.compactMap(\.wallMicros).map(zoneName))
    if zones.count > 1 { return Layout(suffix: "", cell: zonedCell) }
    return Layout(suffix: zones.first.map { " (\($0))" } ?? "", cell: cell)
  }

  /// Seconds since boot, to the millisecond.
  static func uptime(_ micros: Int64) -> String {
    "uptime \(micros / 1_000_000).\(digits(micros % 1_000_000 / 1000, 3)) s"
  }

  /// The moment in the session's zone, to the second.
  func shown(_ wall: Int64) -> String {
    let civil = CivilTime(unixMicros: wall, offset: offset(zone, wall)?.seconds ?? 0)
    return "\(Self.date(civil)) \(Self.time(civil))"
  }

  /// ISO 8601 with microseconds and the offset from UTC.
  func iso(_ wall: Int64) -> String {
    let offset = offset(zone, wall)
    let civil = CivilTime(unixMicros: wall, offset: offset?.seconds ?? 0)
    let fraction = Self.digits(Int64(civil.micros), 6)
    let suffix = offset?.numeric ?? "+00:00"
    return "\(Self.date(civil))T\(Self.time(civil)).\(fraction)\(suffix)"
  }

  /// The zone's offset at a moment, such as `UTC+09:00`.
  func zoneName(at wall: Int64) -> String {
    guard let offset = offset(zone, wall) else { return "UTC" }
    return offset.seconds == 0 ? "UTC" : "UTC\(offset.numeric)"
  }

  /// What a title adds for times at these offsets from UTC: the offset, or nothing where there is
  /// none, or not one.
  static func suffix(_ offsets: Set<Int>) -> String {
    guard offsets.count == 1, let seconds = offsets.first else { return "" }
    let name = seconds == 0 ? "" : ZoneOffset(seconds: seconds, name: nil).numeric
    return " (UTC\(name))"
  }

  /// The dates and hours of the session's zone.
  var calendar: CivilCalendar {
    let (offset, zone) = (offset, zone)
    return CivilCalendar { offset(zone, $0 * 1_000_000)?.seconds ?? 0 }
  }

  /// The zone by the name that the user gave it.
  var zoneDescription: String { Visible.text(zone.description) }

  /// The date of a day, counted from 1970-01-01.
  static func date(ofDay day: Int64) -> String {
    date(CivilTime(unixMicros: day * 86_400_000_000, offset: 0))
  }

  /// `2d 03:05`, and hours alone where there is no day.
  static func clock(sinceBoot micros: Int64) -> String {
    let minutes = micros / 60_000_000
    let days = minutes / 1440
    return (days > 0 ? "\(days)d " : "")
      + "\(digits(minutes / 60 % 24, 2)):\(digits(minutes % 60, 2))"
  }

  private static func date(_ civil: CivilTime) -> String {
    "\(digits(Int64(civil.year), 4))-\(digits(Int64(civil.month), 2))-\(digits(Int64(civil.day), 2))"
  }

  private static func time(_ civil: CivilTime) -> String {
    "\(digits(Int64(civil.hour), 2)):\(digits(Int64(civil.minute), 2)):"
      + digits(Int64(civil.second), 2)
  }

  private static func digits(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
  }
}
