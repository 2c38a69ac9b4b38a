import KernelLog
import Testing

/// Searches and figures against those that look at every byte.
@Suite struct ByteSpanTests {
  /// Texts of all lengths around sixteen bytes, each with one odd byte at every place.
  @Test func theFirstOfTwoBytesIsFoundWhereverItStands() {
    for length in 0...50 {
      for place in 0...length {
        var bytes = [UInt8](repeating: .space, count: length)
        if place < length { bytes[place] = place % 2 == 0 ? .openBracket : .backslash }
        for from in 0...length {
          let expected = place < length && from <= place ? place : nil
          #expect(bytes.span.first(.openBracket, or: .backslash, from: from) == expected)
        }
      }
    }
  }

  @Test(arguments: [
    ("aab", "ab", 1), ("ab", "ab", 0), ("xaab", "aab", 1), ("aaa", "ab", nil), ("a", "ab", nil),
    ("abcab", "ab", 0), ("", "ab", nil),
  ])
  func aWordIsFoundBehindItsOwnBeginnings(_ text: String, _ word: String, _ place: Int?) {
    let bytes = Array(text.utf8)
    let found = word == "ab" ? bytes.span.first("ab") : bytes.span.first("aab")
    #expect(found == place)
  }
}
