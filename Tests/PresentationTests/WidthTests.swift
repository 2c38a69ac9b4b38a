import Presentation
import Testing

@Suite struct WidthTests {
  @Test(arguments: [
    ("", 0), ("mysqld", 6), ("한글", 4), ("데몬d", 5), ("日本語テキスト", 14), ("ｱｲｳ", 3),
    ("ＡＢ", 4), ("é", 1), ("e\u{301}", 1), ("Straße", 6), ("ก็", 1), ("नि", 2),
    ("\u{1112}\u{1161}\u{11ab}", 2), ("…", 1), ("█▏", 2), ("±µ", 2),
  ])
  func textWidth(_ text: String, _ width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test(arguments: [
    ("😀", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇰🇷", 2), ("🇰🇷🇩🇪", 4), ("❤", 1), ("❤️", 2), ("1️⃣", 2), ("🏳️‍🌈", 2),
    ("⌚", 2), ("🫠", 2),
  ])
  func emojiWidth(_ text: String, _ width: Int) {
    #expect(text.displayWidth == width)
  }

  /// The first and last code points of ranges, and their neighbours outside.
  @Test(arguments: [
    (0x10ff, 1), (0x1100, 2), (0x115e, 2), (0x2319, 1), (0x231a, 2), (0x303e, 2), (0x303f, 1),
    (0x3041, 2), (0xa4cf, 1), (0xac00, 2), (0xd7a3, 2), (0xff60, 2), (0xff61, 1), (0xffe6, 2),
    (0xffe8, 1), (0x1f300, 2), (0x1f321, 1), (0x1f64f, 2), (0x1f650, 1), (0x20000, 2),
    (0x3fffd, 2), (0x4dc0, 2),
  ])
  func edgesOfRanges(_ value: UInt32, _ width: Int) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(String(scalar).displayWidth == width)
  }

  /// Unicode gives every character that is coloured by itself two columns; only the letters that
  /// flags are made of are narrow on their own. This finds what the table forgot.
  @Test func everyEmojiIsWide() {
    for value in UInt32(0)..<0x20000 {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isEmojiPresentation,
        !(0x1f1e6...0x1f1ff).contains(value)
      else { continue }
      #expect(String(scalar).displayWidth == 2, "U+\(String(value, radix: 16))")
    }
  }

  @Test func everyIdeographAndSyllableIsWide() {
    for value in UInt32(0x3400)...0x323af {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isLetter = scalar.properties.generalCategory == .otherLetter
      let isWide = scalar.properties.isIdeographic && isLetter || (0xac00...0xd7a3).contains(value)
      if isWide { #expect(String(scalar).displayWidth == 2, "U+\(String(value, radix: 16))") }
    }
  }

  @Test(arguments: [
    ("/a/b", 4, "/a/b"), ("/system.slice/api.service", 20, "…/api.service"),
    ("/system.slice/api.service", 13, "…/api.service"),
    ("/system.slice/api.service", 12, "…api.service"),
    ("/system.slice/api.service", 5, "…vice"), ("/a/b/c/d.log", 8, "…/d.log"),
    ("logs/커널.log", 9, "…커널.log"), ("logs/커널.log", 8, "…널.log"), ("logs/커널.log", 11, "…/커널.log"),
    ("abc", 1, "c"), ("abc", 0, ""),
    ("/only/slash/", 4, "…sh/"),
  ])
  func pathsLoseTheirBeginning(_ path: String, _ width: Int, _ expected: String) {
    #expect(path.truncatedStart(to: width) == expected)
    #expect(path.truncatedStart(to: width).displayWidth <= width)
  }

  @Test func marksAndInvisibleCharactersTakeNoColumn() {
    for text in ["\u{200b}", "\u{200d}", "\u{301}", "\u{20dd}", "\u{11a8}", "\u{feff}", "\u{7}"] {
      #expect(text.displayWidth == 0)
    }
  }
}

@Suite struct TruncationTests {
  @Test(arguments: [
    ("mysqld", 6, "mysqld"), ("mysqld", 5, "my…ld"), ("mysqld", 4, "my…d"), ("mysqld", 1, "m"),
    ("mysqld", 0, ""), ("mysqld", -3, ""), ("한글이름", 8, "한글이름"), ("한글이름", 7, "한…이름"),
    ("한글이름", 5, "한…름"), ("한글이름", 4, "한…"), ("한글이름", 2, "…"),
    ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5, "👩‍👩‍👧‍👦…👩‍👩‍👧‍👦"), ("ee\u{301}ee\u{301}", 3, "e…e\u{301}"),
  ])
  func inTheMiddle(_ text: String, _ width: Int, _ expected: String) {
    #expect(text.truncatedMiddle(to: width) == expected)
  }

  @Test func withAnASCIIEllipsis() {
    #expect("/system.slice/mysql".truncatedMiddle(to: 11, ellipsis: "...") == "/sys...ysql")
    #expect("mysqld".truncatedMiddle(to: 2, ellipsis: "...") == "my")
  }

  @Test func neverWiderThanAsked() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let text = random.text(upTo: 30)
      let width = Int.random(in: 0...20, using: &random)
      #expect(text.truncatedMiddle(to: width).displayWidth <= width, "\(text.debugDescription)")
    }
  }

  @Test func padding() {
    #expect("한".padded(to: 4) == "한  ")
    #expect("한글".padded(to: 3) == "한글")
  }

  @Test func noEscapeIsCut() {
    let text = #"a\x1b[31mb\u{202e}c\xe2d"#
    let escapes = [#"\x1b"#, #"\u{202e}"#, #"\xe2"#]
    for width in 0..<text.displayWidth {
      for cut in [text.truncatedMiddle(to: width), text.truncatedStart(to: width)] {
        #expect(cut.displayWidth <= width)
        let rest = escapes.reduce(cut) { $0.replacing($1, with: "") }
        #expect(!rest.contains("\\") && !rest.contains("}"), "\(cut)")
      }
    }
  }
}
