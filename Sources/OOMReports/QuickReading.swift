internal import KernelLog

/// Reads of an undamaged report only what a list of events needs, without looking at most of its
/// lines.
///
/// The scan has found the key lines. Of the lines between them only those that could change an
/// event are searched for, and what `ReportReading` would stumble over is ruled out. It must come
/// to the same event as `ReportReading`; whatever it cannot be sure of it leaves to that.
struct QuickReading {
  private let format: LogFormat
  private let host: LogText?
  private var builder: ReportBuilder
  private var decoder = MessageDecoder()
  /// The earliest and latest printk stamp of the report's head.
  private var uptimes: ClosedRange<Int64>?
  /// The stamp of its first line.
  private let beginning: Stamp
  /// What the prefix of the first line looks like, and that prefix.
  private let shape: PrefixShape
  private let first: (line: PrefixShape.Line, start: Int)?
  /// Whether lines stand between the key lines, most of them not read.
  private var hasUnread = false

  /// How far apart the stamps of a head may be without a look at their order.
  private static let longestHead: Int64 = 1_000_000

  /// The event of a report of which nothing can be behind `end`, an offset in `bytes`; these begin
  /// at `base` in the source. Nil where the report must be read line by line.
  static func parse(
    _ report: OpenReport, before end: Int, in bytes: Span<UInt8>, at base: Int,
    _ format: LogFormat, _ clock: Clock
  ) -> ReportParser.Parsed? {
    guard format.isLines, report.isOrderly, report.isPlain,
      report.keys.allSatisfy({ $0.place.record.isSelfContained }),
      let first = report.keys.first, let last = report.keys.last,
      last.place.record.message.upperBound - base < bytes.count
    else { return nil }
    var reading = QuickReading(report, first, in: bytes, at: base, format)
    guard reading.readKeys(report, in: bytes, at: base),
      let tail = reading.readTail(behind: last, before: end, in: bytes, at: base)
    else { return nil }
    var outline = reading.builder.report
    outline.lastLine = tail.line
    outline.host = report.host
    outline.time = clock.time(of: last.place.record.stamp, last.place.record.carrier)
    CutFigures.leaveOutPaths(of: &outline)
    outline.status = .complete
    if outline.outcome != .panic { outline.outcome = .killed }
    return ReportParser.Parsed(
      report: outline, range: first.place.range.lowerBound - base..<tail.end,
      carrier: first.place.record.carrier, isGlued: tail.isGlued)
  }

  private init(
    _ report: OpenReport, _ first: OpenReport.Key, in bytes: Span<UInt8>, at base: Int,
    _ format: LogFormat
  ) {
    self.format = format
    host = report.host
    builder = ReportBuilder(firstLine: report.firstLine, time: LogTime(), isWhole: false)
    let record = first.place.record.moved(by: -base)
    let shape = PrefixShape(of: record, in: bytes) ?? PrefixShape()
    self.shape = shape
    self.first = shape.read(bytes, at: record.start, before: record.end).map { ($0, record.start) }
    beginning = record.stamp
  }

  private mutating func readKeys(
    _ report: OpenReport, in bytes: Span<UInt8>, at base: Int
  ) -> Bool {
    var previous: OpenReport.Key?
    for key in report.keys {
      let record = key.place.record.moved(by: -base)
      if let previous {
        let between = previous.place.range.upperBound - base..<record.start
        let lines = key.place.line - previous.place.line - 1
        hasUnread = hasUnread || !between.isEmpty
        guard between.isEmpty || pass(between, lines: lines, line: previous.place.line, in: bytes)
        else { return false }
      }
      guard builder.section ?? .head != .head || includes(record.stamp),
        read(record, as: key.line, line: key.place.line, in: bytes) == .read
      else { return false }
      previous = key
    }
    return builder.report.victims.count == 1
  }

  /// Notes a stamp of the head; false where the clock leaps.
  private mutating func includes(_ stamp: Stamp) -> Bool {
    guard let uptime = stamp.uptimeMicros else { return !beginning.isFar(from: stamp) }
    let known = uptimes ?? uptime...uptime
    let wider = min(known.lowerBound, uptime)...max(known.upperBound, uptime)
    uptimes = wider
    return wider.upperBound - wider.lowerBound <= Self.longestHead
  }

