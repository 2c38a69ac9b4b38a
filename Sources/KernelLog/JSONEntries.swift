/// Objects that stand one behind the other: on a line each, over several lines, or in one array.
enum JSONEntries {
  /// What may stand before an entry's brace on its line.
  static let longestMark = 64

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
    while let byte = bytes.byte(at: end), byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
    {
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
    default:
      let mark = before - "data:".utf8.count
      return bytes.starts(with: "data:", at: mark) ? mark : nil
    }
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
