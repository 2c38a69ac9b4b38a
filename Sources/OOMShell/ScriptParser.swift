extension Script {
  /// Reads a script, which messages call by the name and of which they count the lines from
  /// `firstLine`. A byte order mark and CRLF line ends are accepted.
  ///
  /// Fails with `unreadable` for a line that is no UTF-8 or holds a NUL, with `usage` for one that
  /// stands where it may not or asks for a newer version.
  package static func parse(
    _ bytes: [UInt8], name: String, firstLine: Int = 1
  ) throws(CommandError) -> Script {
    let lines = try lines(of: bytes, name: name, firstLine: firstLine)
    var parser = ScriptParser(name: name, lines: lines, firstLine: firstLine)
    return try parser.script()
  }

  /// Whether a line is to be run, and is not empty, a comment, a header or an expected answer.
  package static func isCommand(_ line: String) -> Bool {
    !line.hasPrefix("#") && !line.allSatisfy(\.isWhitespace) && Expected(line) == nil
  }

  /// Cuts the text into lines without their ends.
  private static func lines(
    of bytes: [UInt8], name: String, firstLine: Int
  ) throws(CommandError) -> [String] {
    var text = bytes[...]
    if text.starts(with: byteOrderMark) { text.removeFirst(byteOrderMark.count) }
    let newline = UInt8(ascii: "\n")
    var pieces = text.split(separator: newline, omittingEmptySubsequences: false)
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    var lines: [String] = []
    lines.reserveCapacity(pieces.count)
    for piece in pieces {
      let place = Place(file: name, line: lines.count + firstLine)
      let content = piece.last == UInt8(ascii: "\r") ? piece.dropLast() : piece
      guard let line = String(validating: content, as: UTF8.self) else {
        throw .notUTF8(at: place)
      }
      guard !content.contains(0) else { throw .holdsNUL(at: place) }
      lines.append(line)
    }
    return lines
  }
}

/// Sorts the lines of a script into commands and what belongs to them.
private struct ScriptParser {
  let name: String
  let lines: [String]
  let firstLine: Int
  private var position = 0
  private var items: [Script.Item] = []

  init(name: String, lines: [String], firstLine: Int) {
    self.name = name
    self.lines = lines
    self.firstLine = firstLine
  }

  mutating func script() throws(CommandError) -> Script {
    while position < lines.count {
      let line = lines[position]
      if line.hasPrefix("#:") {
        try takeHeader(line)
      } else if line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) {
        items.append(.remark(line))
        position += 1
      } else if Expected(line) != nil {
        throw CommandError.expectsNothing(at: place(position))
      } else {
        try takeStep()
      }
    }
    return Script(name: name, items: items)
  }

  private mutating func takeHeader(_ line: String) throws(CommandError) {
    let hasSteps = items.contains { if case .step = $0 { true } else { false } }
    guard !hasSteps else { throw CommandError.lateHeader(at: place(position)) }
    let words = line.dropFirst(2).split(separator: " ", maxSplits: 1)
    let key = words.first.map(String.init) ?? ""
    let value = words.count > 1 ? words[1].drop { $0 == " " } : ""
    if key == "oomsh" {
      guard let version = Int(value), (1...Script.version).contains(version) else {
        throw CommandError.unknownVersion(String(value), at: place(position))
      }
    }
    items.append(.header(line, key: key, value: String(value)))
    position += 1
  }

  /// Takes a command with the lines that it goes on in, and what is expected of it.
  private mutating func takeStep() throws(CommandError) {
    let first = position
    var command = lines[first]
    position += 1
    while Lexer.scan(command).continues, position < lines.count {
      command = command.dropLast() + lines[position]
      position += 1
    }
    let source = Array(lines[first..<position])
    items.append(
      .step(
        Script.Step(
          source: source, command: command, line: first + firstLine,
          expectation: try takeExpectation())))
  }

  private mutating func takeExpectation() throws(CommandError) -> Script.Expectation? {
    var expectation: Script.Expectation?
    while position < lines.count, let expected = Expected(lines[position]) {
      var known = expectation ?? Script.Expectation()
      switch expected {
      case .output(let text): known.output.append(text)
      case .diagnostics(let text): known.diagnostics.append(text)
      case .status(let text):
        guard let status = Int32(text), (0...255).contains(status) else {
          throw CommandError.badStatus(text, at: place(position))
        }
        known.status = status
      }
      expectation = known
      position += 1
    }
    return expectation
  }

  private func place(_ position: Int) -> Place {
    Place(file: name, line: position + firstLine)
  }
}

/// A line that says what a command is expected to say.
private enum Expected {
  case output(String)
  case diagnostics(String)
  case status(String)

  /// Nil for any other line.
  init?(_ line: String) {
    let marks: [(String, (String) -> Expected)] = [
      ("!|", Expected.diagnostics), ("|", Expected.output), ("?", Expected.status),
    ]
    for (mark, make) in marks where line == mark || line.hasPrefix(mark + " ") {
      self = make(String(line.dropFirst(mark.count + 1)))
      return
    }
    return nil
  }
}
