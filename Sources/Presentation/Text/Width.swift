// The width of text is decided here and not asked of the C library, whose answer depends on the
// locale and is wrong in the C locale, where machines in trouble often are.

extension StringProtocol {
  /// The terminal columns that the text takes when it is printed.
  package var displayWidth: Int {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }
}

extension Character {
  /// The terminal columns that the character takes, with all that is joined to it.
  package var displayWidth: Int {
    let scalars = unicodeScalars
    guard let first = scalars.first else { return 0 }
    if scalars.index(after: scalars.startIndex) == scalars.endIndex { return first.displayWidth }
    return isEmojiSequence ? 2 : scalars.reduce(0) { $0 + $1.displayWidth }
  }

  /// Whether several code points make one picture: a flag, a family, a skin tone, a keycap, or a
  /// plain sign that asks for its coloured form.
  private var isEmojiSequence: Bool {
    guard let first = unicodeScalars.first, first.properties.isEmoji else { return false }
    return first.displayWidth == 2 || first.isRegionalIndicator
      || unicodeScalars.contains("\u{fe0f}")
  }
}

extension Unicode.Scalar {
  /// The columns that the code point takes on its own.
  fileprivate var displayWidth: Int {
    if value < 0x300 { return value < 0x20 || (0x7f..<0xa0).contains(value) ? 0 : 1 }
    if (0xac00...0xd7a3).contains(value) { return 2 }
    if isSecondHalfOfSyllable || properties.isDefaultIgnorableCodePoint { return 0 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
    default: return WideRanges.contains(value) ? 2 : 1
    }
  }

  /// Whether it is a vowel or final consonant of Hangul in its decomposed form, which is drawn
  /// into the square of the consonant before it.
  private var isSecondHalfOfSyllable: Bool {
    (0x1160...0x11ff).contains(value) || (0xd7b0...0xd7ff).contains(value)
  }

  fileprivate var isRegionalIndicator: Bool { (0x1f1e6...0x1f1ff).contains(value) }
}

extension String {
  /// The text, shortened in the middle to at most `width` columns: both ends of a cgroup path or
  /// of a process name tell more than one.
  package func truncatedMiddle(to width: Int, ellipsis: String = "…") -> String {
    guard displayWidth > width else { return self }
    let budget = width - ellipsis.displayWidth
    guard budget > 0 else { return String(prefix(columns: width)) }
    let head = prefix(columns: (budget + 1) / 2)
    let tail = suffix(columns: budget - head.displayWidth)
    return head + ellipsis + tail
  }

  /// The text of a path, shortened at its start to at most `width` columns, at a `/` where the last
  /// component fits.
  package func truncatedStart(to width: Int, ellipsis: String = "…") -> String {
    guard displayWidth > width else { return self }
    let budget = width - ellipsis.displayWidth
    guard budget > 0 else { return String(suffix(columns: width)) }
    let tail = suffix(columns: budget)
    let slash = tail.dropLast().firstIndex(of: "/")
    return ellipsis + (slash.map { tail[$0...] } ?? tail)
  }

  /// The text with spaces after it up to `width` columns; longer text is left as it is.
  package func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth))
  }
}

extension StringProtocol {
  /// As much from the start as fits into `columns`; no escape is cut.
  func prefix(columns: Int) -> SubSequence {
    var end = startIndex
    var left = columns
    while end < endIndex {
      let next = pieceEnd(from: end)
      let width = self[end..<next].displayWidth
      guard width <= left else { break }
      left -= width
      end = next
    }
    return self[..<end]
  }

  /// The end of the character that begins here, or of the escape: half of `\x1b` or `\u{202e}` would
  /// stand for something else.
  fileprivate func pieceEnd(from start: Index) -> Index {
    let next = index(after: start)
    guard self[start] == "\\", next < endIndex else { return next }
    let digits = self[index(after: next)...]
    switch self[next] {
    case "x":
      let end = digits.prefix(2)
      return end.count == 2 && end.allSatisfy(\.isHexDigit) ? end.endIndex : next
    case "u":
      guard digits.first == "{" else { return next }
      let end = digits.dropFirst().prefix(6).drop(while: \.isHexDigit)
      let close = end.startIndex
      return close < endIndex && self[close] == "}" ? index(after: close) : next
    case "n", "r", "t": return index(after: next)
    default: return next
    }
  }
}

extension String {
  /// As much from the end as fits into `columns`; no escape is cut.
  fileprivate func suffix(columns: Int) -> Substring {
    var start = startIndex
    var width = displayWidth
    while width > columns, start < endIndex {
      let next = pieceEnd(from: start)
      width -= self[start..<next].displayWidth
      start = next
    }
    return self[start...]
  }
}
