/// The program that a record's prefix names.
extension LogRecord {
  /// Where the program's name stands, in a syslog tag, a journal field or a column of logcat; nil
  /// where the carrier names none, as the kernel's own.
  package func program(in bytes: Span<UInt8>) -> Range<Int>? {
    switch carrier {
    case .syslog, .syslogISO, .journalText: tag(in: bytes)
    case .syslog5424: word(3, in: bytes)
    case .journalJSON:
      field("\"SYSLOG_IDENTIFIER\":\"", upTo: UInt8(ascii: "\""), in: bytes)
        ?? field("\"SYSLOG_IDENTIFIER\" : \"", upTo: UInt8(ascii: "\""), in: bytes)
        ?? field("\"SYSLOG_IDENTIFIER\": \"", upTo: UInt8(ascii: "\""), in: bytes)
    case .journalExport: field("\nSYSLOG_IDENTIFIER=", upTo: .newline, in: bytes)
    case .plain, .logcat: logcatTag(in: bytes)
    default: nil
    }
  }

  /// `name: ` or `name[pid]: ` right before the message.
  private func tag(in bytes: Span<UInt8>) -> Range<Int>? {
    var end = message.lowerBound
    while end > start, bytes[end - 1] == .space { end -= 1 }
    // A printk stamp may stand between the tag and the message.
    if end > start, bytes[end - 1] == .closeBracket {
      while end > start, bytes[end - 1] != .openBracket { end -= 1 }
      end = Swift.max(end - 1, start)
      while end > start, bytes[end - 1] == .space { end -= 1 }
    }
    guard end > start, bytes[end - 1] == .colon else { return nil }
    end -= 1
    if end > start, bytes[end - 1] == .closeBracket {
      var open = end - 2
      while open > start, bytes[open].isDigit { open -= 1 }
      guard open > start, bytes[open] == .openBracket else { return nil }
      end = open
    }
    var first = end
    while first > start, bytes[first - 1] != .space { first -= 1 }
    return first < end ? first..<end : nil
  }

  /// The word of a number, counted from 0, of what stands before the message.
  private func word(_ number: Int, in bytes: Span<UInt8>) -> Range<Int>? {
    var cursor = start
    for index in 0...number {
      let end = bytes.endOfWord(from: cursor)
      guard end < message.lowerBound else { return nil }
      if index == number { return cursor..<end }
      cursor = end + 1
    }
    return nil
  }

  /// A journal field's value. It stands outside the message, in which a text of a program's may
  /// look the same.
  private func field(
    _ name: StaticString, upTo close: UInt8, in bytes: Span<UInt8>
  ) -> Range<Int>? {
    let record = bytes.extracting(start..<end)
    var from = 0
    while let found = record.first(name, from: from) {
      let value = start + found + name.utf8CodeUnitCount
      if !message.contains(value), let end = bytes.first(close, from: value), end <= self.end {
        return value..<end
      }
      from = found + 1
    }
    return nil
  }

  /// `09-07 01:55:44.794   479   479 I name: `: the name behind the level's letter.
  private func logcatTag(in bytes: Span<UInt8>) -> Range<Int>? {
    let line = bytes.extracting(start..<Swift.min(end, start + 120))
    guard line.byte(at: 2) == .minus, line.byte(at: 5) == .space, line.byte(at: 8) == .colon,
      line.byte(at: 11) == .colon, line.byte(at: 14) == .dot,
      let colon = line.first(": ", from: 18)
    else { return nil }
    var first = colon
    while first > 18, line[first - 1] == .space { first -= 1 }
    let last = first
    while first > 18, line[first - 1] != .space { first -= 1 }
    guard first > 19, first < last, line[first - 2].isLetter else { return nil }
    return start + first..<start + last
  }
}
