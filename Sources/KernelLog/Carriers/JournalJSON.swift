/// `journalctl -o json`, `json-pretty`, `json-sse` and `json-seq`: one object an entry.
enum JournalJSON {
  static let format = LogFormat(
    name: "journalctl json",
    recognise: { head in
      guard let brace = head.first(UInt8(ascii: "{")), brace < 16 else { return false }
      if head.first("\"__REALTIME_TIMESTAMP\"", from: brace) != nil { return true }
      // Other programs pass the fields on inside objects of their own.
      return head.first("\"_SOURCE_MONOTONIC_TIMESTAMP\"", from: brace) != nil
        && head.first("\":{", from: brace) == nil
    },
    start: { bytes, offset, floor in
      var start = bytes.lineStart(of: offset, floor: floor)
      while start > floor, !beginsEntry(bytes, start) {
        start = bytes.lineStart(of: start - 1, floor: floor)
      }
      return start
    },
    next: { bytes, offset in
      var line = LogFormat.nextLine(bytes, offset)
      while let start = line, start < bytes.count, !beginsEntry(bytes, start) {
        line = LogFormat.nextLine(bytes, start + 1)
      }
      return line
    },
    record: record)

  /// An entry's line begins with a brace, behind json-sse's `data: ` or json-seq's separator.
  private static func beginsEntry(_ bytes: Span<UInt8>, _ line: Int) -> Bool {
    brace(bytes, line) != nil
  }

  private static func brace(_ bytes: Span<UInt8>, _ line: Int) -> Int? {
    var cursor = bytes.end(of: "data: ", at: line) ?? line
    if bytes.byte(at: cursor) == 0x1E { cursor += 1 }
    return bytes.byte(at: cursor) == UInt8(ascii: "{") ? cursor : nil
  }

  private static func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    var record = LogRecord(start: start, end: start, message: start..<start)
    record.carrier = .journalJSON
    record.encoding = .json
    var end = start
    if let brace = brace(bytes, start) {
      var members = JSONMembers(offset: brace + 1)
      while let member = members.next(in: bytes) {
        guard let field = JournalField.named(member.name, in: bytes) else { continue }
        field.read(member.value, in: bytes, into: &record)
        if field == .message { record.encoding = member.isArray ? .byteArray : .json }
      }
      end = members.offset
    }
    // An object that is cut short ends with its line, and the next one begins there.
    let isNextLine = end > start && bytes[end - 1] == .newline && beginsEntry(bytes, end)
    record.end = isNextLine ? end : min(bytes.lineEnd(of: end) + 1, bytes.count)
    if record.message.isEmpty || record.origin == .unknown { record.origin = .program }
    return record
  }
}
