/// What the forms of a prefix do, by the byte that an element begins with, without what else their
/// rows say: to pass a row along takes longer than to read most elements.
private struct PrefixReaders: Sendable {
  typealias Read = @Sendable (Span<UInt8>, inout LinePrefix) -> Bool

  /// Two for each byte, of what may stand before the printk stamp and of what may follow it.
  private let reads: [[Read]]

  init(_ forms: [PrefixForm]) {
    reads = (0..<512).map { place in
      let (byte, isBehind) = (UInt8(place / 2), place % 2 == 1)
      return forms.filter { $0.begins.contains(byte) && ($0.mayFollowStamp || !isBehind) }
        .map(\.read)
    }
  }

  /// Reads the element that begins with a byte by the first form that it has; false where it has
  /// none.
  func read(_ line: Span<UInt8>, from first: UInt8, _ prefix: inout LinePrefix) -> Bool {
    for read in reads[Int(first) * 2 + (prefix.hasUptime ? 1 : 0)] where read(line, &prefix) {
      return true
    }
    return false
  }
}

/// Reading of a line's prefix.
enum LineReader {
  /// How many elements a prefix may have; a line that has more is not a log line.
  private static let deepest = 10

  /// The record of the line that begins at `start`.
  ///
  /// Lines longer than `LogFormat.longestLine` are read to there only.
  static func record(in bytes: Span<UInt8>, at start: Int) -> LogRecord {
    let newline = bytes.lineEnd(of: start)
    var end = min(newline, start + LogFormat.longestLine)
    while end > start, bytes[end - 1] == .carriageReturn { end -= 1 }
    let line = bytes.extracting(start..<end)

    let (frame, prefix) = framed(line)
    let glued = Console.glued(line, prefix).map { start + $0 }
    let next = glued ?? min(newline + 1, bytes.count)
    var record = record(prefix, frame, start..<next, in: bytes)
    // The first byte of what is glued behind a message stays part of it: its own end is lost.
    if let glued { record.message = record.message.lowerBound..<glued + 1 }
    if prefix.wrapping == .containerParts || prefix.wrapping == .packets {
      let end = Parts.end(bytes, behind: newline, prefix.wrapping)
      if end > newline { record.message = record.message.lowerBound..<end }
      record.end = min(end + 1, bytes.count)
    }
    if isBrokenBehindPrefix(record, prefix) { takeNextLine(in: bytes, into: &record) }
    if prefix.needsKernel, !prefix.isKernels {
      record.isBare = record.indent > 0 && isBehindKernel(bytes, start, depth: 12)
      if !record.isBare { record.origin = .program }
    }
    return record
  }

  /// Whether a line is nothing but a prefix of the kernel's: a mail program breaks at the blank behind
  /// it, where the message's first word is long.
  private static func isBrokenBehindPrefix(_ record: LogRecord, _ prefix: LinePrefix) -> Bool {
    record.message.isEmpty && prefix.isKernels && record.wrapping == .none
      && record.carrier != .kmsg
  }

  /// Takes the message of a prefix from the line behind it, if that has no prefix of its own.
  private static func takeNextLine(in bytes: Span<UInt8>, into record: inout LogRecord) {
    guard record.end < bytes.count else { return }
    let next = self.record(in: bytes, at: record.end)
    guard next.isBare, next.indent == 0, !next.isBehindStamp, !next.message.isEmpty else { return }
    (record.message, record.end) = (next.message, next.end)
  }

  /// The beginning of the line before one, if that is a prefix whose message the line is; else the
  /// line's own.
  static func startOfBroken(_ bytes: Span<UInt8>, _ line: Int, floor: Int) -> Int {
    var end = line - 1
    while end > floor, bytes[end - 1] == .space || bytes[end - 1] == .carriageReturn { end -= 1 }
    guard end > floor, bytes[end - 1] == .closeBracket || bytes[end - 1] == .colon else {
      return line
    }
    let before = bytes.lineStart(of: end, floor: floor)
    return record(in: bytes, at: before).end > line ? before : line
  }

