import Presentation
import Testing

@Suite struct WrappingTests {
  @Test(arguments: [
    ("", 10, [""]),
    ("one two three", 20, ["one two three"]),
    ("one two three", 8, ["one two", "three"]),
    ("one two three", 7, ["one two", "three"]),
    ("a\n\nb", 10, ["a", "", "b"]),
    ("abcdefghij kl", 4, ["abcd", "efgh", "ij", "kl"]),
    ("ab abcdefgh", 4, ["ab", "abcd", "efgh"]),
    ("trailing   ", 20, ["trailing"]),
  ])
  func breaksAtSpaces(_ text: String, _ width: Int, _ lines: [String]) {
    #expect(text.wrapped(to: width) == lines)
  }

  @Test(arguments: [
    ("메모리가 모자랍니다", 8, ["메모리가", "모자랍니", "다"]),
    ("메모리가 모자랍니다", 12, ["메모리가 모", "자랍니다"]),
    ("日本語、テスト", 6, ["日本", "語、テ", "スト"]),
    ("あ（い）う", 4, ["あ", "（い", "）う"]),
    ("3개 PID가", 5, ["3개", "PID가"]),
  ])
  func breaksBetweenWideCharacters(_ text: String, _ width: Int, _ lines: [String]) {
    #expect(text.wrapped(to: width) == lines)
  }

  @Test func continuedLinesHang() {
    #expect("- one two three".wrapped(to: 9) == ["- one two", "  three"])
    #expect("  12. one two".wrapped(to: 10) == ["  12. one", "     two"])
    #expect("  one two".wrapped(to: 6) == ["  one", "  two"])
    #expect("one two three".wrapped(to: 8, hanging: 2) == ["one two", "  three"])
  }

  @Test func noLineIsTooWide() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let text = SafeText.paragraphs(random.text(upTo: 40))
      let width = Int.random(in: 4...60, using: &random)
      let lines = text.wrapped(to: width, hanging: Int.random(in: 0...3, using: &random))
      #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(text.debugDescription) \(width)")
    }
  }

  @Test func nothingButSpacesIsLost() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let text = SafeText.line(random.text(upTo: 40))
      let joined = text.wrapped(to: 12, hanging: 2).joined()
      #expect(joined.filter { $0 != " " } == text.filter { $0 != " " })
    }
  }
}
