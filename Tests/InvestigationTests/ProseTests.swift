import Testing

@testable import Investigation

@Suite struct ProseTests {
  @Test(arguments: Prose.Book.allCases) func namesAreUnique(_ book: Prose.Book) {
    let names = Prose.names(book).map { $0.lowercased() }
    #expect(Set(names).count == names.count, "\(repeated(names))")
    #expect(!names.isEmpty && !names.contains(""))
  }

  @Test(arguments: Prose.Book.allCases) func everyTextIsThere(_ book: Prose.Book) {
    for id in Prose.ids(book) {
      #expect(Prose.text(book, id)?.isEmpty == false, "\(id)")
      #expect(Prose.id(book, named: id) == id)
    }
  }

  @Test(arguments: Prose.Book.allCases) func bytesAreValidAndLinesShort(_ book: Prose.Book) throws {
    let bytes = Prose.withBytes(of: book) { $0.copy(0..<$0.count) }
    let text = try #require(String(validating: bytes, as: UTF8.self))
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      #expect(line.count <= 100, "line \(number + 1)")
      #expect(line.last != " ", "line \(number + 1)")
      let isControl = line.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
      #expect(!isControl, "line \(number + 1)")
    }
    #expect(text.hasPrefix("== ") && text.hasSuffix("\n"))
  }

  @Test(arguments: [Prose.Book.glossary, .help]) func readersBooksHaveTitles(_ book: Prose.Book) {
    for id in Prose.ids(book) { #expect(Prose.title(book, id)?.isEmpty == false, "\(id)") }
  }

  /// Terms of the glossary are for people who have a report open: two to eight lines each.
  @Test func glossaryIsShort() {
    for id in Prose.ids(.glossary) {
      let length = Prose.text(.glossary, id)?.count ?? 0
      #expect((60...900).contains(length), "\(id): \(length)")
    }
    #expect(Prose.ids(.glossary).count >= 80)
  }

  @Test func commandsAreExplained() {
    let commands =
      """
      load inputs events show raw tasks mem top since until filters reset sysctl recommend explain \
      source set echo history help quit
      """
    for command in commands.split(separator: " ") {
      #expect(Prose.text(.help, "command.\(command)") != nil, "\(command)")
    }
    for topic in ["keys", "scripts", "times", "output", "events", "repeats"] {
      #expect(Prose.text(.help, topic) != nil, "\(topic)")
    }
  }

  /// Every id that code composes.
  @Test func textsThatCodeRefersToAreThere() {
    let trends = SizeTrend.allCases.map { "repeats.\($0.rawValue)" }
    let others = [
      "repeats.steady-at-limit", "repeats.same-process-grows", "repeats.same-process-steady",
      "repeats.same-process-shrinks", "repeats.same-process-varies",
    ]
    for id in trends + others { #expect(Prose.text(.help, id) != nil, "\(id)") }

    let modes = ["0", "1", "2", "unknown"].map { "commit.mode-\($0)" }
    let kills = KillAccount.Verdict.allCases.map { "kills.\($0.rawValue)" }
    let settings = SysctlMeanings.rows.map(\.name)
    for id in modes + kills + settings + ["missing", "invalid"] {
      #expect(Prose.text(.sysctl, id) != nil, "\(id)")
    }
  }

  @Test func lookupKnowsOtherNamesInAnyCase() {
    #expect(Prose.id(.glossary, named: "score") == "badness")
    #expect(Prose.id(.glossary, named: "commitlimit") == "CommitLimit")
    #expect(Prose.text(.glossary, "score") == Prose.text(.glossary, "badness"))
    #expect(Prose.text(.glossary, "no such term") == nil)
    #expect(Prose.title(.glossary, "no such term") == nil)
    #expect(Prose.text(.glossary, "") == nil)
  }

  @Test func indexReadsTheFormat() {
    let book = Array(
      """
      == one, first | The first one

      Line one
      and two.

      - item a
      goes on
      - item b
          verbatim  text
      == two
      == three | Third
      Last line\

      """.utf8)
    let index = Prose.Index(book.span)
    #expect(index.entries.map(\.names) == [["one", "first"], ["two"], ["three"]])
    #expect(index.entries.map(\.title) == ["The first one", nil, "Third"])
    let texts = index.entries.map { Prose.reflowed(book.span, $0.text) }
    #expect(
      texts == [
        "Line one and two.\n\n- item a goes on\n- item b\n    verbatim  text", "", "Last line",
      ])
  }

  @Test(arguments: ["", "\n", "==", "== ", "no heading\n", "== \n== |\n"])
  func indexOfNothingIsEmpty(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(Prose.Index(bytes.span).entries.isEmpty)
  }

  private func repeated(_ names: [String]) -> [String] {
    Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
  }
}
