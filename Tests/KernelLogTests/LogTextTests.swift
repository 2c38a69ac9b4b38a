import KernelLog
import Testing

@Suite struct LogTextTests {
  @Test(arguments: [
    ("", ""), ("java", "java"), ("Web Content", "Web Content"), ("한글앱", "한글앱"),
    ("a\\b", "a\\\\b"), ("\u{1B}[31mRED", "\\x1b[31mRED"), ("two\nlines", "two\\x0alines"),
    ("a\tb\r", "a\\x09b\\x0d"), ("\u{7F}", "\\x7f"), ("\u{202E}x", "\\xe2\\x80\\xaex"),
    ("\u{9B}31m", "\\xc2\\x9b31m"), ("\u{2028}", "\\xe2\\x80\\xa8"),
    ("\u{E000}", "\\xee\\x80\\x80"), ("e\u{301}", "e\u{301}"), ("👩", "👩"), ("\u{0}", "\\x00"),
  ])
  func description(_ text: String, _ shown: String) {
    #expect(LogText(text).description == shown)
  }

  @Test func brokenUTF8IsShownByteByByte() {
    #expect(LogText([0xFF, 0xFE]).description == "\\xff\\xfe")
    // A Korean name cut in the middle of a character, as the kernel cuts at 15 bytes.
    let cut = Array("한글프로세스".utf8.prefix(14))
    #expect(LogText(cut).description == "한글프로\\xec\\x84")
    #expect(LogText([0x61, 0xED, 0xA0, 0x80, 0x62]).description == "a\\xed\\xa0\\x80b")
    #expect(LogText([0xC0, 0xAF]).description == "\\xc0\\xaf")
  }

  @Test func everyByteCanBeTurnedBack() {
    for byte in UInt8.min ... .max {
      let shown = LogText([byte]).description
      #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
      let back: UInt8? =
        shown.hasPrefix("\\x") ? UInt8(shown.dropFirst(2), radix: 16) : shown.utf8.last
      #expect(back == byte)
    }
  }

  @Test func wholeLinesKeepTheirBackslashes() {
    #expect(LogText("a\\x2db \u{1B}[0m").readable == "a\\x2db \\x1b[0m")
    #expect(LogText("\\").readable == "\\")
    #expect(LogText("\\\\a\\").readable == "\\\\a\\")
    #expect(LogText("").readable == "")
  }
}
