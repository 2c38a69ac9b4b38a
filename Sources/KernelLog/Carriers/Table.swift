/// Rows of a table that a log store exported: the line in one cell, quoted or behind a delimiter.
enum Table {
  static let row = Wrapper(
    name: "table cell", begins: .any,
    samples: [
      "2026-10-25 14:31:23.345,\"[   12.345678] x\"", "\"web1\";\"<4>[   12.345678] x\"",
      "web1\t12\t[   12.345678] x", "web1,[   12.345678] x,info",
      "\"Oct 25, 2026 @ 14:31:23.345\",\"[   12.345678] x\",\"web1\"",
    ],
    read: { line, frame in
      var cursor = frame.begin
      let end = min(frame.end, frame.begin + longest)
      while cursor < end {
        let byte = line[cursor]
        cursor += 1
        let isCell = byte == .comma || byte == .tab || byte == .semicolon
        let isFirst = byte == .quote && cursor == frame.begin + 1
        guard isCell || isFirst, cursor < end else { continue }
        let isQuoted = isFirst || line[cursor] == .quote
        let text = isQuoted && !isFirst ? cursor + 1 : cursor
        guard var inside = LineReader.inside(line, frame, from: text) else { continue }
        inside.prefix.outerCarrier = .table
        if isQuoted {
          inside.prefix.wrapping = .csv
          inside.frame.end = closingQuote(line, from: inside.prefix.offset) ?? frame.end
        }
        return inside
      }
      return nil
    })

  /// How far into the row the line may begin.
  private static let longest = 400

  /// The quote that ends a cell; two of them stand for one.
  private static func closingQuote(_ line: Span<UInt8>, from start: Int) -> Int? {
    var cursor = start
    while let quote = line.first(.quote, from: cursor) {
      guard line.byte(at: quote + 1) == .quote else { return quote }
      cursor = quote + 2
    }
    return nil
  }
}
