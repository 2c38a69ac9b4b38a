internal import KernelLog

/// Every kind of line, tried in this order.
enum Lines {
  static let all: [LineGrammar] = [
    TaskTableLines.row, TaskTableLines.header, TaskTableLines.title,
    InvokedLine.grammar, CPULine.grammar, CPULine.hardware, CPULine.cpuset,
    DecisionLine.grammar, KillLine.intent, KillLine.killed, KillLine.group, KillLine.neighbours,
    EndingLine.noVictim, EndingLine.panic, ReaperLine.grammar,
    MemcgLines.task, MemcgLines.usage, MemcgLines.stats, MemcgLines.statRow,
    MemInfoLines.header, MemInfoLines.node, MemInfoLines.zone, MemInfoLines.buddy,
    MemInfoLines.lowmemReserve, MemInfoLines.hugePages, MemInfoLines.counters,
    MemInfoLines.totals, MemInfoLines.perCPU,
    SlabLines.header, SlabLines.row,
    NeighbourLines.allocationFailure, NeighbourLines.sysrq, NeighbourLines.suppressed,
    StackLines.grammar,
  ]

  /// What may still come once the kernel has killed or given up: another dump of the memory state
  /// behind a kill is a task's own failed allocation, not the event's.
  private static let aftermath: [LineGrammar] = [
    KillLine.killed, KillLine.group, KillLine.neighbours, EndingLine.noVictim, EndingLine.panic,
    ReaperLine.grammar, NeighbourLines.suppressed,
  ]

  /// What each kind does, without what else its row says: to pass a row along takes longer than
  /// most lines do.
  private static let readers = (all: all.map(\.read), aftermath: aftermath.map(\.read))

  /// Reads a message into a report by the first kind that it is.
  static func read(
    _ message: Span<UInt8>, _ line: Int, _ report: inout ReportBuilder
  ) -> LineGrammar.Reading {
    let readers = report.isDecided ? readers.aftermath : readers.all
    for index in readers.indices {
      let reading = readers[index](message, line, &report)
      if reading != .other { return reading }
    }
    return .other
  }
}
