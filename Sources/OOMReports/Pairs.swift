internal import KernelLog

/// One `key:number` of a line, with the letters that follow the number.
struct Pair {
  let key: String
  let value: Int64
  /// `kB`, `KB` or nothing.
  let hasUnit: Bool
  /// Whether it ends the message, so that digits may be cut off.
  let isLast: Bool
}

extension Span where Element == UInt8 {
  /// Calls `visit` for each `key:number` from an offset on, until it says that one is out of place,
  /// and returns whether the message ended with the last of them.
  ///
  /// A blank may stand behind the colon, a key may hold parentheses, and words may stand between
  /// pairs. Anything else ends them: another line was printed into this one.
  func pairs(from start: Int, _ visit: (Pair) -> Bool) -> Bool {
    var offset = start
    while true {
      let keyStart = skippingSpaces(from: offset)
      guard keyStart < count else { return true }
      guard let colon = endOfKey(from: keyStart) else {
        let end = endOfWordOrLine(from: keyStart)
        guard isWord(keyStart..<end), end < count || isAnswer(keyStart..<end) else { return false }
        offset = end
        continue
      }
      var cursor = skippingBlanks(from: colon + 1)
      let number = cursor
      let value = integer(at: &cursor)
      guard cursor > number else { return false }
      let hasUnit = starts(with: "kB", at: cursor) || starts(with: "KB", at: cursor)
      if hasUnit { cursor += 2 }
      guard isEnd(of: cursor) else { return false }
      // A counter that fell below zero is no figure.
      if let value {
        let isLast = cursor == count
        let pair = Pair(
          key: ascii(keyStart..<colon), value: value, hasUnit: hasUnit, isLast: isLast)
        guard visit(pair) else { return false }
      }
      offset = cursor
    }
  }

  /// Whether a figure can end here: before the message's end, or one blank. Where more blanks
  /// stand, the prefix of another line was printed behind it.
  private func isEnd(of offset: Int) -> Bool {
    guard let byte = byte(at: offset) else { return true }
    return byte == .newline
      || (byte == .space || byte == .tab) && self.byte(at: offset + 1) != .space
  }

  /// Whether these bytes are a word that may stand between pairs, such as `all_unreclaimable?`.
  private func isWord(_ range: Range<Int>) -> Bool {
    for offset in range {
      let byte = self[offset]
      guard byte.isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "?") else {
        return false
      }
    }
    return true
  }

  /// Whether these bytes are the only words that end a line of pairs.
  private func isAnswer(_ range: Range<Int>) -> Bool {
    let word = extracting(range)
    return word.count <= 3 && (word.starts(with: "yes") || word.starts(with: "no"))
  }

  /// The colon behind a key of letters, digits, `_`, `(`, `)`.
  private func endOfKey(from start: Int) -> Int? {
    var cursor = start
    while let byte = byte(at: cursor) {
      if byte == .colon { return cursor > start ? cursor : nil }
      guard
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
          || byte == .openParenthesis || byte == .closeParenthesis
      else { return nil }
      cursor += 1
    }
    return nil
  }

  func skippingSpaces(from start: Int) -> Int {
    var cursor = start
    while let byte = byte(at: cursor), byte == .space || byte == .tab || byte == .newline {
      cursor += 1
    }
    return cursor
  }

  private func endOfWordOrLine(from start: Int) -> Int {
    var cursor = start
    while let byte = byte(at: cursor), byte != .space, byte != .newline, byte != .tab {
      cursor += 1
    }
    return cursor
  }
}
