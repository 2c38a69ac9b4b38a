/// The clocks of every host in a source: its boots, what ties them to the wall clock, and what the
/// order of its lines tells about stamps that print too little.
///
/// Lines are observed in the order of the source, though not all of them: the first and last ones,
/// one now and then between, the kernel's words about its clocks, and the key lines of reports. The
/// memory that a host takes is bounded.
package struct SourceClocks: Sendable {
  private let clock: Clock
  private var hosts: [LogText?: HostClock] = [:]
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

  /// Notes a line. Of those before the last one noted only what their headers say is new.
  package mutating func observe(_ line: ClockSighting) {
    guard hosts.count < Self.mostHosts || hosts[line.host] != nil else { return }
    hosts[line.host, default: HostClock()].observe(line, clock)
  }

  /// Whether a host has just booted and more of its first lines would tell that boot from others.
  package func isBooting(_ host: LogText?) -> Bool { hosts[host]?.track.beginnings.isOpen ?? false }

  /// The boot of an event of which a line stands at an offset, counted from 0 for its host.
  package mutating func boot(of host: LogText?, at offset: Int) -> Int {
    hosts[host, default: HostClock()].bootOfEvent(at: offset)
  }

  /// What is known of one host, for those who ask about many of its lines.
  package struct HostTimes: Sendable {
    fileprivate let host: HostClock?
    fileprivate let clock: Clock

    /// The stretch in which one anchor holds, counted from 0, of a line that stands at an offset.
    package func segment(at offset: Int) -> Int { host?.track.segment(at: offset) ?? 0 }

    /// Whether the boot of a line that stands at an offset is shown to be another one than those before
    /// it, and no copy of their lines.
    package func isBootShown(at offset: Int) -> Bool {
      host?.track.isBootShown(at: offset) ?? false
    }

    /// See `SourceClocks.time(of:host:at:)`.
    package func time(of printed: LogTime, at offset: Int) -> LogTime {
      host?.time(of: printed, clock, at: offset) ?? printed
    }
  }

  /// What is known of one host's clock, for many questions about it.
  package func times(of host: LogText?) -> HostTimes { HostTimes(host: hosts[host], clock: clock) }

  /// The boots of the hosts that have events.
  package var bootCount: Int {
    hosts.values.reduce(0) { $0 + ($1.hasEvents ? $1.track.lastBoot + 1 : 0) }
  }

  /// What all that has been observed makes of the time that a line at an offset prints.
  ///
  /// It is as good as what has been read so far: before the end, a year or a late header may be
  /// taken for what they seem.
  package func time(of printed: LogTime, host: LogText?, at offset: Int) -> LogTime {
    times(of: host).time(of: printed, at: offset)
  }

  /// The time of a line that was sighted.
  package func time(of line: ClockSighting) -> LogTime {
    time(of: clock.time(of: line.stamp, line.carrier), host: line.host, at: line.offset)
  }

  /// Where anchors contradict each other: the first few, in no host's order.
  package var conflicts: [ClockConflict] {
    let all = hosts.values.flatMap { $0.hasEvents ? $0.track.conflicts : [] }
    return Array(all.sorted { $0.micros > $1.micros }.prefix(3))
  }
}

extension SourceClocks.HostClock {
  mutating func observe(_ line: ClockSighting, _ clock: Clock) {
    var time = clock.time(of: line.stamp, line.carrier)
    if line.offset > track.lastOffset {
      if let civil = line.stamp.civil, civil.year == 0 {
        order.observe(yearless: civil, at: line.offset)
      }
      if time.isCompleted, let wall = time.wallMicros {
        time.wallMicros = order.choose(clock.moments(near: wall), at: line.offset)
      }
    }
    track.observe(line, time)
  }

  mutating func bootOfEvent(at offset: Int) -> Int {
    hasEvents = true
    return track.boot(at: offset)
  }

  func time(of printed: LogTime, _ clock: Clock, at offset: Int) -> LogTime {
    var time = printed
    guard time.isCompleted, let wall = time.wallMicros else {
      return track.time(of: time, at: offset)
    }
    if time.isYearAssumed, let moved = dated(wall, clock, at: offset) {
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
  /// Whether the prefix printed a time of the day that a zone, or a year, had to be added to.
  fileprivate var isCompleted: Bool {
    [.printedZoneAssumed, .printedYearAssumed, .yearAssumed, .convertedZoneAssumed].contains(basis)
  }

  fileprivate var isYearAssumed: Bool { basis == .printedYearAssumed || basis == .yearAssumed }
}
