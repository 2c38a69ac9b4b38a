/// GitHub's Markdown, to paste into an issue or a report. Bars are left out: fonts there differ.
enum MarkdownFormat {
  static func text(of document: Document, _ options: RenderOptions) -> String {
    document.blocks.map { lines(of: $0, options.units) }
      .filter { !$0.isEmpty }
      .map { lines in lines.map { $0 + "\n" }.joined() }
      .joined(separator: "\n")
  }

  private static func lines(of block: Block, _ units: SizeUnits) -> [String] {
    switch block {
    case .heading(let text):
      ["## \(MarkdownText.line(text))"]
    case .prose(let text):
      text.isEmpty ? [] : MarkdownText.paragraphs(text)
    case .note(let severity, let text):
      ["> **\(severity.label):** \(MarkdownText.line(text))"]
    case .fields(let fields):
      fields.rows.isEmpty ? [] : title(fields.title) + fields.rows.map { item($0, units) }
    case .table(let block):
      block.dataColumns.isEmpty ? [] : title(block.title) + table(block.forPeople, units)
    case .verbatim(let lines):
      lines.isEmpty ? [] : MarkdownText.codeBlock(lines)
    }
  }

  private static func title(_ title: String?) -> [String] {
    title.map { ["### \(MarkdownText.line($0))", ""] } ?? []
  }

  private static func item(_ field: Field, _ units: SizeUnits) -> String {
    let label = MarkdownText.line(field.label)
    let value = MarkdownText.escaped(field.value.shown(units))
    let meaning = field.meaning.map { " — \(MarkdownText.line($0))" } ?? ""
    let citation = field.line.map { " (line \($0))" } ?? ""
    return "- **\(label)**: \(value)\(meaning)\(citation)"
  }

  private static func table(_ table: Table, _ units: SizeUnits) -> [String] {
    let columns = table.dataColumns
    let header = columns.map { MarkdownText.line(table.columns[$0].title) }
    let rule = columns.map { table.columns[$0].alignment == .right ? "---:" : "---" }
    let rows = table.rows.map { row in
      columns.map { MarkdownText.escaped(table.cell(row, $0).shown(units)) }
    }
    return ([header, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }
  }
}
