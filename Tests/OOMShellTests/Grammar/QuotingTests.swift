import Testing

@testable import OOMShell

@Suite struct QuotingTests {
  @Test(arguments: [
    ("kern.log", "kern.log"), ("my log", "'my log'"), ("", "''"), ("it's", #""it's""#),
    ("a\"b", #"'a"b'"#), ("a\nb", #""a\nb""#), ("#a", "'#a'"), ("a#b", "a#b"), (">a", "'>a'"),
    ("a>b", "a>b"), ("a|b", "'a|b'"), ("a;b", "'a;b'"), (#"a\b"#, #"'a\b'"#),
    ("a\u{1b}'", #""a\u{1b}'""#), ("한글", "한글"), ("--x", "'--x'"), ("-", "-"),
  ])
  func quotesOnlyWhatNeedsIt(text: String, expected: String) {
    #expect(Quoting.word(text) == expected)
  }

  @Test func keepsTheQuoteThatIsOpen() {
    #expect(Quoting.word("a", in: UInt8(ascii: "'")) == "'a'")
    #expect(Quoting.word("a", in: UInt8(ascii: "\"")) == "\"a\"")
    #expect(Quoting.word("it's", in: UInt8(ascii: "'")) == #""it's""#)
    #expect(Quoting.word("a b/", in: UInt8(ascii: "\""), isOpen: true) == "\"a b/")
    #expect(Quoting.word("a b/", isOpen: true) == "'a b/")
    #expect(Quoting.word("ab/", isOpen: true) == "ab/")
  }
}
