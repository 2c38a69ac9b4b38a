internal import KernelLog
internal import OOMReports

/// Whether two reports with the same kill line are one kill that several logs hold.
///
/// The text of a kill line is the same in every form of a log; what comes before it is not: one form
/// prints the uptime, another the wall clock, a third the host. Whatever both of them print must
/// agree.
enum Sameness {
  /// How late a daemon may stamp a line: it was started, or resumed, long after the kernel wrote.
  private static let lateness: Int64 = 30 * 60 * 1_000_000

  private static let second: Int64 = 1_000_000

  static func holds(_ known: Event, _ other: Event) -> Bool {
    if let host = known.host, let otherHost = other.host, host != otherHost { return false }
    let (time, otherTime) = (known.time, other.time)
    let hasSizes = known.victim?.totalVM != nil
    if let uptime = time.uptimeMicros, let otherUptime = otherTime.uptimeMicros {
      return uptime == otherUptime
    }
    if let wall = time.wallMicros, let otherWall = otherTime.wallMicros {
      return abs(wall - otherWall) <= (hasSizes ? lateness : second)
    }
    // Only the text is left. Within one input the same line twice is two kills; between two, its
    // sizes are as good as a stamp, and without sizes nothing is.
    return known.input != other.input && hasSizes
  }
}
