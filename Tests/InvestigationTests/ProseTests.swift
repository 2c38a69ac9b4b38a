import TestSupport
import Testing

@testable import Investigation

@Suite struct ProseTests {
  @Test(arguments: [Prose.Book.advice, .help, .sysctl])
  func namesAreUnique(_ book: Prose.Book) {
    let names = Prose.names(book).map { $0.lowercased() }
    #expect(Set(names).count == names.count, "\(repeated(names))")
    #expect(!names.isEmpty && !names.contains(""))
  }

  /// A word may have an entry in several subjects, but one in each.
  @Test func namesOfTheGlossaryAreUniqueInTheirSubject() {
    for subject in Glossary.subjects {
      let names = subject.entries.flatMap(\.names).map(Glossary.key)
      let ids = subject.entries.map(\.id)
      #expect(Set(ids).count == ids.count, "\(subject.id): \(repeated(ids))")
      #expect(Set(names).count == names.count, "\(subject.id): \(repeated(names))")
      #expect(!names.isEmpty && !names.contains(""), "\(subject.id)")
      #expect(subject.entries.allSatisfy { !$0.title.isEmpty }, "\(subject.id)")
    }
    let subjects = Glossary.subjects.map(\.id)
    #expect(Set(subjects).count == subjects.count)
    for id in subjects {
      #expect(Glossary.entries(named: id).isEmpty, "\(id) is a subject and a term")
    }
  }

  /// The list of files in prose.c.
  @Test func everyFileOfTheGlossaryIsEmbedded() throws {
    let files = Places.files(in: "Sources/CProse/en/glossary")
    #expect(files.count > 9)
    for file in files {
      let bytes = try #require(Places.bytes("Sources/CProse/en/glossary/\(file)"))
      let index = Prose.Index(bytes.span)
      #expect(index.subjects.count == 1, "\(file) is one subject")
      #expect(Glossary.subject(index.subjects[0].id) != nil, "\(file)")
      #expect(bytes.count { $0 == UInt8(ascii: "\n") } < 600, "\(file)")
    }
    #expect(Glossary.subjects.count == files.count)
  }

  @Test(arguments: Prose.Book.allCases) func everyTextIsThere(_ book: Prose.Book) {
    for id in Prose.ids(book) {
      #expect(Prose.text(book, id)?.isEmpty == false, "\(id)")
      if book != .glossary { #expect(Prose.id(book, named: id) == id) }
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
    #expect(text.hasPrefix(book == .glossary ? "= " : "== ") && text.hasSuffix("\n"))
  }

  @Test(arguments: [Prose.Book.glossary, .help]) func readersBooksHaveTitles(_ book: Prose.Book) {
    for id in Prose.ids(book) { #expect(Prose.title(book, id)?.isEmpty == false, "\(id)") }
  }

  /// Terms of the glossary are for people who have a report open: two to eight lines each.
  @Test func glossaryIsShort() {
    for entry in Glossary.subjects.flatMap(\.entries) {
      #expect((60...900).contains(entry.text.count), "\(entry.id): \(entry.text.count)")
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
      = part | A part
      == three,
      == 3 | Third
      Last line\

      """.utf8)
    let index = Prose.Index(book.span)
    #expect(index.entries.map(\.names) == [["one", "first"], ["two"], ["three", "3"]])
    #expect(index.entries.map(\.title) == ["The first one", nil, "Third"])
    #expect(index.subjects.map(\.id) == ["part"] && index.subjects[0].title == "A part")
    #expect(index.entries.map(\.subject) == [nil, nil, 0])
    let texts = index.entries.map { Prose.reflowed(book.span, $0.text) }
    #expect(
      texts == [
        "Line one and two.\n\n- item a goes on\n- item b\n    verbatim  text", "", "Last line",
      ])
  }

  @Test(arguments: ["", "\n", "==", "== ", "no heading\n", "== \n== |\n", "= \n", "=== x"])
  func indexOfNothingIsEmpty(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(Prose.Index(bytes.span).entries.isEmpty)
  }

  private func repeated(_ names: [String]) -> [String] {
    Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
  }
}
