/// Entries of a log store that are no lines: objects over several lines each, or all of them in one
/// array (`gcloud logging read --format=json`, `aws logs filter-log-events`, `jq .`).
enum JSONObjects {
  static let format = LogFormat(
    name: "JSON objects",
    recognise: { head in
      let first = head.skippingByteOrderMark(from: 0)
      guard let start = head.offsetOfFirstSign(from: first),
        let next = head.offsetOfFirstSign(from: start + 1)
      else { return false }
      if head[start] == .openBracket { return head[next] == UInt8(ascii: "{") }
      guard head[start] == UInt8(ascii: "{"), head[next] == .quote else { return false }
      let line = head.lineEnd(of: start)
      // Objects on a line each are read as lines, among which others may be.
      return next > line
        || head.offsetOfFirstSign(from: line) == nil && JSONEntries.next(head, start + 1) != nil
    },
    start: { bytes, offset, floor in
      let start = JSONEntries.start(bytes, offset, floor)
      let line = bytes.lineStart(of: offset, floor: floor)
      // Lines of another kind may stand behind an entry.
      guard let end = end(bytes, start) else { return line }
      return end > offset ? start : max(end, line)
    },
    next: JSONEntries.next, record: record)

  private static func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    guard let end = end(bytes, start), let brace = JSONEntries.brace(bytes, start) else {
      return opening(bytes, start) ?? LineReader.record(in: bytes, at: start)
    }
    let entry = bytes.extracting(start..<end)
    let frame = LineReader.Frame(begin: brace - start, end: entry.count)
    guard let (inner, prefix) = JSONLine.object.read(entry, frame) else {
      var record = LogRecord(start: start, end: end, message: start..<start)
      record.origin = .program
      return record
    }
    return LineReader.record(prefix, inner, start..<end, in: bytes)
  }

  /// What stands before the first entry of an array, on its line; nil where a line does.
  private static func opening(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord? {
    let bracket = bytes.skippingByteOrderMark(from: start)
    guard bytes.byte(at: bracket) == .openBracket,
      let first = bytes.offsetOfFirstSign(from: bracket + 1), first < bytes.lineEnd(of: start),
      JSONEntries.isEntry(bytes, first, first)
    else { return nil }
    var record = LogRecord(start: start, end: first, message: start..<start)
    record.origin = .program
    return record
  }

  /// Where the entry ends that begins at an offset: with its object, or where an entry begins that is
  /// in an array of it. Nil where none begins.
  private static func end(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    guard let brace = JSONEntries.brace(bytes, start), JSONEntries.isEntry(bytes, start, brace)
    else {
      return nil
    }
    let next = JSONEntries.next(bytes, brace + 1) ?? bytes.count
    let entry = bytes.extracting(0..<next)
    var members = JSONMembers(offset: brace + 1, isNested: true)
    while members.next(in: entry) != nil {}
    return members.offset < next ? JSONEntries.endOfEntry(bytes, start, members.offset) : next
  }
}
