import Testing

@testable import OOMShell

@Suite struct TranscriptCheckTests {
  private func check(
    _ text: String, saying observation: TranscriptCheck.Observation
  ) throws -> TranscriptCheck {
    TranscriptCheck(try Script.parse(Array(text.utf8), name: "t")) { _ in observation }
  }

  @Test func whatIsEqualMatches() throws {
    let text = "# x\n\nc\n| a\n|\n!| b\n? 3\n"
    let check = try check(text, saying: .init(output: "a\n\n", diagnostics: "b\n", status: 3))
    #expect(check.mismatches.isEmpty && check.rewritten == text)
  }

  @Test func showsWhatDiffers() throws {
    let check = try check(
      "\nc\n| a\n| b\n| c\n", saying: .init(output: "a\nx\nc\n", diagnostics: "d\n", status: 2))
    #expect(check.mismatches.map(\.place) == [Place(file: "t", line: 2)])
    #expect(
      check.mismatches.first?.description
        == "t:2: c\n   | a\n  -| b\n  +| x\n   | c\n  +!| d\n  +? 2")
    #expect(check.rewritten == "\nc\n| a\n| x\n| c\n!| d\n? 2\n")
  }

  @Test(
    arguments: [
      (["..."], [], true), (["..."], ["a", "b"], true), (["a", "..."], ["a"], true),
      (["a", "...", "c"], ["a", "b", "b", "c"], true),
      (["a", "...", "c"], ["a", "c", "b"], false),
      (["...", "b", "...", "b"], ["a", "b", "b"], true), (["...", "b"], ["b", "a"], false),
      (["a"], ["a", "b"], false), (["a", "b"], ["a"], false), ([], [], true), ([], ["a"], false),
      (["..."], ["..."], true),
    ] as [([String], [String], Bool)])
  func dotsStandForAnyLines(pattern: [String], lines: [String], matches: Bool) {
    let expected = Script.Expectation(output: pattern)
    #expect(expected.matches(Script.Expectation(output: lines)) == matches)
  }

  @Test func dotsThatStillMatchAreKept() throws {
    let text = "c\n| a\n| ...\n"
    #expect(try check(text, saying: .init(output: "a\nb\n")).rewritten == text)
    #expect(try check(text, saying: .init(output: "b\n")).rewritten == "c\n| b\n")
  }

  @Test func withoutAnExpectationOnlyFailureCounts() throws {
    let fine = try check("c\n", saying: .init(output: "a\n"))
    #expect(fine.mismatches.isEmpty && fine.rewritten == "c\n| a\n")
    let failed = try check("c\n", saying: .init(diagnostics: "no\n", status: 3))
    #expect(failed.mismatches.map(\.diff) == [["+!| no", "+? 3"]])
  }

  @Test func aSuccessWhereAFailureWasExpectedCounts() throws {
    #expect(try check("c\n? 3\n", saying: .init()).mismatches.map(\.diff) == [["-? 3"]])
  }

  @Test func joinedLinesAreWrittenBackAsTheyWere() throws {
    #expect(try check("a \\\n b\n", saying: .init(output: "x")).rewritten == "a \\\n b\n| x\n")
  }

  @Test(
    arguments: [
      ([], [], []), (["a"], [], ["-a"]), ([], ["a"], ["+a"]), (["a"], ["a"], [" a"]),
      (["a", "b", "c"], ["a", "c", "d"], [" a", "-b", " c", "+d"]),
    ] as [([String], [String], [String])])
  func findsDifferences(old: [String], new: [String], expected: [String]) {
    #expect(LineDiff.lines(from: old, to: new) == expected)
  }
}
