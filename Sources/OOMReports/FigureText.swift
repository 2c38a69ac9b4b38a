internal import KernelLog

extension Span where Element == UInt8 {
  /// Whether a message holds nothing but figures with their names and units, as the rest of a line of
  /// the memory state does. Its last word may be cut.
  var holdsFiguresOnly: Bool {
    var word = skippingBlanks(from: 0)
    let first = word
    while word < count {
      let end = endOfWord(from: word)
      guard isFigure(word..<end) || (end == count && word > first) else { return false }
      word = skippingBlanks(from: end)
    }
    return true
  }

  /// `free:1156kB`, `shmem_thp:` and the `0kB` behind it, `all_unreclaimable? no`,
  /// `3*4kB (UM) = 12kB`.
  private func isFigure(_ word: Range<Int>) -> Bool {
    let (first, last) = (self[word.lowerBound], self[word.upperBound - 1])
    if first == .openParenthesis { return last == .closeParenthesis }
    if first.isDigit || first == UInt8(ascii: "=") || last == .colon { return true }
    if Self.words.contains(where: { isWord(word, $0) }) { return true }
    return extracting(word).first(.colon).map { self[word.lowerBound + $0 + 1].isDigit } ?? false
  }

  private static var words: [StaticString] { ["all_unreclaimable?", "no", "yes", "kB", "KB"] }
}
