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
  /// Calls `visit` for each `key:number` from an offset on.
  ///
  /// A blank may stand behind the colon, and a key may hold parentheses; what is no pair is passed
  /// over.
  func pairs(from start: Int, _ visit: (Pair) -> Void) {
    var offset = start
    while offset < count {
      let keyStart = skippingSpaces(from: offset)
      guard let colon = endOfKey(from: keyStart) else {
        offset = Swift.max(endOfWordOrLine(from: keyStart), keyStart + 1)
        continue
      }
      var cursor = skippingBlanks(from: colon + 1)
      guard let value = integer(at: &cursor) else {
        offset = Swift.max(endOfWordOrLine(from: colon + 1), colon + 1)
        continue
      }
      let hasUnit = starts(with: "kB", at: cursor) || starts(with: "KB", at: cursor)
      visit(
        Pair(
          key: ascii(keyStart..<colon), value: value, hasUnit: hasUnit, isLast: cursor == count))
      offset = endOfWordOrLine(from: cursor)
    }
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
