internal import KernelLog

/// Looking back for the beginning of a report whose first line is lost.
enum ReportHead {
  /// Messages that are no part of a report, in a row, at which the search gives up.
  private static let patience = 8

  /// The source's offset and line at which the report of a key line begins.
  ///
  /// The key line stands at `offset` in `bytes`, which begin at `base` in the source; an earlier
  /// report ended at `floor`.
  static func search(
    before offset: Int, line: Int, floor: Int, host: LogText?, in bytes: Span<UInt8>,
    _ format: LogFormat, base: Int
  ) -> (start: Int, line: Int) {
    var decoder = MessageDecoder()
    var best = (offset: offset, line: line)
    var cursor = (offset: offset, line: line)
    var misses = 0
    while cursor.offset > floor, misses < patience {
      let start = format.recordStart(of: cursor.offset - 1, in: bytes, floor: floor)
      cursor.line -= bytes.newlines(in: start..<cursor.offset)
      cursor.offset = start
      let record = format.record(at: start, in: bytes)
      let name = record.host.map { bytes.text($0) }
      guard record.origin != .program, host == nil || name == nil || name == host,
        !record.message.isEmpty
      else { continue }
      let isPart: Bool? = decoder.withMessage(of: record, in: bytes) { Self.isPart(of: $0) }
      guard let isPart else { break }
      misses = isPart ? 0 : misses + 1
      if isPart { best = cursor }
    }
    return (base + best.offset, best.line)
  }

  /// Whether a message belongs to a report; nil where it ends an earlier one.
  private static func isPart(of message: Span<UInt8>) -> Bool? {
    switch KeyLine(message) {
    case .killed, .panic, .group, .invoked: return nil
    case .decision, .intent: return true
    case nil: break
    }
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return Lines.read(message, 0, &scratch) != .other
  }
}