  /// What is left of a line once quote marks and other wrappings are taken off, and its prefix.
  static func framed(_ line: Span<UInt8>) -> (frame: Frame, prefix: LinePrefix) {
    var frame = Frame(begin: line.skippingQuoteMarks(from: line.endOfZeros), end: line.count)
    let prefix = read(line, from: frame.begin)
    // The first cell of a table's row looks like a quoted line.
    if frame.begin > 0, prefix.isKernels, line[line.count - 1] == UInt8(ascii: "|") {
      frame.end = Table.endOfCell(line, prefix.offset, frame.end)
    }
    if let marked = Colour.withoutMarks(line, frame, prefix) { return marked }
    if let held = JSONLine.held(line, frame, by: prefix) { return held }
    let isFirstCell = prefix.expectsHost && Table.endOfBar(line, prefix.offset) != nil
    guard prefix.offset == line.skippingBlanks(from: frame.begin) || isFirstCell,
      let first = line.byte(at: prefix.offset)
    else { return (frame, prefix) }
    // Nothing of a kernel's or a daemon's: something else may stand around it.
    for wrapper in Carriers.wrappers where wrapper.begins.contains(first) {
      if let inner = wrapper.read(line, frame) { return inner }
    }
    return (frame, prefix)
  }

  /// The bytes of a line that are left once what others put around it is taken off.
  struct Frame {
    var begin: Int
    var end: Int
  }

  /// Reads the prefix that begins at an offset, blanks before it included.
  static func read(
    _ line: Span<UInt8>, from begin: Int, as outer: LinePrefix = LinePrefix(offset: 0)
  ) -> LinePrefix {
    var prefix = outer
    prefix.offset = line.skippingBlanks(from: begin)
    for _ in 0..<deepest { guard goesOn(line, &prefix) else { break } }
    return prefix
  }

  private static let readers = PrefixReaders(Carriers.prefixForms)

  /// Reads one more element of a prefix that has been read up to its offset; false where none
  /// stands there.
  static func goesOn(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    guard !prefix.isFinished, let first = line.byte(at: prefix.offset) else { return false }
    return readers.read(line, from: first, &prefix)
  }

  /// Whether the lines before one of a container's are a message of the kernel's that an indented
  /// line goes on with.
  private static func isBehindKernel(_ bytes: Span<UInt8>, _ start: Int, depth: Int) -> Bool {
    var start = start
    for _ in 0..<depth where start > 0 {
      let end = start - 1
      start = Parts.first(bytes, bytes.lineStart(of: end), floor: 0)
      let line = bytes.extracting(start..<end)
      let (frame, prefix) = framed(line)
      guard prefix.needsKernel else { return false }
      if prefix.isKernels { return true }
      let begin = prefix.innerStart ?? frame.begin
      guard line.skippingBlanks(from: begin) > begin else { return false }
    }
    return false
  }

  /// The record at a place of which this has been read, in offsets from the place's beginning.
  static func record(
    _ prefix: LinePrefix, _ frame: Frame, _ place: Range<Int>, in bytes: Span<UInt8>
  ) -> LogRecord {
    let start = place.lowerBound
    var record = LogRecord(
      start: start, end: place.upperBound,
      message: start + prefix.offset..<start + max(frame.end, prefix.offset))
    let begin = start + (prefix.innerStart ?? frame.begin)
    let text = bytes.skippingBlanks(from: begin)
    record.isBare = (start + prefix.offset == text || prefix.isOnlyColour) && !prefix.isFinished
    record.indent = text - begin
    if record.isBare, let text = bytes.endOfStampRest(in: record.message) {
      record.message = text..<record.message.upperBound
      record.isBehindStamp = true
    }
    // A coloured message's last line is only reset.
    if record.isBare, bytes.starts(with: "\u{1B}[0m", at: record.message.upperBound - 4) {
      let end = max(record.message.lowerBound, record.message.upperBound - 4)
      record.message = record.message.lowerBound..<end
    }
    record.encoding = prefix.encoding
    record.wrapping = prefix.wrapping
    record.stamp = prefix.stamp
    record.host = prefix.host.map { start + $0.lowerBound..<start + $0.upperBound }
    record.origin = prefix.expectsHost ? .program : prefix.origin
    record.carrier = prefix.outerCarrier ?? prefix.carrier
    return record
  }
}

extension Span where Element == UInt8 {
  /// Where a line begins behind what a file system put in place of bytes that a crash kept from the
  /// disk.
  fileprivate var endOfZeros: Int {
    guard byte(at: 0) == 0 else { return 0 }
    var end = 1
    while byte(at: end) == 0 { end += 1 }
    return end
  }

  /// The offset behind `36.526089] `, the rest of a printk stamp whose line was broken in it: a mail
  /// program takes the blanks before its figures for a place to do so.
  fileprivate func endOfStampRest(in message: Range<Int>) -> Int? {
    guard byte(at: message.lowerBound)?.isDigit == true else { return nil }
    let dot = end(ofDigitsAt: message.lowerBound)
    let close = end(ofDigitsAt: dot + 1)
    guard byte(at: dot) == .dot, close - dot == 7, starts(with: "] ", at: close),
      close + 2 <= message.upperBound
    else { return nil }
    return close + 2
  }
}
