internal import KernelLog

/// The state of reading one report, record by record.
struct ReportReading {
  private var builder: ReportBuilder
  private var range: Range<Int>?
  /// Whether another message is glued to the last line taken.
  private var isGlued = false
  private var firstAccepted: Int
  private var lastAccepted: Int
  private var idle = 0
  /// Whether the kernel's clock has gone on so far that what comes is of something else.
  private var isInterrupted = false
  /// The lines taken, continuations apart.
  private var accepted = 0
  private var stamp = Stamp()
  private var firstStamp: Stamp?
  private var killStamp: Stamp?
  private let host: LogText?
  private var carrier = Carrier.plain
  private var broken: BrokenLine?
  /// Whether a line with a prefix has come, so that one without is no line of its own.
  private var hasPrefix = false
  private var foreign: [Diagnostic] = []
  /// A short message of no kind right before a line without prefix: the name that begins the
  /// report, up to where its line was broken.
  private var fragment: NameFragment?

  private struct NameFragment {
    let text: [UInt8]
    let start: Int
    let line: Int
    let stamp: Stamp
    let carrier: Carrier
  }

  /// Whether a line was put together, or may have lost some of it: what joins pieces are the facts that they
  /// make, so only a reading that keeps all of them knows which do.
  private(set) var isDamaged = false

  /// How many messages that are no part of it end a report: a kill is followed by little, but
  /// call traces of many forms stand inside.
  static let patience = (decided: 40, open: 300)

  init(isWhole: Bool, firstLine: Int, host: LogText?) {
    self.host = host
    builder = ReportBuilder(firstLine: firstLine, time: LogTime(), isWhole: isWhole)
    firstAccepted = firstLine
    lastAccepted = firstLine
  }

  private static let sections: [StaticString] = [
    "Mem-Info:", "Mem-info:", "Tasks state (", "Memory cgroup stats for ",
  ]

  /// Whether a message that begins at an offset is one by which a report leaves its head.
  static func beginsSection(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    guard let first = bytes.byte(at: offset),
      first == UInt8(ascii: "M") || first == UInt8(ascii: "T")
    else { return false }
    return sections.contains { bytes.starts(with: $0, at: offset) }
  }

  var isOver: Bool {
    isInterrupted || idle > (builder.isDecided ? Self.patience.decided : Self.patience.open)
  }

  /// Whether lines are lost before a stamp, behind which another report may end; of the head, each
  /// line is asked for itself.
  func isInterrupted(before next: Stamp) -> Bool {
    builder.section != .head && !builder.isDecided && stamp.isBreak(to: next)
  }

  /// Reads the next record of the report's host.
  mutating func add(_ message: Span<UInt8>, _ record: LogRecord, line: Int) {
    if builder.section == .head,
      stamp.isLeap(to: record.stamp)
    {
      isInterrupted = true
      return
    }
    if !record.isBare { hasPrefix = true }
    if let fragment, let whole = InvokedLine.joined(fragment.text, message, record) {
      addInvocation(whole, fragment, record, line: line)
    } else if InvokedLine.start(of: message) != nil {
      // Here a blank before the text is the name's.
      read(message, record, line: line)
    } else {
      // Continuation lines of the memory state keep a blank behind their prefix.
      let start = message.skippingBlanks(from: 0)
      read(message.extracting(start..<message.count), record, line: line)
    }
  }

  private mutating func addInvocation(
    _ message: [UInt8], _ fragment: NameFragment, _ record: LogRecord, line: Int
  ) {
    var whole = record
    whole.start = fragment.start
    whole.stamp = fragment.stamp
    whole.carrier = fragment.carrier
    read(message.span, whole, line: fragment.line)
    lastAccepted = line
  }

