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
  private var pieces = 1

  private static let mostPieces = 6

  init(
    _ message: Span<UInt8>, line: Int, isRead: Bool, before: ReportBuilder, after: ReportBuilder
  ) {
    self.line = line
    self.isRead = isRead
    self.before = before
    texts = [LogText(message).bytes]
    facts = after.breakableFacts
  }

  /// What of the line is certain, for a note that it is torn.
  var text: [UInt8] { texts.first ?? [] }

  /// Whether it is a row of the task table, which counts as one though it cannot be read.
  var isTaskRow: Bool { text.first == .openBracket }

  /// The report with the line put together with the record behind it; nil where they do not fit.
  mutating func join(_ message: Span<UInt8>, _ record: LogRecord) -> ReportBuilder? {
    let indent = record.message.lowerBound - record.start
    let isWrapped = record.isBare && indent < 2
    guard pieces < Self.mostPieces, !isRead || record.isBare, !Self.isLine(message) else {
      return nil
    }
    var best: (text: [UInt8], builder: ReportBuilder, facts: Int)?
    var open: [[UInt8]] = []
    var openBuilder: ReportBuilder?
    for text in texts {
      for separator in Self.separators(behind: text, isWrapped: isWrapped, record.isBare) {
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

  private static func separators(
    behind text: [UInt8], isWrapped: Bool, _ isBare: Bool
  ) -> [[UInt8]] {
    guard isBare else { return [[.newline]] }
    guard isWrapped else { return [[.newline], [.space]] }
    guard text.last != .space else { return [[]] }
    // Where both ways can be read, the first is taken: kill lines are told by their figures, so
    // only a name can be in doubt.
    let isKill = KillLine.start(of: text.span) != nil
    return isKill ? [[.space], []] : [[], [.space]]
  }

  /// Whether a message is a line of its own, and so no rest of another.
  private static func isLine(_ message: Span<UInt8>) -> Bool {
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return Lines.read(message, 0, &scratch) != .other
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
    guard names.allSatisfy({ $0?.bytes.count ?? 0 <= KillLine.longestName }) else { return false }
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
    let columns = columns?.count { $0.isKnown } ?? 0
    return known.count { $0 } + taskRows + columns + agreements
  }

  /// How often the victim is called what the lines before its kill call it.
  private var agreements: Int {
    guard let victim = report.victims.last else { return 0 }
    let (decision, intent) = (report.decision?.value, report.intent?.value)
    return (decision?.pid == victim.pid && decision?.task == victim.comm ? 1 : 0)
      + (intent?.pid == victim.pid && intent?.comm == victim.comm ? 1 : 0)
  }
}
