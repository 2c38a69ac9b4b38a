/// What a line that is being typed may go on with.
package struct Completion: Sendable, Equatable {
  /// The byte offset of the line from which a candidate replaces the text up to the cursor.
  package let replaceFrom: Int
  package let candidates: [Candidate]

  /// One way to go on.
  package struct Candidate: Sendable, Equatable {
    /// What replaces the word, quoted where it must be.
    package let text: String
    /// What it means, safe to print; empty where there is nothing to say.
    package let description: String
    /// Whether more of the same word is to follow, as after a directory, so that no blank does.
    package let isPartial: Bool

    package init(_ text: String, _ description: String = "", isPartial: Bool = false) {
      self.text = text
      self.description = description
      self.isPartial = isPartial
    }
  }

  package init(replaceFrom: Int, candidates: [Candidate]) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
  }

  /// Completes the word that ends at the cursor, whatever stands right of it.
  ///
  /// The cursor is a byte offset; one inside a character counts as the character's start.
  package static func of(_ line: String, cursor: Int, in state: ShellState) -> Completion {
    let bytes = Array(line.utf8)
    var end = max(0, min(cursor, bytes.count))
    while end < bytes.count, end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let typed = Lexer.scan(String(decoding: bytes[..<end], as: UTF8.self))
    let nothing = Completion(replaceFrom: end, candidates: [])
    if typed.comment != nil || typed.continues { return nothing }
    if case .reserved = typed.fault { return nothing }

    var words = typed.lastCommand
    let isInWord = words.last?.range.upperBound == end
    let word = isInWord ? words.removeLast() : Word("", end..<end)
    let candidates = CompletionContext(state: state, words: words, word: word).candidates
    return Completion(replaceFrom: word.range.lowerBound, candidates: candidates)
  }
}
