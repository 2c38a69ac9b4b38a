internal import CEditline

/// Candidates laid out below the line that is being edited.
struct CandidateList {
  private static let longestPage = 40

  /// The screen lines of one page, none wider than the terminal. Behind the last page comes the first
  /// again.
  static func lines(
    _ candidates: [CompletionAnswer.Candidate], page: Int, size: Terminal.Size
  ) -> [String] {
    let pageSize = min(longestPage, max(size.rows - 3, 5))
    let pageCount = (candidates.count + pageSize - 1) / pageSize
    guard pageCount > 0 else { return [] }
    let start = page % pageCount * pageSize
    let shown = candidates[start..<min(start + pageSize, candidates.count)]
    let width = max(size.columns - 1, 1)
    let lines =
      shown.contains { !$0.description.isEmpty }
      ? described(shown, width: width) : columns(shown.map(\.text), width: width)
    let rest = candidates.count - shown.endIndex
    return rest > 0 ? lines + ["… \(rest) more (Tab)".clipped(to: width)] : lines
  }

  private static func described(
    _ candidates: ArraySlice<CompletionAnswer.Candidate>, width: Int
  ) -> [String] {
    let widest = candidates.map(\.text.columnCount).max() ?? 0
    let column = min(widest, width / 2)
    return candidates.map { candidate in
      let text = candidate.text.clipped(to: column)
      guard !candidate.description.isEmpty else { return text }
      let gap = String(repeating: " ", count: column - text.columnCount + 2)
      return (text + gap + candidate.description.shown).clipped(to: width)
    }
  }

  /// As many columns as fit, read downwards as `ls` does.
  private static func columns(_ texts: [String], width: Int) -> [String] {
    let cell = (texts.map(\.columnCount).max() ?? 0) + 2
    let columnCount = max((width + 2) / cell, 1)
    let rowCount = (texts.count + columnCount - 1) / columnCount
    return (0..<rowCount).map { row in
      let cells = stride(from: row, to: texts.count, by: rowCount).map { texts[$0] }
      let padded = cells.dropLast().map { text in
        text + String(repeating: " ", count: cell - text.columnCount)
      }
      return (padded + cells.suffix(1)).joined().clipped(to: width)
    }
  }
}

extension Unicode.Scalar {
  /// Whether it may be sent to a terminal: no control character and none that turns the direction of
  /// what follows.
  var isShowable: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
    default: true
    }
  }

  /// How many columns libedit believes that it takes.
  var columnCount: Int { max(Int(editline_width(wchar_t(value))), 0) }
}

extension String {
  /// How many columns the text takes.
  var columnCount: Int { unicodeScalars.reduce(0) { $0 + $1.columnCount } }

  /// The text with a replacement for whatever must not reach a terminal.
  var shown: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.isShowable ? $0 : "\u{FFFD}" }))
  }

  /// The text, or as much of it as leaves room for an ellipsis.
  func clipped(to width: Int) -> String {
    guard columnCount > width else { return self }
    var used = 1
    let kept = prefix { character in
      used += String(character).columnCount
      return used <= width
    }
    return kept + "…"
  }
}
