internal import KernelLog

/// Looking back for the beginning of a report whose first line is lost.
enum ReportHead {
  /// Messages that are no part of a report, in a row, at which the search gives up.
  private static let patience = 8

  /// The source's offset and line at which the report of a key line begins.
  ///
  /// An earlier report ended at `floor` in `bytes`, which begin at `base` in the source.
  static func search(
    before key: OpenReport.Key, floor: Int, in bytes: Span<UInt8>, _ format: LogFormat, _ base: Int
  ) -> (start: Int, line: Int) {
    let host = key.place.host
    var decoder = MessageDecoder()
    var cursor = (offset: key.place.range.lowerBound - base, line: key.place.line)
    var best = cursor
    var behind = key.line
    var misses = 0
    while cursor.offset > floor, misses < patience {
      let start = format.recordStart(of: cursor.offset - 1, in: bytes, floor: floor)
      cursor.line -= bytes.newlines(in: start..<cursor.offset)
      cursor.offset = start
      let record = format.record(at: start, in: bytes)
      let name = record.host.map { bytes.text($0) }
      guard record.origin != .program, record.isBare || name == host, !record.message.isEmpty
      else { continue }
      let found = decoder.withMessage(of: record, in: bytes) { message in
        (key: KeyLine(message), isPart: isPart(message))
      }
      if let key = found.key {
        guard key.mayPrecede(behind) else { break }
        behind = key
      }
      misses = found.isPart ? 0 : misses + 1
      if found.isPart { best = cursor }
    }
    return (base + best.offset, best.line)
  }

  /// The same for a report that has its first line: right before it, the kernel may say how many
  /// others it left out.
  static func searchSuppression(
    before key: OpenReport.Key, floor: Int, in bytes: Span<UInt8>, _ format: LogFormat, _ base: Int
  ) -> (start: Int, line: Int) {
    let place = key.place
    let end = place.range.lowerBound - base
    guard end > floor else { return (place.range.lowerBound, place.line) }
    let start = format.recordStart(of: end - 1, in: bytes, floor: floor)
    let record = format.record(at: start, in: bytes)
    var decoder = MessageDecoder()
    guard record.origin != .program, record.host.map({ bytes.text($0) }) == place.host,
      decoder.withMessage(of: record, in: bytes, { NeighbourLines.isAboutReports($0) })
    else { return (place.range.lowerBound, place.line) }
    return (base + start, place.line - bytes.newlines(in: start..<end))
  }

  private static func isPart(_ message: Span<UInt8>) -> Bool {
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return Lines.read(message, 0, &scratch) != .other
  }
}

extension KeyLine {
  /// Whether one event may hold this line and then another key line, with none between them.
  fileprivate func mayPrecede(_ next: KeyLine) -> Bool {
    switch (self, next) {
    case (.decision, .intent), (.decision, .killed), (.intent, .killed): true
    case (.decision, .group), (.intent, .group): true
    default: false
    }
  }
}