  private mutating func read(
    _ message: Span<UInt8>, _ record: LogRecord, line: Int
  ) {
    if let joined = broken?.join(message, record) {
      isDamaged = true
      builder = joined
      acceptPassedOver()
      accept(record, line)
      return
    }
    if let doubted = broken?.withoutLastFigure(before: message, record, hasPrefix: hasPrefix) {
      // What shows it is the report's, so that its bytes alone say the same.
      (builder, broken, isDamaged) = (doubted, nil, true)
      accept(record, line)
      return
    }
    guard !isRest(message, record) else {
      giveUpBroken()
      isDamaged = true
      foreign.append(
        Diagnostic(line: line, kind: .torn, text: message.text(0..<min(message.count, 200))))
      // It may have been a zone, whose list of pages kept back is not that of the zone before.
      builder.reservesOfZone += 1
      idle += 1
      return
    }
    // Between a line and its rest, one of somebody else's may stand.
    if broken != nil, isOfNoKind(message, line: line), broken?.waits() == true {
      passOver(message, record, line: line)
      return
    }
    giveUpBroken()
    fragment = nil

    // A row changes nothing unless it is read, and a copy would make its table be copied with it.
    let before = message.byte(at: 0) == .openBracket ? nil : builder
    let reading = Lines.read(message, line, &builder)
    switch reading {
    case .other:
      passOver(message, record, line: line)
      return
    case .torn where record.isBare && KillLine.isBeginning(message):
      passOver(message, record, line: line)
      broken = BrokenLine(guess: message, record, line: line, before: before ?? builder)
      return
    case .torn:
      isDamaged = true
      broken = BrokenLine(
        message, line: line, isRead: false, before: before ?? builder, after: builder)
    case .read:
      guard let before else { break }
      let isBreakable = builder.hasBreakable(unlike: before)
      if isBreakable || message.endsInFigure {
        broken = BrokenLine(
          message, line: line, isRead: true, isComplete: !isBreakable, before: before,
          after: builder)
      }
    case .known:
      break
    }
    accepted += 1
    accept(record, line)
  }

  /// Whether a message is none that the report may hold here.
  private func isOfNoKind(_ message: Span<UInt8>, line: Int) -> Bool {
    var scratch = builder
    return Lines.read(message, line, &scratch) == .other
  }

  /// Whether a message that looks like a line is what is left of another one: a figure or a name at
  /// its beginning may be cut.
  private mutating func isRest(_ message: Span<UInt8>, _ record: LogRecord) -> Bool {
    guard broken != nil || record.isBare || builder.section == .memcgStats,
      KeyLine(message) == nil, !record.isBehindStamp, !KillLine.isBeginning(message),
      BrokenLine.isLine(message)
    else { return false }
    if builder.section == .memcgStats, MemcgLines.isRow(message) {
      return isRestOfRow(record) || broken?.mayGoOn(with: message) == true
    }
    // Of the memory state, all lines of one message but the first are indented by a blank.
    let indent = record.isBare && MemInfoLines.isCounters(message) ? 1 : 2
    if record.isBare { return hasPrefix && record.indent < indent }
    return broken?.mayGoOn(with: message) == true
  }

  /// Whether a row of a cgroup's statistics is indented in another way than the others: these are
  /// messages with a prefix each, or the lines of one message, of which the first may have it.
  private mutating func isRestOfRow(_ record: LogRecord) -> Bool {
    let known = builder.statIndent
    if !record.isBare {
      builder.prefixedStats += 1
      return known ?? 0 >= 2
    }
    guard record.indent >= 2 || builder.prefixedStats < 2 else { return true }
    builder.statIndent = max(known ?? 0, record.indent)
    guard let known, known != record.indent else { return false }
    // Those that are not indented are rests, the ones before it included.
    if record.indent > known { builder.withMemcg { $0.stats = [:] } }
    return record.indent < known
  }

  /// Takes the first piece of a broken line, which was passed over, once another one goes on with it.
  private mutating func acceptPassedOver() {
    guard let first = broken?.takePassedOver(), let line = broken?.line else { return }
    foreign.removeAll { $0.line == line }
    accepted += 1
    accept(first, line)
  }

  private mutating func passOver(_ message: Span<UInt8>, _ record: LogRecord, line: Int) {
    idle += 1
    isDamaged = isDamaged || record.isBare
    if builder.isInsideBody, foreign.count < 20, !message.isEmpty {
      foreign.append(
        Diagnostic(line: line, kind: .foreign, text: message.text(0..<min(message.count, 200))))
    }
    if broken == nil, builder.section ?? .head != .head, !builder.isDecided, !record.isBare,
      message.mayBeginLine
    {
      broken = BrokenLine(guess: message, record, line: line, before: builder)
      isDamaged = true
    }
    if range == nil, record.mayBeginName {
      fragment = NameFragment(
        text: LogText(message).bytes, start: record.start, line: line, stamp: record.stamp,
        carrier: record.carrier)
    }
  }

  /// Notes the line that broke off, now that its rest has not come.
  private mutating func giveUpBroken() {
    // It is large, and there is none at nearly every line.
    guard broken != nil, let line = broken.take() else { return }
    guard !line.isRead, !line.isPassedOver else { return }
    builder.note(.torn, line.line, line.text.span)
    if line.isTaskRow { builder.taskRows += 1 }
  }

