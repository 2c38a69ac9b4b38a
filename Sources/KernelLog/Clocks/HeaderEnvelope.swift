/// What the headers that a daemon writes before kernel lines prove about the moment of boot.
///
/// A header is the time at which the daemon read the line, so it is never before the line was
/// logged: `header + precision - uptime` bounds the moment of boot from above, and its minimum
/// follows the truth as soon as some lines were read at once, however late the others came. A
/// daemon that starts late, and writes all that was logged before it with its own time, is found
/// so. The moment of boot drifts, since printk's clock is not disciplined; hence windows.
package struct HeaderEnvelope: Sendable {
  private var windows: [Window] = []
  /// The smallest upper bound of all.
  private var lowest = Int64.max
  /// The largest `header - uptime`, its uptime, and by how much at most a line of a later uptime is
  /// below it, which a suspend is no reason for.
  private var latest = (lag: Int64.min, uptime: Int64.min)
  private var catchUp: Int64 = 0
  private var widthMicros: Int64 = 900_000_000

  /// How many stretches with lines behind an uptime may bound it: a daemon may start hours late.
  private static let reach = 16

  /// A month of quarters of an hour, in at most an hour each.
  private static let mostWindows = 1024

  /// How late a daemon is whose lines still count as read at once.
  static let promptMicros: Int64 = 1_000_000

  /// Lines whose headers keep pace with their uptimes over such a span were read when they were
  /// logged: those of a daemon that catches up all have about the same header.
  fileprivate static let provingSpan: Int64 = 10_000_000

  /// For how long a pace is to be kept that is later than another one: a daemon on a machine without
  /// memory may be seconds late for most of a minute.
  private static let steadySpan: Int64 = 120_000_000

  /// Lines whose headers keep pace with their uptimes.
  fileprivate struct Pace {
    /// The smallest `header + precision - uptime`.
    var high: Int64
    /// The largest `header - uptime`.
    var low: Int64
    var precision: Int64
    /// The uptimes of the first and the last of them.
    var from: Int64
    var to: Int64

    var isProven: Bool { to - from >= HeaderEnvelope.provingSpan }

    /// Not earlier than this is the moment of boot, if the pace is proven.
    var earliest: Int64 { Swift.max(high - precision, Swift.min(low, high)) }
  }

  fileprivate struct Window {
    /// Which stretch of uptime it is for, in widths.
    let index: Int64
    /// The earliest pace is the one that bounds; the others are of lines that were read late, or
    /// before the wall clock was set back.
    var paces: [Pace]
    fileprivate static let mostPaces = 4
  }

  /// What is known about the moment of boot as one line's uptime counts from it.
  package struct Bound: Sendable, Equatable {
    /// Not later than this, in microseconds since 1970 UTC.
    package let high: Int64
    /// Not earlier than this; nil where nothing shows that lines were read when they were logged.
    package let low: Int64?
  }

  package init() {}

  package var isEmpty: Bool { windows.isEmpty }

  /// Notes a line's header, which may be up to `precision` before the time of reading.
  package mutating func add(uptime: Int64, header: Int64, precision: Int64) {
    lowest = min(lowest, header + precision - uptime)
    noteLag(header - uptime, at: uptime)
    add(
      Pace(
        high: header + precision - uptime, low: header - uptime, precision: precision,
        from: uptime, to: uptime),
      in: uptime / widthMicros)
    if windows.count > Self.mostWindows { widen() }
  }

  private mutating func noteLag(_ lag: Int64, at uptime: Int64) {
    // Lines are not noted in the order of their uptimes.
    if lag > latest.lag {
      latest = (lag, uptime)
    } else if uptime > latest.uptime {
      catchUp = max(catchUp, latest.lag - lag)
    }
  }

  private mutating func add(_ pace: Pace, in index: Int64) {
    // Nearly every line is of the newest stretch.
    let isOfLast = windows.last?.index == index
    let place =
      isOfLast ? windows.count - 1 : windows.firstIndex(notBefore: index) { $0.index }
    if place < windows.count, windows[place].index == index {
      windows[place].add(pace)
    } else {
      windows.insert(Window(index: index, paces: [pace]), at: place)
    }
  }

  /// What the headers say of an uptime; nil where none bounds it.
  ///
  /// A suspend only ever moves the moment of boot on, as stamps count it, and need not be logged. So
  /// a line bounds those before it from above and those behind it from below, not the other way.
  package func bound(at uptime: Int64) -> Bound? {
    let place = windows.firstIndex(notBefore: uptime / widthMicros) { $0.index }
    var high = Int64.max
    var low: Int64?
    for window in windows[max(place - 2, 0)..<min(place + Self.reach, windows.count)] {
      for pace in window.paces {
        if pace.to >= uptime {
          high = min(high, pace.high + ClockDrift.micros(over: max(pace.from - uptime, 0)))
        }
        if pace.isProven, pace.from <= uptime {
          let drift = ClockDrift.micros(over: max(uptime - pace.to, 0))
          low = max(low ?? .min, pace.earliest - drift)
        }
      }
    }
    guard high < .max else { return nil }
    // A daemon that fell behind between the two proves nothing.
    return Bound(
      high: high, low: low.flatMap { $0 <= high + Self.promptMicros ? min($0, high) : nil })
  }

  /// Whether a line's header may be late at all: no bound is lower than the lowest. Where there is none,
  /// nothing shows that it is.
  func mayBeLate(uptime: Int64, header: Int64) -> Bool {
    header - uptime - Self.promptMicros > lowest
  }

  /// Whether headers were written late and none is shown to be prompt, so that all of them may be late
  /// by any time: a daemon that writes at once what it had not got to.
  var mayAllBeLate: Bool {
    catchUp > 2 * Self.promptMicros
      && !windows.contains { $0.paces.contains(where: \.isProven) }
  }

  /// By how much a line's header is later than the most prompt one of the boot, in microseconds.
  func lag(uptime: Int64, header: Int64) -> Int64 { max(header - uptime, lowest) - lowest }

  /// Whether the lines around one kept its pace, so that its header is the time of its logging by a
  /// clock that was set later.
  package func isSteady(uptime: Int64, header: Int64) -> Bool {
    steady(uptime: uptime, header: header) != nil
  }

  /// By how much a line's header is later than the most prompt one of those that keep its pace, in
  /// microseconds; nil where the lines around it keep none.
  func steadyLag(uptime: Int64, header: Int64) -> Int64? {
    steady(uptime: uptime, header: header).map { max(header - uptime - $0.pace.earliest, 0) }
  }

  /// The pace that the lines around one keep with it, but for headers that may be later than their
  /// precision tells; nil where they keep none.
  func steadyPace(uptime: Int64, header: Int64) -> SteadyPace? {
    guard uptime >= 0, let (pace, lags) = steady(uptime: uptime, header: header),
      pace.precision >= Self.promptMicros
    else { return nil }
    let latest = min(
      lags.upperBound, lowest + Self.promptMicros, pace.earliest + pace.precision)
    guard lags.lowerBound <= latest else { return nil }
    let start = uptime / widthMicros * widthMicros
    return SteadyPace(
      uptimes: start..<start + widthMicros, lags: lags.lowerBound...latest)
  }

  private func steady(
    uptime: Int64, header: Int64
  ) -> (pace: Pace, lags: ClosedRange<Int64>)? {
    for window in near(uptime) {
      for pace in window.paces where pace.to - pace.from >= Self.steadySpan {
        guard !window.hasPrompter(than: pace) else { continue }
        let slack = pace.precision + Self.promptMicros
        let lags = pace.low - slack...pace.low + slack
        if lags.contains(header - uptime) { return (pace, lags) }
      }
    }
    return nil
  }

  private func near(_ uptime: Int64) -> ArraySlice<Window> {
    let place = windows.firstIndex(notBefore: uptime / widthMicros) { $0.index }
    return windows[max(place - 2, 0)..<min(place + 3, windows.count)]
  }

  private mutating func widen() {
    let narrow = windows
    widthMicros *= 2
    windows = []
    for window in narrow {
      for pace in window.paces { add(pace, in: window.index / 2) }
    }
  }
}

