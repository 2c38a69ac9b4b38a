/// Rows of a table that a log store exported or a database's shell printed, and lines behind the name
/// of a container (`docker compose logs`): the line in one cell, quoted or behind a delimiter.
enum Table {
  static let row = Wrapper(
    name: "table cell", begins: .any,
    samples: [
      "2026-10-25 14:31:23.345,\"[   12.345678] x\"", "\"web1\";\"<4>[   12.345678] x\"",
      "web1\t12\t[   12.345678] x", "web1,[   12.345678] x,info",
      "\"Oct 25, 2026 @ 14:31:23.345\",\"[   12.345678] x\",\"web1\"",
      "node-agent-1  | [   12.345678] x", " web1 | [   12.345678] x    | kern",
      "| 2026-10-25 14:31:23 | [   12.345678] x |", "│ 1 │ [   12.345678] x │",
    ],
    read: { line, frame in
      var cursor = frame.begin
      let end = min(frame.end, frame.begin + longest)
      while cursor < end {
        let byte = line[cursor]
        let bar = endOfBar(line, cursor)
        let delimiter = cursor
        cursor = bar ?? cursor + 1
        let isCell = bar != nil || byte == .comma || byte == .tab || byte == .semicolon
        let isFirst = byte == .quote && delimiter == line.skippingBlanks(from: frame.begin)
        guard isCell || isFirst, cursor < end else { continue }
        let isQuoted = isFirst || line[cursor] == .quote
        let text = isQuoted && !isFirst ? cursor + 1 : cursor
        guard var inside = LineReader.inside(line, frame, from: text) else { continue }
        addTime(line, frame.begin, to: &inside.prefix.stamp)
        guard inside.prefix.wrapping == .none else { return inside }
        inside.prefix.outerCarrier = .table
        if isQuoted {
          inside.prefix.wrapping = .csv
          inside.frame.end = line.closingQuote(from: inside.prefix.offset) ?? frame.end
        } else if bar != nil {
          inside.frame.end = endOfCell(line, inside.prefix.offset, frame.end)
        }
        return inside
      }
      return nil
    })

  /// How far into the row the line may begin.
  private static let longest = 400

  /// Adds the time in the first cell, if the line has none on the wall clock.
  private static func addTime(_ line: Span<UInt8>, _ start: Int, to stamp: inout Stamp) {
    guard !stamp.hasWallTime else { return }
    let cell = line.skippingBlanks(from: start)
    let time = line.end(of: "\"", at: cell) ?? endOfBar(line, cell) ?? cell
    for close in closers {
      guard let time = ISOStamp(line, time, closedBy: close) else { continue }
      time.add(to: &stamp)
      return
    }
  }

  /// What may stand behind a cell.
  private static let closers: [UInt8] = [.comma, .tab, .semicolon, .quote, .space]

  /// The offset behind a bar and a blank that stand at an offset, as tables are drawn for people.
  static func endOfBar(_ line: Span<UInt8>, _ offset: Int) -> Int? {
    line.end(of: "| ", at: offset) ?? line.end(of: "\u{2502} ", at: offset)
  }

  /// Where a cell between bars ends: before the blanks that fill it, and before the next bar.
  static func endOfCell(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var cursor = start
    while cursor < end {
      // The last cell's bar has no blank behind it.
      let isBar =
        line[cursor] == .space
        && (endOfBar(line, cursor + 1) != nil || isLastBar(line, cursor + 1, end))
      if isBar { break }
      cursor += 1
    }
    while cursor > start, line[cursor - 1] == .space { cursor -= 1 }
    return cursor
  }

  /// Whether a cell's bar stands at an offset.
  static func isBar(_ line: Span<UInt8>, _ offset: Int) -> Bool {
    endOfBar(line, offset) != nil || isLastBar(line, offset, line.count)
  }

  private static func isLastBar(_ line: Span<UInt8>, _ offset: Int, _ end: Int) -> Bool {
    (line.end(of: "|", at: offset) ?? line.end(of: "\u{2502}", at: offset)) == end
  }
}

extension Span where Element == UInt8 {
  /// The quote that ends the cell that begins at an offset; two of them stand for one.
  func closingQuote(from start: Int) -> Int? {
    var cursor = start
    while let quote = first(.quote, from: cursor) {
      guard byte(at: quote + 1) == .quote else { return quote }
      cursor = quote + 2
    }
    return nil
  }
}
