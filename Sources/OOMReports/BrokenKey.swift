internal import KernelLog

/// A key line that was broken before it says what makes it one: by a mail program at a blank, by a
/// narrow console at any column.
///
/// The scan finds the piece that holds the key word; the others stand in the records around it.
struct BrokenKey {
  let line: KeyLine
  /// The record of the first piece.
  let record: LogRecord
  /// Where the last piece that is needed ends.
  let end: Int

  /// How many pieces stand before the key word, and how many behind it may be needed: the words up to
  /// a name are short.
  private static let most = (before: 2, behind: 4)

  /// The line whose key word stands in a record that is no key line by itself; nil where the records
  /// around it make none.
  init?(around key: LogRecord, in bytes: Span<UInt8>, _ format: LogFormat) {
    guard format.isLines,
      bytes.nextKey(.report, from: key.start, to: key.end).offset != nil
        || KillLine.isGroup(bytes.extracting(key.message))
    else { return nil }
    var first = key
    for _ in 0...Self.most.before {
      if let found = Self.line(from: first, through: key, in: bytes, format) {
        (line, end, record) = (found.line, found.end, first)
        return
      }
      guard first.isBare, first.start > 0 else { return nil }
      let start = format.recordStart(of: first.start - 1, in: bytes, floor: 0)
      first = format.record(at: start, in: bytes)
      guard first.origin != .program else { return nil }
    }
    return nil
  }

  /// Whether the records up to one of them are the pieces of the line that says that a group is killed,
  /// and where the first of them begins.
  static func startOfGroup(
    upTo last: LogRecord, in bytes: Span<UInt8>, _ format: LogFormat
  ) -> LogRecord? {
    var decoder = MessageDecoder()
    var first = last
    var texts: [[UInt8]] = [[]]
    for _ in 0...most.behind {
      let piece = decoder.withMessage(of: first, in: bytes) { LogText($0).bytes }
      texts = texts.flatMap { $0.isEmpty ? [piece] : [piece + [.space] + $0, piece + $0] }
      if texts.contains(where: { KeyLine($0.span) == .group }) {
        return first.origin == .program ? nil : first
      }
      guard format.isLines, first.isBare, first.start > 0 else { return nil }
      let start = format.recordStart(of: first.start - 1, in: bytes, floor: 0)
      first = format.record(at: start, in: bytes)
    }
    return nil
  }

  /// The key line that begins with one record, of which another one with a key word is a piece.
  private static func line(
    from first: LogRecord, through key: LogRecord, in bytes: Span<UInt8>, _ format: LogFormat
  ) -> (line: KeyLine, end: Int)? {
    var decoder = MessageDecoder()
    let isBeginning = decoder.withMessage(of: first, in: bytes) {
      KillLine.isBeginning($0) || KillLine.start(of: $0) != nil || KillLine.isGroup($0)
    }
    guard isBeginning || first.mayBeginName else { return nil }
    var texts = [decoder.withMessage(of: first, in: bytes) { LogText($0).bytes }]
    var end = first.end
    for _ in 0..<most.before + most.behind where end < bytes.count {
      let record = format.record(at: end, in: bytes)
      guard record.isBare, !record.isCut, record.indent < 2 else { return nil }
      let rest = decoder.withMessage(of: record, in: bytes) { LogText($0).bytes }
      texts = texts.flatMap { text in [text + [.space] + rest, text + rest] }
      end = record.end
      guard end > key.start else { continue }
      for text in texts {
        guard let line = KeyLine(text.span),
          line == .invoked ? first.mayBeginName : isBeginning
        else { continue }
        return (line, end)
      }
    }
    return nil
  }
}
