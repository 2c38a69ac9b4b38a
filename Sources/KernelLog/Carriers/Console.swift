/// What a serial console's other users leave on a kernel message's line.
enum Console {
  /// Text that a carriage return took back, and a login prompt or a program's unfinished line, to
  /// which the kernel's message was glued.
  static let wrapper = Wrapper(
    name: "console", begins: .any,
    samples: [
      "Starting up\r[   12.345678] x", "\r[   12.345678] x", "web1 login: [   12.345678] x",
      "Checking disks...[   12.345678] x", "root@web1:~# [   12.345678] x",
    ],
    read: { line, frame in
      var cursor = frame.begin
      let end = min(frame.end, frame.begin + longest)
      while cursor < end {
        switch line[cursor] {
        case .carriageReturn:
          if let inside = found(line, frame, cursor + 1) { return inside }
        case .openBracket where cursor > frame.begin && mayBeGlued(line, cursor):
          if let inside = found(line, frame, cursor) { return inside }
        default: break
        }
        cursor += 1
      }
      return nil
    })

  /// How much of other users' text is looked through.
  private static let longest = 200

  /// Where in a line the next message begins whose stamp is glued to this one, since the newline
  /// between them was lost; nil where none is. No blank is before it, as before what a text quotes, and
  /// it is no older, as what a message quotes is.
  static func glued(_ line: Span<UInt8>, _ prefix: LinePrefix) -> Int? {
    guard let uptime = prefix.stamp.uptimeMicros, prefix.wrapping == .none, prefix.carrier != .kmsg,
      prefix.origin != .program
    else { return nil }
    var from = prefix.offset + 1
    while let bracket = line.first(.openBracket, from: from) {
      var end = bracket
      if line[bracket - 1] != .space, mayBeGlued(line, bracket),
        let next = line.uptime(at: &end, before: line.count), next >= uptime
      {
        return bracket
      }
      from = bracket + 1
    }
    return nil
  }

  /// Where the message begins that an offset is in, among those glued to a line that begins at
  /// `start`.
  static func startOfGlued(_ bytes: Span<UInt8>, _ start: Int, _ offset: Int) -> Int {
    let part = bytes.extracting(start..<min(max(offset, start) + 1, bytes.count))
    var bracket = part.last(.openBracket, before: part.count)
    while let place = bracket, place > 0,
      part[place - 1] == .space || !mayBeGlued(bytes, start + place)
    {
      bracket = part.last(.openBracket, before: place)
    }
    guard bracket ?? 0 > 0 else { return start }
    var start = start
    while true {
      let end = LineReader.record(in: bytes, at: start).end
      guard end > start, end <= offset, bytes[end - 1] != .newline else { return start }
      start = end
    }
  }

  private static func found(
    _ line: Span<UInt8>, _ frame: LineReader.Frame, _ start: Int
  ) -> (frame: LineReader.Frame, prefix: LinePrefix)? {
    guard var inside = LineReader.inside(line, frame, from: start) else { return nil }
    inside.prefix.outerCarrier = .console
    return inside
  }

  /// Whether a stamp may begin here: prose and other programs' lines have a blank before what they
  /// quote, prompts end in a few ways.
  private static func mayBeGlued(_ line: Span<UInt8>, _ bracket: Int) -> Bool {
    let before = line[bracket - 1]
    guard before == .space else {
      return before != .quote && before != UInt8(ascii: "'") && before != UInt8(ascii: "`")
        && before != .openParenthesis && line.isPrintkStamp(at: bracket)
    }
    return line.isPrintkStamp(at: bracket)
      && prompts.contains { line.starts(with: $0, at: bracket - $0.utf8CodeUnitCount) }
  }

  private static let prompts: [StaticString] = ["login: ", "assword: ", "# ", "$ "]
}

extension Span where Element == UInt8 {
  /// Whether a printk stamp stands at an offset: five digits or blanks at least, six decimals.
  func isPrintkStamp(at bracket: Int) -> Bool {
    guard byte(at: bracket) == .openBracket else { return false }
    let digits = skippingBlanks(from: bracket + 1)
    let dot = end(ofDigitsAt: digits)
    let close = end(ofDigitsAt: dot + 1)
    return dot > digits && dot - bracket >= 6 && close - dot == 7
      && byte(at: dot) == .dot && byte(at: close) == .closeBracket
  }
}
