/// When something was logged: since boot, on the wall clock, and how sure that is.
package struct LogTime: Sendable, Equatable, Hashable {
  /// Microseconds since boot as printk stamped it; nil where the line has no such stamp.
  package var uptimeMicros: Int64?
  /// Microseconds since 1970-01-01 UTC; nil where nothing ties the line to the wall clock.
  package var wallMicros: Int64?
  /// The largest error to be expected of `wallMicros`; nil where it cannot be bounded.
  package var errorMicros: Int64?
  package var basis: Basis

  /// What `wallMicros` rests on.
  package enum Basis: UInt8, Sendable, CaseIterable {
    /// No wall-clock time.
    case none
    /// Printed with its offset from UTC.
    case printed
    /// Printed without a zone; the session's zone is assumed.
    case printedZoneAssumed
    /// Printed without zone and year (RFC 3164); both assumed.
    case printedYearAssumed
    /// The uptime plus the boot time of the running kernel.
    case live
    /// The uptime plus the boot time that a journal entry's two clocks give.
    case journal
  }

  package init(
    uptimeMicros: Int64? = nil, wallMicros: Int64? = nil, errorMicros: Int64? = nil,
    basis: Basis = .none
  ) {
    self.uptimeMicros = uptimeMicros
    self.wallMicros = wallMicros
    self.errorMicros = errorMicros
    self.basis = basis
  }
}
