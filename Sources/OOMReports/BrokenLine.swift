internal import KernelLog

/// A line that broke off, or that may go on behind its end.
///
/// A name with a newline breaks its line, and so do mail programs and narrow consoles: these put
/// the rest on lines without a prefix, with or without the blank at which they broke it.
struct BrokenLine {
  let line: Int
  /// Whether only the next piece tells whether the line is of a report: too little of it is left to
  /// tell its kind, or a shell may have printed it, which says "Killed" too.
  let isGuess: Bool
  /// Whether nothing can be missing of the line but digits at its end.
  private let isComplete: Bool
  /// Whether a message of somebody else's has come between the line and its rest.
  private var hasWaited = false
  /// Whether the line was read as it is, so that nothing is lost if no rest comes.
  private(set) var isRead: Bool
  /// What the line is so far, by the ways in which its pieces may belong together.
  private var texts: [[UInt8]]
  /// The report before anything of the line was taken.
  private let before: ReportBuilder
  /// How many facts the line holds so far.
  private var facts: Int
  /// Whether the line is one of the memory state's, or of a cgroup's, which hold figures only.
  private var isOfMemory: Bool
  private var pieces = 1
  /// The first piece of a guess, as long as no other one was joined to it.
  private var passedOver: LogRecord?

  /// The longest line, of a node, in mails.
  private static let mostPieces = 16
  /// In how many ways the pieces may belong together until the next one tells.
  private static let mostTexts = 32

  init(
    _ message: Span<UInt8>, line: Int, isRead: Bool, isComplete: Bool = false,
    before: ReportBuilder, after: ReportBuilder
  ) {
    self.line = line
    (isGuess, self.isComplete) = (false, isComplete)
    self.isRead = isRead
    self.before = before
    texts = [LogText(message).bytes]
    facts = after.breakableFacts
    isOfMemory = after.memoryFacts > before.memoryFacts
  }

  /// A message that is no line of a report unless the next one goes on with it.
  init(guess message: Span<UInt8>, _ record: LogRecord, line: Int, before: ReportBuilder) {
    self.line = line
    (isGuess, isComplete, isRead, isOfMemory) = (true, false, false, false)
    self.before = before
    texts = [LogText(message).bytes]
    facts = before.breakableFacts
    passedOver = record
  }

  /// What of the line is certain, for a note that it is torn.
  var text: [UInt8] { texts.first ?? [] }

  /// Whether it is a row of the task table, which counts as one though it cannot be read.
  var isTaskRow: Bool {
    let text = text.span
    return text.byte(at: 0) == .openBracket
      && text.byte(at: text.skippingBlanks(from: 1))?.isDigit == true
  }

  /// Lets a message pass that is none of the report's; false where one has passed already.
  mutating func waits() -> Bool {
    defer { hasWaited = true }
    return !hasWaited
  }

  /// Whether a message that is a line may as well be the rest of this one.
  func mayGoOn(with message: Span<UInt8>) -> Bool {
    guard !isRead else { return false }
    // A zone's own name is whole; only a node may stand before it.
    if isGuess, MemInfoLines.namesZone(message), !text.span.starts(with: "Node ") { return false }
    return texts.contains { text in
      var builder = before
      let joined = text + LogText(message).bytes
      return Lines.read(joined.span, line, &builder) == .read
    }
  }

  /// The report without the figure that the line ends with, if a message that begins with digits
  /// shows that some of them may be cut off; nil where none does. The digits may also be what is
  /// left of another line, so they are not put to the figure.
  func withoutLastFigure(
    before message: Span<UInt8>, _ record: LogRecord, hasPrefix: Bool
  ) -> ReportBuilder? {
    guard isRead, text.span.endsInFigure, message.beginsInFigure,
      record.isBare && hasPrefix ? record.indent == 0 : message.isFigure
    else { return nil }
    return withoutLastFigure
  }

