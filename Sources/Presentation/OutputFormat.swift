/// A way to print a document.
package struct OutputFormat: Sendable {
  /// The word that chooses it.
  package let name: String
  /// What it is for, in a few words.
  package let summary: String
  private let body: @Sendable (Document, RenderOptions) -> String

  private init(
    _ name: String, _ summary: String,
    _ body: @escaping @Sendable (Document, RenderOptions) -> String
  ) {
    self.name = name
    self.summary = summary
    self.body = body
  }

  /// All formats, in the order in which help lists them.
  package static let all = [
    OutputFormat("table", "aligned columns that fit the terminal", TableFormat.text),
    OutputFormat("line", "one `key = value` a line, nothing shortened", LineFormat.text),
    OutputFormat("json", "one JSON value a command, on one line", JSONFormat.text),
    OutputFormat("csv", "tables and fields as RFC 4180 records", CSVFormat.text),
    OutputFormat("markdown", "GitHub tables and lists, to paste", MarkdownFormat.text),
  ]

  /// The format of that name; nil where there is none.
  package static func named(_ name: String) -> OutputFormat? {
    all.first { $0.name == name }
  }

  /// The document as text that is safe to print. It ends with a newline, or is empty where the
  /// format has nothing to show.
  package func render(_ document: Document, _ options: RenderOptions) -> String {
    body(document, options)
  }
}
