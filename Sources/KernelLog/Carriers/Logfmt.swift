/// `time=… level=… msg="…"`: pairs of a key and a value, as Go programs log and Grafana exports, with
/// the kernel's line in one of them. Only a prefix of the kernel's makes it the kernel's: any program
/// logs so.
enum Logfmt {
  static let pairs = Wrapper(
    name: "logfmt", begins: .letters,
    samples: [
      "time=2026-10-25T14:31:23.074Z level=warning host=web1 msg=\"[   12.345678] x\"",
      "ts=1792938683.074 msg=\"<4>[   12.345678] x\" job=kern",
    ],
    read: { line, frame in
      var object = JSONRecord()
      var cursor = line.skippingBlanks(from: frame.begin)
      for _ in 0..<longest {
        guard let pair = pair(line, &cursor, frame.end) else { break }
        object.read(pair, in: line)
      }
      guard let text = object.text,
        var inside = LineReader.inside(
          line, LineReader.Frame(begin: text.lowerBound, end: text.upperBound),
          from: text.lowerBound)
      else { return nil }
      inside.prefix.wrapping = .json
      inside.prefix.outerCarrier = .logfmt
      inside.prefix.host = inside.prefix.host ?? object.host
      object.addTime(line, to: &inside.prefix.stamp)
      return inside
    })

  /// How many pairs a line may have.
  private static let longest = 64

  /// `key=word` or `key="text"` at an offset, which moves behind it and a blank.
  private static func pair(
    _ line: Span<UInt8>, _ cursor: inout Int, _ end: Int
  ) -> JSONMembers.Member? {
    let start = cursor
    while cursor < end, line[cursor] != .equals {
      guard line[cursor] > .space, line[cursor] != .quote else { return nil }
      cursor += 1
    }
    guard cursor > start, cursor + 1 < end else { return nil }
    let name = start..<cursor
    cursor += 1
    let isQuoted = line[cursor] == .quote
    if isQuoted { cursor += 1 }
    let value = cursor
    while cursor < end, line[cursor] != (isQuoted ? .quote : .space) {
      cursor += isQuoted && line[cursor] == .backslash ? 2 : 1
    }
    guard cursor < end || !isQuoted else { return nil }
    let text = value..<min(cursor, end)
    cursor = line.skippingBlanks(from: isQuoted ? cursor + 1 : cursor)
    return JSONMembers.Member(name: name, value: text, isArray: false, isString: true)
  }
}
