/// `journalctl -o verbose`: the time and the cursor of an entry, and its fields on indented lines.
enum JournalVerbose {
  static let format = LogFormat(
    name: "journalctl verbose",
    recognise: { head in
      var line = head.skippingByteOrderMark(from: 0)
      // Notes of journalctl may come first.
      for _ in 0..<4 {
        if header(head, line) != nil { return true }
        line = head.lineEnd(of: line) + 1
      }
      return false
    },
    start: { bytes, offset, floor in
      var start = bytes.lineStart(of: offset, floor: floor)
      while start > floor, isField(bytes, start) {
        start = bytes.lineStart(of: start - 1, floor: floor)
      }
      return start
    },
    next: { bytes, offset in
      var line = LogFormat.nextLine(bytes, offset)
      while let start = line, start < bytes.count, isField(bytes, start) {
        line = LogFormat.nextLine(bytes, start + 1)
      }
      return line
    },
    record: record)

  private static func isField(_ bytes: Span<UInt8>, _ line: Int) -> Bool {
    bytes.starts(with: "    ", at: line)
  }

  private static func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    guard let cursor = header(bytes, bytes.skippingByteOrderMark(from: start)) else {
      return LineReader.record(in: bytes, at: start)
    }
    var record = LogRecord(start: start, end: start, message: start..<start)
    record.carrier = .journalText
    record.encoding = .indentedField
    record.stamp = stamp(bytes, start, cursor)
    record.stamp.bootID = value("b=", in: bytes, cursor).flatMap { bytes.bootID(at: $0.lowerBound) }
    var line = min(bytes.lineEnd(of: start) + 1, bytes.count)
    while line < bytes.count, isField(bytes, line) {
      var end = bytes.lineEnd(of: line)
      let name = line + 4
      let equals = bytes.extracting(0..<end).first(UInt8(ascii: "="), from: name) ?? end
      let indent = equals + 1 - line
      // A value's further lines stand under its first.
      while end + 1 < bytes.count, bytes.skippingBlanks(from: end + 1) >= end + 1 + indent,
        bytes.byte(at: end + 1) == .space
      {
        end = bytes.lineEnd(of: end + 1)
      }
      let isReturned = bytes.byte(at: end - 1) == .carriageReturn
      let value = equals + 1..<max(isReturned ? end - 1 : end, equals + 1)
      if let field = JournalField.named(name..<equals, in: bytes), equals < end {
        field.read(value, in: bytes, into: &record)
        if field == .message, isReturned { record.wrapping = .carriageReturns }
      }
      line = min(end + 1, bytes.count)
    }
    record.end = line
    if record.message.isEmpty || record.origin == .unknown { record.origin = .program }
    return record
  }

  /// Where the cursor is in the line that begins at an offset; nil where it is no entry's first.
  private static func header(_ bytes: Span<UInt8>, _ start: Int) -> Range<Int>? {
    guard let first = bytes.byte(at: start), first.isLetter,
      let cursor = bytes.end(ofFirst: " [s=", from: start + 20, within: 30)
    else { return nil }
    var end = bytes.lineEnd(of: cursor)
    if bytes.byte(at: end - 1) == .carriageReturn { end -= 1 }
    guard end - cursor < 400, bytes.byte(at: end - 1) == .closeBracket,
      value("t=", in: bytes, cursor..<end - 1) != nil
    else { return nil }
    return cursor..<end - 1
  }

  /// The cursor holds both of the entry's clocks, in hexadecimal.
  private static func stamp(
    _ bytes: Span<UInt8>, _ start: Int, _ cursor: Range<Int>
  ) -> Stamp {
    var stamp = Stamp()
    stamp.unixMicros = value("t=", in: bytes, cursor).flatMap { hexadecimal(bytes, $0) }
    stamp.journalMonotonicMicros = value("m=", in: bytes, cursor).flatMap {
      hexadecimal(bytes, $0)
    }
    return stamp
  }

  private static func value(
    _ name: StaticString, in bytes: Span<UInt8>, _ cursor: Range<Int>
  ) -> Range<Int>? {
    let text = bytes.extracting(0..<cursor.upperBound)
    var start = cursor.lowerBound
    while let semicolon = text.first(.semicolon, from: start) {
      start = semicolon + 1
      if let value = text.end(of: name, at: start) {
        return value..<(text.first(.semicolon, from: value) ?? cursor.upperBound)
      }
    }
    return nil
  }

  private static func hexadecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    var value: Int64 = 0
    for index in range {
      guard let digit = bytes[index].hexValue, value < Stamp.longestMicros else { return nil }
      value = value << 4 | Int64(digit)
    }
    return range.isEmpty || value >= Stamp.longestMicros ? nil : value
  }
}
