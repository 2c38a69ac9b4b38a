/// The clocks of every host in a source: its boots, what ties them to the wall clock, and what the
/// order of its lines tells about stamps that print too little.
///
/// Lines are observed in the order of the source, though not all of them: the first and last ones,
/// one now and then between, the kernel's words about its clocks, and the key lines of reports. The
/// memory that a host takes is bounded.
package struct SourceClocks: Sendable {
  private let clock: Clock
  private var hosts: [HostClock] = []
  private var numbers: [LogText?: Int] = [:]
  /// The host of the last line, which is the next one's nearly always.
  private var recent: (host: LogText?, number: Int)?
  private var hours = HourMemory()
  /// More machines than one file of a log server holds.
  private static let mostHosts = 8192

  fileprivate struct HostClock {
    var track = ClockTrack()
    var order = CivilOrder()
    var hasEvents = false
  }

  package init(clock: Clock) {
    self.clock = clock
  }

  /// Notes a line; returns what its stamp amounts to by itself. Of lines before the last one noted
  /// only what their headers say is new.
  @discardableResult
  package mutating func observe(_ line: ClockSighting) -> LogTime {
    let (time, isSingle) = hours.time(of: line.stamp, line.carrier, clock)
    guard numbers.count < Self.mostHosts || numbers[line.host] != nil else { return time }
    let number = number(of: line.host)
    hosts[number].observe(line, time, isSingle: isSingle, clock)
    return time
  }

  /// The same for a line of a shape that is known by a number, of which the rest of the sighting
  /// says nothing that the line does not: of the next ones less need be found out.
  package mutating func observe(
    _ line: PrefixShape.Line, of shape: Int, _ sighting: ClockSighting
  ) -> LogTime {
    let time = observe(sighting)
    hours.note(line, of: shape, sighting.stamp, sighting.carrier)
    return time
  }

  /// Notes a further line of a shape, of a host that is known by its number; nil where the line may
  /// tell more than that time has passed since the one before.
  package mutating func observe(
    next line: PrefixShape.Line, of shape: Int, _ host: Int, at offset: Int
  ) -> LogTime? {
    guard let time = hours.shaped?.time(of: line, shape),
      let precision = hours.shaped?.precision,
      hosts[host].observe(
        next: time, line.dayMicros, yearless: hours.shaped?.yearless, precision, at: offset)
    else { return nil }
    return time
  }

  /// The number of a host, which it keeps.
  package mutating func number(of host: LogText?) -> Int {
    if let recent, recent.host == host { return recent.number }
    let number = numbers[host] ?? hosts.count
    if number == hosts.count {
      hosts.append(HostClock())
      numbers[host] = number
    }
    recent = (host, number)
    return number
  }

  private func known(_ host: LogText?) -> HostClock? { numbers[host].map { hosts[$0] } }

  /// Whether a host has just booted and more of its first lines would tell that boot from others.
  package func isBooting(_ host: LogText?) -> Bool {
    numbers[host].map { hosts[$0].track.beginnings.isOpen } ?? false
  }

  /// The boot of an event of which a line stands at an offset, counted from 0 for its host.
  package mutating func boot(of host: LogText?, at offset: Int) -> Int {
    boot(of: number(of: host), at: offset)
  }

  /// The same for a host that is known by its number.
  package mutating func boot(of number: Int, at offset: Int) -> Int {
    hosts[number].bootOfEvent(at: offset)
  }

  /// What is known of one host, for those who ask about many of its lines.
  package struct HostTimes: Sendable {
    private let host: HostClock
    private let clock: Clock
    private var years: HostYears
    /// The segment that was asked about last.
    private var known: (offsets: Range<Int>, number: Int, isBootShown: Bool)?
    /// Lines near the last one whose times hold as they are printed.
    private var steady: SteadyTimes?

    /// A host that is not known has a clock that nothing is known of.
    fileprivate init(_ host: HostClock, _ clock: Clock) {
      self.host = host
      self.clock = clock
      years = HostYears(last: host.order.lastYear(clock))
    }

    /// The stretch in which one anchor holds, counted from 0, of a line that stands at an offset,
    /// and whether its boot is shown to be another one than those before it, and no copy of their
    /// lines.
    package mutating func segment(at offset: Int) -> (number: Int, isBootShown: Bool) {
      if let known, known.offsets.contains(offset) { return (known.number, known.isBootShown) }
      let number = host.track.segment(at: offset)
      let isBootShown = host.track.isBootShown(at: offset)
      known = (host.track.offsets(of: number), number, isBootShown)
      return (number, isBootShown)
    }

    /// See `SourceClocks.time(of:host:at:)`.
    package mutating func time(of printed: LogTime, at offset: Int) -> LogTime {
      if steady?.holds(printed, at: offset) == true { return printed }
      let time = host.time(of: printed, clock, at: offset, &years)
      if time == printed { steady = host.steadyTimes(around: printed, at: offset, years) }
      return time
    }
  }

  /// What is known of one host's clock, for many questions about it.
  package func times(of host: LogText?) -> HostTimes {
    HostTimes(known(host) ?? HostClock(), clock)
  }

  /// The boots of the hosts that have events.
  package var bootCount: Int {
    hosts.reduce(0) { $0 + ($1.hasEvents ? $1.track.lastBoot + 1 : 0) }
  }

  /// What all that has been observed makes of the time that a line at an offset prints.
  ///
  /// It is as good as what has been read so far: before the end, a year or a late header may be
  /// taken for what they seem.
  package func time(of printed: LogTime, host: LogText?, at offset: Int) -> LogTime {
    var times = times(of: host)
    return times.time(of: printed, at: offset)
  }

  /// Where anchors contradict each other: the first few, in no host's order.
  package var conflicts: [ClockConflict] {
    let all = hosts.flatMap { $0.hasEvents ? $0.track.conflicts : [] }
    return Array(all.sorted { $0.micros > $1.micros }.prefix(3))
  }
}

