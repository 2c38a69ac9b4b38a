/// Objects that stand one behind the other: on a line each, over several lines, or in one array.
enum JSONEntries {
  /// How much may stand before an entry's brace on its line.
  static let longestMark = 128

  /// The beginning of the entry that an offset lies in; see `LogFormat`.
  static let start: @Sendable (Span<UInt8>, Int, Int) -> Int = { bytes, offset, floor in
    var end = min(offset + 1, bytes.count)
    while let brace = bytes.last("{", before: end), brace >= floor {
      if let start = startOfEntry(bytes, brace), start <= offset { return max(start, floor) }
      end = brace
    }
    return floor
  }

  /// The beginning of the next entry; see `LogFormat`.
  static let next: @Sendable (Span<UInt8>, Int) -> Int? = { bytes, offset in
    var from = offset
    while let brace = bytes.first(UInt8(ascii: "{"), from: from) {
      if let start = startOfEntry(bytes, brace), start >= offset { return start }
      from = brace + 1
    }
    return nil
  }

  /// The brace of the entry that a source begins with.
  static func firstBrace(_ head: Span<UInt8>) -> Int? {
    brace(head, 0).flatMap { startOfEntry(head, $0) == nil ? nil : $0 }
  }

  /// Whether a brace is that of an entry that begins at an offset.
  static func isEntry(_ bytes: Span<UInt8>, _ start: Int, _ brace: Int) -> Bool {
    startOfEntry(bytes, brace).map { $0 <= start } ?? false
  }

  /// The brace of the entry that begins at an offset.
  static func brace(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    bytes.first(UInt8(ascii: "{"), from: start, within: longestMark)
  }

  /// Where the entry begins whose brace this is: at its line, behind json-sse's `data: ` or json-seq's
  /// separator, or among the others of its array. Nil for a brace inside an entry: no text has a quote
  /// in it, a name and a colon behind a brace.
  private static func startOfEntry(_ bytes: Span<UInt8>, _ brace: Int) -> Int? {
    guard let quote = bytes.offsetOfFirstSign(from: brace + 1), bytes[quote] == .quote else {
      return nil
    }
    var end = quote + 1
    while let byte = bytes.byte(at: end), byte.isLetter || byte.isDigit || signs.contains(byte) {
      end += 1
    }
    guard end > quote + 1, bytes.byte(at: end) == .quote,
      bytes.byte(at: bytes.skippingBlanks(from: end + 1)) == .colon
    else { return nil }
    var before = brace
    while before > 0, bytes[before - 1] == .space || bytes[before - 1] == .tab { before -= 1 }
    guard before > 0 else { return before }
    switch bytes[before - 1] {
    case .newline: return before
    case .comma, .openBracket: return brace
    case 0x1E: return before - 1
    case .colon, .minus: return startOfListed(bytes, before)
    default: return before == bytes.skippingByteOrderMark(from: 0) ? before : nil
    }
  }

  /// What a member's name may hold besides letters and digits.
  private static let signs = ByteSet("_@.-$/")

  /// The beginning of the line that an entry is on, behind json-sse's `data:` or what `grep -n` puts
  /// before it: a file's name and a number, but no member's name.
  private static func startOfListed(_ bytes: Span<UInt8>, _ end: Int) -> Int? {
    var start = end
    while start > 0, bytes[start - 1] != .newline {
      start -= 1
      guard end - start < longestMark, bytes[start] > .space, bytes[start] != .quote else {
        return nil
      }
    }
    return start
  }

  /// Where the entry ends whose last member ends at `end`: with its line, or where the next one begins
  /// on the same line.
  static func endOfEntry(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    // An object that is cut short ends with its line, and the next one begins there.
    if end > start, bytes[end - 1] == .newline, let brace = brace(bytes, end),
      startOfEntry(bytes, brace) == end
    {
      return end
    }
    var next = bytes.byte(at: end) == UInt8(ascii: "}") ? end + 1 : end
    while let byte = bytes.byte(at: next), byte == .space || byte == .comma { next += 1 }
    if bytes.byte(at: next) == UInt8(ascii: "{") { return next }
    return min(bytes.lineEnd(of: end) + 1, bytes.count)
  }
}
