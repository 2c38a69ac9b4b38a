/// Named values as lines: label, value, meaning and the line of the log that says it.
///
/// Where there is room the meanings stand in a column of their own; else below their value.
struct FieldList {
  private let fields: Fields
  private let options: RenderOptions
  private let indent: Int
  private let labelWidth: Int
  /// Where values start, in columns from the left.
  private let valueColumn: Int
  /// Where meanings start; nil where they stand below.
  private let meaningColumn: Int?

  /// Values up to this width align the meanings; longer ones push theirs to the next line.
  private static let usualValueWidth = 20
  /// The least width of a column of meanings.
  private static let meaningRoom = 28
  private static let gap = 2

  init(_ fields: Fields, _ options: RenderOptions) {
    self.fields = fields
    self.options = options
    indent = fields.title == nil ? 0 : 2
    let widestLabel = fields.rows.map { SafeText.line($0.label).displayWidth }.max() ?? 0
    labelWidth = min(widestLabel, max(options.width / 2 - indent - Self.gap, 1))
    valueColumn = indent + labelWidth + Self.gap
    let usual = fields.rows.map { $0.value.shown(options.units).displayWidth }
      .filter { $0 <= Self.usualValueWidth }
    let column = valueColumn + (usual.max() ?? 0) + Self.gap
    meaningColumn = options.width - column >= Self.meaningRoom ? column : nil
  }

  var lines: [String] { fields.rows.flatMap(lines) }

  private func lines(of field: Field) -> [String] {
    var line = TextLine(options.theme)
    line.advance(to: indent)
    line.append(
      SafeText.line(field.label)
        .truncatedMiddle(to: labelWidth, ellipsis: options.theme.ellipsis), .name)

    var finished: [String] = []
    func startLine(at column: Int) {
      finished.append(line.text)
      line = TextLine(options.theme)
      line.advance(to: column)
    }

    line.advance(to: valueColumn)
    let value = field.value.shown(options.units).wrapped(to: options.width - valueColumn)
    for (index, part) in value.enumerated() {
      if index > 0 { startLine(at: valueColumn) }
      line.append(part, field.value.style)
    }

    let column = meaningColumn ?? min(indent + 4, options.width / 2)
    if let meaning = field.meaning {
      if meaningColumn == nil || line.column + Self.gap > column {
        startLine(at: column)
      } else {
        line.advance(to: column)
      }
      let parts = SafeText.line(meaning).wrapped(to: options.width - column)
      for (index, part) in parts.enumerated() {
        if index > 0 { startLine(at: column) }
        line.append(part)
      }
    } else if meaningColumn != nil {
      line.advance(to: column - 1)
    }

    if let number = field.line {
      let citation = "(line \(number))"
      if line.column + 1 + citation.displayWidth > options.width {
        startLine(at: max(min(column, options.width - citation.displayWidth), 0))
      } else {
        line.advance(to: line.column + 1)
      }
      line.append(citation, .faint)
    }
    return finished + [line.text]
  }
}