  private mutating func accept(_ record: LogRecord, _ line: Int) {
    idle = 0
    if record.stamp != Stamp() { stamp = record.stamp }
    firstStamp = firstStamp ?? (stamp == Stamp() ? nil : stamp)
    if range == nil {
      firstAccepted = line
      carrier = record.carrier
    }
    lastAccepted = line
    range = (range?.lowerBound ?? record.start)..<record.end
    isGlued = record.isGlued
    if builder.isDecided {
      foreign = []
    } else if !foreign.isEmpty {
      builder.report.diagnostics += foreign.prefix(20)
      foreign = []
    }
    if killStamp == nil, builder.isDecided { killStamp = stamp }
  }

  /// Notes that the log ends in a line, without the end of that.
  mutating func endOpen(line: Int) {
    guard broken?.line == line, let cut = broken?.cutAtEnd else { return }
    isDamaged = true
    // Only a reading that keeps the table knows whether it has the same figure.
    guard builder.isWhole, !isAdjustmentProven(of: line) else { return }
    (builder, broken) = (cut, nil)
  }

  /// Whether the task table has the adjustment of the victim whose kill line stands on a line.
  private func isAdjustmentProven(of line: Int) -> Bool {
    guard let victim = builder.report.victims.first(where: { $0.line == line }),
      let adjustment = victim.oomScoreAdj
    else { return false }
    return builder.report.tasks?.rows.contains {
      $0.pid == victim.pid && $0.oomScoreAdj == adjustment
    } ?? false
  }

  /// The report, once nothing more of it can come; nil where nothing was of a report.
  consuming func finish(_ clock: Clock) -> ReportParser.Parsed? {
    guard let range, !isFragment else { return nil }
    giveUpBroken()
    var report = builder.report
    let reaped = reapedVictim
    if let reaped { report.victims = [reaped] }
    // Whoever has a kill line is not to be remarked upon.
    if builder.isDecided || reaped != nil { report.remarks.removeAll { $0.kind == .reaped } }
    report.firstLine = firstAccepted
    report.lastLine = lastAccepted
    report.host = host
    report.time = clock.time(of: killStamp ?? firstStamp ?? stamp, carrier)
    report.taskRowCount = builder.taskRows
    report.status = status
    report.outcome = reaped == nil ? outcome : .killed
    if builder.isWhole {
      Consistency.settle(&report)
      report.pageSize = PageSizeInference.pageSize(of: report, noLimit: builder.pageOfNoLimit)
      CutFigures.leaveOut(of: &report)
      report.diagnostics += Consistency.contradictions(in: report)
    } else {
      CutFigures.leaveOutPaths(of: &report)
    }
    return ReportParser.Parsed(
      report: report, range: range, carrier: carrier, isGlued: isGlued)
  }

  /// Who was killed where the kill line is lost: only a process that was killed is reaped. Another one
  /// than the report chose may be of the kill before, whose reaper came late.
  private var reapedVictim: Victim? {
    guard !builder.isDecided,
      let chosen = builder.report.decision?.value.pid ?? builder.report.intent?.value.pid
    else { return nil }
    return builder.reaped.first { $0.pid == chosen }
  }

  /// Whether all there is of a report is a decision that names nobody.
  private var isFragment: Bool {
    accepted == 1 && builder.report.decision.map { $0.value.pid == nil } ?? false
  }

  private var status: OOMReport.Status {
    if builder.report.invocation != nil { return builder.isDecided ? .complete : .truncated }
    return builder.hasBody || builder.report.victims.isEmpty ? .headless : .killOnly
  }

  private var outcome: OOMReport.Outcome {
    if builder.report.outcome == .panic { return .panic }
    if !builder.report.victims.isEmpty { return .killed }
    return builder.report.ending == nil ? .unknown : .noVictim
  }
}

extension LogRecord {
  /// Whether the message is short enough to be a task's name and "invoked", or less of the line; each
  /// byte of the name may be written as an escape.
  var mayBeginName: Bool {
    !isBare && !message.isEmpty && message.count <= 4 * Comm.longest + " invoked".utf8.count
  }

  /// Whether the message may be the rest of a name: dmesg and journalctl indent it.
  var continuesName: Bool { isBare && indent >= 2 }
}

extension Span where Element == UInt8 {
  /// Whether a message of no kind is so short that a line may have broken behind it.
  fileprivate var mayBeginLine: Bool {
    !isEmpty && count < 24 && (first(.space) == nil || starts(with: "Node "))
  }
}
