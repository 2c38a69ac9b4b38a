import Testing

@testable import OOMShell

@Suite struct SuggestionTests {
  private let names = ["events", "show", "since", "until", "set", "reset", "source", "sysctl"]

  @Test(arguments: [
    ("evnts", ["events"]), ("eventss", ["events"]), ("EVENTS", ["events"]), ("shwo", ["show"]),
    ("sicne", ["since"]), ("rest", ["reset", "set"]), ("sset", ["set", "reset"]),
    ("untli", ["until"]),
    ("sys", ["sysctl"]), ("st", ["set"]), ("xyzzy", []), ("", []), ("e", ["events"]),
  ])
  func findsTheNearest(typed: String, expected: [String]) {
    #expect(Suggestion.nearest(to: typed, among: names) == expected)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("abc", "acb", 1), ("abcd", "acbd", 1),
    ("kitten", "sitten", 1), ("ca", "ac", 1), ("ab", "cd", 2),
  ])
  func countsEdits(left: String, right: String, edits: Int) {
    #expect(Suggestion.distance(Array(left.utf8), Array(right.utf8), atMost: 9) == edits)
    #expect(Suggestion.distance(Array(right.utf8), Array(left.utf8), atMost: 9) == edits)
    #expect(Suggestion.distance(Array(left.utf8), Array(right.utf8), atMost: edits - 1) == nil)
  }

  @Test func namesAtMostFive() {
    let many = (1...9).map { "a\($0)" }
    #expect(Suggestion.nearest(to: "a", among: many) == ["a1", "a2", "a3", "a4", "a5"])
  }

  @Test func asks() {
    #expect(Suggestion.question(for: "evnts", among: names) == "did you mean 'events'?")
    #expect(Suggestion.question(for: "sset", among: names) == "did you mean 'set' or 'reset'?")
    #expect(
      Suggestion.question(for: "a", among: ["ab", "ac", "ad"])
        == "did you mean 'ab', 'ac' or 'ad'?")
    #expect(Suggestion.question(for: "xyzzy", among: names) == nil)
  }

  @Test func aVeryLongWordIsNearNothing() {
    let long = String(repeating: "e", count: 1_000_000)
    #expect(Suggestion.nearest(to: long, among: names).isEmpty)
  }
}
