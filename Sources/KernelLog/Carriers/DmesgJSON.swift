/// `dmesg --json` (util-linux 2.38 and later): one member a line, the message last.
///
/// It is read line by line and not as JSON, since bytes that are no UTF-8 are in it as they are.
enum DmesgJSON {
  static let format = LogFormat(
    name: "dmesg --json",
    recognise: { head in
      let start = head.skippingByteOrderMark(from: 0)
      guard let brace = head.offsetOfFirstSign(from: start), head[brace] == UInt8(ascii: "{"),
        let name = head.first("\"dmesg\"", from: brace)
      else { return false }
      return name - brace < 16
    },
    start: LogFormat.lines.start, next: LogFormat.nextLine,
    record: record)

  /// All of it on one line, as `jq -c` prints it.
  static let compact = LogFormat(
    name: "dmesg --json on one line",
    recognise: { $0.starts(with: "{\"dmesg\":[{", at: $0.skippingByteOrderMark(from: 0)) },
    start: JSONEntries.start, next: JSONEntries.next, record: entry)

  private static func entry(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    var record = LogRecord(start: start, end: start, message: start..<start)
    record.carrier = .dmesgJSON
    record.encoding = .json
    record.origin = .kernel
    var members = JSONMembers(offset: (JSONEntries.brace(bytes, start) ?? start) + 1)
    while let member = members.next(in: bytes) {
      var value = member.value.lowerBound
      switch bytes.ascii(member.name) {
      case "msg": record.message = member.value
      case "time": record.stamp.uptimeMicros = uptime(bytes, at: value)
      case "pri" where bytes.integer(at: &value) ?? 0 >= 8: record.origin = .program
      case "fac" where bytes.ascii(member.value) != "kern": record.origin = .program
      default: break
      }
    }
    record.end = JSONEntries.endOfEntry(bytes, start, members.offset)
    if record.message.isEmpty { record.origin = .program }
    return record
  }

  /// `12.345678`, with blanks before it.
  private static func uptime(_ bytes: Span<UInt8>, at offset: Int) -> Int64? {
    var cursor = bytes.skippingBlanks(from: offset)
    guard let seconds = bytes.integer(at: &cursor), bytes.byte(at: cursor) == .dot,
      (0..<Stamp.longestMicros / 1_000_000).contains(seconds)
    else { return nil }
    cursor += 1
    return seconds * 1_000_000 + (bytes.fraction(at: &cursor)?.micros ?? 0)
  }

  /// A `"msg"` line, with the stamp and level of the lines before it; other lines hold no message.
  private static func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    let newline = bytes.lineEnd(of: start)
    let end = min(newline, start + LogFormat.longestLine)
    let member = bytes.skippingBlanks(from: start)
    var record = LogRecord(start: start, end: min(newline + 1, bytes.count), message: end..<end)
    record.carrier = .dmesgJSON
    record.origin = .program
    guard let value = bytes.end(of: "\"msg\": \"", at: member), value < end else { return record }
    let line = bytes.extracting(0..<end)
    guard let close = newline > end ? end : line.last("\"", before: end), close >= value else {
      return record
    }
    record.message = value..<(nextRawRecord(in: line, value..<close) ?? close)
    record.encoding = .json
    record.origin = .kernel
    readMembers(before: start, in: bytes, into: &record)
    return record
  }

  /// Where the next record begins inside a message: reading from a file, util-linux 2.38 puts all
  /// that follows into every message, each record as `\n<4>[   12.345678] …`.
  private static func nextRawRecord(in line: Span<UInt8>, _ message: Range<Int>) -> Int? {
    var from = message.lowerBound
    while let found = line.first("\\n<", from: from), found < message.upperBound {
      var cursor = found + 3
      if line.integer(at: &cursor) != nil, line.starts(with: ">[", at: cursor),
        line.byte(at: found - 1) != .backslash
      {
        return found
      }
      from = found + 3
    }
    return nil
  }

  private static func readMembers(
    before start: Int, in bytes: Span<UInt8>, into record: inout LogRecord
  ) {
    var lineStart = start
    for _ in 0..<5 where lineStart > 0 {
      lineStart = bytes.lineStart(of: lineStart - 1)
      let member = bytes.skippingBlanks(from: lineStart)
      if let value = bytes.end(of: "\"time\":", at: member) {
        record.stamp.uptimeMicros = uptime(bytes, at: value)
      } else if var value = bytes.end(of: "\"pri\": ", at: member) {
        if let priority = bytes.integer(at: &value), priority >= 8 { record.origin = .program }
      } else if let value = bytes.end(of: "\"fac\": \"", at: member) {
        if !bytes.starts(with: "kern\"", at: value) { record.origin = .program }
      } else if bytes.end(of: "\"caller\":", at: member) == nil {
        return
      }
    }
  }
}

extension Span where Element == UInt8 {
  /// The first byte that is neither blank nor line end.
  func offsetOfFirstSign(from start: Int = 0) -> Int? {
    var offset = start
    while let byte = byte(at: offset) {
      if byte != .space, byte != .tab, byte != .newline, byte != .carriageReturn { return offset }
      offset += 1
    }
    return nil
  }
}
