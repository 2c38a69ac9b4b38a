/// Messages that came in pieces, a piece a line: a container runtime cuts long lines and those that
/// a read happened to end in (`P` for part, `F` for the last), extended netconsole cuts packets.
package enum Parts {
  /// The most lines that are put together: no kernel message is longer.
  private static let most = 16

  /// The beginning of the first piece of a message whose last or middle piece is at `start`.
  static func first(_ bytes: Span<UInt8>, _ start: Int, floor: Int) -> Int {
    var first = start
    for _ in 0..<most {
      // Both kinds of line begin with a digit, few others do.
      guard first > floor, let byte = bytes.byte(at: first), byte.isDigit else { break }
      let line = bytes.extracting(first..<bytes.lineEnd(of: first))
      let before = bytes.lineStart(of: first - 1, floor: floor)
      let previous = bytes.extracting(before..<first - 1)
      guard isRestOfPacket(line) || (isPart(previous) && container(line) != nil) else { break }
      first = before
    }
    return first
  }

  /// Where the piece ends that completes the message of a line which ends at `end`.
  static func end(_ bytes: Span<UInt8>, behind end: Int, _ wrapping: LogRecord.Wrapping) -> Int {
    var end = end
    for _ in 1..<most where end + 1 < bytes.count {
      let nextEnd = bytes.lineEnd(of: end + 1)
      let next = bytes.extracting(end + 1..<nextEnd)
      switch wrapping {
      case .containerParts:
        guard let piece = container(next) else { return end }
        end = nextEnd
        if !piece.isPart { return end }
      case .packets:
        guard isRestOfPacket(next) else { return end }
        end = nextEnd
      case .none, .json, .jsonTwice, .html, .csv, .coloured, .carriageReturns: return end
      }
    }
    return end
  }

  /// Where a piece's text begins, for a line that begins at an offset of a message; the offset
  /// itself where the line is no piece.
  static func text(
    _ message: Span<UInt8>, ofLineAt start: Int, _ wrapping: LogRecord.Wrapping
  ) -> Int {
    let line = message.extracting(start..<message.lineEnd(of: start))
    let text = wrapping == .packets ? line.first(.semicolon).map { $0 + 1 } : container(line)?.text
    return start + (text ?? 0)
  }

  /// `2026-10-25T14:31:23.074316789Z stdout F `: the text behind, and whether more of it comes.
  static func container(_ line: Span<UInt8>) -> (text: Int, isPart: Bool)? {
    guard line.byte(at: 0)?.isDigit ?? false, line.byte(at: 10) == UInt8(ascii: "T"),
      let blank = line.first(.space, from: 19, within: 20)
    else { return nil }
    return stream(line, blank + 1)
  }

  /// `stdout F ` at an offset: tags are parted by colons, the first says whether it is a part.
  static func stream(_ line: Span<UInt8>, _ start: Int) -> (text: Int, isPart: Bool)? {
    guard let tag = line.end(of: "stdout ", at: start) ?? line.end(of: "stderr ", at: start),
      let letter = line.byte(at: tag), letter == UInt8(ascii: "P") || letter == UInt8(ascii: "F")
    else { return nil }
    let end = line.endOfWord(from: tag)
    guard end == tag + 1 || line[tag + 1] == .colon else { return nil }
    return (min(end + 1, line.count), letter == UInt8(ascii: "P"))
  }

  private static func isPart(_ line: Span<UInt8>) -> Bool { container(line)?.isPart ?? false }

  /// The first line in a range of a container's log that is a part and ends within a key word which the
  /// next one goes on with; nil where there is none. Elsewhere the search finds key words whole.
  package static func tornKey(
    _ categories: KeyWord.Categories, in bytes: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    var from = range.lowerBound
    while let tag = bytes.first(" P ", from: from), tag < range.upperBound {
      from = tag + 1
      let start = bytes.lineStart(of: tag)
      let end = bytes.lineEnd(of: tag)
      guard let piece = container(bytes.extracting(start..<end)), piece.isPart,
        start + piece.text == tag + 3
      else { continue }
      from = end
      let next = min(end + 1, bytes.count)
      let nextEnd = bytes.lineEnd(of: next)
      guard let rest = container(bytes.extracting(next..<nextEnd)) else { continue }
      let tail = bytes.extracting(max(tag + 3, end - KeyWord.longest)..<end)
      let head = bytes.extracting(
        next + rest.text..<min(nextEnd, next + rest.text + KeyWord.longest))
      let joined = LogText(tail).bytes + LogText(head).bytes
      let word = joined.span.nextKey(categories, from: 0, to: joined.count).offset
      if let word, word < tail.count { return tag }
    }
    return nil
  }

  /// Whether a header of extended netconsole says that its packet is the first of several.
  static func isPacket(_ line: Span<UInt8>, header: Range<Int>) -> Bool {
    line.extracting(0..<header.upperBound).first("ncfrag=0/", from: header.lowerBound) != nil
  }

  private static func isRestOfPacket(_ line: Span<UInt8>) -> Bool {
    guard line.byte(at: 0)?.isDigit ?? false,
      let semicolon = line.first(.semicolon, from: 0, within: 160),
      let offset = line.extracting(0..<semicolon).first("ncfrag=")
    else { return false }
    return line.byte(at: offset + 7) != .zero
  }
}
