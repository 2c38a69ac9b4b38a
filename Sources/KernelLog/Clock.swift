/// When a machine's uptime was 0.
package struct BootMoment: Sendable, Equatable {
  /// Microseconds since 1970-01-01 UTC.
  package let wallMicros: Int64
  /// How far that may be off.
  package let errorMicros: Int64

  package init(wallMicros: Int64, errorMicros: Int64) {
    self.wallMicros = wallMicros
    self.errorMicros = errorMicros
  }
}

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
  /// The same of a machine whose files were captured, for stamps that nothing in the log dates.
  package var capturedBoot: BootMoment?
  /// Whether the zone is known to be the log's: its user or its source names it.
  package var isZoneGiven: Bool

  package init(
    utcOffset: @escaping @Sendable (Int64) -> Int = { _ in 0 }, referenceMicros: Int64? = nil,
    bootMicros: Int64? = nil, bootErrorMicros: Int64 = 0, isZoneGiven: Bool = false
  ) {
    self.utcOffset = utcOffset
    self.referenceMicros = referenceMicros
    self.bootMicros = bootMicros
    self.bootErrorMicros = bootErrorMicros
    self.isZoneGiven = isZoneGiven
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

  /// The time that a record's stamps amount to, by themselves.
  ///
  /// What dmesg converted is as sure as a whole second at best, and as two if it prints seconds: it adds
  /// printk's clock to a boot of which it leaves the parts of a second out (`record_time` of util-linux).
  package func time(of stamp: Stamp, _ carrier: Carrier) -> LogTime {
    var time = time(of: stamp)
    if carrier.isConverted, time.wallMicros != nil, time.basis != .live {
      time.basis = time.basis.converted
      let second: Int64 = 1_000_000
      time.errorMicros = stamp.precisionMicros < second ? second : stamp.precisionMicros + second
    }
    return time
  }

  /// The same for a stamp that was not made by dmesg.
  package func time(of stamp: Stamp) -> LogTime {
    var time = LogTime(uptimeMicros: stamp.uptimeMicros)
    if let unix = stamp.unixMicros {
      time.basis = .printed
      time.wallMicros = unix
      time.errorMicros = stamp.precisionMicros
      if let monotonic = stamp.journalMonotonicMicros, let uptime = stamp.uptimeMicros {
        time.basis = .journal
        time.wallMicros = unix - monotonic + uptime
        time.errorMicros = 100_000 + ClockDrift.micros(over: uptime)
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
    let dated: LogTime.Basis = isZoneGiven ? .printedInZone : .printedZoneAssumed
    let undated: LogTime.Basis = isZoneGiven ? .yearAssumed : .printedYearAssumed
    return (moments(of: civil).first, isYearAssumed ? undated : dated)
  }

  /// What a civil time may mean in the zone of the session: the offsets of the day before and of
  /// the day behind it are tried. In an hour that is left out both of them miss, and are near.
  func moments(of civil: CivilTime) -> ZonedMoments {
    let (asUTC, day) = (civil.unixMicrosAsUTC, Int64(86_400))
    let early = asUTC - offset(asUTC / 1_000_000 - day)
    let late = asUTC - offset(asUTC / 1_000_000 + day)
    if early == late { return ZonedMoments(first: early, second: early) }
    let isEarlyReal = asUTC - early == offset(early / 1_000_000)
    let isLateReal = asUTC - late == offset(late / 1_000_000)
    let first = isEarlyReal || !isLateReal ? early : late
    let second = isLateReal ? late : early
    return ZonedMoments(first: min(first, second), second: max(first, second))
  }

  /// What the time of day that a clock of the zone shows at a moment may mean.
  func moments(near wall: Int64) -> ZonedMoments { moments(of: civil(at: wall)) }

  /// What a clock of the zone shows at a moment.
  func civil(at wall: Int64) -> CivilTime {
    CivilTime(unixMicros: wall, offset: utcOffset(wall / 1_000_000))
  }

  private func offset(_ second: Int64) -> Int64 { Int64(utcOffset(second)) * 1_000_000 }

  /// The latest year in which the stamp is not later than the reference, a day's grace given.
  func likelyYear(of civil: CivilTime) -> Int? {
    guard let referenceMicros else { return nil }
    let limit = referenceMicros + 86_400_000_000
    let newest = CivilTime(unixMicros: limit, offset: 0).year + 1
    for year in stride(from: newest, through: newest - 9, by: -1) {
      var candidate = civil
      candidate.year = year
      if candidate.isValid, moments(of: candidate).first <= limit { return year }
    }
    return nil
  }
}

extension LogTime.Basis {
  /// What a printed time rests on if dmesg made it from the uptime.
  fileprivate var converted: LogTime.Basis {
    switch self {
    case .printed: .converted
    case .printedInZone: .convertedInZone
    default: .convertedZoneAssumed
    }
  }
}
