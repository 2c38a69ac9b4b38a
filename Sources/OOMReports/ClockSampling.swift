internal import KernelLog

/// What the stamps of a source's lines tell of its clocks: of all that are looked at for their events,
/// and of some in between that are looked at for nothing else.
struct ClockSampling: Sendable {
  var clocks: SourceClocks
  /// The source's offset of the next record that is looked at for its stamps alone.
  private(set) var next = Limit.sampling
  /// Whether lines of a container's log have been seen, which may part key words.
  private(set) var isContainer = false

  private enum Limit {
    /// How much behind the kernel's banner is read at most, which tells a boot from a copy, and how
    /// much at once.
    static let beginning = 48 << 10, step = 2 << 10
    /// Between these, one record in so many bytes is looked at: a year may pass, or a daemon catch up,
    /// between two reports.
    static let sampling = 256 << 10
    /// How much of the end is read for the newest time.
    static let tail = 16 << 10
  }

  /// Looks at the record at the next place of a sample, unless that is before `floor`, the end of the
  /// last record that was looked at; nil where the window has lost it.
  mutating func sample(in window: LogWindow, _ format: LogFormat, behind floor: Int?) {
    let place = next - window.base
    next += Limit.sampling
    observeRecord(at: place, in: window, format, behind: floor)
  }

  /// Looks at the line right before a report, unless it ends before `floor`, where what was looked at
  /// ends: of what a report tells of, a daemon may fall behind, and its stamps are late.
  mutating func sample(
    before report: Int, in window: LogWindow, _ format: LogFormat, behind floor: Int?
  ) {
    observeRecord(at: report - 1, in: window, format, behind: floor)
  }

  /// Notes what the record around a place tells about clocks.
  private mutating func observeRecord(
    at place: Int, in window: LogWindow, _ format: LogFormat, behind floor: Int?
  ) {
    guard let floor, place >= floor else { return }
    let start = window.withBytes { format.recordStart(of: place, in: $0, floor: floor) }
    guard place - start < LogFormat.longestLine else { return }
    observe(start..<start + 1, in: window, format)
  }

  /// Notes what the records that begin in a range of the window tell about clocks.
  ///
  /// - Returns: The lines, and what their prefixes print of their times.
  @discardableResult
  mutating func observe(
    _ range: Range<Int>, in window: LogWindow, _ format: LogFormat
  ) -> [(line: ClockSighting, printed: LogTime)] {
    let lines = window.withBytes { format.sightings(in: $0, range, base: window.base) }
    return lines.map { line in
      isContainer = isContainer || line.carrier == .container
      return (line, clocks.observe(line))
    }
  }

  /// Looks at the first stamps behind the banner of a host that boots, which ends at a place.
  mutating func observeBoot(
    of host: LogText?, behind place: Int, in window: LogWindow, _ format: LogFormat
  ) {
    var from = place
    let end = min(place + Limit.beginning, window.count)
    while from < end, clocks.isBooting(host) {
      let next = window.withBytes {
        format.recordStart(behind: min(from + Limit.step, end), in: $0)
      }
      observe(from..<min(next ?? end, end), in: window, format)
      from = next ?? end
    }
  }

  /// The newest time that the last lines of the source print.
  mutating func timeAtEnd(of window: LogWindow, _ format: LogFormat) -> LogTime {
    let from = max(window.count - Limit.tail, 0)
    let first = from == 0 ? 0 : window.withBytes { min($0.lineEnd(of: from) + 1, $0.count) }
    var newest = LogTime()
    var times: [LogText?: SourceClocks.HostTimes] = [:]
    for (line, printed) in observe(first..<window.count, in: window, format) {
      let time = times[line.host, default: clocks.times(of: line.host)].time(
        of: printed, at: line.offset)
      if let wall = time.wallMicros, wall >= newest.wallMicros ?? .min {
        newest = time
      } else if time.uptimeMicros != nil, newest.wallMicros == nil || newest.isDerived {
        newest = time
      }
    }
    return newest
  }
}
