package import KernelLog

/// Finds the reports in a stream of bytes, in memory that does not grow with it.
///
/// The scan stops only at key lines; between them no byte is looked at twice. What belongs to which
/// event is decided here, once, whatever pieces the bytes come in.
package struct ReportScanner: Sendable {
  /// A report, and where its bytes are in the source.
  package struct Found: Sendable {
    package let report: OOMReport
    package let byteRange: Range<Int>
    /// How its first line came.
    package let carrier: Carrier
  }

  private var window = LogWindow()
  /// How records are laid out, once enough of the source has been seen.
  package private(set) var format: LogFormat?
  private let clock: Clock
  private let isWhole: Bool
  private var decoder = MessageDecoder()
  /// Where the scan goes on, in the window, and the newlines before it in the source.
  private var position = 0
  private var newlines = 0
  /// Records behind a kill that are looked at one by one, since no key word leads to them.
  private var aftermath = 0
  /// Whether `position` stands inside a line that is too long to be a record.
  private var isInsideLine = false
  private var open: [OpenReport] = []
  /// Where the last report ended: nothing before it is anybody's head.
  private var lastEnd = 0

  /// How the records that were looked at came.
  package private(set) var carriers: Set<Carrier> = []
  /// Bytes read so far.
  package var bytesRead: Int { window.base + window.count }
  /// Lines of the source; known after its end.
  package private(set) var lineCount = 0
  /// The newest time near the end of the source; known after its end.
  package private(set) var endTime = LogTime()

  private enum Limit {
    /// How much must be read beyond a record before it is looked at: a name with a newline and
    /// members of the same JSON object stand behind it.
    static let lookahead = 80 << 10
    /// How far behind the scan bytes are kept for the head of a report that lost its first line.
    static let history = 512 << 10
    /// How large a report may be: 20,000 tasks take about 3 MiB.
    static let report = 4 << 20
    static let aftermath = 40
    /// How much of the end is searched for the newest time.
    static let tail = 64 << 10
  }

  package init(clock: Clock, isWhole: Bool) {
    self.clock = clock
    self.isWhole = isWhole
  }

  /// Reads and scans the next chunk.
  ///
  /// - Parameters:
  ///   - read: Fills the buffer and returns how many bytes it wrote, 0 at the end.
  ///   - emit: Gets each report, and its bytes, as soon as its end is known.
  /// - Returns: Whether there may be more to read.
  /// - Throws: What `read` throws.
  package mutating func scanChunk<Failure>(
    reading read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int,
    emit: (Found, Span<UInt8>) -> Void
  ) throws(Failure) -> Bool {
    try unsafe window.fill(read)
    if format == nil, window.count >= Limit.lookahead || window.isAtEnd {
      format = window.withBytes {
        LogFormat.recognised(in: $0.extracting(0..<min($0.count, 64 << 10)))
      }
    }
    guard let format else { return true }
    scan(format, emit)
    if window.isAtEnd {
      closeAll(format, emit)
      endTime = timeAtEnd(format)
      lineCount =
        newlines + (window.withBytes { $0.count > 0 && $0[$0.count - 1] != .newline } ? 1 : 0)
    }
    trim()
    return !window.isAtEnd
  }

  private mutating func scan(_ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void) {
    let limit = window.isAtEnd ? window.count : max(position, window.count - Limit.lookahead)
    while position < limit {
      closeOverlong(format, emit)
      guard let start = nextRecordStart(format, limit) else { break }
      look(at: start, format, emit)
    }
  }

  /// Moves to the next record worth looking at, and keeps count of the lines.
  private mutating func nextRecordStart(_ format: LogFormat, _ limit: Int) -> Int? {
    if aftermath > 0, !isInsideLine {
      aftermath -= 1
      return position
    }
    let from = position
    let next = window.withBytes { $0.nextKey(from: from, to: limit) }
    newlines += next.newlines
    guard let key = next.offset else {
      // A key word may be cut by the limit, so its first bytes are searched again.
      let rest = window.isAtEnd ? 0 : min(limit - from, 32)
      newlines -= window.withBytes { $0.newlines(in: limit - rest..<limit) }
      if limit - rest > from { isInsideLine = isInsideLine && next.newlines == 0 }
      position = limit - rest
      return nil
    }
    position = key
    let floor = from
    let start = window.withBytes { format.recordStart(of: key, in: $0, floor: floor) }
    if start == floor, isInsideLine, next.newlines == 0 {
      position = key + 1
      return nil
    }
    isInsideLine = false
    newlines -= window.withBytes { $0.newlines(in: start..<key) }
    return start
  }

  /// Reads one record and does what its kind asks for; `newlines` counts those before it.
  private mutating func look(
    at start: Int, _ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void
  ) {
    let record = window.withBytes { format.record(at: start, in: $0) }
    let line = newlines + 1
    position = max(record.end, start + 1)
    newlines += window.withBytes { $0.newlines(in: start..<position) }
    carriers.insert(record.carrier)
    guard record.origin != .program else { return }
    var decoder = self.decoder
    let seen = window.withBytes { bytes in
      decoder.withMessage(of: record, in: bytes) { message in
        (key: KeyLine(message), host: record.host.map { bytes.text($0) })
      }
    }
    self.decoder = decoder
    guard let key = seen.key else { return }
    let place = Place(start: window.base + start, line: line, host: seen.host)
    handle(key, place, format, emit)
  }

  /// Where a key line stands.
  private struct Place {
    let start: Int
    let line: Int
    let host: LogText?
  }

  private mutating func handle(
    _ key: KeyLine, _ place: Place, _ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void
  ) {
    let index = open.firstIndex { $0.host == place.host }
    if key == .invoked {
      aftermath = 0
      begin(at: place, from: (place.start, place.line), index, format, emit)
      return
    }
    if let index, open[index].takes(key) {
      open[index].add(key)
    } else if key != .group {
      let head = headOfReport(before: place, format)
      begin(at: place, from: head, index, format, emit)
      open[open.count - 1].add(key)
    }
    switch key {
    case .killed, .group, .panic: aftermath = Limit.aftermath
    case .invoked, .decision, .intent: break
    }
  }

  private mutating func begin(
    at place: Place, from head: (start: Int, line: Int), _ index: Int?, _ format: LogFormat,
    _ emit: (Found, Span<UInt8>) -> Void
  ) {
    if let index { close(index, at: head.start, format, emit) }
    open.append(OpenReport(host: place.host, start: head.start, firstLine: head.line))
  }

  /// Where the report begins whose first line is lost: as far back as lines belong to one.
  private func headOfReport(before place: Place, _ format: LogFormat) -> (start: Int, line: Int) {
    let floor = max(lastEnd - window.base, 0)
    return window.withBytes { bytes in
      ReportHead.search(
        before: place.start - window.base, line: place.line, floor: floor, host: place.host,
        in: bytes, format, base: window.base)
    }
  }

  private mutating func close(
    _ index: Int, at end: Int, _ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void
  ) {
    let report = open.remove(at: index)
    let parser = ReportParser(format: format, clock: clock, isWhole: isWhole)
    let range = report.start - window.base..<max(end, report.start) - window.base
    let base = window.base
    let end = window.withBytes { bytes -> Int? in
      guard
        let parsed = parser.parse(bytes, range, firstLine: report.firstLine, host: report.host)
      else { return nil }
      let byteRange = base + parsed.range.lowerBound..<base + parsed.range.upperBound
      emit(
        Found(report: parsed.report, byteRange: byteRange, carrier: parsed.carrier),
        bytes.extracting(parsed.range))
      return byteRange.upperBound
    }
    if let end { lastEnd = max(lastEnd, end) }
  }

  /// Ends the events whose aftermath is over, and those that have grown too large to be one.
  private mutating func closeOverlong(
    _ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void
  ) {
    for index in open.indices.reversed() {
      let isOver = open[index].hasEnded && aftermath == 0
      let isTooLarge = window.base + position - open[index].start > Limit.report
      if isOver || isTooLarge { close(index, at: window.base + position, format, emit) }
    }
  }

  private mutating func closeAll(_ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void) {
    while !open.isEmpty { close(0, at: window.base + window.count, format, emit) }
  }

  /// The newest time that the last lines print.
  private func timeAtEnd(_ format: LogFormat) -> LogTime {
    window.withBytes { bytes in
      let from = max(bytes.count - Limit.tail, 0)
      var offset = from == 0 ? 0 : min(bytes.lineEnd(of: from) + 1, bytes.count)
      var newest = LogTime()
      while offset < bytes.count {
        let record = format.record(at: offset, in: bytes)
        let time = clock.time(of: record.stamp)
        if let wall = time.wallMicros, wall >= newest.wallMicros ?? .min {
          newest = time
        } else if newest.wallMicros == nil, time.uptimeMicros != nil {
          newest = time
        }
        offset = max(record.end, offset + 1)
      }
      return newest
    }
  }

  /// Forgets what neither an open event nor the head of the next one can need.
  private mutating func trim() {
    let oldest = open.map(\.start).min() ?? .max
    let keep = min(position - Limit.history, oldest - window.base)
    guard keep > 1 << 20 else { return }
    window.discard(before: keep)
    position -= keep
  }
}
