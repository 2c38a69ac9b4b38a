/// A document for people, line by line. The two formats for people differ only in their tables
/// and fields.
struct Page {
  private let options: RenderOptions
  private var lines: [String] = []

  /// Lays out a whole document.
  static func text(
    of document: Document, _ options: RenderOptions,
    fields: (Fields) -> [String], table: (Table) -> [String]
  ) -> String {
    var page = Page(options: options)
    var previous: Block?
    for block in document.blocks {
      let parts = page.lines(of: block, fields, table)
      guard !parts.isEmpty else { continue }
      if let previous, needsSpace(between: previous, and: block) { page.lines.append("") }
      page.lines += parts
      previous = block
    }
    return page.lines.map { $0 + "\n" }.joined()
  }

  private init(options: RenderOptions) {
    self.options = options
  }

  private func lines(
    of block: Block, _ fields: (Fields) -> [String], _ table: (Table) -> [String]
  ) -> [String] {
    switch block {
    case .heading(let text):
      heading(text)
    case .prose(let text):
      text.isEmpty ? [] : SafeText.paragraphs(text).wrapped(to: options.width)
    case .note(let severity, let text):
      note(severity, text)
    case .fields(let block):
      block.rows.isEmpty ? [] : (block.title.map(heading) ?? []) + fields(block)
    case .table(let block):
      block.columns.isEmpty ? [] : (block.title.map(heading) ?? []) + table(block.forPeople)
    case .verbatim(let lines):
      lines.map(SafeText.line)
    }
  }

  private func heading(_ text: String) -> [String] {
    SafeText.line(text).wrapped(to: options.width).map { options.theme.styled($0, .heading) }
  }

  private func note(_ severity: Severity, _ text: String) -> [String] {
    let label = "\(severity.label):"
    var lines = "\(label) \(SafeText.line(text))".wrapped(to: options.width, hanging: 2)
    if let first = lines.first, first.hasPrefix(label) {
      lines[0] = options.theme.styled(label, severity.style) + first.dropFirst(label.count)
    }
    return lines
  }

  /// An empty line between blocks, but not below a heading nor within a list of notes.
  private static func needsSpace(between above: Block, and below: Block) -> Bool {
    switch (above, below) {
    case (.heading, _), (.note, .note): false
    default: true
    }
  }
}

extension Severity {
  /// The word before a note.
  var label: String {
    switch self {
    case .info: "note"
    case .warning: "warning"
    case .critical: "critical"
    }
  }

  fileprivate var style: Theme.Style {
    switch self {
    case .info: .name
    case .warning: .warning
    case .critical: .critical
    }
  }
}