extension SourceClocks.HostClock {
  mutating func observe(
    _ line: ClockSighting, _ printed: LogTime, isSingle: Bool, _ clock: Clock
  ) {
    var time = printed
    let isNew = line.offset > track.lastOffset
    if isNew, let civil = line.stamp.civil, civil.year == 0 {
      order.observe(yearless: civil, at: line.offset)
    }
    if time.isCompleted, let wall = time.wallMicros, isNew || !isSingle {
      let moments =
        isSingle ? ZonedMoments(first: wall, second: wall) : clock.moments(near: wall)
      if isNew { order.observe(moments, at: line.offset) }
      // A header that may be of either hour bounds nothing.
      time.wallMicros = order.moment(of: moments, at: line.offset)
    }
    track.observe(line, time)
  }

  /// Notes a line of which nothing is new but its clocks, with its date where that is without a
  /// year; false where it must be looked at closer, and nothing has been noted.
  mutating func observe(
    next time: LogTime, _ dayMicros: Int64, yearless date: (month: Int, day: Int)?,
    _ precision: Int64, at offset: Int
  ) -> Bool {
    if let date, !order.isOfLastDay(date.month, date.day) { return false }
    guard track.observe(next: time, precision: precision, at: offset) else { return false }
    if date != nil { order.observe(dayMicros) }
    if time.isCompleted, let wall = time.wallMicros {
      order.observe(ZonedMoments(first: wall, second: wall), at: offset)
    }
    return true
  }

  mutating func bootOfEvent(at offset: Int) -> Int {
    hasEvents = true
    return track.boot(at: offset)
  }

  func time(
    of printed: LogTime, _ clock: Clock, at offset: Int, _ years: inout HostYears
  ) -> LogTime {
    var time = printed
    guard time.isCompleted, let wall = time.wallMicros else {
      time = track.time(of: time, at: offset)
      return dated(time, clock, at: offset) ?? time
    }
    if time.isYearAssumed, let last = years.last,
      let moved = years.moved(wall, to: last - order.yearsBeforeLast(at: offset), clock)
    {
      // What other headers bound was noted with the year that their own dates suggest.
      time.wallMicros = moved
      return time
    }
    guard !years.isSingle(wall, clock) else { return track.time(of: time, at: offset) }
    let moments = clock.moments(near: wall)
    if let moment = order.moment(of: moments, at: offset) {
      time.wallMicros = moment
      return track.time(of: time, at: offset)
    }
    let (isFirst, isSecond) = (
      track.allows(moments.first, time, at: offset),
      track.allows(moments.second, time, at: offset)
    )
    guard isFirst != isSecond else {
      // It may be of either hour.
      time.wallMicros = moments.first
      time.errorMicros = (time.errorMicros ?? 0) + moments.second - moments.first
      return time
    }
    time.wallMicros = isFirst ? moments.first : moments.second
    return track.time(of: time, at: offset)
  }
}

