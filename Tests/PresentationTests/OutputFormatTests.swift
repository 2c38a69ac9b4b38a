import FoundationEssentials
import Presentation
import Testing

@Suite struct OutputFormatTests {
  @Test func theTable() {
    #expect(OutputFormat.all.map(\.name) == ["table", "line", "json", "csv", "markdown"])
    #expect(OutputFormat.all.allSatisfy { !$0.summary.isEmpty && $0.summary.count < 60 })
    #expect(OutputFormat.named("csv")?.name == "csv")
    #expect(OutputFormat.named("CSV") == nil)
  }

  /// A format that is written but not in the table would never be found.
  @Test func everyFileIsInTheTable() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let files = try FileManager.default
      .contentsOfDirectory(atPath: "/\(folder)/Sources/Presentation/Formats")
    let names = files.map { $0.lowercased().split(separator: "format.swift").joined() }
    #expect(names.sorted() == OutputFormat.all.map(\.name).sorted())
  }

  /// What must be true of every format, whatever a log holds.
  @Test(arguments: ["table", "line", "json", "csv", "markdown"])
  func nothingUnescapedGetsThrough(_ format: String) {
    var random = SeededGenerator(seed: 7)
    let documents = [Samples.hostile, Samples.everything, Samples.empty, Document()]
    for document in documents + (0..<150).map({ _ in random.document(withVerbatim: true) }) {
      for width in [20, 40, 80] {
        let plain = render(document, format, width: width)
        #expect(plain.unicodeScalars.allSatisfy(isPrintable))
        #expect(plain.isEmpty || plain.hasSuffix("\n"))
        // Without what it adds itself, coloured output is the plain output.
        let colored = render(document, format, width: width, theme: .color)
        #expect(withoutStyles(colored) == plain)
      }
    }
  }

  @Test(arguments: ["json", "csv", "markdown"])
  func dataHasNoColourAndNoWidth(_ format: String) {
    var random = SeededGenerator(seed: 8)
    for _ in 0..<100 {
      let document = random.document(withVerbatim: true)
      #expect(
        render(document, format, width: 20, theme: .color)
          == render(document, format, width: 200, theme: Theme(isASCII: true)))
    }
  }

  @Test func noLineOfATableIsTooWide() {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<400 {
      let document = random.document(withVerbatim: false)
      let width = Int.random(in: 24...120, using: &random)
      for line in render(document, "table", width: width).split(separator: "\n") {
        #expect(line.displayWidth <= width, "\(line) in \(width)")
      }
    }
  }

  @Test func everyRecordOfCSVHasAsManyValuesAsItsHeader() {
    var random = SeededGenerator(seed: 10)
    for _ in 0..<200 {
      let table = random.elasticTable()
      let counts = render(.table(table), "csv").split(separator: "\n").map(countOfValues)
      #expect(Set(counts).count <= 1)
    }
  }

  @Test func jsonIsOneValueOnOneLine() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<200 {
      let text = render(random.document(withVerbatim: true), "json")
      #expect(text.filter { $0 == "\n" }.count == 1)
      _ = try JSONValue(parsing: Array(text.utf8))
    }
  }

  /// Independent of the code under test: the ranges that the terminal must never see.
  private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0a: true
    case 0..<0x20, 0x7f..<0xa0, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028...0x202e: false
    case 0x2060...0x206f, 0xe000...0xf8ff, 0xfeff, 0xfff9...0xfffb, 0xe0000...0x10ffff: false
    default: true
    }
  }

  private func withoutStyles(_ text: String) -> String {
    var parts = text.split(separator: "\u{1b}[", omittingEmptySubsequences: false)[...]
    let first = parts.popFirst() ?? ""
    return parts.reduce(String(first)) { text, part in
      text + part.drop { $0 != "m" }.dropFirst()
    }
  }

  private func countOfValues(_ record: Substring) -> Int {
    var isQuoted = false
    return record.reduce(1) { count, character in
      if character == "\"" { isQuoted.toggle() }
      return character == "," && !isQuoted ? count + 1 : count
    }
  }
}
