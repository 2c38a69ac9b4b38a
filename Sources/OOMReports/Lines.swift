internal import KernelLog

/// Every kind of line, tried in this order.
enum Lines {
  static let all: [LineGrammar] = [
    TaskTableLines.row, TaskTableLines.header, TaskTableLines.title,
    InvokedLine.grammar, CPULine.grammar, HeadLines.hardware, HeadLines.taints,
    HeadLines.workqueue, HeadLines.compaction, HeadLines.cpuset,
    DecisionLine.grammar, KillLine.intent, KillLine.killed, KillLine.group, KillLine.neighbours,
    BeancounterLines.killed, BeancounterLines.rage, EndingLine.noVictim, EndingLine.panic,
    ReaperLine.grammar,
    MemcgLines.task, MemcgLines.usage, MemcgLines.stats, MemcgLines.statRow, MemcgLines.protection,
    MemInfoLines.header, MemInfoLines.node, MemInfoLines.zone, MemInfoLines.buddy,
    MemInfoLines.lowmemReserve, MemInfoLines.hugePages, MemInfoLines.counters,
    MemInfoLines.totals, MemInfoLines.perCPU,
    SlabLines.header, SlabLines.row, AllocationLines.header, AllocationLines.row,
    NeighbourLines.allocationFailure, NeighbourLines.sysrq, NeighbourLines.suppressed,
    NeighbourLines.faultRetried, StackLines.grammar,
  ]

  /// What may still come once the kernel has killed or given up: another dump of the memory state
  /// behind a kill is a task's own failed allocation, not the event's. The choice comes behind the
  /// kill where a daemon wrote the two the wrong way round.
  private static let aftermath: [LineGrammar] = [
    KillLine.killed, KillLine.group, KillLine.neighbours, BeancounterLines.killed,
    BeancounterLines.rage, EndingLine.noVictim, EndingLine.panic, ReaperLine.grammar,
    NeighbourLines.suppressed, NeighbourLines.faultRetried,
    DecisionLine.grammar, KillLine.intent,
  ]

  /// What each kind does, without what else its row says: to pass a row along takes longer than
  /// most lines do.
  private static let readers = (all: all.map(\.read), aftermath: aftermath.map(\.read))

  /// Reads a message into a report by the first kind that it is.
  static func read(
    _ message: Span<UInt8>, _ line: Int, _ report: inout ReportBuilder
  ) -> LineGrammar.Reading {
    let readers = report.isDecided ? readers.aftermath : readers.all
    // The name that ends a row may end in blanks of its own.
    let message =
      message.byte(at: 0) == .openBracket
      ? message : message.extracting(0..<message.startOfPadding)
    for index in readers.indices {
      let reading = readers[index](message, line, &report)
      guard reading != .other else { continue }
      if reading == .read, report.isWhole, message.hasWrappedCounter {
        report.note(.wrapped, line, message)
      }
      return reading
    }
    return .other
  }

  /// Whether a message may be an event's behind its kill.
  static func mayFollowKill(_ message: Span<UInt8>) -> Bool {
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    let text = message.extracting(message.skippingBlanks(from: 0)..<message.count)
    return readers.aftermath.contains { $0(text, 0, &scratch) != .other }
  }
}

extension Span where Element == UInt8 {
  /// Whether a number near 2^64 stands in a message: an unsigned counter that fell below zero, in
  /// pages or in kB.
  fileprivate var hasWrappedCounter: Bool {
    guard let start = first("18446744073") else { return false }
    var cursor = start
    while byte(at: cursor)?.isDigit == true { cursor += 1 }
    return cursor - start == 20 && byte(at: start - 1)?.isDigit != true
  }
}
