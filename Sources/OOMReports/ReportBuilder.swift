internal import KernelLog

/// A report while its lines come in.
struct ReportBuilder {
  var report: OOMReport
  /// Whether everything is kept, or only what a list of events shows.
  let isWhole: Bool
  /// Nil until a line tells: rows of a report that lost its head may be of any section.
  var section: Section?
  /// Rows of the task table, also where the rows themselves are not kept.
  var taskRows = 0
  /// The pid of the last row; nil before the first.
  var lastRowPID: Int64?
  /// What the columns of the task table are; nil before its header.
  var columns: [TaskColumn]?
  /// The text of the decision line, to be split again once the victim's name is known.
  var decisionText: [UInt8] = []
  /// Set by a report of another kind inside this one, whose memory state is not this event's.
  var isMemoryForeign = false
  /// Whether anything but kill lines has been read.
  var hasBody = false

  /// What kind of line may come next, where a line's own look does not tell.
  enum Section {
    case head, memcgStats, memory, slab, tasks
  }

  init(firstLine: Int, time: LogTime, isWhole: Bool) {
    report = OOMReport(firstLine: firstLine, time: time)
    self.isWhole = isWhole
  }

  /// Whether the kernel has come to its end: it killed, gave up or panicked.
  var isDecided: Bool { !report.victims.isEmpty || report.ending != nil }

  /// The memory state that lines go into; nil where it is not this event's.
  mutating func withMemory(_ line: Int, _ change: (inout MemoryState) -> Void) {
    guard isWhole, !isMemoryForeign else { return }
    var memory = report.memory ?? MemoryState(firstLine: line)
    memory.lastLine = line
    change(&memory)
    report.memory = memory
  }

  mutating func withMemcg(_ change: (inout MemcgState) -> Void) {
    var memcg = report.memcg ?? MemcgState()
    change(&memcg)
    report.memcg = memcg
  }

  mutating func note(_ kind: Diagnostic.Kind, _ line: Int, _ text: Span<UInt8>) {
    let longest = 200
    report.diagnostics.append(
      Diagnostic(
        line: line, kind: kind, text: text.text(0..<min(text.count, longest))))
  }
}