  /// Reads a key line, whose kind is known.
  private mutating func read(
    _ record: LogRecord, as kind: KeyLine, line: Int, in bytes: Span<UInt8>
  ) -> LineGrammar.Reading {
    let read = kind.read
    return decoder.withMessage(of: record, in: bytes) { message in
      // A blank before the text may be the name's; a bracket may make the line a task's row.
      guard message.byte(at: 0) != .openBracket else { return .other }
      let start = kind == .invoked ? 0 : message.skippingBlanks(from: 0)
      return read(message.extracting(start..<message.count), line, &builder)
    }
  }

  private mutating func read(
    _ record: LogRecord, line: Int, in bytes: Span<UInt8>
  ) -> LineGrammar.Reading {
    decoder.withMessage(of: record, in: bytes) { message in
      guard InvokedLine.start(of: message) == nil else {
        return Lines.read(message, line, &builder)
      }
      let start = message.skippingBlanks(from: 0)
      return Lines.read(message.extracting(start..<message.count), line, &builder)
    }
  }

  /// Passes the lines between two key lines; false where one of them may matter in a way that is
  /// not understood here.
  private mutating func pass(
    _ range: Range<Int>, lines: Int, line: Int, in bytes: Span<UInt8>
  ) -> Bool {
    let second = format.record(at: range.lowerBound, in: bytes)
    // The first may be the rest of the key line before it, or stand between that and its rest.
    guard !second.isCut, !mayBeRest(second, in: bytes),
      second.end >= range.upperBound
        || !mayBeRest(format.record(at: second.end, in: bytes), in: bytes),
      passHead(range, line: line, in: bytes),
      readDetails(range, line: line, in: bytes)
    else { return false }
    return isUnbroken(range, lines: lines, in: bytes)
  }

  /// Whether a record may be what is left of a line before it.
  private func mayBeRest(_ record: LogRecord, in bytes: Span<UInt8>) -> Bool {
    record.isBare || bytes.extracting(record.message).isFigure
  }

  /// Goes through the lines of the head, in which a leap of the clock ends the report.
  private mutating func passHead(
    _ range: Range<Int>, line: Int, in bytes: Span<UInt8>
  ) -> Bool {
    var offset = range.lowerBound
    var number = line
    while builder.section == .head, offset < range.upperBound {
      number += 1
      let end = bytes.lineEnd(of: offset)
      if let first,
        let prefix = shape.read(
          bytes, at: offset, before: min(end, range.upperBound), like: first.line, at: first.start)
      {
        guard includes(shape.stamp(of: prefix)) else { return false }
        if ReportReading.beginsSection(bytes, at: prefix.message) {
          _ = read(format.record(at: offset, in: bytes), line: number, in: bytes)
        }
      } else {
        let record = format.record(at: offset, in: bytes)
        guard !record.isCut else { return false }
        if isOwn(record, in: bytes) {
          guard includes(record.stamp) else { return false }
          let start = record.message.lowerBound
          if !record.isBare, ReportReading.beginsSection(bytes, at: start) {
            _ = read(record, line: number, in: bytes)
          }
        }
      }
      offset = end + 1
    }
    return true
  }

  /// Whether a record may be the report's, as far as its prefix says.
  private func isOwn(_ record: LogRecord, in bytes: Span<UInt8>) -> Bool {
    record.origin != .program && (record.isBare || bytes.isName(record.host, host))
  }

  /// Reads those lines between two key lines that say more than that the report goes on.
  private mutating func readDetails(
    _ range: Range<Int>, line: Int, in bytes: Span<UInt8>
  ) -> Bool {
    var cursor = range.lowerBound
    var line = line + 1
    while true {
      let found = bytes.nextKey(.detail, from: cursor, to: range.upperBound)
      guard let word = found.offset else { return true }
      line += found.newlines
      let start = bytes.lineStart(of: word, floor: range.lowerBound)
      let record = format.record(at: start, in: bytes)
      guard !record.isCut else { return false }
      if isOwn(record, in: bytes) {
        let reading = read(record, line: line, in: bytes)
        guard !record.isBare, reading != .torn, !builder.isDecided else { return false }
      }
      line += 1
      cursor = max(record.end, word + 1)
      guard cursor < range.upperBound else { return true }
    }
  }

