extension Span where Element == UInt8 {
  /// Where blanks around a cell end, of which a delimiter is none.
  func endOfBlanks(from start: Int, _ delimiter: UInt8) -> Int {
    delimiter == .tab ? start : skippingBlanks(from: start)
  }

  /// Where the row of a table begins that a line belongs to.
  ///
  /// - Parameters:
  ///   - line: Where the line begins.
  ///   - delimiter: What parts the cells.
  ///   - reach: How far back a row may begin.
  /// - Returns: The line's own beginning, or that of a line before it, in which a cell in quotes begins
  ///   that goes over several lines.
  func startOfQuotedRow(of line: Int, delimiter: UInt8, reach: Int) -> Int {
    let floor = Swift.max(line - reach, 0)
    var before = line
    while before > floor,
      let place = extracting(floor..<before).last(.quote, before: before - floor)
    {
      let quote = floor + place
      let start = lineStart(of: quote, floor: 0)
      let text = extracting(start..<lineEnd(of: quote))
      switch text.quotedCells(delimiter) {
      case .open:
        // The line may be of a row itself, a cell of which it ends.
        let outer = startOfQuotedRow(of: start, delimiter: delimiter, reach: reach - (line - start))
        let end =
          outer < start ? extracting(outer..<count).endOfQuotedRow(delimiter: delimiter) : nil
        return end.map { outer + $0 > start } ?? false ? outer : start
      case .closed: return line
      // Of a text that goes on, with the quotes in it written twice, or of none.
      case .none where text.quotes % 2 == 1: return line
      case .none: before = start
      }
    }
    return line
  }

  /// How many quotes there are.
  private var quotes: Int {
    var (count, cursor) = (0, 0)
    while let quote = first(.quote, from: cursor) { (count, cursor) = (count + 1, quote + 1) }
    return count
  }

  /// What becomes of the cells in quotes that begin in a line.
  enum QuotedCells {
    case none, closed
    /// The last one does not end in the line; where its text begins.
    case open(Int)
  }

  /// What becomes of the cells in quotes that begin in the line that the bytes are.
  func quotedCells(_ delimiter: UInt8) -> QuotedCells {
    var found = QuotedCells.none
    var cursor = 0
    while cursor < count {
      let start = endOfBlanks(from: cursor, delimiter)
      if beginsQuotedCell(start, delimiter) {
        guard let close = closingQuote(from: start + 1) else { return .open(start + 1) }
        let next = endOfBlanks(from: close + 1, delimiter)
        // A quote that anything else stands behind was a text's own.
        guard next >= count || self[next] == delimiter || self[next] == .carriageReturn else {
          return .none
        }
        found = .closed
        cursor = next
      }
      cursor = (first(delimiter, from: cursor) ?? count) + 1
    }
    return found
  }

  /// Whether a cell in quotes begins at an offset: the quotes of a text in one are written twice.
  private func beginsQuotedCell(_ start: Int, _ delimiter: UInt8) -> Bool {
    var end = start
    while byte(at: end) == .quote { end += 1 }
    let isEnd = end >= count || self[end] == delimiter || self[end] == .carriageReturn
    // One at a line's beginning may end a cell; two may be an empty cell, four one with a quote in it.
    return (end - start) % 2 == 1 && !(start == 0 && end == 1 && isEnd)
      || end > start && (end - start) % 2 == 0 && isEnd
  }

  /// Where the row of a table ends that the bytes begin with, cells in quotes being of several lines
  /// perhaps; nil where one of them does not end as cells do.
  func endOfQuotedRow(delimiter: UInt8) -> Int? {
    var cursor = 0
    while true {
      let start = endOfBlanks(from: cursor, delimiter)
      if byte(at: start) == .quote {
        guard let close = closingQuote(from: start + 1) else { return nil }
        cursor = endOfBlanks(from: close + 1, delimiter)
        if byte(at: cursor) == .carriageReturn { cursor += 1 }
        guard cursor >= count || self[cursor] == delimiter || self[cursor] == .newline else {
          return nil
        }
      }
      guard let end = first(delimiter, or: .newline, from: cursor) else { return count }
      if self[end] == .newline { return end }
      cursor = end + 1
    }
  }
}
