internal import KernelLog

/// Logs whose newest line comes first, as log stores and `journalctl -r` give them: no report of
/// theirs begins before it ends.
enum ReversedOrder {
  /// So many steps back and none forth are no boots or processors; many lines have one stamp.
  private static let leastSteps = 3

  /// Whether the lines that a source begins with go back in time again and again, and none of a host's
  /// goes on.
  static func holds(_ lines: [(line: ClockSighting, printed: LogTime)]) -> Bool {
    var last: [LogText?: Int64] = [:]
    var steps = 0
    for (line, printed) in lines {
      guard let moment = printed.uptimeMicros ?? printed.wallMicros else { continue }
      if let before = last[line.host] {
        if moment > before { return false }
        steps += moment < before ? 1 : 0
      }
      last[line.host] = moment
    }
    return steps >= leastSteps
  }
}
