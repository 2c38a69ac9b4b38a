/// Texts of many lines in strings of JSON: the console of a cloud's machine
/// (`aws ec2 get-console-output`), a whole report as one message of a log store, or lines as the
/// strings of one array. Each line is a record, though the source has it on no line of its own.
enum JSONText {
  static let format = LogFormat(
    name: "lines in JSON strings", recognise: recognise,
    start: { bytes, offset, floor in
      var start = bytes.lineStart(of: offset, floor: floor)
      // A break behind the offset's own byte begins the next line.
      while let end = nextBreak(bytes, from: start, to: offset) { start = end }
      return start
    },
    next: { bytes, offset in
      let line = bytes.lineStart(of: offset)
      var start = line
      while start < offset {
        guard let end = nextBreak(bytes, from: start, to: bytes.count) else { return nil }
        start = end
      }
      return start
    },
    record: record, surroundings: surroundings)

  /// Two lines of the kernel that follow each other in a string, or as strings, are enough.
  private static let recognise: @Sendable (Span<UInt8>) -> Bool = { head in
    guard var start = firstString(head) else { return false }
    var isBehindKernel = false
    while let end = nextBreak(head, from: start, to: head.count) {
      let text = start..<endOfText(head, start, end)
      let line = head.extracting(text)
      let isKernel = isKernels(line, at: text, in: head)
      if isKernel, isBehindKernel { return true }
      // Between two strings of an array there is a comma only. Behind a newline, lines are lines.
      if isKernel || !isSeparator(line) { isBehindKernel = isKernel }
      if head[end - 1] == .newline { isBehindKernel = false }
      start = end
    }
    return false
  }

  /// Where the first string, or object, stands of a document that begins with one: an array, an object
  /// or, as `jq` prints what it was asked for, a string.
  private static func firstString(_ head: Span<UInt8>) -> Int? {
    let first = head.offsetOfFirstSign(from: head.skippingByteOrderMark(from: 0))
    guard let first, head[first] != .quote else { return first }
    guard let second = head.offsetOfFirstSign(from: first + 1),
      head[first] == .openBracket || head[first] == UInt8(ascii: "{") && head[second] == .quote,
      head[second] == .quote || head[second] == UInt8(ascii: "{")
    else { return nil }
    return second
  }

  /// Whether a line has the prefix of the kernel's, or stands in a message that is a whole report and
  /// of no other program's: one that printk logged at once may have a few lines too.
  private static func isKernels(
    _ line: Span<UInt8>, at text: Range<Int>, in head: Span<UInt8>
  ) -> Bool {
    if peeled(line).prefix.isKernels { return true }
    guard !isSeparator(line), let (object, start) = object(around: text, in: head),
      object.origin != .program, !object.isOfOthers || object.origin == .kernel,
      let message = object.text, message.contains(text.lowerBound - start)
    else { return false }
    let whole = head.extracting(start + message.lowerBound..<start + message.upperBound)
    return ends.allSatisfy { whole.first($0) != nil }
  }

  /// What the first and the last line of a report hold, in all versions from 2.6.11 on.
  private static let ends: [StaticString] = ["invoked oom-killer", "Killed process "]

  /// A line without its colours, and its prefix, in its own offsets.
  private static func peeled(
    _ line: Span<UInt8>
  ) -> (frame: LineReader.Frame, prefix: LinePrefix) {
    guard line.first("\\u001b") != nil || line.first("\\u001B") != nil else {
      return (LineReader.Frame(begin: 0, end: line.count), LineReader.read(line, from: 0))
    }
    let peeled = PeeledLine(json: 0..<line.count, in: line)
    let (frame, prefix) = LineReader.framed(peeled.bytes.span)
    return peeled.inLine(frame, prefix)
  }

  private static func isSeparator(_ line: Span<UInt8>) -> Bool {
    line.indices.allSatisfy { line[$0] == .comma || line[$0] <= .space }
  }

  /// The offset behind the next place, before a limit, at which a line ends: a newline, its escape, or
  /// a quote. Nil where there is none.
  private static func nextBreak(_ bytes: Span<UInt8>, from start: Int, to limit: Int) -> Int? {
    let bytes = bytes.extracting(0..<min(limit, bytes.count))
    var cursor = start
    while let found = bytes.first(.backslash, or: .quote, from: cursor) {
      let newline = bytes.first(.newline, from: start)
      if let newline, newline < found { return newline + 1 }
      if bytes[found] == .quote { return found + 1 }
      guard found + 1 < bytes.count else { break }
      if bytes[found + 1] == UInt8(ascii: "n") { return found + 2 }
      cursor = found + 2
    }
    return bytes.first(.newline, from: start).map { $0 + 1 }
  }

