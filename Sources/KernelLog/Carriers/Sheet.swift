/// A table with its columns' names in the first row, as log stores export it (`host,time,message`) and
/// databases' shells print it: the line stands in one cell, its host and its time in others.
///
/// What the columns are called tells what they are, as the members of a store's object do. Rows that
/// have other cells than the first one are read as lines.
struct Sheet: Sendable {
  /// How the cells of a row are parted.
  private enum Style: Sendable {
    /// By one byte; a cell in quotes may hold it.
    case delimited(UInt8)
    /// By bars with blanks around them, as a table is drawn for people.
    case drawn

    static let all: [Style] = [
      .delimited(.comma), .delimited(.tab), .delimited(.semicolon), .drawn,
      .delimited(UInt8(ascii: "|")),
    ]
  }

  private struct Cell {
    let text: Range<Int>
    var isQuoted = false
  }

  private let style: Style
  /// The first row, and where in it the columns' names are.
  private let header: [UInt8]
  private let names: [Range<Int>]
  /// How many lines the first row is, with what stands above it.
  private let headerLines: Int

  /// More columns than a row of a log has.
  private static let mostColumns = 64
  private static let longestName = 64

  /// The form of a source that begins with such a row; nil where it does not.
  static func format(in head: Span<UInt8>) -> LogFormat? {
    guard let sheet = Sheet(head) else { return nil }
    return LogFormat(
      name: "table with a header", recognise: { Sheet($0) != nil },
      start: { bytes, offset, floor in bytes.lineStart(of: offset, floor: floor) },
      next: LogFormat.nextLine,
      record: { bytes, start in sheet.record(bytes, start) }, headerLines: sheet.headerLines,
      surroundings: { bytes, range in sheet.rows(of: range, in: bytes) })
  }

  private init?(_ head: Span<UInt8>) {
    var start = head.skippingByteOrderMark(from: 0)
    // What MySQL draws above the names, and what tells a spreadsheet how cells are parted.
    let isBelow = Self.above.contains { head.starts(with: $0, at: start) }
    if isBelow { start = head.lineEnd(of: start) + 1 }
    guard start < head.count else { return nil }
    let line = head.extracting(start..<Self.endOfRow(head, start..<head.lineEnd(of: start)))
    for style in Style.all {
      let cells = Self.cells(of: line, style)
      let names = cells.map(\.text)
      guard (2...Self.mostColumns).contains(names.count),
        names.count(where: { !$0.isEmpty }) > 1,
        names.allSatisfy({ line.isColumnName($0, longest: Self.longestName) }),
        names.contains(where: { name in JSONNames.lines.contains { line.isWord(name, $0) } })
      else { continue }
      (self.style, header, self.names) = (style, LogText(line).bytes, names)
      headerLines = isBelow ? 2 : 1
      return
    }
    return nil
  }

  /// The rows of which a report's lines are.
  private func rows(of range: Range<Int>, in bytes: Span<UInt8>) -> Range<Int> {
    guard case .delimited(let delimiter) = style, let last = range.last else { return range }
    func row(_ offset: Int) -> Range<Int> {
      let line = bytes.lineStart(of: offset)
      return Self.row(of: line, delimiter, in: bytes) ?? line..<bytes.lineEnd(of: offset)
    }
    return row(range.lowerBound).lowerBound..<min(row(last).upperBound + 1, bytes.count)
  }

  /// The row that a line is of, its newline apart; nil where a cell in quotes does not end as cells do.
  private static func row(
    of line: Int, _ delimiter: UInt8, in bytes: Span<UInt8>
  ) -> Range<Int>? {
    // Of more bytes than these, what surrounds a record may not have been read.
    let reach = LogFormat.longestLine
    let start = bytes.startOfQuotedRow(of: line, delimiter: delimiter, reach: reach)
    let rest = bytes.extracting(start..<min(start + reach, bytes.count))
    guard let end = rest.endOfQuotedRow(delimiter: delimiter) else { return nil }
    return start..<start + end
  }

  private static let above: [StaticString] = ["+-", "\u{250C}\u{2500}", "sep="]

  /// Where a row, or a line, ends without what stands for its end.
  private static func endOfRow(_ bytes: Span<UInt8>, _ row: Range<Int>) -> Int {
    var end = row.upperBound
    while end > row.lowerBound,
      bytes[end - 1] == .carriageReturn || bytes[end - 1] == .newline
    {
      end -= 1
    }
    return end
  }

  private static func cells(of line: Span<UInt8>, _ style: Style) -> [Cell] {
    switch style {
    case .delimited(let delimiter): delimited(line, by: delimiter)
    case .drawn: drawn(line)
    }
  }

