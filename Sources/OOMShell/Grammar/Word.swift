/// One word of a line: what it means, and where it was written.
package struct Word: Sendable, Equatable {
  /// The text without its quotes and escapes.
  package var text: String
  /// The bytes of the line that it takes up, quotes included.
  package var range: Range<Int>
  /// Whether it begins with a quote or an escape, so that a leading `--` is no flag.
  package var startsQuoted: Bool
  /// The quote that is still open at the end of the line, where one is.
  package var openQuote: UInt8?
  /// The byte offsets in the text of the `*`, `?`, `[` and `]` that no quote takes the meaning from.
  var wildcards: Set<Int> = []

  package init(
    _ text: String, _ range: Range<Int>, startsQuoted: Bool = false, openQuote: UInt8? = nil
  ) {
    self.text = text
    self.range = range
    self.startsQuoted = startsQuoted
    self.openQuote = openQuote
  }
}

extension Word {
  /// The word as a pattern for names of files, with a backslash before what stands for itself; nil
  /// where nothing in it stands for other characters.
  var pattern: String? {
    let bytes = Array(text.utf8)
    guard wildcards.contains(where: { bytes[$0] != UInt8(ascii: "]") }) else { return nil }
    var pattern: [UInt8] = []
    for (offset, byte) in bytes.enumerated() {
      if Self.special.contains(byte), !wildcards.contains(offset) {
        pattern.append(UInt8(ascii: "\\"))
      }
      pattern.append(byte)
    }
    return String(decoding: pattern, as: UTF8.self)
  }

  /// Whether a byte stands for others where nothing quotes it.
  static func isWildcard(_ byte: UInt8) -> Bool {
    special.contains(byte) && byte != UInt8(ascii: "\\")
  }

  private static let special = Set("*?[]\\".utf8)
}

/// A line cut into words, with what is wrong with it.
///
/// There is always an answer, since completion looks at lines that are still being typed.
package struct LexedLine: Sendable, Equatable {
  package var tokens: [Token] = []
  /// The first thing wrong with the line.
  package var fault: LexicalFault?
  /// Whether the line ends in a backslash, so that the next line belongs to it.
  package var continues = false
  /// Where a comment begins.
  package var comment: Int?

  /// What a line consists of.
  package enum Token: Sendable, Equatable {
    case word(Word)
    /// A `;`.
    case separator
  }

  /// The words of each command; empty commands are left out.
  package var commands: [[Word]] {
    var commands: [[Word]] = [[]]
    for token in tokens {
      switch token {
      case .word(let word): commands[commands.count - 1].append(word)
      case .separator: commands.append([])
      }
    }
    return commands.filter { !$0.isEmpty }
  }

  /// The words after the last `;`: the command that is being typed.
  package var lastCommand: [Word] {
    var words: [Word] = []
    for token in tokens.reversed() {
      guard case .word(let word) = token else { break }
      words.append(word)
    }
    return words.reversed()
  }
}

/// What can be wrong with a line before anybody asks what it means. Offsets are in bytes.
package enum LexicalFault: Error, Sendable, Equatable {
  case unclosedQuote(UInt8, at: Int)
  /// A backslash inside double quotes before this text.
  case unknownEscape(String, at: Int)
  /// `\u{…}` that names no character.
  case badScalar(at: Int)
  /// `|`, `>` or `>>`, which belong to the grammar and mean nothing yet.
  case reserved(String, at: Int)

  /// Where in the line it is.
  package var offset: Int {
    switch self {
    case .unclosedQuote(_, let offset), .unknownEscape(_, let offset), .badScalar(let offset),
      .reserved(_, let offset):
      offset
    }
  }
}
