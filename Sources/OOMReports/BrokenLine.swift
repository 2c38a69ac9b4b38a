internal import KernelLog

/// A line that broke off, or that may go on behind its end.
///
/// A name with a newline breaks its line, and so do mail programs and narrow consoles: these put
/// the rest on lines without a prefix, with or without the blank at which they broke it.
struct BrokenLine {
  let line: Int
  /// Whether the line was read as it is, so that nothing is lost if no rest comes.
  private(set) var isRead: Bool
  /// What the line is so far, by the ways in which its pieces may belong together.
  private var texts: [[UInt8]]
  /// The report before anything of the line was taken.
  private let before: ReportBuilder
  /// How many facts the line holds so far.
  private var facts: Int
  /// Whether the line is one of the memory state's, or of a cgroup's, which hold figures only.
  private let isOfMemory: Bool
  private var pieces = 1
  /// The first piece, where only the next one tells whether it is of a report: a shell prints
  /// "Killed" too.
  private var doubtful: LogRecord?

  /// The longest line, of a node, in mails.
  private static let mostPieces = 16

  init(
    _ message: Span<UInt8>, line: Int, isRead: Bool, before: ReportBuilder, after: ReportBuilder
  ) {
    self.line = line
    self.isRead = isRead
    self.before = before
    texts = [LogText(message).bytes]
    facts = isRead ? after.breakableFacts : 0
    isOfMemory = isRead && after.memoryFacts > before.memoryFacts
  }

  /// What of the line is certain, for a note that it is torn.
  var text: [UInt8] { texts.first ?? [] }

  /// Whether it is a row of the task table, which counts as one though it cannot be read.
  var isTaskRow: Bool { text.first == .openBracket }

  /// A message that is no line of a report unless the next one goes on with it.
  init(
    beginningWith message: Span<UInt8>, _ record: LogRecord, line: Int, before: ReportBuilder
  ) {
    self.init(message, line: line, isRead: false, before: before, after: before)
    doubtful = record
  }

  var isDoubtful: Bool { doubtful != nil }

  /// The doubtful first piece, now that another one was joined to it.
  mutating func takeDoubtful() -> LogRecord? {
    defer { doubtful = nil }
    return doubtful
  }

  /// The report with the line put together with the record behind it; nil where they do not fit.
  mutating func join(_ message: Span<UInt8>, _ record: LogRecord) -> ReportBuilder? {
    let isWrapped = record.isBare && record.indent < 2
    guard pieces < Self.mostPieces, record.isBare || (!isRead && !isDoubtful), isRest(message)
    else { return nil }
    var best: (text: [UInt8], builder: ReportBuilder, facts: Int)?
    var open: [[UInt8]] = []
    var openBuilder: ReportBuilder?
    for text in texts {
      for separator in separators(behind: text, isWrapped: isWrapped, record.isBare) {
        var builder = before
        let joined = text + separator + LogText(message).bytes
        let reading = Lines.read(joined.span, line, &builder)
        let count = builder.breakableFacts
        if reading == .read, Self.isSound(joined.span, builder, line) {
          if !isRead || count > facts, count > best?.facts ?? -1 { best = (joined, builder, count) }
        } else if reading == .torn, !isRead, record.isBare || message.count < KillLine.longestName {
          open.append(joined)
          openBuilder = openBuilder ?? builder
        }
      }
    }
    pieces += 1
    if let best {
      (texts, facts, isRead) = ([best.text], best.facts, true)
      return best.builder
    }
    guard let openBuilder else { return nil }
    texts = open
    return openBuilder
  }

  private func separators(
    behind text: [UInt8], isWrapped: Bool, _ isBare: Bool
  ) -> [[UInt8]] {
    guard isBare else { return [[.newline]] }
    guard isWrapped else { return [[.newline], [.space]] }
    guard text.last != .space else { return [[]] }
    // Where both ways can be read, the first is taken: kill lines are told by their figures, so
    // only a name can be in doubt, and rows by their columns, if those are known.
    let isKill = KillLine.start(of: text.span) != nil
    let isRow = text.first == .openBracket && before.columns == nil
    return isKill || isRow ? [[.space], []] : [[], [.space]]
  }

  /// Whether a message may be the rest of the line, and is no line of its own. Behind the reason of a
  /// kill comes what other kernels print as a line.
  private func isRest(_ message: Span<UInt8>) -> Bool {
    if !isRead, KillLine.isBeginning(text.span) { return true }
    // It looks like a row of statistics, but none is called so.
    if !isRead, message.starts(with: "failcnt ") { return true }
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return Lines.read(message, 0, &scratch) == .other
      && (!isOfMemory || message.holdsFiguresOnly)
  }