  /// Whether no run of lines is so long that the report would be taken to have ended in it.
  private func isUnbroken(_ range: Range<Int>, lines: Int, in bytes: Span<UInt8>) -> Bool {
    guard lines > ReportReading.patience.open else { return true }
    let middle = range.lowerBound + range.count / 2
    let start = bytes.lineStart(of: middle, floor: range.lowerBound)
    let record = format.record(at: start, in: bytes)
    guard start > range.lowerBound, record.end < range.upperBound, !record.isCut, !record.isBare,
      isOwn(record, in: bytes), isRow(bytes.extracting(record.message))
    else { return false }
    let before = bytes.newlines(in: range.lowerBound..<start)
    return isUnbroken(range.lowerBound..<start, lines: before, in: bytes)
      && isUnbroken(record.end..<range.upperBound, lines: lines - before - 1, in: bytes)
  }

  private func isRow(_ message: Span<UInt8>) -> Bool {
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return TaskTableLines.row.read(message, 0, &scratch) == .read
  }

  /// Reads the lines behind the kill, of which a few may be the event's.
  private mutating func readTail(
    behind last: OpenReport.Key, before limit: Int, in bytes: Span<UInt8>, at base: Int
  ) -> (end: Int, line: Int, isGlued: Bool)? {
    var offset = last.place.range.upperBound - base
    var line = last.place.line
    var accepted = (end: offset, line: line, isGlued: last.place.record.isGlued)
    var stamp = last.place.record.stamp
    var idle = 0
    while offset < limit, idle <= ReportReading.patience.decided {
      // A message that is glued to the one before stands on its line.
      if offset == 0 || bytes[offset - 1] == .newline { line += 1 }
      let record = format.record(at: offset, in: bytes)
      offset = max(record.end, offset + 1)
      guard !record.isCut else { return nil }
      // A line without a prefix may be anybody's, or the rest of the kill line.
      guard !record.isBare, !bytes.extracting(record.message).isFigure else { return nil }
      guard isOwn(record, in: bytes) else { continue }
      if builder.section ?? .head == .head,
        stamp.isLeap(to: record.stamp)
      {
        // One of the lines that were not read may have ended the head.
        return hasUnread ? nil : accepted
      }
      switch read(record, line: line, in: bytes) {
      case .other:
        idle += 1
      case .torn:
        return nil
      case .read, .known:
        guard builder.report.victims.count == 1, builder.report.groupKill == nil else { return nil }
        if record.stamp != Stamp() { stamp = record.stamp }
        idle = 0
        accepted = (record.end, line, record.isGlued)
      }
    }
    return accepted
  }
}

extension OpenReport {
  /// Whether it has the key lines of one kill, each of them with a prefix and a time.
  fileprivate var isPlain: Bool {
    guard (2...3).contains(keys.count), keys[0].line == .invoked,
      keys[0].place.range.lowerBound == start, case .killed = keys[keys.count - 1].line
    else { return false }
    if keys.count == 3 {
      switch keys[1].line {
      case .decision(let pid): guard pid != nil else { return false }
      case .intent: break
      case .invoked, .killed, .group, .panic: return false
      }
    }
    return keys.allSatisfy {
      let record = $0.place.record
      return !record.isBare && !record.isCut && record.stamp != Stamp()
        && record.start == $0.place.range.lowerBound
    }
  }
}

extension KeyLine {
  /// What its grammar does, without what else the grammar's row says.
  fileprivate var read:
    @Sendable (_ message: Span<UInt8>, _ line: Int, _ report: inout ReportBuilder)
      -> LineGrammar.Reading
  {
    switch self {
    case .invoked: InvokedLine.grammar.read
    case .decision: DecisionLine.grammar.read
    case .intent: KillLine.intent.read
    case .killed: KillLine.killed.read
    case .group: KillLine.group.read
    case .panic: EndingLine.panic.read
    }
  }
}

extension LogRecord {
  /// Whether another message is glued to its own, with the byte that was a newline between them.
  var isGlued: Bool { message.upperBound > end }

  /// The record with its offsets counted from another place.
  func moved(by distance: Int) -> LogRecord {
    var record = self
    record.start += distance
    record.end += distance
    record.message = message.lowerBound + distance..<message.upperBound + distance
    record.host = host.map { $0.lowerBound + distance..<$0.upperBound + distance }
    return record
  }
}

extension LogRecord {
  /// Whether nothing stands around the line that may part its words, and its date in no other one.
  fileprivate var isSelfContained: Bool { wrapping == .none && carrier != .dmesgDelta }
}