extension SourceClocks.HostClock {
  /// The lines near one whose time holds as it is printed, of which the same is known; nil where
  /// their prefixes say all of it, or years would have to be told apart.
  func steadyTimes(
    around printed: LogTime, at offset: Int, _ years: HostYears
  ) -> SteadyTimes? {
    guard printed.isCompleted, order.isOfOneYear, let wall = printed.wallMicros,
      let uptime = printed.uptimeMicros,
      let walls = years.stretch(of: wall, isYearAssumed: printed.isYearAssumed),
      let (offsets, pace) = track.steadyPace(of: wall, uptime, at: offset)
    else { return nil }
    return SteadyTimes(offsets: offsets, walls: walls, pace: pace, basis: printed.basis)
  }

  /// A time that the log itself does not date, or by the battery clock alone, by the boot of the
  /// captured machine; nil where that is not known.
  private func dated(_ time: LogTime, _ clock: Clock, at offset: Int) -> LogTime? {
    guard let boot = clock.capturedBoot, let uptime = time.uptimeMicros,
      time.wallMicros == nil || time.basis == .batteryClock, track.countsFromLastBoot(at: offset)
    else { return nil }
    return LogTime(
      uptimeMicros: uptime, wallMicros: boot.wallMicros + uptime,
      errorMicros: boot.errorMicros + ClockDrift.micros(over: uptime), basis: .captured)
  }
}

/// The years of a host's stamps that print none, and the days in which an hour comes twice.
private struct HostYears: Sendable {
  /// The year of the host's last such stamp.
  let last: Int?
  /// A stretch of moments that are all in one year.
  private var known: (year: Int, moments: Range<Int64>)?

  /// Moments of which no time of the day comes twice.
  private var single: Range<Int64>?

  init(last: Int?) {
    self.last = last
  }

  /// The moments around one that are known to be of the year in which it is and to come once; nil
  /// where it is not.
  func stretch(of wall: Int64, isYearAssumed: Bool) -> Range<Int64>? {
    guard var stretch = single else { return nil }
    if isYearAssumed, last != nil {
      guard let moments = known?.moments else { return nil }
      stretch = stretch.clamped(to: moments)
    }
    return stretch.contains(wall) ? stretch : nil
  }

  /// Whether the time of the day at a moment can mean that moment only.
  mutating func isSingle(_ wall: Int64, _ clock: Clock) -> Bool {
    if let single, single.contains(wall) { return true }
    let (day, second): (Int64, Int64) = (86_400_000_000, 1_000_000)
    if clock.utcOffset((wall - 2 * day) / second) == clock.utcOffset((wall + 2 * day) / second) {
      single = wall - day..<wall + day
      return true
    }
    let moments = clock.moments(near: wall)
    return moments.first == moments.second
  }

  /// A moment in the year that the order of the lines gives it; nil where that is the one it has.
  mutating func moved(_ wall: Int64, to year: Int, _ clock: Clock) -> Int64? {
    if let known, known.year == year, known.moments.contains(wall) { return nil }
    var civil = clock.civil(at: wall)
    guard civil.year != year else {
      known = (year, Self.inside(year, clock))
      return nil
    }
    civil.year = year
    return civil.isValid ? clock.moments(of: civil).first : nil
  }

  /// The moments of a year, but for its first and its last day: in no zone are they of another one.
  private static func inside(_ year: Int, _ clock: Clock) -> Range<Int64> {
    let day: Int64 = 86_400_000_000
    let start = clock.moments(of: CivilTime(year: year, month: 1, day: 1)).first + day
    let end = clock.moments(of: CivilTime(year: year + 1, month: 1, day: 1)).first - day
    return start..<max(start, end)
  }
}

extension LogTime {
  /// Whether the prefix printed a time of the day that a zone, or a year, had to be added to.
  fileprivate var isCompleted: Bool {
    switch basis {
    case .printedInZone, .printedZoneAssumed, .printedYearAssumed, .yearAssumed, .convertedInZone,
      .convertedZoneAssumed:
      true
    default: false
    }
  }

  fileprivate var isYearAssumed: Bool { basis == .printedYearAssumed || basis == .yearAssumed }
}
