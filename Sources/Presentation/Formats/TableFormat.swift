/// Aligned columns for people at a terminal.
enum TableFormat {
  static func text(of document: Document, _ options: RenderOptions) -> String {
    Page.text(of: document, options) {
      FieldList($0, options).lines
    } table: {
      Grid($0, options).lines
    }
  }
}
