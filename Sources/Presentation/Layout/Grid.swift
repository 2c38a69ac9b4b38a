/// A table as aligned lines that fit the terminal.
struct Grid {
  private let table: Table
  private let options: RenderOptions
  private let layout: TableLayout

  /// What is left of a shortened column where the terminal is too narrow for anything better.
  private static let leastWidth = 3

  init(_ table: Table, _ options: RenderOptions) {
    self.table = table
    self.options = options
    let needs = table.columns.indices.map { Self.need(of: $0, in: table, options.units) }
    layout = TableLayout(needs, width: options.width)
  }

  var lines: [String] {
    var lines = [header]
    lines += table.rows.flatMap(linesOfRow)
    if table.rows.isEmpty { lines.append(options.theme.styled("(no rows)", .faint)) }
    return lines + hiddenNotice
  }

  private static func need(
    of index: Int, in table: Table, _ units: SizeUnits
  ) -> TableLayout.Need {
    let column = table.columns[index]
    var natural = SafeText.line(column.title).displayWidth
    var widestFigure = 0
    var hasBars = false
    for row in table.rows {
      let cell = table.cell(row, index)
      if cell.isBar { hasBars = true }
      let width = cell.shown(units).displayWidth
      natural = max(natural, width)
      if cell.isFigure { widestFigure = max(widestFigure, width) }
    }
    if hasBars {
      // A bar repeats a figure: it goes sooner than a name is made unreadable.
      return TableLayout.Need(
        natural: max(natural, Bar.fullWidth), readable: Bar.leastWidth, least: Bar.leastWidth,
        dropOrder: max(column.dropOrder, 1))
    }
    let isFlexible = column.canShrink || column.canWrap
    return TableLayout.Need(
      natural: natural,
      readable: isFlexible ? max(column.readableWidth, widestFigure) : natural,
      least: isFlexible ? max(leastWidth, widestFigure) : natural,
      dropOrder: column.dropOrder)
  }

  // MARK: Lines

  private var header: String {
    line(of: { SafeText.line(table.columns[$0].title) }, style: { _ in .heading })
  }

  /// A row, in as many lines as its longest cell that wraps.
  private func linesOfRow(_ row: [Cell]) -> [String] {
    let parts = table.columns.indices.map { index in
      layout.widths[index].map { texts(of: table.cell(row, index), at: index, width: $0) } ?? []
    }
    return (0..<max(parts.map(\.count).max() ?? 0, 1)).map { part in
      line(
        of: { parts[$0].indices.contains(part) ? parts[$0][part] : "" },
        style: { table.cell(row, $0).style })
    }
  }

  private func texts(of cell: Cell, at column: Int, width: Int) -> [String] {
    let text = cell.shown(options.units)
    switch cell {
    case .bar(let share):
      return [
        Bar.text(share: share, width: min(width, Bar.fullWidth), isASCII: options.theme.isASCII)
      ]
    case .path: return [text.truncatedStart(to: width, ellipsis: options.theme.ellipsis)]
    case .text where table.columns[column].canWrap: return text.wrapped(to: width)
    default: return [text]
    }
  }

  /// A line of one text for each column that is shown.
  private func line(of text: (Int) -> String, style: (Int) -> Theme.Style?) -> String {
    var line = TextLine(options.theme)
    var start = 0
    for (index, column) in table.columns.enumerated() {
      guard let width = layout.widths[index] else { continue }
      let cell = text(index).truncatedMiddle(to: width, ellipsis: options.theme.ellipsis)
      if column.alignment == .right { line.advance(to: start + width - cell.displayWidth) }
      line.append(cell, style(index))
      start += width + TableLayout.gap
      line.advance(to: start)
    }
    return line.text
  }

  /// A line that says which columns are not shown: no figure is left out silently.
  private var hiddenNotice: [String] {
    let hidden = table.dataColumns.filter { layout.widths[$0] == nil }
    guard !hidden.isEmpty else { return [] }
    let names = hidden.map { index in
      let column = table.columns[index]
      return SafeText.line(column.title.isEmpty ? column.key : column.title)
    }
    let noun = hidden.count == 1 ? "column" : "columns"
    let notice =
      "\(options.theme.ellipsis) \(hidden.count) \(noun) hidden: "
      + "\(names.joined(separator: ", ")) (widen the terminal, or `set format line`)"
    return notice.wrapped(to: options.width, hanging: 2)
      .map { options.theme.styled($0, .faint) }
  }
}
