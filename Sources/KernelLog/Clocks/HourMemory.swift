/// Remembers what the stamps of one hour amount to: the lines of a log follow each other, and to
/// date one takes longer than to read it.
///
/// Hours in which clocks are set, and the last ones before a year would have to be another one, are
/// not remembered.
struct HourMemory: Sendable {
  private var known: Hour?

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
    if let known, known.holds(stamp, civil, carrier) {
      return (known.start.later(by: civil, stamp.uptimeMicros), true)
    }
    known = Self.hour(of: stamp, civil, carrier, clock)
    return (clock.time(of: stamp, carrier), known != nil)
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