extension HeaderEnvelope.Window {
  /// Whether lines were read more promptly than those of a pace while that was kept: no clock is set
  /// back and forth, so these were read late.
  fileprivate func hasPrompter(than pace: HeaderEnvelope.Pace) -> Bool {
    paces.contains {
      $0.high + HeaderEnvelope.promptMicros < pace.high && $0.from < pace.to && pace.from < $0.to
    }
  }

  fileprivate mutating func add(_ pace: HeaderEnvelope.Pace) {
    let prompt = HeaderEnvelope.promptMicros
    if let index = paces.firstIndex(where: { abs($0.high - pace.high) <= prompt }) {
      paces[index].join(pace)
      guard index > 0, paces[index].high < paces[index - 1].high else { return }
    } else {
      paces.append(pace)
    }
    paces.sort { $0.high < $1.high }
    guard paces.count > Self.mostPaces else { return }
    // The first one bounds; of the others, what proves nothing goes.
    let idle = paces.indices.dropFirst().min {
      paces[$0].to - paces[$0].from < paces[$1].to - paces[$1].from
    }
    if let idle { paces.remove(at: idle) }
  }
}

extension HeaderEnvelope.Pace {
  fileprivate mutating func join(_ other: Self) {
    if other.high < high { (high, precision) = (other.high, other.precision) }
    low = Swift.max(low, other.low)
    from = Swift.min(from, other.from)
    to = Swift.max(to, other.to)
  }
}

/// How far printk's clock may run from the wall clock's pace.
package enum ClockDrift {
  /// 50 millionths: oscillators of machines keep it; 1.7 to 40 were measured.
  package static func micros(over span: Int64) -> Int64 { Int64(span.magnitude / 20_000) }
}

extension Array {
  /// The first index whose key is not below a value, in an array that is sorted by the key.
  @inline(__always)
  func firstIndex(notBefore value: Int64, _ key: (Element) -> Int64) -> Int {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if key(self[middle]) < value {
        range = middle + 1..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }
}