  /// The report without the figure that the line ends with, of which digits may be missing where the
  /// log ends with it too; nil where there is none, or a 0, which is whole.
  var cutAtEnd: ReportBuilder? {
    let text = text.span
    let isZero =
      text.byte(at: text.count - 1) == UInt8(ascii: "0")
      && text.byte(at: text.count - 2)?.isDigit != true
    return isRead && text.endsInFigure && !isZero ? withoutLastFigure : nil
  }

  private var withoutLastFigure: ReportBuilder {
    var builder = before
    _ = Lines.read(text.span.withoutLastFigure.bytes.span, line, &builder)
    builder.note(.torn, line, text.span)
    return builder
  }

  /// Whether the line is a guess that nothing has confirmed.
  var isPassedOver: Bool { passedOver != nil }

  /// The first piece of a guess, now that another one was joined to it.
  mutating func takePassedOver() -> LogRecord? {
    defer { passedOver = nil }
    return passedOver
  }

  /// The report with the line put together with the record behind it; nil where they do not fit.
  mutating func join(_ message: Span<UInt8>, _ record: LogRecord) -> ReportBuilder? {
    let isWrapped = record.isBare && record.indent < 2
    guard pieces < Self.mostPieces, !isComplete, isRest(message),
      record.indent != 1 || !message.isProperty,
      record.isBare || (holdsName && !isRead && !isGuess && !hasWaited)
    else { return nil }
    var best: (text: [UInt8], builder: ReportBuilder, facts: Int, isRead: Bool)?
    var open: [(text: [UInt8], builder: ReportBuilder, facts: Int)] = []
    for text in texts {
      for separator in separators(behind: text, isWrapped: isWrapped, record.isBare) {
        var builder = before
        let joined = text + separator + LogText(message).bytes
        let reading = Lines.read(joined.span, line, &builder)
        let count = builder.breakableFacts
        // With each of its pieces, a wrapped line says more.
        let saysMore = count > facts || reading == .read && goesOn(text, separator, message)
        if reading == .read || reading == .torn && isRead,
          Self.isSound(joined.span, builder, line, hasNewline: separator == [.newline])
        {
          if !isRead || saysMore, count > best?.facts ?? -1 {
            best = (joined, builder, count, reading == .read)
          }
        } else if reading == .torn, !isRead, !hasWaited,
          record.isBare || message.count < Comm.longest
        {
          open.append((joined, builder, count))
        }
      }
    }
    pieces += 1
    let most = open.map(\.facts).max()
    open.removeAll { $0.facts != most }
    if let builder = best?.builder ?? open.first?.builder {
      isOfMemory = isOfMemory || builder.memoryFacts > before.memoryFacts
    }
    if let best {
      (texts, facts, isRead) = ([best.text], best.facts, best.isRead)
      return best.builder
    }
    texts = open.isEmpty ? texts : open.prefix(Self.mostTexts).map(\.text)
    return open.first?.builder
  }

