extension Prose {
  /// Where the entries of a book lie. Built at the first look into the book, never at start.
  struct Index: Sendable {
    struct Entry: Sendable {
      /// The id, then the other names.
      let names: [String]
      let title: String?
      /// The byte range of its text in the book, without the blank lines around it.
      let text: Range<Int>
      /// The position of the subject below which it stands; nil above the first.
      let subject: Int?
    }

    /// A part of a book: the entries that follow its line.
    struct Subject: Sendable {
      let id: String
      let title: String?
    }

    let entries: [Entry]
    let subjects: [Subject]
    private let positions: [String: Int]

    init(_ book: Span<UInt8>) {
      var entries: [Entry] = []
      var subjects: [Subject] = []
      var heading: Heading?
      var start = 0
      func end(at offset: Int) {
        guard let heading else { return }
        guard heading.isSubject else {
          let text = book.trimmed(start..<offset)
          return entries.append(heading.entry(text, subject: subjects.indices.last))
        }
        subjects.append(Subject(id: heading.names[0], title: heading.title))
      }
      book.forEachLine(in: 0..<book.count) { line in
        guard var next = Heading(book, line) else { return }
        if let heading, heading.goesOn, start == line.lowerBound {
          next.names = heading.names + next.names
        } else {
          end(at: line.lowerBound)
        }
        heading = next
        start = min(line.upperBound + 1, book.count)
      }
      end(at: book.count)

      var positions: [String: Int] = [:]
      for (position, entry) in entries.enumerated() {
        for name in entry.names { positions[name.lowercased(), default: position] = position }
      }
      self.entries = entries
      self.subjects = subjects
      self.positions = positions
    }

    /// The entry that a name, in any case of letters, finds.
    func entry(_ name: String) -> Entry? {
      positions[name.lowercased()].map { entries[$0] }
    }
  }

  /// `== id, other name | Title` of an entry, `= id | Title` of a subject. Where a comma ends the
  /// line, names go on in the next one, which begins alike.
  private struct Heading {
    var names: [String]
    var title: String?
    let isSubject: Bool
    let goesOn: Bool

    /// Nil where the line is none.
    init?(_ book: Span<UInt8>, _ line: Range<Int>) {
      let marks = line.prefix { book[$0] == UInt8(ascii: "=") }.count
      guard (1...2).contains(marks), line.count > marks + 1,
        book[line.lowerBound + marks] == UInt8(ascii: " ")
      else { return nil }
      isSubject = marks == 1
      let text = String(decoding: book.copy(line.dropFirst(marks + 1)), as: UTF8.self)
      goesOn = text.hasSuffix(",")
      let halves = text.split(separator: "|", maxSplits: 1)
      names = (halves.first ?? "").split(separator: ",").map(Self.trimmed)
      title = halves.count > 1 ? Self.trimmed(halves[1]) : nil
      if names.isEmpty { return nil }
    }

    func entry(_ text: Range<Int>, subject: Int?) -> Index.Entry {
      Index.Entry(names: names, title: title, text: text, subject: subject)
    }

    private static func trimmed(_ text: Substring) -> String {
      let text = text.drop { $0 == " " }
      return String(
        text.prefix(upTo: text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex))
    }
  }

  /// Undoes the line breaks that the file has inside its paragraphs.
  static func reflowed(_ book: Span<UInt8>, _ range: Range<Int>) -> String {
    var result = ""
    var isParagraphEnded = false
    book.forEachLine(in: range) { line in
      let indent = line.prefix { book[$0] == UInt8(ascii: " ") }.count
      let content = String(decoding: book.copy(line.dropFirst(indent)), as: UTF8.self)
      guard !content.isEmpty else {
        isParagraphEnded = true
        return
      }
      let keepsIndent = indent >= 4
      if !result.isEmpty {
        result += isParagraphEnded ? "\n\n" : keepsIndent || content.hasPrefix("- ") ? "\n" : " "
      }
      isParagraphEnded = false
      if keepsIndent { result += String(repeating: " ", count: indent) }
      result += content
    }
    return result
  }
}

extension Span<UInt8> {
  fileprivate func forEachLine(in range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = range.lowerBound
    for position in range where self[position] == UInt8(ascii: "\n") {
      body(start..<position)
      start = position + 1
    }
    if start < range.upperBound { body(start..<range.upperBound) }
  }

  /// The range without the newlines at its ends.
  fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, self[first] == UInt8(ascii: "\n") { range.removeFirst() }
    while let last = range.last, self[last] == UInt8(ascii: "\n") { range.removeLast() }
    return range
  }

  func copy(_ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for position in range { bytes.append(self[position]) }
    return bytes
  }
}
