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
    /// Printed without a zone, which is given: an hour may be there twice.
    case printedInZone
    /// Printed without a zone; the session's zone is assumed.
    case printedZoneAssumed
    /// Printed without zone and year (RFC 3164); both assumed.
    case printedYearAssumed
    /// Printed without a year, in a zone that is given.
    case yearAssumed
    /// The uptime plus the boot time of the running kernel.
    case live
    /// The uptime plus the boot time that a journal entry's two clocks give.
    case journal
    /// Made by dmesg from the uptime: later than the truth by every suspend behind it, and off by
    /// the drift of printk's clock, of which the log says nothing.
    case converted
    /// The same, printed without a zone, which is given.
    case convertedInZone
    /// The same in an assumed zone.
    case convertedZoneAssumed
    /// The uptime plus a boot time that the headers of other lines bound: the line's own was written
    /// late, or it has none.
    case header
    /// The same where the headers print no zone.
    case headerZoneAssumed
    /// The uptime plus the boot time that an audit line gives.
    case audit
    /// The uptime plus what the battery clock said when the kernel started.
    case batteryClock
    /// The uptime plus the boot time that a captured machine's files tell.
    case captured
    /// The uptime plus a boot time that follows from what the user says.
    case user

    /// Whether it rests on a zone that nothing tells.
    package var assumesZone: Bool {
      switch self {
      case .printedZoneAssumed, .printedYearAssumed, .convertedZoneAssumed, .headerZoneAssumed: true
      default: false
      }
    }
  }

  /// Whether the moment follows from another line's: a line behind a suspend has none then.
  package var isDerived: Bool {
    [.header, .headerZoneAssumed, .audit, .batteryClock, .captured].contains(basis)
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
