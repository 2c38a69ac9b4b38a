package import KernelLog

/// What a list of events shows of one undamaged kill, its names as places in the bytes of the
/// report: no text is copied, and nothing needs to be given back.
package struct ReportOutline: Sendable {
  /// The source's offsets of the report, and its 1-based lines.
  package internal(set) var byteRange = 0..<0
  package internal(set) var firstLine = 0
  package internal(set) var lastLine = 0
  /// What the kill line's prefix prints of its time.
  package internal(set) var time = LogTime()
  /// How its lines came.
  package internal(set) var carrier = Carrier.plain
  /// Counted from 0 for the host.
  package internal(set) var boot = 0
  @PackedPlace package internal(set) var host: Range<Int>?
  /// The task that allocated.
  @PackedPlace package internal(set) var invoker: Range<Int>?
  @PackedNumber package internal(set) var order: Int64?
  package internal(set) var constraint: Constraint?
  @PackedPlace package internal(set) var limitPath: Range<Int>?
  @PackedPlace package internal(set) var taskPath: Range<Int>?
  /// The victim's kill line, and what it says.
  package internal(set) var victimLine = 0
  package internal(set) var pid: Int64 = 0
  package internal(set) var comm = 0..<0
  @PackedNumber package internal(set) var score: Int64?
  @PackedNumber package internal(set) var uid: Int64?
  @PackedNumber package internal(set) var oomScoreAdj: Int64?
  @PackedSize package internal(set) var totalVM: Bytes?
  @PackedSize package internal(set) var anonRSS: Bytes?
  @PackedSize package internal(set) var fileRSS: Bytes?
  @PackedSize package internal(set) var shmemRSS: Bytes?
  @PackedSize package internal(set) var pageTables: Bytes?
  /// A hash of the kill line without its prefix.
  package internal(set) var fingerprint: UInt64 = 0

  /// What asked for the kill: only SysRq asks for order -1.
  package var trigger: OOMReport.Trigger { order == -1 ? .sysrq : .allocation }
}

/// A number that may be missing, in the eight bytes of one that may not: an outline is handed on more
/// often than it is looked at.
@propertyWrapper
package struct PackedNumber: Sendable {
  private var number = Int64.min

  package init() {}

  /// No figure that the kernel prints is the lowest one.
  package var wrappedValue: Int64? {
    get { number == .min ? nil : number }
    set { number = newValue ?? .min }
  }
}

/// A size that may be missing, likewise.
@propertyWrapper
package struct PackedSize: Sendable {
  @PackedNumber private var count: Int64?

  package init() {}

  package var wrappedValue: Bytes? {
    get { count.map { Bytes($0) } }
    set { count = newValue?.count }
  }
}

/// A place in a report that may be missing; reports are no longer than `OpenReports.longest`.
@propertyWrapper
package struct PackedPlace: Sendable {
  private var start: UInt32 = 0
  private var end: UInt32 = 0

  package init() {}

  /// Nothing ends where the report begins.
  package var wrappedValue: Range<Int>? {
    get { end > 0 ? Int(start)..<Int(end) : nil }
    set { (start, end) = newValue.map { (UInt32($0.lowerBound), UInt32($0.upperBound)) } ?? (0, 0) }
  }
}

extension OOMReport {
  /// The report that an outline is of, as far as the outline tells it.
  package init(_ outline: ReportOutline, in bytes: Span<UInt8>) {
    self.init(firstLine: outline.firstLine, time: outline.time)
    lastLine = outline.lastLine
    (status, outcome, trigger) = (.complete, .killed, outline.trigger)
    host = outline.host.map { bytes.text($0) }
    var invocation = Invocation()
    invocation.comm = outline.invoker.map { bytes.text($0) }
    invocation.order = outline.order
    self.invocation = Cited(invocation, line: outline.firstLine)
    constraint = outline.constraint.map { Cited($0, line: outline.victimLine) }
    if outline.limitPath != nil || outline.taskPath != nil {
      var memcg = MemcgState()
      memcg.limitPath = outline.limitPath.map {
        Cited(bytes.text($0), line: outline.victimLine)
      }
      memcg.taskPath = outline.taskPath.map {
        Cited(bytes.text($0), line: outline.victimLine)
      }
      self.memcg = memcg
    }
    var victim = Victim(
      pid: outline.pid, comm: bytes.text(outline.comm),
      line: outline.victimLine)
    (victim.uid, victim.score, victim.oomScoreAdj) = (
      outline.uid, outline.score, outline.oomScoreAdj
    )
    (victim.totalVM, victim.anonRSS, victim.fileRSS) = (
      outline.totalVM, outline.anonRSS, outline.fileRSS
    )
    (victim.shmemRSS, victim.pageTables) = (outline.shmemRSS, outline.pageTables)
    victim.fingerprint = outline.fingerprint
    victims = [victim]
  }
}
