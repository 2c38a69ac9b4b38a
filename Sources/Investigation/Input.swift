package import KernelLog
package import OOMReports

/// Something that was loaded: a file, a pipe or the running kernel's log.
package struct Input: Sendable, Equatable {
  /// As the user named it.
  package let name: String
  package var isLive: Bool
  /// How its records came, by what was looked at.
  package var carriers: [Carrier]
  package var byteCount: Int
  package var lineCount: Int
  package var bootCount: Int
  package var eventCount: Int
  package var killCount: Int
  /// Events that another input, or the same one before, holds too.
  package var duplicateCount: Int
  /// Events without a wall-clock time.
  package var unplacedCount: Int
  /// Records that the kernel's ring buffer dropped before they were read.
  package var lostCount: Int
  /// What other killers than the kernel's did, and what allocations failed.
  package var otherKills: OtherKillLog
  /// Kernel messages that journalctl did not print, since they are not printable.
  package var blobLines: Int
  /// Lines that read like a kill and are nobody's.
  package var strayKills: StrayKills
  /// Whether its lines did not come in the order of the kernel's log, and were put back.
  package var isPutInOrder: Bool
  /// Where its clocks contradict each other.
  package var clockConflicts: [ClockConflict]
  /// Where another input dates the same events otherwise.
  package var timeConflict: TimeConflict?
  /// The newest time in it, or when it was read if it is live.
  package var end: LogTime

  /// Whether its messages are those of the machine that the program runs on.
  package var isOfThisMachine: Bool
  /// The captured machine that it comes with, by its index in the session's machines.
  package var machine: Int?
  /// How its bytes were unpacked; nil where they were read as they stand.
  package var packing: String?
  /// Why it could not be read to its end.
  package var damage: String?
  /// What the tool that read it warned of.
  package var complaint: String?
  /// The input in which its last report goes on: the next file of the same rotated log.
  package var next: Int?
  /// Whether it begins with the rest of a report of the file before.
  package var endsEvent: Bool
  /// Kernel messages that journald says it missed.
  package var missedCount: Int
  /// What the load counted, duplicates included.
  package var coverage: Coverage

  package init(name: String, isLive: Bool = false) {
    self.name = name
    self.isLive = isLive
    carriers = []
    byteCount = 0
    lineCount = 0
    bootCount = 0
    eventCount = 0
    killCount = 0
    duplicateCount = 0
    unplacedCount = 0
    lostCount = 0
    otherKills = OtherKillLog()
    blobLines = 0
    strayKills = StrayKills()
    isPutInOrder = false
    clockConflicts = []
    end = LogTime()
    isOfThisMachine = isLive
    missedCount = 0
    endsEvent = false
    coverage = Coverage()
  }
}

extension Input {
  /// Events that this input and an earlier one date so that both cannot be right.
  package struct TimeConflict: Sendable, Equatable {
    /// The earlier input, by its index.
    package let input: Int
    /// How many events there are.
    package fileprivate(set) var count: Int
    /// How far the two are apart at most, in microseconds.
    package fileprivate(set) var micros: Int64
    /// Whether this input's times are kept, as the more trusted ones.
    package let isKept: Bool
    /// What this input's times rest on, and what the other's.
    package let basis: LogTime.Basis
    package let otherBasis: LogTime.Basis
  }

  /// Notes two times of one event, of which the session keeps one.
  ///
  /// The pair of bases is that of the first conflict: further ones of the input are of the same two
  /// clocks nearly always.
  mutating func note(_ time: LogTime, and known: LogTime, of input: Int, kept: LogTime) {
    guard let wall = time.wallMicros, let error = time.errorMicros,
      let knownWall = known.wallMicros, let knownError = known.errorMicros
    else { return }
    let micros = abs(wall - knownWall)
    guard micros - error - knownError > ClockConflict.least else { return }
    var conflict =
      timeConflict
      ?? TimeConflict(
        input: input, count: 0, micros: 0, isKept: kept.wallMicros == wall, basis: time.basis,
        otherBasis: known.basis)
    conflict.count += 1
    conflict.micros = max(conflict.micros, micros)
    timeConflict = conflict
  }

  /// What was understood of an input, and what was not.
  package struct Coverage: Sendable, Equatable {
    /// Events by the form in which their first line came.
    package var carriers: [Carrier: Int] = [:]
    /// Events by the parts of them that the log holds.
    package var statuses: [OOMReport.Status: Int] = [:]
    /// The hosts that lines of events name.
    package var hosts: Set<LogText> = []
    /// The first lines inside reports that could not be read.
    package private(set) var diagnostics: [Diagnostic] = []
    package private(set) var diagnosticCount = 0

    /// More are counted and not kept: a hostile log may have millions.
    private static let mostDiagnostics = 20

    package init() {}

    /// Counts undamaged events of one form, of a host that their lines name.
    package mutating func add(complete count: Int, _ carrier: Carrier, host: LogText?) {
      carriers[carrier, default: 0] += count
      statuses[.complete, default: 0] += count
      if let host { hosts.insert(host) }
    }

    /// Counts an event; the diagnostics' lines are moved back by so many.
    package mutating func add(_ report: OOMReport, _ carrier: Carrier, linesBefore: Int) {
      carriers[carrier, default: 0] += 1
      statuses[report.status, default: 0] += 1
      if let host = report.host { hosts.insert(host) }
      diagnosticCount += report.diagnostics.count
      for diagnostic in report.diagnostics.prefix(Self.mostDiagnostics - diagnostics.count) {
        diagnostics.append(
          Diagnostic(
            line: diagnostic.line - linesBefore, kind: diagnostic.kind, text: diagnostic.text))
      }
    }
  }
}
