/// One `key = value` a line: for narrow terminals, long values and grep. Nothing is shortened, and
/// rows are separated by an empty line.
enum LineFormat {
  static func text(of document: Document, _ options: RenderOptions) -> String {
    Page.text(of: document, options) { fields in
      lines(of: fields.rows.map { Entry($0, options.units) }, options)
    } table: { table in
      lines(of: table, options)
    }
  }

  /// What one line shows.
  private struct Entry {
    let key: String
    let value: String
    let style: Theme.Style?
    var meaning: String?
    var line: Int?

    init(_ key: String, _ value: Cell, _ units: SizeUnits) {
      self.key = SafeText.line(key)
      self.value = value.shown(units)
      style = value.style
    }

    init(_ field: Field, _ units: SizeUnits) {
      self.init(field.key, field.value, units)
      meaning = field.meaning.map(SafeText.line)
      line = field.line
    }
  }

  private static func lines(of table: Table, _ options: RenderOptions) -> [String] {
    if table.rows.isEmpty { return [options.theme.styled("(no rows)", .faint)] }
    let columns = table.dataColumns
    let blocks = table.rows.map { row in
      lines(
        of: columns.map { Entry(table.columns[$0].key, table.cell(row, $0), options.units) },
        options)
    }
    return Array(blocks.joined(separator: [""]))
  }

  private static func lines(of entries: [Entry], _ options: RenderOptions) -> [String] {
    let keyWidth = entries.map(\.key.displayWidth).max() ?? 0
    return entries.flatMap { entry in
      var line = TextLine(options.theme)
      line.append(entry.key, .name)
      line.advance(to: keyWidth + 1)
      line.append("=")
      line.advance(to: keyWidth + 3)
      line.append(entry.value, entry.style)
      if let number = entry.line {
        line.advance(to: line.column + 2)
        line.append("(line \(number))", .faint)
      }
      let meaning = entry.meaning?.wrapped(to: options.width - 4) ?? []
      return [line.text] + meaning.map { "    " + $0 }
    }
  }
}
