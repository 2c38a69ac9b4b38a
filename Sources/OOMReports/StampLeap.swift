internal import KernelLog

extension Stamp {
  /// How far apart the kernel prints two lines of a report's head at the most, on the slowest
  /// console: a trace that comes later is of another warning.
  static let longestPause: Int64 = 10_000_000

  /// The same where only the time is known at which a daemon took the lines: it may have been
  /// stopped for minutes by what it tells of, and its clock may be set meanwhile.
  static let longestDelay: Int64 = 600_000_000

  /// The same behind the head: no trace is to be told from another one there, and a machine may stop
  /// for a while in the middle of a report.
  static let longestStop: Int64 = 30_000_000

  /// Whether the kernel's clock goes on so far from a line of a report to the next one, or back, that
  /// what stood between is lost, and another report's end may follow.
  func isBreak(to next: Stamp) -> Bool {
    guard let then = uptimeMicros, let now = next.uptimeMicros else { return isDelay(to: next) }
    return now - then > Self.longestStop || then - now > 1_000_000
  }

  /// Whether a clock goes further from a line to the next one of a head, or further back, than it
  /// does in one report: the kernel's where both print it, or else the one on the wall.
  func isLeap(to next: Stamp) -> Bool {
    if let now = next.uptimeMicros, let then = uptimeMicros {
      return Self.isLeap(from: then, to: now)
    }
    return isDelay(to: next)
  }

  /// Whether the kernel's clock leaps from one time to another.
  static func isLeap(from last: Int64, to next: Int64) -> Bool {
    !(0...longestPause).contains(next - last + 1_000_000)
  }

  /// Whether two lines without the kernel's time are further apart than a daemon makes them.
  func isDelay(to next: Stamp) -> Bool { daemonDistance(to: next).map(Self.isDelay) ?? false }

  /// Whether a distance of times on the wall is longer than a daemon makes it.
  static func isDelay(_ distance: Int64) -> Bool { abs(distance) > longestDelay }

  /// Whether the wall clock is so far from another line's that it may leap on the way to it: of two
  /// lines that are both near, neither is a leap away from the other.
  func isFar(from other: Stamp) -> Bool {
    daemonDistance(to: other).map { abs($0) > Self.longestDelay / 2 } ?? false
  }

  /// How far the clock on the wall goes to another line, if neither prints the kernel's time.
  private func daemonDistance(to next: Stamp) -> Int64? {
    uptimeMicros == nil && next.uptimeMicros == nil ? wallDistance(to: next) : nil
  }

  /// How far the clock on the wall goes to another line, in microseconds; nil where the two do not
  /// print the same kind of time.
  func wallDistance(to next: Stamp) -> Int64? {
    if let then = unixMicros, let now = next.unixMicros { return now - then }
    guard unixMicros == nil, next.unixMicros == nil, let then = civil, let now = next.civil,
      (then.year == 0) == (now.year == 0), (utcOffset == nil) == (next.utcOffset == nil),
      then.isDate, now.isDate
    else { return nil }
    let zones = Int64((next.utcOffset ?? 0) - (utcOffset ?? 0)) * 1_000_000
    guard then.year == 0 else { return now.unixMicrosAsUTC - then.unixMicrosAsUTC - zones }
    // Both are of one year, or the next is of the year behind it. February is as long as they say.
    let year = then.isLeapDay || now.isLeapDay ? 2000 : 2001
    let distance = now.inYear(year).unixMicrosAsUTC - then.inYear(year).unixMicrosAsUTC
    let yearMicros: Int64 = 365 * 86_400_000_000
    return distance < -yearMicros / 2
      ? distance + yearMicros
      : distance > yearMicros / 2 ? distance - yearMicros : distance
  }
}

extension CivilTime {
  fileprivate var isDate: Bool { (1...12).contains(month) && (1...31).contains(day) }

  fileprivate var isLeapDay: Bool { month == 2 && day == 29 }

  fileprivate func inYear(_ year: Int) -> CivilTime {
    var time = self
    time.year = year
    return time
  }
}

extension PrefixShape.Line {
  /// What its clock shows, the kernel's where the line has it: to compare lines with.
  var micros: Int64 { uptimeMicros ?? dayMicros }

  /// What its clocks show, to ask whether they leap.
  struct Moment {
    let uptime: Int64?
    /// The microseconds of the day that is the event's, where no uptime is known.
    let day: Int64

    /// Whether the next line is too far away to be of one report, as `Stamp.isLeap` has it.
    func isLeap(to next: Moment) -> Bool {
      if let now = next.uptime, let then = uptime { return Stamp.isLeap(from: then, to: now) }
      return uptime == nil && next.uptime == nil && Stamp.isDelay(next.day - day)
    }
  }

  var moment: Moment { Moment(uptime: uptimeMicros, day: dayMicros) }
}
