/// What could stand where the cursor is.
package struct CompletionAnswer: Sendable, Equatable {
  /// One possibility.
  package struct Candidate: Sendable, Equatable {
    /// The text that takes the place of the word, quoted as the line's grammar wants it.
    package let text: String
    /// What it is, in a few words; may be empty.
    package let description: String

    /// Creates a candidate.
    package init(text: String, description: String = "") {
      self.text = text
      self.description = description
    }
  }

  /// Where the word begins that is being completed: an offset into the line's UTF-8, at most the
  /// cursor's.
  package let replaceFrom: Int
  /// The possibilities in the order in which they are to be listed.
  package let candidates: [Candidate]

  /// Creates an answer.
  package init(replaceFrom: Int, candidates: [Candidate]) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
  }
}

/// What a Tab does to a line, found without a terminal.
struct CompletionEdit: Equatable {
  /// How many characters (code points) left of the cursor go.
  let deletedCount: Int
  /// What comes in their place.
  let insertion: String
  /// What is to be shown below the line because it is still open; empty if it is not.
  let choices: [CompletionAnswer.Candidate]

  /// Finds the edit, or nil when there is nothing to complete.
  ///
  /// - Parameters:
  ///   - answer: what the completer said.
  ///   - line: the whole line as UTF-8.
  ///   - cursor: the offset of the cursor in it.
  init?(applying answer: CompletionAnswer, to line: [UInt8], cursor: Int) {
    // What cannot be typed cannot be inserted either: it would act on the editor or the terminal.
    let candidates = answer.candidates.filter { $0.text.unicodeScalars.allSatisfy(\.isShowable) }
    guard (0...cursor).contains(answer.replaceFrom), let first = candidates.first else {
      return nil
    }
    let word = String(decoding: line[answer.replaceFrom..<cursor], as: UTF8.self)
    let isSingle = candidates.count == 1
    var text = candidates.dropFirst().reduce(first.text) { $0.commonPrefix(with: $1.text) }
    if !isSingle, text.utf8.count < word.utf8.count { text = word }
    if isSingle, !text.hasSuffix("/"), !text.hasSuffix("=") {
      let isFollowedBySpace = cursor < line.count && line[cursor] == UInt8(ascii: " ")
      if !isFollowedBySpace { text += " " }
    }
    choices = isSingle ? [] : candidates
    if text.hasPrefix(word) {
      (deletedCount, insertion) = (0, String(text.dropFirst(word.count)))
    } else {
      (deletedCount, insertion) = (word.unicodeScalars.count, text)
    }
  }
}

extension String {
  /// The longest beginning that two texts share.
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
