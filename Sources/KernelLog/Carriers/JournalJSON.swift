/// `journalctl -o json`, `json-pretty`, `json-sse` and `json-seq`: one object an entry.
enum JournalJSON {
  static let format = LogFormat(
    name: "journalctl json",
    recognise: { head in
      guard let brace = head.first(UInt8(ascii: "{")), brace < 16 else { return false }
      return head.first("\"__REALTIME_TIMESTAMP\"", from: brace) != nil
        || head.first("\"_SOURCE_MONOTONIC_TIMESTAMP\"", from: brace) != nil
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

/// Walks over the members of one JSON object without building anything.
struct JSONMembers {
  /// Behind the last member read, or behind the closing brace.
  private(set) var offset: Int

  init(offset: Int) {
    self.offset = offset
  }

  struct Member {
    let name: Range<Int>
    /// The inside of a string or array, or the bare word.
    let value: Range<Int>
    let isArray: Bool
  }

  mutating func next(in bytes: Span<UInt8>) -> Member? {
    skip(in: bytes) { $0 <= .space || $0 == .comma }
    guard bytes.byte(at: offset) == .quote, let name = string(in: bytes) else { return nil }
    skip(in: bytes) { $0 <= .space || $0 == .colon }
    switch bytes.byte(at: offset) {
    case .quote:
      guard let value = string(in: bytes) else { return nil }
      return Member(name: name, value: value, isArray: false)
    case .openBracket:
      let start = offset + 1
      guard let close = endOfArray(in: bytes) else { return nil }
      return Member(name: name, value: start..<close, isArray: true)
    default:
      let start = offset
      skip(in: bytes) { $0 != .comma && $0 != UInt8(ascii: "}") && $0 != .newline }
      return Member(name: name, value: start..<offset, isArray: false)
    }
  }

  /// The closing bracket of an array of numbers or strings; moves behind it.
  private mutating func endOfArray(in bytes: Span<UInt8>) -> Int? {
    offset += 1
    while let byte = bytes.byte(at: offset) {
      if byte == .closeBracket {
        offset += 1
        return offset - 1
      }
      // Braces stand in no array: it is cut short.
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { return nil }
      if byte != .quote {
        offset += 1
      } else if string(in: bytes) == nil {
        return nil
      }
    }
    return nil
  }

  /// Reads a string's inside and moves behind its closing quote. No string goes over a line's end.
  private mutating func string(in bytes: Span<UInt8>) -> Range<Int>? {
    let start = offset + 1
    var cursor = start
    while let byte = bytes.byte(at: cursor), byte != .newline {
      if byte == .quote {
        offset = cursor + 1
        return start..<cursor
      }
      cursor += byte == .backslash ? 2 : 1
    }
    offset = min(cursor, bytes.count)
    return nil
  }

  private mutating func skip(in bytes: Span<UInt8>, while isSkipped: (UInt8) -> Bool) {
    while let byte = bytes.byte(at: offset), isSkipped(byte) { offset += 1 }
  }
}