  /// Whether a message can only be digits of the figure that a line ended with: the line has been
  /// put together from pieces already, and this is the next.
  private func goesOn(_ text: [UInt8], _ separator: [UInt8], _ message: Span<UInt8>) -> Bool {
    pieces > 1 && !hasWaited && separator.isEmpty && text.span.endsInFigure && message.isFigure
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

  /// Whether the line is of a kind that has a process's name in it, which may hold a newline.
  private var holdsName: Bool {
    let text = text.span
    return KillLine.start(of: text) != nil || DecisionLine.isDecision(text)
      || InvokedLine.start(of: text) != nil || text.starts(with: "CPU: ")
      || text.starts(with: "Pid: ") || text.starts(with: "oom_reaper: ")
  }

  /// Whether a message may be the rest of the line, and is no line of its own.
  private func isRest(_ message: Span<UInt8>) -> Bool {
    // Behind the reason of a kill comes what other kernels print as a line.
    if !isRead, KillLine.isBeginning(text.span) { return true }
    guard !Self.isLine(message) || MemInfoLines.isOfPlace(message) else { return false }
    guard isOfMemory else { return true }
    // Of a figure without a unit nothing shows whether the digits are its own.
    return message.holdsFiguresOnly
      && !(isRead && text.span.endsInFigure && message.beginsInFigure)
  }

  /// Whether a message is a line of its own, and so no rest of another.
  static func isLine(_ message: Span<UInt8>) -> Bool {
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return Lines.read(message, 0, &scratch) != .other
  }

  /// Whether a line that was put together can have been one: its names are as short as the
  /// kernel's, a kill line's figures have nothing between them, and a newline is a name's.
  private static func isSound(
    _ text: Span<UInt8>, _ builder: ReportBuilder, _ line: Int, hasNewline: Bool
  ) -> Bool {
    let report = builder.report
    let victim = report.victims.last { $0.line == line }
    let names = [
      victim?.comm, report.decision?.of(line)?.task, report.system?.of(line)?.comm,
      report.invocation?.of(line)?.comm, report.intent?.of(line)?.comm,
    ]
    guard names.allSatisfy({ $0.map { $0.bytes.span.mayBeComm(0..<$0.bytes.count) } ?? true }),
      !hasNewline || names.contains(where: { $0?.bytes.contains(.newline) == true }),
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
      || now.memcg?.descendants.count ?? 0 != then.memcg?.descendants.count ?? 0
      || now.memory?.zones.count ?? 0 != then.memory?.zones.count ?? 0
      || now.memory?.nodes.count ?? 0 != then.memory?.nodes.count ?? 0
      || now.memory?.counters.count ?? 0 != then.memory?.counters.count ?? 0
  }

  /// How many facts there are of the lines that are long enough to be broken; of two ways to put
  /// one together, the right one says more.
  var breakableFacts: Int {
    let decision = report.decision?.value
    let (invocation, system) = (report.invocation?.value, report.system?.value)
    let known = [
      decision?.nodemask != nil, decision?.cpuset != nil,
      decision?.memsAllowed != nil, decision?.isGlobal != nil, decision?.oomMemcg != nil,
      decision?.taskMemcg != nil, decision?.pid != nil, invocation?.gfpMask != nil,
      invocation?.order != nil, invocation?.oomAdj != nil, invocation?.oomScoreAdj != nil,
      system?.pid != nil, system?.comm != nil, system?.kernelRelease != nil,
    ]
    // Of a group's victims each has its line.
    let ofVictims = report.victims.reduce(0) { $0 + 1 + $1.figureCount }
    return known.count { $0 } + ofVictims + taskRows + agreements + columnsKnown + memoryFacts
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

extension Span where Element == UInt8 {
  /// Whether the message is nothing but a figure, a list of them or the rest of one.
  var isFigure: Bool {
    !isEmpty
      && indices.allSatisfy { self[$0].isDigit || self[$0] == .comma || self[$0] == .minus }
  }

  /// Whether the message begins as the rest of a figure, or of a list of them, does: unlike prose,
  /// these have no fraction.
  fileprivate var beginsInFigure: Bool {
    guard let first = byte(at: 0) else { return false }
    guard first.isDigit else {
      return (first == .comma || first == .minus) && byte(at: 1)?.isDigit ?? true
    }
    let end = (0..<count).first { !self[$0].isDigit } ?? count
    return byte(at: end) != .dot
  }

  /// Whether the message is a property that /dev/kmsg prints below a record.
  fileprivate var isProperty: Bool {
    var cursor = 0
    while let byte = byte(at: cursor), byte >= 0x41 && byte <= 0x5A || byte == UInt8(ascii: "_") {
      cursor += 1
    }
    return cursor > 2 && byte(at: cursor) == UInt8(ascii: "=")
  }
}

extension Victim {
  /// How many figures its kill line has.
  fileprivate var figureCount: Int {
    [
      uid, oomScoreAdj, totalVM?.count, anonRSS?.count, fileRSS?.count, shmemRSS?.count,
      pageTables?.count,
    ].count { $0 != nil }
  }
}
