/// What has been read of a line's prefix so far, while the carriers' forms eat their way forward.
package struct LinePrefix {
  /// Where the rest of the line begins.
  var offset: Int
  var stamp = Stamp()
  var host: Range<Int>?
  var origin: LogRecord.Origin = .unknown
  var encoding: LogRecord.Encoding = .dmesg
  var carrier: Carrier = .plain
  /// What must come next, once a syslog daemon's stamp has been read.
  var expectsHost = false
  /// Whether a printk stamp has been read, behind which only a caller's id or the message comes.
  var hasUptime = false
  /// Whether the message begins at the offset, whatever it looks like.
  var isFinished = false
}

/// One element that a line's prefix may be made of.
///
/// `read` moves the prefix's offset behind the element and returns true, or changes nothing.
struct PrefixForm: Sendable {
  let name: String
  /// Lines that begin with the element, for tests and for whoever reads this table.
  let samples: [String]
  let read: @Sendable (Span<UInt8>, inout LinePrefix) -> Bool
}

/// Reading of a line's prefix.
enum LineReader {
  /// How many elements a prefix may have; a line that has more is not a log line.
  private static let deepest = 8

  /// What each form does, without what else its row says: to pass a row along takes longer than
  /// most lines do.
  private static let readers = Carriers.prefixForms.map(\.read)

  /// Reads the next element of a prefix, whichever it is.
  private static func readElement(_ line: Span<UInt8>, _ prefix: inout LinePrefix) -> Bool {
    for index in readers.indices where readers[index](line, &prefix) { return true }
    return false
  }

  /// The record of the line that begins at `start`.
  ///
  /// Lines longer than `longest` are read to there only.
  static func record(in bytes: Span<UInt8>, at start: Int) -> LogRecord {
    let newline = bytes.lineEnd(of: start)
    var end = min(newline, start + LogFormat.longestLine)
    while end > start, bytes[end - 1] == .carriageReturn { end -= 1 }
    let line = bytes.extracting(start..<end)

    var prefix = LinePrefix(offset: line.skippingBlanks(from: 0))
    let indent = prefix.offset
    for _ in 0..<deepest where !prefix.isFinished {
      guard readElement(line, &prefix) else { break }
    }
    var record = LogRecord(
      start: start, end: min(newline + 1, bytes.count),
      message: start + prefix.offset..<end)
    record.isBare = prefix.offset == indent
    // A coloured message's last line is only reset.
    if record.isBare, line.starts(with: "\u{1B}[0m", at: line.count - 4) {
      record.message = start + prefix.offset..<max(start + prefix.offset, end - 4)
    }
    record.encoding = prefix.encoding
    record.stamp = prefix.stamp
    record.host = prefix.host.map { start + $0.lowerBound..<start + $0.upperBound }
    record.origin = prefix.expectsHost ? .program : prefix.origin
    record.carrier = prefix.carrier
    return record
  }
}
