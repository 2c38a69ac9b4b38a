import KernelLog
import TestSupport
import Testing

@Suite struct MessageDecoderTests {
  private static func decode(_ bytes: [UInt8], _ encoding: LogRecord.Encoding) -> [UInt8] {
    var record = LogRecord(start: 0, end: bytes.count, message: 0..<bytes.count)
    record.encoding = encoding
    var decoder = MessageDecoder()
    return decoder.withMessage(of: record, in: bytes.span) { message in
      message.text(0..<message.count).bytes
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let encoding: LogRecord.Encoding
    let text: String
    let wanted: [UInt8]

    init(_ encoding: LogRecord.Encoding, _ text: String, _ wanted: [UInt8]) {
      (self.encoding, self.text, self.wanted) = (encoding, text, wanted)
    }

    init(_ encoding: LogRecord.Encoding, _ text: String, _ wanted: String) {
      self.init(encoding, text, Array(wanted.utf8))
    }

    var testDescription: String { "\(encoding): \(text)" }
  }

  static let cases: [Case] = [
    Case(.plain, "a\\x0a#012\\n", "a\\x0a#012\\n"),
    // dmesg escapes what cannot be printed, and nothing else.
    Case(.dmesg, "a\\x1b[31m\\xed\\x95\\x9c", "a\u{1B}[31m한"),
    Case(.dmesg, "esc-\\x2d-systemd", "esc-\\x2d-systemd"),
    Case(.dmesg, "\\x7f\\xff", [0x7F, 0xFF]),
    Case(.dmesg, "\\x", "\\x"), Case(.dmesg, "\\x1", "\\x1"), Case(.dmesg, "\\xzz", "\\xzz"),
    Case(.coloured, "\u{1B}[31mKilled\u{1B}[0m \\x1b", "Killed \u{1B}"),
    Case(.coloured, "\u{1B}[K\u{1B}[31", "\u{1B}[K\u{1B}[31"),
    // /dev/kmsg escapes the backslash too.
    Case(.kmsg, "\\x5cx2d \\x0a \\x41", "\\x2d \n A"),
    Case(.kmsg, "\\", "\\"), Case(.kmsg, "\\n", "\\n"),
    // rsyslog writes control characters in octal.
    Case(.syslog, "two#012lines#033#011", "two\nlines\u{1B}\t"),
    Case(.syslog, "#101 #7 #400 #999 issue #123", "#101 #7 #400 #999 issue #123"),
    Case(.syslog, "#177#377", [0x7F, 0xFF]),
    // Others pass on what /dev/kmsg escapes.
    Case(.syslog, "\\xed\\x95\\x9c\\x1b esc-\\x2d-systemd", "한\u{1B} esc-\\x2d-systemd"),
    Case(.json, "a\\nb\\t\\r\\b\\f\\\"\\\\\\/", "a\nb\t\r\u{8}\u{C}\"\\/"),
    Case(.json, "\\u001b\\ud55c\\ud83d\\udc69", "\u{1B}한👩"),
    Case(.json, "\\ud83d \\udc69", "\u{FFFD} \u{FFFD}"),
    Case(.json, "\\", "\\"),
    Case(.byteArray, "75, 105,10 ,255", [75, 105, 10, 255]),
    Case(.byteArray, "256,-1,99999999999999999999,65", [65]),
    Case(.byteArray, "", []),
  ]

  @Test(arguments: cases)
  func decoded(_ wanted: Case) {
    #expect(Self.decode(Array(wanted.text.utf8), wanted.encoding) == wanted.wanted)
  }

  @Test func hostileBytesNeverTrap() {
    var random = SplitMix64(seed: 3)
    let pieces = ["\\", "x", "u", "#", "0", "7", "d8", "\u{1B}[", "m", ",", "-", "\n", "한"]
    let encodings: [LogRecord.Encoding] = [
      .plain, .dmesg, .coloured, .kmsg, .syslog, .json, .byteArray,
    ]
    for _ in 0..<400 {
      let text = (0..<random.number(0...20)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }
      let bytes = Array(text.joined().utf8)
      for encoding in encodings {
        #expect(Self.decode(bytes, encoding).count <= bytes.count)
      }
    }
  }
}
