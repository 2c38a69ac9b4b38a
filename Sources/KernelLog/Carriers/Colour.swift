/// Colours that `dmesg --color=always` wraps the parts of a line in, and those that other programs put
/// into a log that they show.
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
      let isMessage = prefix.stamp == Stamp() && prefix.host == nil && isOfDmesg(line, end)
      guard isFirst || isWhole || isMessage || prefix.encoding == .coloured else { return false }
      prefix.offset = end
      prefix.encoding = .coloured
      return true
    })

  /// Whether the colour before an offset is one that dmesg gives a message, which has no stamp then:
  /// it ends with the line or a later one, or behind the colon that the message's first words end in.
  /// A name's own does not, and one line alone begins with a name.
  private static func isOfDmesg(_ line: Span<UInt8>, _ start: Int) -> Bool {
    guard let reset = line.first("\u{1B}[0m", from: start) else {
      return line.first(" invoked oom-killer", from: start) == nil
    }
    return reset + 4 == line.count || line.byte(at: reset - 1) == .colon
      || line.starts(with: ": ", at: reset - 2)
  }

  /// What is left of a line without the colours that a program put into it that showed the log
  /// (`grep --color=always`, ccze, grc); nil where none did.
  ///
  /// A name may hold a colour too. So the prefix tells: it is the kernel's own only without them. Of
  /// a line that has none in its prefix grep's marks tell, which are longer than a name.
  static func withoutMarks(
    _ line: Span<UInt8>, _ frame: LineReader.Frame, _ prefix: LinePrefix
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    guard prefix.wrapping == .none, line.first(.escape, from: frame.begin) != nil else {
      return nil
    }
    if !prefix.isKernels {
      let peeled = PeeledLine(colouredFrom: frame.begin, in: line)
      guard peeled.bytes.count < line.count - frame.begin else { return nil }
      let inside = LineReader.framed(peeled.bytes.span)
      if inside.prefix.wrapping == .none, inside.prefix.isKernels || inside.prefix.carrier == .kmsg
      {
        var marked = peeled.inLine(inside.frame, inside.prefix)
        marked.prefix.wrapping = .coloured
        return marked
      }
    }
    guard prefix.encoding != .coloured, line.first(start, from: prefix.offset) != nil,
      line.first(end, from: prefix.offset) != nil
    else { return nil }
    var prefix = prefix
    prefix.wrapping = .coloured
    return (frame, prefix)
  }

  /// What GNU grep puts before and behind a match.
  private static let start: StaticString = "\u{1B}[01;31m\u{1B}[K"
  private static let end: StaticString = "\u{1B}[m\u{1B}[K"
}

extension Span where Element == UInt8 {
  /// The offset behind a colour sequence, or grep's `ESC [ K`, that stands at an offset.
  func end(ofMarkAt offset: Int) -> Int? {
    end(of: "\u{1B}[K", at: offset) ?? end(ofColourAt: offset)
  }

  /// The offset behind a colour sequence that stands at an offset; nil where none does.
  func end(ofColourAt offset: Int) -> Int? {
    guard byte(at: offset) == .escape, byte(at: offset + 1) == .openBracket else { return nil }
    var cursor = offset + 2
    while let byte = byte(at: cursor), byte.isDigit || byte == .semicolon { cursor += 1 }
    return byte(at: cursor) == UInt8(ascii: "m") ? cursor + 1 : nil
  }
}
