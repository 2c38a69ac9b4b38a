import Testing

@testable import OOMShell

@Suite struct LexerTests {
  private func words(_ line: String) -> [[String]] {
    Lexer.scan(line).commands.map { $0.map(\.text) }
  }

  @Test(
    arguments: [
      ("", []),
      ("   \t ", []),
      ("events", [["events"]]),
      ("  show  3\t4 ", [["show", "3", "4"]]),
      ("show 3; top victims", [["show", "3"], ["top", "victims"]]),
      (";;a;", [["a"]]),
      ("a;b", [["a"], ["b"]]),
      ("a # b; c", [["a"]]),
      ("a#b #c", [["a#b"]]),
      ("# only a comment", []),
      ("a '#' \\#", [["a", "#", "#"]]),
    ] as [(String, [[String]])])
  func cutsCommands(line: String, expected: [[String]]) {
    #expect(words(line) == expected)
    #expect(Lexer.scan(line).fault == nil)
  }

  @Test(arguments: [
    ("'a b'", "a b"),
    (#"'a\n"b'"#, #"a\n"b"#),
    (#""a b""#, "a b"),
    (#""a\n\t\"\\'b""#, "a\n\t\"\\'b"),
    (#""\u{e9}\u{1F600}\u{41}""#, "é😀A"),
    ("''", ""),
    (#"a' b 'c"d;e""#, "a b cd;e"),
    (#"a\ b\;\|\'"#, "a b;|'"),
    (#"\한글"#, "한글"),
    ("자바", "자바"),
    ("key=value", "key=value"),
    ("key!=v", "key!=v"),
    ("comm~^java$", "comm~^java$"),
    ("rss>=1.5G", "rss>=1.5G"),
    ("rss>1", "rss>1"),
    ("comm~'a|b'", "comm~a|b"),
    ("a\u{0}b", "a\u{0}b"),
  ])
  func readsOneWord(line: String, expected: String) {
    let lexed = Lexer.scan(line)
    #expect(lexed.commands.map { $0.map(\.text) } == [[expected]])
    #expect(lexed.fault == nil)
    #expect(!lexed.continues)
  }

  @Test(arguments: [
    ("a 'b", LexicalFault.unclosedQuote(UInt8(ascii: "'"), at: 2)),
    ("한 \"b", .unclosedQuote(UInt8(ascii: "\""), at: 4)),
    (#""a\qb""#, .unknownEscape(#"\q"#, at: 2)),
    (#""\한""#, .unknownEscape(#"\한"#, at: 1)),
    (#""\u41""#, .badScalar(at: 1)),
    (#""\u{}""#, .badScalar(at: 1)),
    (#""\u{110000}""#, .badScalar(at: 1)),
    (#""\u{d800}""#, .badScalar(at: 1)),
    (#""\u{0000041}""#, .badScalar(at: 1)),
    ("a | less", .reserved("|", at: 2)),
    ("a|less", .reserved("|", at: 1)),
    ("comm~a|b", .reserved("|", at: 6)),
    ("a > f", .reserved(">", at: 2)),
    ("a >> f", .reserved(">>", at: 2)),
    (">f", .reserved(">", at: 0)),
    // The first of several counts.
    (#""\q" 'x"#, .unknownEscape(#"\q"#, at: 1)),
  ])
  func tellsWhatIsWrong(line: String, fault: LexicalFault) {
    #expect(Lexer.scan(line).fault == fault)
  }

  @Test(arguments: [
    ("a \\", true), ("a\\", true), ("\\", true), ("\"a\\", true), ("a\\\\", false),
    ("'a\\", false), ("'a\\'", false), ("# a\\", false), ("a \\ ", false),
  ])
  func knowsWhetherTheLineGoesOn(line: String, continues: Bool) {
    #expect(Lexer.scan(line).continues == continues)
  }

  @Test func aLoneBackslashAtTheEndIsNoWord() {
    #expect(words("a \\") == [["a"]])
  }

  @Test func keepsTheBytesOfEachWord() {
    let words = Lexer.scan("한 'b c' d").lastCommand
    #expect(words.map(\.range) == [0..<3, 4..<9, 10..<11])
    #expect(words.map(\.startsQuoted) == [false, true, false])
  }

  @Test func keepsTheOpenQuoteForCompletion() {
    let word = Lexer.scan("load 'my f").lastCommand.last
    #expect(word?.text == "my f")
    #expect(word?.openQuote == UInt8(ascii: "'"))
    #expect(Lexer.scan("load 'my f'").lastCommand.last?.openQuote == nil)
  }

  @Test func theLastCommandIsThatAfterTheLastSeparator() {
    #expect(Lexer.scan("a b; c d").lastCommand.map(\.text) == ["c", "d"])
    #expect(Lexer.scan("a b;").lastCommand.isEmpty)
  }

  @Test func aQuotedDashIsNoFlag() {
    #expect(
      Lexer.scan("--a '--a' \\--a -a").lastCommand.map(\.isFlag) == [true, false, false, false])
  }

  /// Whatever is typed, words lie in order inside the line, and what is quoted reads back.
  @Test func survivesAnything() {
    let alphabet = Array("ab '\"\\;|>#=-{}u1\n한\u{0}")
    var seed = SplitMix(seed: 7)
    for _ in 0..<3000 {
      let line = String(
        (0..<Int.random(in: 0...14, using: &seed)).map { _ in
          alphabet.randomElement(using: &seed) ?? "a"
        })
      let lexed = Lexer.scan(line)
      var end = 0
      for case .word(let word) in lexed.tokens {
        #expect(word.range.lowerBound >= end && word.range.upperBound <= line.utf8.count, "\(line)")
        end = word.range.upperBound
      }
      if let fault = lexed.fault { #expect(fault.offset <= line.utf8.count) }

      let quoted = Lexer.scan("x " + Quoting.word(line) + " y")
      #expect(quoted.commands.first?.map(\.text) == ["x", line, "y"], "\(line)")
      #expect(quoted.fault == nil)
    }
  }
}

/// A small generator, so that a failure can be seen again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
