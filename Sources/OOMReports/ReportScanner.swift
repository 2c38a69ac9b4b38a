package import KernelLog

/// Finds the reports in a stream of bytes, in memory that does not grow with it.
///
/// The scan stops only at key lines; between them no byte is looked at twice. What belongs to which
/// event is decided here, once, whatever pieces the bytes come in.
package struct ReportScanner: Sendable {
  /// A report, and where its bytes are in the source.
  package struct Found: Sendable {
    /// Its time is what its own lines print.
    package let report: OOMReport
    package let byteRange: Range<Int>
    /// How its first line came.
    package let carrier: Carrier
    /// Counted from 0 for the host.
    package let boot: Int
    /// Whether its bytes, or others of the source, had to be put in order.
    package let isPutInOrder: Bool
    /// Its bytes with what surrounds them, where they say less without that.
    package var surrounded: ReportBytes?
    /// What is known of its time when its end is known, of a report that is kept whole; the rest of
    /// the source may tell more. Of others, what its lines print.
    package let timeSoFar: LogTime
  }

  private var window = LogWindow()
  private var plain = PlainReading()
  private var order = SourceOrder()
  /// How records are laid out, once enough of the source has been seen.
  package private(set) var format: LogFormat?
  private let clock: Clock
  /// Whether undamaged reports need not be read line by line.
  private let isQuick: Bool
  private var decoder = MessageDecoder()
  private var names = RecentName()
  /// The host of the last plain event, and its number among those that have clocks.
  private var plainHost: (name: LogText?, number: Int)?
  /// Where the scan goes on, in the window, and the newlines before it in the source.
  private var position = 0
  private var newlines = 0
  /// The end of the last record looked at, in the window, behind which the next one may begin; nil
  /// once the window has lost it.
  private var boundary: Int? = 0
  /// Whether `position` stands inside a record that is too long to be one of the kernel's.
  private var isInsideRecord = false
  private var reports: OpenReports
  private var side = SideFinds()

  /// How the records that were looked at came.
  package var carriers: Set<Carrier> { side.carriers }
  /// Kernel messages in whose place journalctl printed how long they are (`[65B blob data]`).
  package var blobLines: Int { side.blobLines }
  /// Bytes read so far.
  package var bytesRead: Int { window.base + window.count }
  /// What other killers did.
  package var otherKills: OtherKillLog { side.otherKills }
  /// What reads like a kill and is nobody's.
  package var strayKills: StrayKills { side.strayKills }
  /// Whether the source begins with its newest line and goes back from there.
  package private(set) var isReversed = false
  /// Whether the source's lines did not come in the order of the kernel's log.
  package var isPutInOrder: Bool { order.hasMoved }
  /// Lines of the source; known after its end.
  package private(set) var lineCount = 0
  /// The newest time near the end of the source; known after its end.
  package private(set) var endTime = LogTime()
  /// What ties the stamps of each host to the wall clock, as far as the source has been read. A
  /// report's own time is what its lines print: `clocks` says what it amounts to.
  package var clocks: SourceClocks { sampling.clocks }
  private var sampling: ClockSampling

  private enum Limit {
    /// How much must be read beyond a place before its record is looked at.
    static let lookahead = LogFormat.longestRecord
    /// How much that nothing needs is kept until it is worth moving the rest: half a megabyte.
    static let idle = 2 << 20
    /// How much of the beginning is read for its stamps.
    static let beginning = 16 << 10
  }

  /// - Parameters:
  ///   - clock: Relates the stamps of the source to the wall clock.
  ///   - isWhole: Whether everything of a report is kept, or only what a list of events shows.
  ///   - isQuick: Whether a list's reports may be read without most of their lines where they are
  ///     undamaged, which comes to the same events.
  package init(clock: Clock, isWhole: Bool, isQuick: Bool = true) {
    self.clock = clock
    self.isQuick = isQuick && !isWhole
    reports = OpenReports(clock: clock, isWhole: isWhole, isQuick: self.isQuick)
    sampling = ClockSampling(clocks: SourceClocks(clock: clock))
  }

  /// Reads and scans the next chunk; every event comes as a report.
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
    try unsafe scanChunk(
      reading: read, emit: emit,
      outline: { outline, bytes in
        let report = OOMReport(outline, in: bytes)
        emit(
          Found(
            report: report, byteRange: outline.byteRange, carrier: outline.carrier,
            boot: outline.boot, isPutInOrder: false, timeSoFar: report.time), bytes)
      })
  }

  /// Reads and scans the next chunk; events of a list that are undamaged come as outlines.
  package mutating func scanChunk<Failure>(
    reading read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int,
    emit: (Found, Span<UInt8>) -> Void, outline: (ReportOutline, Span<UInt8>) -> Void
  ) throws(Failure) -> Bool {
    try unsafe window.fill(read)
    guard order.arrange(&window) else { return true }
    reports.isPutInOrder = order.hasMoved
    if format == nil, window.count >= Limit.lookahead || window.isAtEnd {
      format = window.withBytes {
        LogFormat.recognised(in: $0.extracting(0..<min($0.count, 64 << 10)))
      }
      if let format {
        isReversed = ReversedOrder.holds(
          sampling.observe(0..<min(window.count, Limit.beginning), in: window, format))
      }
    }
    guard let format else { return true }
    scan(format, emit, outline)
    if window.isAtEnd {
      reports.closeAll(in: window, format, &sampling.clocks, emit)
      endTime = sampling.timeAtEnd(of: window, format)
      lineCount =
        newlines + (window.withBytes { $0.count > 0 && $0[$0.count - 1] != .newline } ? 1 : 0)
    }
    trim()
    return !window.isAtEnd
  }

  private mutating func scan(
    _ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void,
    _ outline: (ReportOutline, Span<UInt8>) -> Void
  ) {
    let limit = window.isAtEnd ? window.count : max(position, window.count - Limit.lookahead)
    while position < limit {
      reports.closeFinished(before: position, in: window, format, &sampling.clocks, emit)
      if isInsideRecord {
        leaveRecord(format)
      } else if reports.haveEnded {
        // No key word leads to what comes behind a kill.
        look(at: position, format, emit)
      } else if position >= sampling.next - window.base {
        sampling.sample(in: window, format, behind: boundary)
      } else if let key = plain.isExpected(at: position, in: window)
        ? position : nextKey(before: min(limit, sampling.next - window.base))
      {
        switch takePlain(at: key, format, outline) {
        case true?: continue
        case false?: break
        // Once more has been read, it is tried again.
        case nil: return
        }
        guard let start = recordStart(of: key, format) else { continue }
        look(at: start, format, emit)
      } else if sampling.next - window.base < limit {
        sampling.sample(in: window, format, behind: boundary)
      } else {
        return
      }
    }
  }

  /// Takes over the event that a key word leads to, if all of it is plain; nil where what was read
  /// ends before it does.
  private mutating func takePlain(
    at key: Int, _ format: LogFormat, _ emit: (ReportOutline, Span<UInt8>) -> Void
  ) -> Bool? {
    // What was put in order is kept with each event, which an outline does not say.
    guard isQuick, reports.isEmpty, !order.hasMoved, format.isLines,
      let floor = boundary
    else { return false }
    switch plain.read(at: key, floor: floor, newlines: newlines, in: window, format) {
    case .event: break
    case .unfinished: return nil
    case .other: return false
    }
    let (range, base) = (plain.event.outline.byteRange, window.base)
    sampling.sample(before: plain.event.first.start, in: window, format, behind: boundary)
    let host = hostOfPlain()
    // What the kill line's stamp says of the clock, the first one's of the same second says too.
    let carrier = plain.event.outline.carrier
    if !plain.isOfOneSecond { observe(plain.event.first, host, carrier) }
    boundary = plain.event.first.end
    while sampling.next < base + plain.event.last.start {
      sampling.sample(in: window, format, behind: boundary)
    }
    let time = observe(plain.event.last, host, carrier)
    let number = plainHost?.number ?? sampling.clocks.number(of: host)
    plainHost = (host, number)
    let end = base + range.upperBound
    plain.settle(time, boot: sampling.clocks.boot(of: number, at: end - 1), base: base)
    side.note(carrier)
    reports.note(host, end)
    (position, boundary) = (range.upperBound, range.upperBound)
    newlines = plain.event.outline.lastLine - (plain.event.endsInNewline ? 0 : 1)
    window.withBytes { emit(plain.event.outline, $0.extracting(range)) }
    return true
  }

  /// The host of the plain event, mostly that of the one before; if it is another one, that is
  /// forgotten.
  private mutating func hostOfPlain() -> LogText? {
    let range = plain.host
    if let plainHost, window.withBytes({ $0.isName(range, plainHost.name) }) {
      return plainHost.name
    }
    plainHost = nil
    return range.map { names.text($0, in: window) }
  }

  /// Notes what the stamp of a plain line tells about clocks.
  @discardableResult
  private mutating func observe(
    _ place: PlainEvent.Place, _ host: LogText?, _ carrier: Carrier
  ) -> LogTime {
    let (line, shape, offset) = (place.prefix, plain.shapeNumber, window.base + place.start)
    if let number = plainHost?.number,
      let time = sampling.clocks.observe(next: line, of: shape, number, at: offset)
    {
      return time
    }
    return sampling.clocks.observe(
      line, of: shape, ClockSighting(plain.stamp(of: place), carrier, host: host, at: offset))
  }

  private static let words: KeyWord.Categories = [.report, .otherKiller, .clock]

  /// Moves to the next key word, or as far as there can be none, and keeps count of the lines.
  private mutating func nextKey(before limit: Int) -> Int? {
    let from = position
    let next = window.withBytes {
      $0.nextKey(Self.words, from: from, to: limit)
    }
    if sampling.isContainer, let torn = tornKey(from..<(next.offset ?? limit)) { return torn }
    newlines += next.newlines
    position = next.offset ?? limit
    if next.offset == nil, !window.isAtEnd || limit < window.count {
      // A key word may be cut by the limit, so its first bytes are searched again.
      position = max(from, limit - KeyWord.longest)
      newlines -= window.withBytes { $0.newlines(in: position..<limit) }
    }
    return next.offset
  }

  /// Moves to a key word that the lines of a container's log part; nil where a range has none.
  private mutating func tornKey(_ range: Range<Int>) -> Int? {
    let torn = window.withBytes { Parts.tornKey(Self.words, in: $0, range) }
    guard let torn else { return nil }
    newlines += window.withBytes { $0.newlines(in: range.lowerBound..<torn) }
    position = torn
    return torn
  }

  /// The beginning of a key word's record; nil where it lies so far back that the window has lost
  /// it.
  private mutating func recordStart(of key: Int, _ format: LogFormat) -> Int? {
    let floor = boundary ?? 0
    let start = window.withBytes { format.recordStart(of: key, in: $0, floor: floor) }
    isInsideRecord = boundary == nil && start == 0
    if isInsideRecord { reports.doubt() }
    return isInsideRecord ? nil : start
  }

  /// Moves behind a record that is too long.
  private mutating func leaveRecord(_ format: LogFormat) {
    let from = position
    let end = window.withBytes { format.recordStart(behind: from, in: $0) }
    position = end ?? (window.isAtEnd ? window.count : max(from, window.count - KeyWord.longest))
    side.noteStrayKills(in: from..<position, line: newlines + 1, in: window)
    newlines += window.withBytes { $0.newlines(in: from..<position) }
    boundary = position
    isInsideRecord = end == nil
  }

  /// Reads one record and does what its kind asks for.
  private mutating func look(
    at start: Int, _ format: LogFormat, _ emit: (Found, Span<UInt8>) -> Void
  ) {
    newlines -= window.withBytes { $0.newlines(in: min(start, position)..<position) }
    let record = window.withBytes { format.record(at: start, in: $0) }
    let line = newlines + 1
    position = max(record.end, start + 1)
    newlines += window.withBytes { $0.newlines(in: start..<position) }
    let floor = boundary
    boundary = position
    isInsideRecord = record.isCut
    side.note(record.carrier)
    let base = window.base
    var names = self.names
    let sighting = window.withBytes { ClockSighting(record, in: $0, at: base + start, &names) }
    if let sighting {
      sampling.clocks.observe(sighting)
      if sighting.isBanner {
        reports.cutOff(sighting.host)
        sampling.observeBoot(of: sighting.host, behind: position, in: window, format)
      }
    }
    side.noteBlob(record, in: window)
    guard record.origin != .program else {
      self.names = names
      side.note(record, line: line, in: window, format, clock)
      reports.passOther()
      return
    }

    var decoder = self.decoder
    let seen = window.withBytes { bytes in
      decoder.withMessage(of: record, in: bytes) { message in
        KeyLine(message).map { line in
          // Only first lines are compared with each other.
          (line: line, fingerprint: line == .invoked ? Fingerprint.of(message) : 0)
        }
      }
    }
    self.decoder = decoder
    let name = window.withBytes { bytes in record.host.map { names.text($0, in: bytes) } }
    self.names = names
    guard let seen else {
      if lookForBrokenKey(around: record, line: line, format, emit) { return }
      side.note(record, line: line, in: window, format, clock)
      reports.pass(name, isBare: record.isBare)
      return
    }
    // Several lines of the kernel's in one message: only the first is read.
    side.noteStrayKills(
      in: record.start..<record.end, line: line, besides: seen.line.killed, in: window)
    if isQuick, seen.line == .invoked, record.isPlain, reports.isOnlyEnded(of: name) {
      // Nothing more can come of that one, and this one may be plain.
      reports.closeFirst(at: base + start, in: window, format, &sampling.clocks, emit)
      (position, boundary) = (start, start)
      newlines = line - 1
      return
    }
    let first = seen.line == .invoked ? window.startOfName(record, format) : start
    if seen.line == .invoked {
      sampling.sample(before: first, in: window, format, behind: floor)
    }
    let place = OpenReport.Place(
      range: window.base + first..<window.base + position,
      line: line - window.withBytes { $0.newlines(in: first..<start) },
      host: record.isBare ? window.host(of: record, format) : name,
      kernelMicros: clock.kernelMicros(record), fingerprint: seen.fingerprint,
      record: record.moved(by: window.base))
    reports.take(
      OpenReport.Key(line: seen.line, place: place), in: window, format, &sampling.clocks, emit)
  }

  /// Looks whether a record is a piece of a key line that was broken; false where it is not.
  private mutating func lookForBrokenKey(
    around record: LogRecord, line: Int, _ format: LogFormat,
    _ emit: (Found, Span<UInt8>) -> Void
  ) -> Bool {
    let found = window.withBytes { BrokenKey(around: record, in: $0, format) }
    guard let found else { return false }
    if found.end > position {
      newlines += window.withBytes { $0.newlines(in: position..<found.end) }
      position = found.end
      boundary = position
    }
    let (base, start) = (window.base, found.record.start)
    let place = OpenReport.Place(
      range: base + start..<base + position,
      line: line - window.withBytes { $0.newlines(in: start..<record.start) },
      host: window.withBytes { bytes in found.record.host.map { bytes.text($0) } },
      kernelMicros: clock.kernelMicros(found.record), fingerprint: 0,
      record: found.record.moved(by: base))
    // What is put together needs the careful reading.
    reports.doubt()
    reports.take(
      OpenReport.Key(line: found.line, place: place), in: window, format, &sampling.clocks, emit)
    reports.doubt()
    return true
  }

  /// Forgets what neither an open event nor the head of the next one can need.
  private mutating func trim() {
    let keep = min(
      position - OpenReports.history - Limit.lookahead, reports.oldest - window.base)
    guard keep > Limit.idle else { return }
    window.discard(before: keep)
    position -= keep
    boundary = boundary.flatMap { $0 >= keep ? $0 - keep : nil }
  }
}
