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
    record: record)

  /// Two lines of the kernel that follow each other in a string, or as strings, are enough.
  private static let recognise: @Sendable (Span<UInt8>) -> Bool = { head in
    guard let first = head.offsetOfFirstSign(from: head.skippingByteOrderMark(from: 0)),
      let second = head.offsetOfFirstSign(from: first + 1), head[second] == .quote,
      head[first] == UInt8(ascii: "{") || head[first] == .openBracket
    else { return false }
    var isBehindKernel = false
    var start = second
    while let end = nextBreak(head, from: start, to: head.count) {
      let line = head.extracting(start..<endOfText(head, start, end))
      let isKernel = LineReader.read(line, from: 0).isKernels
      if isKernel, isBehindKernel { return true }
      // Between two strings of an array there is a comma only. Behind a newline, lines are lines.
      if isKernel || !isSeparator(line) { isBehindKernel = isKernel }
      if head[end - 1] == .newline { isBehindKernel = false }
      start = end
    }
    return false
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
    if let record = recordOfObject(bytes, text, end) { return record }
    let line = bytes.extracting(text)
    var prefix = LineReader.read(line, from: 0)
    prefix.wrapping = .json
    prefix.outerCarrier = .jsonLines
    let frame = LineReader.Frame(begin: 0, end: line.count)
    var record = LineReader.record(prefix, frame, start..<end, in: bytes)
    // What stands outside of strings is no text at all.
    if isSeparator(line) { record.origin = .program }
    return record
  }

  /// The record of one of the lines in the message of a store's object, which knows of its host and its
  /// time; nil where the line is in no such message.
  private static func recordOfObject(
    _ bytes: Span<UInt8>, _ text: Range<Int>, _ end: Int
  ) -> LogRecord? {
    let start = bytes.lineStart(of: text.lowerBound)
    let line = bytes.extracting(start..<bytes.lineEnd(of: text.lowerBound))
    // Of a longer line what surrounds a record may not have been read.
    guard line.count <= LogFormat.longestLine, line.byte(at: 0) == UInt8(ascii: "{"),
      let object = JSONRecord(line, 0), let message = object.text
    else { return nil }
    let inside = text.lowerBound - start..<text.upperBound - start
    guard message.lowerBound <= inside.lowerBound, inside.upperBound <= message.upperBound,
      case (var frame, var prefix)? = JSONLine.line(inside, of: object, in: line)
    else { return nil }
    let shift = inside.lowerBound
    prefix.offset -= shift
    // A host that the object names stands elsewhere in it.
    prefix.host = prefix.host.map { $0.lowerBound - shift..<$0.upperBound - shift }
    (frame.begin, frame.end) = (frame.begin - shift, frame.end - shift)
    return LineReader.record(prefix, frame, text.lowerBound..<end, in: bytes)
  }
}
