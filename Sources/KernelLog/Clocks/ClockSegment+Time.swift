extension ClockSegment {
  /// Notes what a line's prefix says of the wall clock: how coarsely it does, and when a journal
  /// read the line.
  mutating func note(_ time: LogTime, _ uptime: Int64, precision: Int64, read: Int64?) {
    guard let wall = time.wallMicros else { return }
    switch time.basis {
    case .journal:
      add(pair: wall, at: uptime)
      guard let read else { return }
      headers.add(uptime: uptime, header: read, precision: precision)
      headerBasis = .header
    case .printed, .printedInZone, .yearAssumed:
      headers.add(uptime: uptime, header: wall, precision: precision)
      headerBasis = .header
    case .printedZoneAssumed, .printedYearAssumed:
      headers.add(uptime: uptime, header: wall, precision: precision)
      headerBasis = .headerZoneAssumed
    case .none, .live, .converted, .convertedInZone, .convertedZoneAssumed, .header,
      .headerZoneAssumed, .audit, .batteryClock, .captured, .user:
      break
    }
  }

  /// What the segment's anchors make of the time that a line's prefix prints.
  ///
  /// A more trusted anchor is never averaged with a lesser one: the lesser ones may only narrow it.
  func time(of printed: LogTime, _ uptime: Int64) -> LogTime {
    if printed.basis == .journal { return narrowed(printed, uptime) }
    let estimate = hasAnchors ? estimates(at: uptime).first : nil
    if let estimate, estimate.basis != .batteryClock {
      if let wall = printed.wallMicros {
        let apart = abs(wall - estimate.wall)
        if apart <= estimate.error + (printed.errorMicros ?? 0) {
          var time = doubted(printed, wall, uptime)
          time.errorMicros = min(time.errorMicros ?? .max, apart + estimate.error)
          return time
        }
      }
      return LogTime(estimate, uptime)
    }
    if let time = headerTime(of: printed, uptime) { return time }
    guard printed.wallMicros == nil, let estimate else { return printed }
    var time = LogTime(estimate, uptime)
    // The battery clock may be hours off until somebody sets it.
    time.errorMicros = nil
    return time
  }

  /// The pace at which the times of lines around an uptime hold as they are printed; nil where
  /// their headers are not all that is known.
  func steadyPace(of wall: Int64, _ uptime: Int64) -> HeaderEnvelope.SteadyPace? {
    hasAnchors ? nil : headers.steadyPace(uptime: uptime, header: wall)
  }

  /// Whether the anchors allow a moment at an uptime, which another one an hour away may be.
  func allows(_ wall: Int64, at uptime: Int64) -> Bool {
    if let estimate = estimates(at: uptime).first, estimate.basis != .batteryClock {
      return abs(wall - estimate.wall) <= estimate.error + Self.slack
    }
    guard let bound = headers.bound(at: uptime) else { return true }
    return wall - uptime <= bound.high + Self.slack
      && bound.low.map { wall - uptime >= $0 - Self.slack } ?? true
  }

  /// How far headers may be off that still are of one hour.
  private static let slack: Int64 = 600_000_000

  /// How sure what the headers say is at best.
  private static let headerError: Int64 = 10_000

  /// A time by the journal's two clocks, whose error grows with the uptime: where lines were read at
  /// once, the time of reading says more.
  private func narrowed(_ time: LogTime, _ uptime: Int64) -> LogTime {
    guard let wall = time.wallMicros, let error = time.errorMicros,
      let bound = headers.bound(at: uptime), let low = bound.low
    else { return time }
    let nearest = min(max(wall, uptime + low), uptime + bound.high)
    guard abs(nearest - wall) <= error else { return time }
    var narrowed = time
    narrowed.wallMicros = nearest
    narrowed.errorMicros = min(error, bound.high - low + Self.headerError)
    return narrowed
  }

  /// A time by the headers around it: nil where they say nothing better than the line's own.
  private func headerTime(of printed: LogTime, _ uptime: Int64) -> LogTime? {
    if let wall = printed.wallMicros, !headers.mayBeLate(uptime: uptime, header: wall) {
      return headers.isEmpty ? nil : doubted(printed, wall, uptime)
    }
    guard let bound = headers.bound(at: uptime) else { return nil }
    if let wall = printed.wallMicros {
      guard wall - uptime - bound.high > HeaderEnvelope.promptMicros,
        !headers.isSteady(uptime: uptime, header: wall)
      else { return doubted(printed, wall, uptime) }
    }
    guard let low = bound.low else {
      return LogTime(
        uptimeMicros: uptime, wallMicros: uptime + bound.high, errorMicros: nil,
        basis: headerBasis)
    }
    let width = bound.high - low
    let half = width <= Self.narrow ? width / 2 : 0
    return LogTime(
      uptimeMicros: uptime, wallMicros: uptime + bound.high - half,
      errorMicros: width - half + Self.headerError, basis: headerBasis)
  }

  /// A header's own time, which is as sure as other headers of the boot keep its pace: those before it
  /// may show it to be late, or the machine to have slept.
  private func doubted(_ printed: LogTime, _ wall: Int64, _ uptime: Int64) -> LogTime {
    guard let error = printed.errorMicros else { return printed }
    var time = printed
    if let lag = headers.steadyLag(uptime: uptime, header: wall) {
      time.errorMicros = max(error, lag + Self.headerError)
      return time
    }
    let lag = headers.lag(uptime: uptime, header: wall)
    guard lag <= Self.longestLag else { return printed }
    time.errorMicros = headers.mayAllBeLate ? nil : max(lag + error, Self.headerError)
    return time
  }

  /// No daemon is later: beyond it, the machine slept or the clock was set.
  private static let longestLag: Int64 = 1_800_000_000

  /// Between bounds that are further apart the later one is nearer to the truth: daemons are prompt.
  private static let narrow: Int64 = 2_000_000

  /// Where the segment's anchors contradict each other.
  var conflict: ClockConflict? {
    guard let uptime else { return nil }
    let estimates = estimates(at: uptime)
    guard let kept = estimates.first else { return nil }
    for other in estimates.dropFirst() {
      let micros = kept.disagreement(with: other)
      if micros > ClockConflict.least {
        return ClockConflict(micros: micros, kept: kept.basis, other: other.basis, cut: nil)
      }
    }
    guard let bound = headers.bound(at: uptime), kept.basis != .journal else { return nil }
    let early = kept.wall - kept.error - (uptime + bound.high)
    let late = bound.low.map { uptime + $0 - kept.wall - kept.error } ?? 0
    let micros = max(early, late)
    guard micros > ClockConflict.least else { return nil }
    let isWeak = kept.basis == .batteryClock
    return ClockConflict(
      micros: micros, kept: isWeak ? headerBasis : kept.basis,
      other: isWeak ? kept.basis : headerBasis, cut: nil)
  }
}

extension LogTime {
  fileprivate init(_ estimate: ClockEstimate, _ uptime: Int64) {
    self.init(
      uptimeMicros: uptime, wallMicros: estimate.wall, errorMicros: estimate.error,
      basis: estimate.basis)
  }
}
