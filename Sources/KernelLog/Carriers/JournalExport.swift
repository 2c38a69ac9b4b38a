/// `journalctl -o export`: fields of an entry under each other, entries parted by an empty line.
///
/// A field whose value is not plain text has its name on a line, then eight bytes of length
/// (little endian), the value, and a newline. So an empty line may be part of a message, and the
/// field that journald writes first parts the entries: the cursor, or the time where somebody took
/// the cursors out.
enum JournalExport {
  static let format = LogFormat(
    name: "journalctl export",
    recognise: { head in
      let start = head.skippingByteOrderMark(from: 0)
      return head.starts(with: "__CURSOR=", at: start)
        || head.starts(with: "__REALTIME_TIMESTAMP=", at: start)
    },
    start: { bytes, offset, floor in
      let part = bytes.extracting(floor..<bytes.count)
      // The record may begin at the offset itself, but not behind it.
      let mark =
        part.last("\n__CURSOR=", before: offset - floor + 9).map { $0 + 1 }
        ?? part.last("\n\n__REALTIME_TIMESTAMP=", before: offset - floor + 21).map { $0 + 2 }
        ?? part.last("\n\r\n__REALTIME_TIMESTAMP=", before: offset - floor + 21).map { $0 + 3 }
      return floor + (mark ?? 0)
    },
    next: { bytes, offset in
      bytes.first("\n__CURSOR=", from: offset - 1).map { $0 + 1 }
        ?? bytes.first("\n\n__REALTIME_TIMESTAMP=", from: offset - 2).map { $0 + 2 }
        ?? bytes.first("\n\r\n__REALTIME_TIMESTAMP=", from: offset - 3).map { $0 + 3 }
    },
    record: record)

  private static func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    var record = LogRecord(start: start, end: start, message: start..<start)
    record.carrier = .journalExport
    var cursor = bytes.skippingByteOrderMark(from: start)
    while cursor < bytes.count, bytes[cursor] != .newline {
      let newline = bytes.lineEnd(of: cursor)
      // Windows' programs end lines in two bytes.
      let isReturned = newline > cursor && bytes[newline - 1] == .carriageReturn
      let lineEnd = isReturned ? newline - 1 : newline
      guard lineEnd > cursor else {
        cursor = newline
        break
      }
      let equals = bytes.extracting(0..<lineEnd).first(UInt8(ascii: "="), from: cursor)
      let name = cursor..<(equals ?? lineEnd)
      var value = (equals ?? lineEnd) + 1..<max(lineEnd, (equals ?? lineEnd) + 1)
      if equals == nil {
        guard isFieldName(name, in: bytes) else {
          // What is left of a line that broke.
          cursor = newline + 1
          continue
        }
        guard let binary = binaryValue(bytes, behind: newline + 1, isReturned: isReturned) else {
          cursor = format.next(bytes, newline + 1).map { $0 - 1 } ?? bytes.count
          break
        }
        value = binary
      }
      if let field = JournalField.named(name, in: bytes) {
        field.read(value, in: bytes, into: &record)
        if field == .message, equals == nil, isReturned { record.wrapping = .carriageReturns }
      }
      cursor = bytes.lineEnd(of: value.upperBound) + 1
    }
    record.end = min(cursor + 1, bytes.count)
    if record.message.isEmpty || record.origin == .unknown { record.origin = .program }
    return record
  }

  /// Whether these bytes can name a field: capital letters, digits and `_`, no digit first.
  private static func isFieldName(_ name: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    guard bytes.byte(at: name.lowerBound)?.isDigit == false else { return false }
    return name.allSatisfy { offset in
      let byte = bytes[offset]
      return byte.isDigit || byte.isLetter && byte < 0x60 || byte == UInt8(ascii: "_")
    }
  }

  /// The value behind eight bytes of length; nil where the entry is cut short. Carriage returns that
  /// were put before newlines since do not count.
  private static func binaryValue(
    _ bytes: Span<UInt8>, behind start: Int, isReturned: Bool
  ) -> Range<Int>? {
    var length: UInt64 = 0
    var cursor = start
    for place in 0..<8 {
      if isReturned, bytes.starts(with: "\r\n", at: cursor) { cursor += 1 }
      guard let byte = bytes.byte(at: cursor) else { return nil }
      length |= UInt64(byte) << UInt64(place * 8)
      cursor += 1
    }
    guard let size = Int(exactly: length), size <= bytes.count - cursor else { return nil }
    guard isReturned else { return cursor..<cursor + size }
    var end = cursor
    for _ in 0..<size { end += bytes.starts(with: "\r\n", at: end) ? 2 : 1 }
    return end <= bytes.count ? cursor..<end : nil
  }
}
