/// Colours that `dmesg --color=always` wraps the parts of a line in.
enum Colour {
  /// `ESC [ 32 m` ahead of the stamp, and more of them behind it. A name may hold an escape sequence
  /// too, so those of a line whose stamp has no colour are left alone.
  static let form = PrefixForm(
    name: "colour", begins: ByteSet("\u{1B}"), mayFollowStamp: true,
    samples: [
      "\u{1B}[32m[   12.345678] \u{1B}[0mx", "\u{1B}[32m2026-10-25T14:30:29,355781+00:00 x",
    ],
    read: { line, prefix in
      guard let end = line.end(ofColourAt: prefix.offset), let next = line.byte(at: end) else {
        return false
      }
      let isFirst = !prefix.hasUptime && (next == .openBracket || next == .escape || next.isDigit)
      // journalctl colours a whole message, dmesg its parts.
      let isWhole = prefix.host != nil && line.starts(with: "\u{1B}[0m", at: line.count - 4)
      guard isFirst || isWhole || prefix.encoding == .coloured else { return false }
      prefix.offset = end
      prefix.encoding = .coloured
      return true
    })
}

extension Span where Element == UInt8 {
  /// The offset behind a colour sequence that stands at an offset; nil where none does.
  func end(ofColourAt offset: Int) -> Int? {
    guard byte(at: offset) == .escape, byte(at: offset + 1) == .openBracket else { return nil }
    var cursor = offset + 2
    while let byte = byte(at: cursor), byte.isDigit || byte == .semicolon { cursor += 1 }
    return byte(at: cursor) == UInt8(ascii: "m") ? cursor + 1 : nil
  }
}