  /// Where the text ends of a line behind which the next one begins at `end`.
  private static func endOfText(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var text = end
    if bytes.starts(with: "\\n", at: text - 2) {
      text -= 2
    } else if text > start, bytes[text - 1] == .quote || bytes[text - 1] == .newline {
      text -= 1
    }
    while text - 2 >= start, bytes.starts(with: "\\r", at: text - 2) { text -= 2 }
    return max(text, start)
  }

  private static let record: @Sendable (Span<UInt8>, Int) -> LogRecord = { bytes, start in
    let end = nextBreak(bytes, from: start, to: bytes.count) ?? bytes.count
    let text = start..<endOfText(bytes, start, end)
    if let (object, start) = object(around: text, in: bytes), let message = object.text {
      return recordOfObject(object, message, at: start, text, end, in: bytes)
    }
    let line = bytes.extracting(text)
    var (frame, prefix) = peeled(line)
    prefix.wrapping = .json
    prefix.outerCarrier = .jsonLines
    var record = LineReader.record(prefix, frame, start..<end, in: bytes)
    // What stands outside of strings is no text at all.
    if isSeparator(line) { record.origin = .program }
    return record
  }

  /// The object whose line, or entry of an array, a text stands in, and where that begins; nil where
  /// the text is not in the message of one.
  ///
  /// Of more bytes than these, what surrounds a record may not have been read.
  private static func object(
    around text: Range<Int>, in bytes: Span<UInt8>
  ) -> (object: JSONRecord, start: Int)? {
    let floor = max(0, text.lowerBound - LogFormat.longestLine)
    let start = JSONEntries.start(bytes, text.lowerBound, floor)
    let end = min(bytes.count, start + LogFormat.longestLine)
    guard let brace = JSONEntries.brace(bytes, start), JSONEntries.isEntry(bytes, start, brace),
      let object = JSONRecord(bytes.extracting(start..<end), brace - start)
    else { return nil }
    return (object, start)
  }

  /// The objects in whose messages a report begins and ends, as far as they are looked for.
  private static let surroundings: @Sendable (Span<UInt8>, Range<Int>) -> Range<Int> = {
    bytes, range in
    guard let last = range.last else { return range }
    let first =
      object(around: range.lowerBound..<range.lowerBound + 1, in: bytes)?.start ?? range.lowerBound
    guard let start = object(around: last..<last + 1, in: bytes)?.start else {
      return first..<range.upperBound
    }
    let end = bytes.lineEnd(of: last) + 1
    // Of an object that ends with its line, nothing stands on another one.
    let close = bytes.byte(at: end - 2) == .comma ? end - 3 : end - 2
    let isOnOneLine =
      bytes.lineStart(of: last) <= start && bytes.byte(at: close).map(closers.contains) ?? false
    return first..<min(isOnOneLine ? end : start + LogFormat.longestLine, bytes.count)
  }

  private static let closers = ByteSet("}]")

  /// The record of one of the lines in the message of a store's object, which knows of its host and its
  /// time; what stands elsewhere in the object is none of the kernel's.
  private static func recordOfObject(
    _ object: JSONRecord, _ message: Range<Int>, at start: Int, _ text: Range<Int>, _ end: Int,
    in bytes: Span<UInt8>
  ) -> LogRecord {
    let inside = text.lowerBound - start..<text.upperBound - start
    guard message.lowerBound <= inside.lowerBound, inside.upperBound <= message.upperBound,
      case (var frame, var prefix)? = JSONLine.line(
        inside, of: object,
        in: bytes.extracting(start..<min(bytes.count, start + LogFormat.longestLine)))
    else {
      var record = LogRecord(
        start: text.lowerBound, end: end, message: text.lowerBound..<text.lowerBound)
      record.origin = .program
      return record
    }
    let shift = inside.lowerBound
    prefix.offset -= shift
    // A host that the object names stands elsewhere in it.
    prefix.host = prefix.host.map { $0.lowerBound - shift..<$0.upperBound - shift }
    (frame.begin, frame.end) = (frame.begin - shift, frame.end - shift)
    var record = LineReader.record(prefix, frame, text.lowerBound..<end, in: bytes)
    if prefix.needsKernel, !prefix.isKernels { record.origin = .program }
    return record
  }
}
