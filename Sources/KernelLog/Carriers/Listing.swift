/// Line numbers and names that `grep -n`, `grep -H`, `cat -n`, `kubectl logs` and the like put before a
/// line.
enum Listing {
  /// `123:`, `123-` (a line around a match), `   123<tab>` of cat, and `123 `.
  static let number = Wrapper(
    name: "line number", begins: .digits,
    samples: ["123:[   12.345678] x", "123-[   12.345678] x", "   123\t[   12.345678] x"],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      guard let end = endOfNumber(line, start) else { return nil }
      return LineReader.inside(line, frame, from: end)
    })

  /// `kern.log:`, `/var/log/kern.log-123-`, as grep prints the names of several files.
  static let fileName = Wrapper(
    name: "file name", begins: .any,
    samples: [
      "kern.log:[   12.345678] x", "./var/log/kern.log.1:12:[   12.345678] x",
      "kern.log-20261025-12-[   12.345678] x",
    ],
    read: { line, frame in
      var cursor = line.skippingBlanks(from: frame.begin)
      let wordEnd = min(line.endOfWord(from: cursor), cursor + 256)
      while cursor < wordEnd {
        let byte = line[cursor]
        cursor += 1
        guard byte == .colon || byte == .minus else { continue }
        let end = endOfNumber(line, cursor) ?? cursor
        if let inside = LineReader.inside(line, frame, from: end) { return inside }
      }
      return nil
    })

  /// `[pod/node-agent-x7/agent] `, as `kubectl logs --prefix` prints it.
  static let pod = Wrapper(
    name: "pod", begins: ByteSet("["), samples: ["[pod/node-agent-x7/agent] [   12.345678] x"],
    read: { line, frame in
      let start = line.skippingBlanks(from: frame.begin)
      let end = line.endOfWord(from: start)
      guard line.starts(with: "[pod/", at: start), line[end - 1] == .closeBracket else {
        return nil
      }
      return LineReader.inside(line, frame, from: end)
    })

  private static func endOfNumber(_ line: Span<UInt8>, _ start: Int) -> Int? {
    let end = line.end(ofDigitsAt: start)
    guard end > start, end - start < 12, let mark = line.byte(at: end),
      mark == .colon || mark == .minus || mark == .tab || mark == .space
    else { return nil }
    return end + 1
  }
}