  /// Whether a line that was put together can have been one: its names are as short as the
  /// kernel's, and a kill line's figures have nothing between them.
  private static func isSound(_ text: Span<UInt8>, _ builder: ReportBuilder, _ line: Int) -> Bool {
    let report = builder.report
    let victim = report.victims.last { $0.line == line }
    let names = [
      victim?.comm, report.decision?.of(line)?.task, report.system?.of(line)?.comm,
      report.invocation?.of(line)?.comm,
    ]
    guard names.allSatisfy({ $0?.bytes.count ?? 0 <= KillLine.longestName }),
      // Behind a kernel's release comes a blank, then the number of its build.
      report.system?.of(line)?.kernelRelease?.bytes.contains(UInt8(ascii: "#")) != true
    else { return false }
    return victim == nil || KillLine.hasCleanFigures(text)
  }
}

extension Cited {
  /// The value, if this line states it.
  fileprivate func of(_ line: Int) -> Value? { self.line == line ? value : nil }
}

extension ReportBuilder {
  /// Whether one of the lines that are long enough to be broken has been read since.
  func hasBreakable(unlike before: ReportBuilder) -> Bool {
    let (now, then) = (report, before.report)
    return now.victims.count != then.victims.count || (now.system == nil) != (then.system == nil)
      || (now.decision == nil) != (then.decision == nil)
      || (now.invocation == nil) != (then.invocation == nil)
      // Rows of a cgroup's statistics are short; older kernels print all of them behind its path.
      || (now.memcg?.statsPath == nil) != (then.memcg?.statsPath == nil)
      || now.memcg?.descendants.count != then.memcg?.descendants.count
      || (now.memory?.lastLine != then.memory?.lastLine && memoryFacts > before.memoryFacts)
  }

  /// How many facts there are of the lines that are long enough to be broken; of two ways to put
  /// one together, the right one says more.
  var breakableFacts: Int {
    let (victim, decision) = (report.victims.last, report.decision?.value)
    let (invocation, system) = (report.invocation?.value, report.system?.value)
    let known = [
      victim != nil, victim?.uid != nil, victim?.totalVM != nil, victim?.anonRSS != nil,
      victim?.fileRSS != nil, victim?.shmemRSS != nil, victim?.pageTables != nil,
      victim?.oomScoreAdj != nil, decision?.nodemask != nil, decision?.cpuset != nil,
      decision?.memsAllowed != nil, decision?.isGlobal == true, decision?.oomMemcg != nil,
      decision?.taskMemcg != nil, decision?.pid != nil, invocation?.gfpMask != nil,
      invocation?.order != nil, invocation?.oomAdj != nil, invocation?.oomScoreAdj != nil,
      system?.pid != nil, system?.comm != nil, system?.kernelRelease != nil,
    ]
    return known.count { $0 } + taskRows + agreements + columnsKnown + memoryFacts
  }

  /// How many figures there are of the lines of the memory state, and of those of a cgroup.
  var memoryFacts: Int {
    let (memory, memcg) = (report.memory, report.memcg)
    let nodes = memory?.nodes.reduce(0) { $0 + $1.factCount } ?? 0
    let zones = memory?.zones.reduce(0) { $0 + $1.factCount } ?? 0
    return nodes + zones + (memory?.counters.count ?? 0) + (memcg?.stats.count ?? 0)
      + (memcg?.descendants.last?.stats.count ?? 0)
  }

  /// How many of the task table's columns have a known name, less those that have none: two names
  /// that were put together, or one that was parted, are no column.
  private var columnsKnown: Int {
    (columns ?? []).reduce(0) { $0 + ($1.isKnown ? 1 : -1) }
  }

  /// How often the victim is called what the lines before its kill call it.
  private var agreements: Int {
    guard let victim = report.victims.last else { return 0 }
    let (decision, intent) = (report.decision?.value, report.intent?.value)
    return (decision?.pid == victim.pid && decision?.task == victim.comm ? 1 : 0)
      + (intent?.pid == victim.pid && intent?.comm == victim.comm ? 1 : 0)
  }
}

extension NodeState {
  fileprivate var factCount: Int {
    counters.count + (pagesScanned == nil ? 0 : 1) + (allUnreclaimable == nil ? 0 : 1)
  }
}

extension ZoneState {
  fileprivate var factCount: Int {
    counters.count + (pagesScanned == nil ? 0 : 1) + (allUnreclaimable == nil ? 0 : 1)
      + lowmemReserve.count + freeBlocks.count + freeBlocks.count { !$0.types.isEmpty }
      + (freeInBlocks == nil ? 0 : 1)
  }
}