  private static func delimited(_ line: Span<UInt8>, by delimiter: UInt8) -> [Cell] {
    var cells: [Cell] = []
    var cursor = 0
    while cells.count <= mostColumns {
      // A blank may stand around a cell.
      let start = line.endOfBlanks(from: cursor, delimiter)
      // A cell may go over several lines: its quote is closed in another one.
      let close =
        line.byte(at: start) == .quote ? line.closingQuote(from: start + 1) ?? line.count : nil
      let next = close.map { line.endOfBlanks(from: $0 + 1, delimiter) } ?? line.count
      if let close, next >= line.count || line[next] == delimiter {
        cells.append(Cell(text: start + 1..<close, isQuoted: true))
        cursor = next
      } else {
        cursor = line.first(delimiter, from: start) ?? line.count
        var end = max(cursor, start)
        while end > start, line[end - 1] == .space { end -= 1 }
        cells.append(Cell(text: start..<end))
      }
      guard cursor < line.count else { break }
      cursor += 1
    }
    return cells
  }

  private static func drawn(_ line: Span<UInt8>) -> [Cell] {
    var cells: [Cell] = []
    var cursor = line.skippingBlanks(from: 0)
    cursor = Table.endOfBar(line, cursor) ?? cursor
    while cursor < line.count, cells.count <= mostColumns {
      cursor = line.skippingBlanks(from: cursor)
      var bar = cursor
      while bar < line.count, !Table.isBar(line, bar) { bar += 1 }
      var end = bar
      while end > cursor, line[end - 1] == .space { end -= 1 }
      if bar < line.count || end > cursor { cells.append(Cell(text: cursor..<end)) }
      cursor = Table.endOfBar(line, bar) ?? line.count
    }
    return cells
  }

  private func record(_ bytes: Span<UInt8>, _ start: Int) -> LogRecord {
    let newline = bytes.lineEnd(of: start)
    guard newline - start <= LogFormat.longestLine else {
      return LineReader.record(in: bytes, at: start)
    }
    let place = start..<min(newline + 1, bytes.count)
    if let record = lineOfCell(bytes, place) { return record }
    let row = bytes.extracting(start..<Self.endOfRow(bytes, place))
    if row.isSame(header) { return Self.nothing(place) }
    if let record = beginningOfCell(row, place, in: bytes) { return record }
    guard let (frame, prefix) = line(of: row) else {
      // A row whose message is empty is no line.
      let isRow =
        Self.cells(of: row, style).count == names.count && !LineReader.framed(row).prefix.isKernels
      return isRow ? Self.nothing(place) : LineReader.record(in: bytes, at: start)
    }
    return record(prefix, frame, place, in: bytes)
  }

  private func record(
    _ prefix: LinePrefix, _ frame: LineReader.Frame, _ place: Range<Int>, in bytes: Span<UInt8>
  ) -> LogRecord {
    var record = LineReader.record(prefix, frame, place, in: bytes)
    if prefix.needsKernel, !prefix.isKernels { record.origin = .program }
    return record
  }

  /// A line that is none of a log's.
  private static func nothing(_ place: Range<Int>) -> LogRecord {
    var record = LogRecord(
      start: place.lowerBound, end: place.upperBound, message: place.lowerBound..<place.lowerBound)
    record.origin = .program
    return record
  }

  /// The record of a line of a row whose cells go over several lines, as a whole report in one message
  /// does; nil where the line is a row by itself.
  private func lineOfCell(_ bytes: Span<UInt8>, _ place: Range<Int>) -> LogRecord? {
    guard case .delimited(let delimiter) = style,
      let whole = Self.row(of: place.lowerBound, delimiter, in: bytes),
      whole.contains(place.lowerBound),
      whole != place.lowerBound..<bytes.lineEnd(of: place.lowerBound)
    else { return nil }
    let row = bytes.extracting(whole.lowerBound..<Self.endOfRow(bytes, whole))
    guard Self.cells(of: row, style).count == names.count else { return nil }
    let shift = place.lowerBound - whole.lowerBound
    let part = shift..<Self.endOfRow(bytes, place) - whole.lowerBound
    guard case (var frame, var prefix)? = line(of: row, in: part) else {
      return Self.nothing(place)
    }
    prefix.offset -= shift
    prefix.host = prefix.host.map { $0.lowerBound - shift..<$0.upperBound - shift }
    (frame.begin, frame.end) = (frame.begin - shift, frame.end - shift)
    return record(prefix, frame, place, in: bytes)
  }

