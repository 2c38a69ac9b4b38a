/// Lines of a host whose own times hold as their prefixes print them, so that nothing need be asked
/// about each of them: most logs are nothing but a few such stretches.
struct SteadyTimes: Sendable {
  /// Where the lines stand in the source.
  let offsets: Range<Int>
  /// Between which moments none needs another year, or comes twice on the clock.
  let walls: Range<Int64>
  let pace: HeaderEnvelope.SteadyPace
  let basis: LogTime.Basis

  /// Whether a time that the prefix of a line prints holds.
  func holds(_ time: LogTime, at offset: Int) -> Bool {
    guard let wall = time.wallMicros, let uptime = time.uptimeMicros else { return false }
    return basis == time.basis && offsets.contains(offset) && walls.contains(wall)
      && pace.uptimes.contains(uptime) && pace.lags.contains(wall - uptime)
  }
}

extension HeaderEnvelope {
  /// A pace that the lines around an uptime keep, whose headers so are the times of their logging.
  struct SteadyPace: Sendable {
    /// All uptimes around which there are the same lines.
    let uptimes: Range<Int64>
    /// By how much the pace's headers may be later than their uptimes.
    let lags: ClosedRange<Int64>
  }
}
