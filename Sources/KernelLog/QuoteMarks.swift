/// What mail programs, chats and web pages put before the lines of a text that they quote.
extension Span where Element == UInt8 {
  /// The offset behind `> `, `>> `, `> > `, `| ` or their HTML spelling, and behind a byte order
  /// mark at the file's beginning; the offset itself where none stands.
  func skippingQuoteMarks(from offset: Int) -> Int {
    guard let first = byte(at: offset), Self.quoteMarks.contains(first) else { return offset }
    var end = skippingByteOrderMark(from: offset)
    var cursor = end
    while let mark = byte(at: cursor) {
      if mark == .space {
        cursor += 1
        continue
      }
      // A bar that no blank follows parts words, as in the flags of an allocation.
      let isBar = mark == UInt8(ascii: "|") && byte(at: cursor + 1) ?? .space == .space
      let isMark = mark == .greater || isBar
      guard let next = isMark ? cursor + 1 : self.end(of: "&gt;", at: cursor) else { break }
      // The blank behind the mark is the quote's, further ones are the line's.
      cursor = skippingOneBlank(from: next)
      end = cursor
    }
    return end
  }

  private static var quoteMarks: ByteSet { LineReader.quoteMarks }
}

extension LineReader {
  /// The bytes that a quoted line may begin with.
  fileprivate static let quoteMarks = ByteSet(">|& \u{FEFF}")
}
