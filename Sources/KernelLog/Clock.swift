/// What relates the stamps of one input to the wall clock.
package struct Clock: Sendable {
  /// The offset from UTC in seconds, in the zone of the session, at a moment (seconds since 1970).
  package var utcOffset: @Sendable (Int64) -> Int
  /// When the input was last written, or read if it is live; it gives year-less stamps their year.
  package var referenceMicros: Int64?
  /// The wall-clock time of uptime 0 on the running kernel; nil for files.
  package var bootMicros: Int64?
  /// How far `bootMicros` may be off, as by a suspend.
  package var bootErrorMicros: Int64

  package init(
    utcOffset: @escaping @Sendable (Int64) -> Int = { _ in 0 }, referenceMicros: Int64? = nil,
    bootMicros: Int64? = nil, bootErrorMicros: Int64 = 0
  ) {
    self.utcOffset = utcOffset
    self.referenceMicros = referenceMicros
    self.bootMicros = bootMicros
    self.bootErrorMicros = bootErrorMicros
  }

  /// The clock of the running kernel, from its three clocks read at one moment.
  ///
  /// printk stamps follow the monotonic clock, which stands still while the machine is suspended;
  /// so stamps from before a suspend may be late by as much as boot time and monotonic time differ
  /// (`printk_get_ts`/`local_clock`, all versions).
  package static func live(
    realtimeMicros: Int64, boottimeMicros: Int64, monotonicMicros: Int64,
    utcOffset: @escaping @Sendable (Int64) -> Int
  ) -> Clock {
    Clock(
      utcOffset: utcOffset, referenceMicros: realtimeMicros,
      bootMicros: realtimeMicros - monotonicMicros,
      bootErrorMicros: max(boottimeMicros - monotonicMicros, 0) + 10_000)
  }

  /// The time that a record's stamps amount to.
  package func time(of stamp: Stamp) -> LogTime {
    var time = LogTime(uptimeMicros: stamp.uptimeMicros)
    if let unix = stamp.unixMicros {
      time.basis = .printed
      time.wallMicros = unix
      time.errorMicros = stamp.precisionMicros
      if let monotonic = stamp.journalMonotonicMicros, let uptime = stamp.uptimeMicros {
        time.basis = .journal
        time.wallMicros = unix - monotonic + uptime
        time.errorMicros = 100_000
      }
    } else if let civil = stamp.civil, let moment = moment(of: civil, stamp.utcOffset) {
      time.basis = moment.basis
      time.wallMicros = moment.micros
      time.errorMicros = stamp.precisionMicros
    } else if let boot = bootMicros, let uptime = stamp.uptimeMicros {
      time.basis = .live
      time.wallMicros = boot + uptime
      time.errorMicros = bootErrorMicros
    }
    return time
  }

  private func moment(
    of printed: CivilTime, _ offset: Int?
  ) -> (micros: Int64, basis: LogTime.Basis)? {
    var civil = printed
    let isYearAssumed = civil.year == 0
    if isYearAssumed {
      guard let year = likelyYear(of: civil) else { return nil }
      civil.year = year
    }
    guard civil.isValid else { return nil }
    if let offset { return (civil.unixMicrosAsUTC - Int64(offset) * 1_000_000, .printed) }
    return (
      localMicros(civil), isYearAssumed ? .printedYearAssumed : .printedZoneAssumed
    )
  }

  /// A civil time in the session's zone: its offset is asked for twice, since the first guess may
  /// lie on the other side of a change of the offset.
  private func localMicros(_ civil: CivilTime) -> Int64 {
    let asUTC = civil.unixMicrosAsUTC
    let guess = asUTC - Int64(utcOffset(asUTC / 1_000_000)) * 1_000_000
    return asUTC - Int64(utcOffset(guess / 1_000_000)) * 1_000_000
  }

  /// The latest year in which the stamp is not later than the reference, a day's grace given.
  private func likelyYear(of civil: CivilTime) -> Int? {
    guard let referenceMicros else { return nil }
    let limit = referenceMicros + 86_400_000_000
    let newest = CivilTime(unixMicros: limit, offset: 0).year + 1
    for year in stride(from: newest, through: newest - 9, by: -1) {
      var candidate = civil
      candidate.year = year
      if candidate.isValid, localMicros(candidate) <= limit { return year }
    }
    return nil
  }
}
