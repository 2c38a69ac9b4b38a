internal import CProse

/// The project's texts, keyed by id: help, glossary, advice. They are data, so that they can be
/// written, reviewed and translated without touching code.
///
/// A book is a text file, or several one after the other. A line `== id, other name | Title` starts
/// an entry; other names and the title may be left out. Its text follows, in paragraphs separated by
/// blank lines. A line `= id | Title` starts a subject, to which the entries behind it belong.
package enum Prose {
  /// The texts of one kind.
  package enum Book: Sendable, CaseIterable {
    case glossary, advice, help, sysctl
  }

  /// The text of an entry; nil where the book has none of that name.
  ///
  /// Paragraphs are separated by a blank line. The line breaks of the file are undone, so that the
  /// text wraps to any width. A line that starts with `- ` or four blanks stays a line of its own.
  package static func text(_ book: Book, _ id: String) -> String? {
    index(book).entry(id).map { text(book, $0) }
  }

  static func text(_ book: Book, _ entry: Index.Entry) -> String {
    withBytes(of: book) { reflowed($0, entry.text) }
  }

  /// The title of an entry; nil where the book has no such entry, or the entry no title.
  package static func title(_ book: Book, _ id: String) -> String? {
    index(book).entry(id)?.title
  }

  /// The ids of all entries in the order of the file.
  package static func ids(_ book: Book) -> [String] {
    index(book).entries.map { $0.names[0] }
  }

  /// Every name that finds an entry, ids and other names, in the order of the file.
  package static func names(_ book: Book) -> [String] {
    index(book).entries.flatMap(\.names)
  }

  /// The id of the entry that one of its names, in any case of letters, finds.
  package static func id(_ book: Book, named name: String) -> String? {
    index(book).entry(name)?.names[0]
  }

  /// The entry's text exactly as it stands in the file, without the blank lines around it.
  static func source(_ book: Book, _ id: String) -> [UInt8]? {
    guard let entry = index(book).entry(id) else { return nil }
    return withBytes(of: book) { $0.copy(entry.text) }
  }

  static func index(_ book: Book) -> Index {
    switch book {
    case .glossary: glossary
    case .advice: advice
    case .help: help
    case .sysctl: sysctl
    }
  }

  private static let glossary = withBytes(of: .glossary, Index.init)
  private static let advice = withBytes(of: .advice, Index.init)
  private static let help = withBytes(of: .help, Index.init)
  private static let sysctl = withBytes(of: .sysctl, Index.init)

  /// Lends the whole book, which is part of the binary.
  static func withBytes<Result>(of book: Book, _ body: (Span<UInt8>) -> Result) -> Result {
    let embedded =
      switch book {
      case .glossary: unsafe cprose_glossary()
      case .advice: unsafe cprose_advice()
      case .help: unsafe cprose_help()
      case .sysctl: unsafe cprose_sysctl()
      }
    // The two pointers are the ends of one constant array, which is never freed.
    let bytes = unsafe UnsafeBufferPointer(
      start: embedded.begin, count: embedded.end - embedded.begin)
    return body(unsafe bytes.span)
  }
}
