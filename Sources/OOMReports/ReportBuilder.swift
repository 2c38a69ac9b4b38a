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
  /// Whether blanks follow the title of the task table, and then perhaps the names in it.
  var isTablePadded = false
  /// The page size by a cgroup's value for "no limit".
  var pageOfNoLimit: Cited<Bytes>?
  /// Processes that were reaped before any kill was read.
  var reaped: [Victim] = []
  /// The text of the decision line, to be split again once the victim's name is known.
  var decisionText: [UInt8] = []
  /// Set by a report of another kind inside this one, whose memory state is not this event's.
  var isMemoryForeign = false
  /// How many lists of pages kept back came behind the last zone's line.
  var reservesOfZone = 0
  /// How far the statistics of a cgroup are indented that stand on lines without prefix; nil before
  /// the first.
  var statIndent: Int?
  /// How many of them stand on lines with a prefix.
  var prefixedStats = 0
  /// Whether the statistics of the cgroup whose limit was hit are lost: all that are there are of
  /// cgroups below it.
  private(set) var hasLostStats = false
  /// Between which marks of the call trace the next frame stands.
  var traceSection: String?
  /// Whether anything but kill lines has been read.
  var hasBody = false

  /// What kind of line may come next, where a line's own look does not tell.
  enum Section {
    case head, memcgStats, memory, slab, allocations, tasks
  }

  init(firstLine: Int, time: LogTime, isWhole: Bool) {
    report = OOMReport(firstLine: firstLine, time: time)
    self.isWhole = isWhole
  }

  /// Whether the kernel has come to its end: it killed, gave up or panicked.
  var isDecided: Bool { !report.victims.isEmpty || report.ending != nil }

  /// Whether the next lines may be of the report's head: it has come to none of its sections, and
  /// chosen nobody.
  var isInHead: Bool {
    (section ?? .head) == .head && report.decision == nil && report.intent == nil
  }

  /// Whether a line of no kind stands among lines of the report that it interrupts. In the head it
  /// may be of the trace, whose forms are many.
  var isInsideBody: Bool {
    guard isWhole, !isDecided, let section, section != .head else { return false }
    return section != .tasks || taskRows > 0
  }

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

  /// Takes the statistics that came first for those of one cgroup of several: the kernel prints those
  /// of the cgroup whose limit was hit before those of the ones below, and another one is none of these.
  mutating func loseStats(of first: Cited<LogText>) {
    hasLostStats = true
    withMemcg { $0.loseOwnStats(at: first) }
  }

  /// Adds a cgroup's statistics, without copying those before it.
  mutating func appendDescendant(_ stats: CgroupStats) {
    guard var memcg = report.memcg else { return }
    report.memcg = nil
    memcg.descendants.append(stats)
    report.memcg = memcg
  }

  /// Keeps what the kernel says beside its kill, once for each process.
  mutating func remark(_ kind: Remark.Kind, pid: Int64?, _ text: Span<UInt8>, _ line: Int) {
    guard report.remarks.count < 100,
      !report.remarks.contains(where: { $0.kind == kind && $0.pid == pid })
    else { return }
    report.remarks.append(
      Remark(kind, pid: pid, text: text.text(0..<min(text.count, 200)), line: line))
  }

  mutating func note(_ kind: Diagnostic.Kind, _ line: Int, _ text: Span<UInt8>) {
    let longest = 200
    report.diagnostics.append(
      Diagnostic(
        line: line, kind: kind, text: text.text(0..<min(text.count, longest))))
  }
}
