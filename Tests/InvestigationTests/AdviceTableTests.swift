import FoundationEssentials
import Testing

@testable import Investigation

@Suite struct AdviceTableTests {
  @Test func idsAreUnique() {
    let ids = Advice.rules.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test func everyTextIsThere() {
    for text in Advice.rules.flatMap(\.texts) {
      #expect(Prose.title(.advice, text)?.isEmpty == false, "\(text)")
      #expect(Prose.text(.advice, text)?.isEmpty == false, "\(text)")
      #expect(Prose.text(.advice, text + ".check")?.isEmpty == false, "\(text).check")
      #expect(Prose.text(.advice, text + ".refute")?.isEmpty == false, "\(text).refute")
    }
  }

  @Test func noTextIsLeftOver() {
    let ofRules = Advice.rules.flatMap(\.texts).flatMap { [$0, $0 + ".check", $0 + ".refute"] }
    let ofSnippets = ["apply"] + Snippet.Kind.allCases.map(\.applyID)
    #expect(Set(Prose.ids(.advice)) == Set(ofRules + ofSnippets))
  }

  /// A rule whose file is there but not its row would never speak.
  @Test func everyFileHasARow() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Investigation/Advice").standardized.path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let rules = Set(
      files.filter { $0.hasSuffix(".swift") && $0 != "Advice.swift" }
        .map { $0.dropLast(".swift".count).lowercased() })
    let rows = Set(Advice.rules.map { $0.id.filter { $0 != "-" } })
    #expect(rules == rows)
  }
}
