/// `journalctl -o json`, `json-pretty`, `json-sse` and `json-seq`: one object an entry. So it stays
/// when it has gone through jq, which prints it over several lines, or puts all entries into an array,
/// on one line or on many.
enum JournalJSON {
  static let format = LogFormat(
    name: "journalctl json",
    recognise: { head in
      guard let brace = JSONEntries.firstBrace(head), head.first("\"MESSAGE\"", from: brace) != nil
      else { return false }
      if head.first("\"__REALTIME_TIMESTAMP\"", from: brace) != nil { return true }
      // Other programs pass the fields on inside objects of their own.
      return head.first("\"_SOURCE_MONOTONIC_TIMESTAMP\"", from: brace) != nil
        && head.first("\":{", from: brace) == nil && head.first("\": {", from: brace) == nil
    },
    start: JSONEntries.start, next: JSONEntries.next, record: record)

  private static func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    var record = LogRecord(start: start, end: start, message: start..<start)
    record.carrier = .journalJSON
    record.encoding = .json
    var end = start
    if let brace = JSONEntries.brace(bytes, start) {
      var members = JSONMembers(offset: brace + 1)
      while let member = members.next(in: bytes) {
        guard let field = JournalField.named(member.name, in: bytes) else { continue }
        field.read(member.value, in: bytes, into: &record)
        if field == .message { record.encoding = member.isArray ? .byteArray : .json }
      }
      end = members.offset
    }
    record.end = JSONEntries.endOfEntry(bytes, start, end)
    // Another program's object among the journal's.
    if record.message.isEmpty, bytes.lineEnd(of: start) + 1 >= record.end {
      return LineReader.record(in: bytes, at: start)
    }
    if record.message.isEmpty || record.origin == .unknown { record.origin = .program }
    return record
  }
}
