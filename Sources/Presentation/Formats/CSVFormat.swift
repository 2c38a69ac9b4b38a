/// Records for spreadsheets and scripts: RFC 4180, but with LF between records, which every reader
/// takes and which line tools need. Names of columns are the keys that JSON uses.
///
/// Tables follow one another after an empty line; fields are a table of `key,value` with `line`
/// where a field cites one, verbatim lines a table of `lines`. Headings, prose and notes are no
/// records and are left out. Sizes are bytes, a figure that is not known is empty.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets
/// themselves write it: a process may be named `=HYPERLINK(…)`. Numbers never do. Who needs the
/// exact name of a process like `-bash` takes JSON.
enum CSVFormat {
  static func text(of document: Document, _ options: RenderOptions) -> String {
    document.blocks.compactMap(records)
      .map { records in records.map(line).joined() }
      .joined(separator: "\n")
  }

  /// A record as a line. An only value that is empty is quoted: an empty line would be no record.
  private static func line(of record: [String]) -> String {
    record == [""] ? "\"\"\n" : record.joined(separator: ",") + "\n"
  }

  /// A block as records of values that are already quoted; nil for one that holds none.
  private static func records(of block: Block) -> [[String]]? {
    switch block {
    case .heading, .prose, .note: nil
    case .fields(let fields): fields.rows.isEmpty ? nil : records(of: fields)
    case .table(let table): table.dataColumns.isEmpty ? nil : records(of: table)
    case .verbatim(let lines):
      lines.isEmpty ? nil : [[text("lines")]] + lines.map { [text($0)] }
    }
  }

  private static func records(of fields: Fields) -> [[String]] {
    let hasLines = fields.rows.contains { $0.line != nil }
    let rows = fields.rows.filter { !$0.value.isBar }
    let header = ["key", "value"] + (hasLines ? ["line"] : [])
    return [header]
      + rows.map { field in
        let record = [text(field.key), value(field.value)]
        return record + (hasLines ? [field.line.map { "\($0)" } ?? ""] : [])
      }
  }

  private static func records(of table: Table) -> [[String]] {
    let columns = table.dataColumns
    return [columns.map { text(table.columns[$0].key) }]
      + table.rows.map { row in columns.map { value(table.cell(row, $0)) } }
  }

  private static func value(_ cell: Cell) -> String {
    switch cell.json {
    case .string(let string): text(string)
    case .null, nil: ""
    case .some(let number): number.encoded()
    }
  }

  /// What a spreadsheet takes for the start of a formula, in the wide forms of Japanese input too.
  private static let formulaStarts: Set<Character> = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]

  private static func text(_ text: String) -> String {
    var safe = SafeText.line(text)
    if let first = safe.first, formulaStarts.contains(first) { safe = "'" + safe }
    let needsQuotes = safe.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }
    guard needsQuotes || safe.hasPrefix(" ") || safe.hasSuffix(" ") else { return safe }
    let doubled = safe.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"")
    return "\"\(doubled)\""
  }
}
