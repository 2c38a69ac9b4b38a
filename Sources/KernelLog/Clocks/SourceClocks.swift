/// The clocks of every host in a source: its boots, what ties them to the wall clock, and what the
/// order of its lines tells about stamps that print too little.
///
/// Lines are observed in the order of the source, though not all of them: the first and last ones,
/// one now and then between, the kernel's words about its clocks, and those of reports. The memory
/// it takes is bounded for each host.
package struct SourceClocks: Sendable {
  private let clock: Clock
  private var hosts: [LogText?: HostClock] = [:]
  private var decoder = MessageDecoder()
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

  /// Notes a record that begins at an offset of the source; those before the last one are known.
  package mutating func observe(_ record: LogRecord, in bytes: Span<UInt8>, at offset: Int) {
    guard record.stamp != Stamp() || !record.isBare else { return }
    let mark =
      record.origin == .program
      ? nil : decoder.withMessage(of: record, in: bytes) { ClockMark($0) }
    observe(
      record.stamp, record.carrier, mark, host: record.host.map { bytes.text($0) }, at: offset)
  }

  /// Notes a line that has been read.
  package mutating func observe(
    _ stamp: Stamp, _ carrier: Carrier, _ mark: ClockMark?, host: LogText?, at offset: Int
  ) {
    guard hosts.count < Self.mostHosts || hosts[host] != nil else { return }
    let first = clock.time(of: stamp, carrier)
    hosts[host, default: HostClock()].observe(stamp, first, mark, clock, at: offset)
  }

  /// The boot of an event of which a line stands at an offset, counted from 0 for its host.
  package mutating func boot(of host: LogText?, at offset: Int) -> Int {
    hosts[host, default: HostClock()].hasEvents = true
    return hosts[host]?.track.boot(at: offset) ?? 0
  }

  /// The stretch of an event's host in which one anchor holds, counted from 0.
  package func segment(of host: LogText?, at offset: Int) -> Int {
    hosts[host]?.track.segment(at: offset) ?? 0
  }

  /// The boots of the hosts that have events.
  package var bootCount: Int {
    hosts.values.reduce(0) { $0 + ($1.hasEvents ? $1.track.lastBoot + 1 : 0) }
  }

  /// What all that has been observed makes of the time that a line at an offset prints.
  ///
  /// It is as good as what has been read so far: before the end, a year or a late header may be
  /// taken for what they seem.
  package func time(of printed: LogTime, host: LogText?, at offset: Int) -> LogTime {
    guard let known = hosts[host] else { return printed }
    return known.time(of: printed, clock, at: offset)
  }

  /// Where anchors contradict each other: the first few, in no host's order.
  package var conflicts: [ClockConflict] {
    let all = hosts.values.flatMap { $0.hasEvents ? $0.track.conflicts : [] }
    return Array(all.sorted { $0.micros > $1.micros }.prefix(3))
  }
}

extension SourceClocks.HostClock {
  mutating func observe(
    _ stamp: Stamp, _ printed: LogTime, _ mark: ClockMark?, _ clock: Clock, at offset: Int
  ) {
    var time = printed
    if let civil = stamp.civil, civil.year == 0 { order.observe(yearless: civil, at: offset) }
    if time.isZoneAssumed, let wall = time.wallMicros {
      time.wallMicros = order.choose(clock.moments(near: wall), at: offset)
    }
    track.observe(stamp, time, mark, at: offset)
  }

  func time(of printed: LogTime, _ clock: Clock, at offset: Int) -> LogTime {
    var time = printed
    guard time.isZoneAssumed, let wall = time.wallMicros else {
      return track.time(of: time, at: offset)
    }
    if time.basis == .printedYearAssumed, let moved = dated(wall, clock, at: offset) {
      // What other headers bound was noted with the year that their own dates suggest.
      time.wallMicros = moved
      return time
    }
    let moments = clock.moments(near: wall)
    if order.isSecond(moments, at: offset) { time.wallMicros = moments.second }
    return track.time(of: time, at: offset)
  }

  /// A moment in the year that the order of the lines gives it; nil where that is the one it has.
  private func dated(_ wall: Int64, _ clock: Clock, at offset: Int) -> Int64? {
    guard let last = order.last, let year = clock.likelyYear(of: last) else { return nil }
    var civil = clock.civil(at: wall)
    let right = year - order.yearsBeforeLast(at: offset)
    guard civil.year != right else { return nil }
    civil.year = right
    return civil.isValid ? clock.moments(of: civil).first : nil
  }
}

extension LogTime {
  /// Whether the moment rests on a guess about the zone.
  fileprivate var isZoneAssumed: Bool {
    basis == .printedZoneAssumed || basis == .printedYearAssumed
  }
}