  /// The record of the first line of a cell whose end is too far away; nil where it is not. Since the
  /// cell's other lines do not lead to the rest of the row, this one takes nothing from it either.
  private func beginningOfCell(
    _ line: Span<UInt8>, _ place: Range<Int>, in bytes: Span<UInt8>
  ) -> LogRecord? {
    guard case .delimited(let delimiter) = style,
      case .open(let text) = line.quotedCells(delimiter),
      let (frame, prefix) = LineReader.inside(
        line, LineReader.Frame(begin: text, end: line.count), from: text)
    else { return nil }
    return record(prefix, frame, place, in: bytes)
  }

  /// The line that a row holds, or what of it stands in a part of the row, in the row's offsets; nil
  /// where it is no such row.
  private func line(
    of row: Span<UInt8>, in part: Range<Int>? = nil
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    var cells = Self.cells(of: row, style)
    if part == nil, beginsLikeLine(row, cells) { return nil }
    if cells.count > names.count, !takeRest(of: row, into: &cells) { return nil }
    // Names and cells stand in one text, as those of an object do.
    let shift = header.count
    let text = header + LogText(row).bytes
    var object = JSONRecord()
    for (name, cell) in zip(names, cells) where !cell.text.isEmpty && !name.isEmpty {
      let value = cell.text.lowerBound + shift..<cell.text.upperBound + shift
      object.read(
        JSONMembers.Member(name: name, value: value, isArray: false, isString: true), in: text.span)
    }
    // Commas of a message may part it into as many cells as a row has.
    if let host = object.host, text[host].contains(where: noHosts.contains) { return nil }
    guard let message = object.text else { return nil }
    let place = part.map { message.clamped(to: $0.lowerBound + shift..<$0.upperBound + shift) }
    guard place?.isEmpty != true,
      let (frame, outer) = JSONLine.line(place ?? message, of: object, in: text.span)
    else { return nil }
    var prefix = outer
    prefix.offset -= shift
    prefix.host =
      prefix.host.map { $0.lowerBound - shift..<$0.upperBound - shift } ?? source(of: row, cells)
    prefix.outerCarrier = .table
    let begin = message.lowerBound - shift
    let isQuoted = cells.contains { $0.isQuoted && $0.text.lowerBound == begin }
    prefix.wrapping = isQuoted ? .csv : .none
    return (LineReader.Frame(begin: frame.begin - shift, end: frame.end - shift), prefix)
  }

  /// Whether the kernel's line begins in the first cell, though its column is another one's: what
  /// parts the cells is the message's own, which goes on in a cell that began too far before.
  private func beginsLikeLine(_ row: Span<UInt8>, _ cells: [Cell]) -> Bool {
    guard let first = cells.first, !first.isQuoted, !isLines(0) else { return false }
    let prefix = LineReader.framed(row).prefix
    return prefix.isKernels && first.text.lowerBound < prefix.offset
      && prefix.offset < first.text.upperBound
  }

  private func isLines(_ column: Int) -> Bool {
    JSONNames.lines.contains { header.span.isWord(names[column], $0) }
  }

  /// What Graylog calls the host; other stores call the file so.
  private func source(of row: Span<UInt8>, _ cells: [Cell]) -> Range<Int>? {
    let pair = zip(names, cells).first { header.span.isWord($0.0, "source") }
    guard let host = pair?.1.text, !host.isEmpty,
      !host.contains(where: { row[$0] == UInt8(ascii: "/") || row[$0] == .space })
    else { return nil }
    return host
  }

  /// Takes what a row has more cells of than there are names: empty ones, or what stands behind
  /// separators in a line that is the last cell. False where it is not clear which cell is which.
  private func takeRest(of row: Span<UInt8>, into cells: inout [Cell]) -> Bool {
    let rest = cells[names.count...]
    let last = cells[names.count - 1]
    guard !rest.allSatisfy(\.text.isEmpty) else { return true }
    guard isLines(names.count - 1), !last.isQuoted, let end = rest.last?.text.upperBound else {
      return false
    }
    cells[names.count - 1] = Cell(text: last.text.lowerBound..<end)
    return true
  }
}

extension Span where Element == UInt8 {
  /// Whether a range may be a column's name, and no part of a log's line.
  fileprivate func isColumnName(_ range: Range<Int>, longest: Int) -> Bool {
    range.count <= longest
      && range.allSatisfy { self[$0].isLetter || self[$0].isDigit || signs.contains(self[$0]) }
  }
}

/// What a column's name may hold besides letters and digits; `pandas` leaves that of the first empty.
private let signs = ByteSet("_@.-[]()/ ")

/// What stands in messages, and in no host's name.
private let noHosts = ByteSet("= ")
