internal import KernelLog

/// What the user says: at this uptime the wall clock showed that.
struct UserAnchor: Sendable, Equatable {
  let uptime: Int64
  let wall: Int64

  /// Nobody gives a time more exactly than to the second.
  private static let error: Int64 = 1_000_000

  /// The time of a line of the same stretch; one without uptime keeps what it prints.
  func time(of printed: LogTime) -> LogTime {
    guard let micros = printed.uptimeMicros else { return printed }
    let distance = micros - uptime
    return LogTime(
      uptimeMicros: micros, wallMicros: wall + distance,
      errorMicros: Self.error + ClockDrift.micros(over: distance), basis: .user)
  }
}
