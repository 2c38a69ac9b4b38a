/// Remembers what the stamps of one hour amount to: the lines of a log follow each other, and to
/// date one takes longer than to read it.
///
/// Hours in which clocks are set, and the last ones before a year would have to be another one, are
/// not remembered.
struct HourMemory: Sendable {
  private var known: Hour?
  /// The shape of a line of the hour: another line of it differs from that one in nothing but its
  /// clocks.
  private(set) var shaped: ShapedHour?

  private struct Hour {
    let stamp: Stamp
    let carrier: Carrier
    /// What the hour's first moment amounts to.
    let start: LogTime

    func holds(_ other: Stamp, _ civil: CivilTime, _ otherCarrier: Carrier) -> Bool {
      guard let own = stamp.civil else { return false }
      return civil.hour == own.hour && civil.day == own.day && civil.month == own.month
        && civil.year == own.year && civil.second < 60 && carrier == otherCarrier
        && other.utcOffset == stamp.utcOffset && other.precisionMicros == stamp.precisionMicros
        && other.unixMicros == nil
    }
  }

  /// The time that a stamp amounts to by itself, and whether it can mean one moment only.
  mutating func time(
    of stamp: Stamp, _ carrier: Carrier, _ clock: Clock
  ) -> (time: LogTime, isSingle: Bool) {
    guard let civil = stamp.civil, stamp.unixMicros == nil else {
      return (clock.time(of: stamp, carrier), false)
    }
    if known?.holds(stamp, civil, carrier) == true, let start = known?.start {
      return (start.later(by: civil, stamp.uptimeMicros), true)
    }
    known = Self.hour(of: stamp, civil, carrier, clock)
    shaped = nil
    return (clock.time(of: stamp, carrier), known != nil)
  }

  /// Remembers that a line with the last stamp asked about is of the shape of a number.
  mutating func note(
    _ line: PrefixShape.Line, of shape: Int, _ stamp: Stamp, _ carrier: Carrier
  ) {
    guard let civil = stamp.civil, let known, known.holds(stamp, civil, carrier) else { return }
    shaped = ShapedHour(
      shape: shape, dayMicros: line.dayMicros / ShapedHour.length * ShapedHour.length,
      start: known.start, precision: stamp.precisionMicros,
      yearless: civil.year == 0 ? (civil.month, civil.day) : nil)
  }

  private static func hour(
    of stamp: Stamp, _ civil: CivilTime, _ carrier: Carrier, _ clock: Clock
  ) -> Hour? {
    func time(_ minute: Int, _ second: Int, _ micros: Int) -> LogTime {
      var other = stamp
      other.civil = CivilTime(
        year: civil.year, month: civil.month, day: civil.day, hour: civil.hour, minute: minute,
        second: second, micros: micros)
      return clock.time(of: other, carrier)
    }
    let (first, last) = (time(0, 0, 0), time(59, 59, 999_999))
    guard civil.second < 60, let start = first.wallMicros, let end = last.wallMicros,
      first.basis == last.basis, end - start == 3_599_999_999,
      [start, end].map(clock.moments(near:)).allSatisfy({ $0.first == $0.second })
    else { return nil }
    return Hour(stamp: stamp, carrier: carrier, start: first)
  }
}

/// What the clocks of lines of one shape show in an hour.
struct ShapedHour: Sendable {
  /// The shape's number.
  let shape: Int
  /// When in the day the hour begins, and what that moment amounts to.
  let dayMicros: Int64
  let start: LogTime
  let precision: Int64
  /// The day, where no year is printed.
  let yearless: (month: Int, day: Int)?

  static let length: Int64 = 3_600_000_000

  /// The time of a line of a shape; nil where it is of another hour, or shape.
  func time(of line: PrefixShape.Line, _ shape: Int) -> LogTime? {
    let later = line.dayMicros - dayMicros
    guard shape == self.shape, (0..<Self.length).contains(later), let first = start.wallMicros
    else { return nil }
    var time = start
    time.wallMicros = first + later
    time.uptimeMicros = line.uptimeMicros
    return time
  }
}

extension LogTime {
  /// The time of a stamp of the hour that begins at this time.
  fileprivate func later(by civil: CivilTime, _ uptime: Int64?) -> LogTime {
    var time = self
    let seconds = Int64(civil.minute * 60 + civil.second)
    time.wallMicros = wallMicros.map { $0 + seconds * 1_000_000 + Int64(civil.micros) }
    time.uptimeMicros = uptime
    return time
  }
}
