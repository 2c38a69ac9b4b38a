import Presentation
import Testing

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("mysqld", "mysqld"), ("", ""), ("한글 데몬", "한글 데몬"), ("\u{1b}[31m", #"\x1b[31m"#),
    ("a\nb\tc\rd\r\n", #"a\nb\tc\rd\r\n"#), ("\0\u{1}\u{7f}", #"\x00\x01\x7f"#),
    ("\u{80}\u{9b}2J", #"\u{80}\u{9b}2J"#), ("\u{202e}x\u{2066}", #"\u{202e}x\u{2066}"#),
    ("\u{200e}\u{200f}\u{61c}", #"\u{200e}\u{200f}\u{61c}"#),
    ("\u{2028}\u{2029}\u{feff}\u{200b}", #"\u{2028}\u{2029}\u{feff}\u{200b}"#),
    ("\u{ad}\u{2060}\u{3164}", #"\u{ad}\u{2060}\u{3164}"#),
    ("\u{e000}\u{10fffd}", #"\u{e000}\u{10fffd}"#), ("\u{e0041}", #"\u{e0041}"#),
    ("\u{378}\u{ffff}", #"\u{378}\u{ffff}"#), ("\u{fffd}", "\u{fffd}"),
    (#"app\x2ddb.slice"#, #"app\x2ddb.slice"#),
  ])
  func line(_ text: String, _ expected: String) {
    #expect(SafeText.line(text) == expected)
  }

  @Test func paragraphsKeepNewlinesOnly() {
    #expect(SafeText.paragraphs("a\nb\tc\r\n\u{1b}") == "a\nb\\tc\\r\n\\x1b")
  }

  @Test func emojiAndPersianStayWhole() {
    for text in ["👩‍👩‍👧‍👦", "❤️", "👍🏽", "🇰🇷", "می\u{200c}خواهم"] { #expect(SafeText.line(text) == text) }
  }

  @Test func joinersCannotMakeTwoNamesLookAlike() {
    #expect(SafeText.line("ss\u{200d}hd") == #"ss\u{200d}hd"#)
    #expect(SafeText.line("\u{200c}sshd\u{fe0f}") == #"\u{200c}sshd\u{fe0f}"#)
  }

  @Test func marksNeedALetterAndAreCounted() {
    #expect(SafeText.line("\u{301}a\u{301}") == "\\u{301}a\u{301}")
    #expect(SafeText.paragraphs("a\n\u{301}") == "a\n\\u{301}")
    let marks = String(repeating: "\u{301}", count: 8)
    #expect(SafeText.line("a" + marks) == "a" + marks)
    #expect(SafeText.line("a" + marks + "\u{301}b") == "a" + marks + "\\u{301}b")
  }

  @Test func whatIsSafeStaysAsItIs() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<500 {
      let safe = SafeText.line(random.text(upTo: 20))
      #expect(SafeText.line(safe) == safe)
    }
  }
}
