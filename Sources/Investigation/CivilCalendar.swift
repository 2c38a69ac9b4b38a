package import KernelLog

/// Turns moments into the dates and hours of a zone.
///
/// The zone is asked once for each quarter of an hour: its rules are slow to follow a million times,
/// and clocks change at whole quarters.
package struct CivilCalendar: Sendable {
  /// The offset from UTC in seconds at a moment (seconds since 1970).
  private let utcOffset: @Sendable (Int64) -> Int
  private var quarter = Int64.min
  private var offset = 0

  private static let quarterMicros: Int64 = 900_000_000

  package init(utcOffset: @escaping @Sendable (Int64) -> Int) {
    self.utcOffset = utcOffset
  }

  /// The offset from UTC in seconds at a moment in microseconds since 1970.
  package mutating func offset(at wall: Int64) -> Int {
    let now = wall.flooredDivision(by: Self.quarterMicros)
    if now != quarter {
      quarter = now
      offset = utcOffset(now.multipliedReportingOverflow(by: 900).partialValue)
    }
    return offset
  }

  /// What the clocks on the wall show at a moment, in microseconds since 1970.
  package mutating func civil(_ wall: Int64) -> CivilTime {
    CivilTime(unixMicros: wall, offset: offset(at: wall))
  }
}

extension Int64 {
  /// Division that rounds towards minus infinity, for a positive divisor.
  func flooredDivision(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
