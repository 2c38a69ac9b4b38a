package import KernelLog
internal import OOMReports
package import Presentation

/// `oomsh extract`: bytes in, one JSON object a line out, in memory that does not grow.
package struct Extraction: Sendable {
  private var scanner: ReportScanner
  private let source: String
  private let options: ExtractionOptions
  private var head: [UInt8] = []
  private var part: OwnedPart?
  private var events = 0
  /// Whether any event was found, be it another piece's.
  private var hasFound = false
  private var kills = 0
  private var unplaced = 0
  /// The processes that were killed, of whom other lines may tell too.
  private var killed: Set<Int64> = []
  private static let mostKilled = 10_000

  /// Prepares to read an input, whose name the records give as `source`.
  package init(source: String, clock: Clock, options: ExtractionOptions) {
    self.source = source
    self.options = options
    part = OwnedPart(options)
    scanner = ReportScanner(clock: clock, isWhole: true)
  }

  /// The first line of a run.
  package static func header(version: String) -> JSONValue {
    .object([
      .init("type", "header"), .init("schema", "oomsh.events"), .init("v", .int(1)),
      .init("oomsh", .string(version)),
    ])
  }

  /// Reads the next chunk and writes the events whose end it holds.
  ///
  /// - Parameters:
  ///   - read: Fills the buffer and returns how many bytes it wrote, 0 at the end.
  ///   - write: Gets whole lines.
  /// - Returns: Whether there may be more to read.
  /// - Throws: What `read` throws.
  package mutating func step<Failure>(
    reading read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int,
    write: (JSONValue) -> Void
  ) throws(Failure) -> Bool {
    var found: [(event: ReportScanner.Found, printed: LogText?)] = []
    let hasMore = try unsafe scanner.scanChunk(
      reading: { (buffer) throws(Failure) in
        let readable = unsafe part?.readable(of: buffer) ?? buffer
        guard unsafe !readable.isEmpty else { return 0 }
        let count = try unsafe read(readable)
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: readable[..<count])
        if head.isEmpty { head = unsafe Array(bytes.prefix(Unsuitable.headLength)) }
        unsafe part?.take(bytes)
        return count
      },
      emit: { event, bytes in found.append((event, EventRecord.Source.printed(before: bytes))) })
    hasFound = hasFound || !found.isEmpty
    // What a log that runs backwards seems to hold is not what it holds.
    for (event, printed) in scanner.isReversed ? [] : found {
      var report = event.report
      report.host = report.host ?? options.host
      // What the rest of the input says of its clocks comes too late for what is given away at once.
      report.time = event.timeSoFar
      guard part?.contains(event.byteRange.lowerBound) ?? true else { continue }
      if options.zone == nil, report.time.basis.assumesZone {
        report.time.errorMicros = max(report.time.errorMicros ?? 0, Self.zoneError)
      }
      var place = EventRecord.Source(
        name: source, carrier: event.carrier.rawValue, byteRange: event.byteRange,
        boot: event.boot)
      place.printed = printed
      write(EventRecord(report, source: place, tasks: options.tasks).json)
      events += 1
      kills += report.victims.count
      if killed.count < Self.mostKilled { killed.formUnion(report.victims.compactMap(\.pid)) }
      unplaced += report.time.wallMicros == nil ? 1 : 0
    }
    return hasMore
  }

  /// No zone is further from UTC.
  private static let zoneError: Int64 = 14 * 3_600_000_000

  /// Why what has been read is no log after all: it is packed, or no text. Then there is nothing to
  /// sum up.
  package var fault: CommandError? {
    Unsuitable.fault(of: head, source, hasEvents: hasFound, scanner)
  }

  /// What is to be known of lines that read like a kill and were not read.
  package var warning: String? {
    let strays = scanner.strayKills
    return strays.first.first { !killed.contains($0.pid) }.map {
      StrayKillsNote.text(strays.count, $0, in: source)
    }
  }

  /// The last line of an input: without it, the output was cut short.
  ///
  /// Of a piece, bytes and lines are those that it owns, so that the pieces add up to the whole.
  package var summary: JSONValue {
    var members: [JSONValue.Member] = [.init("type", "summary"), .init("source", .string(source))]
    if let part { members.append(.init("own", part.json)) }
    members += [
      .init("bytes", .int(Int64(part?.byteCount ?? scanner.bytesRead))),
      .init("lines", .int(Int64(part?.lineCount ?? scanner.lineCount))),
      .init("boots", .int(Int64(scanner.clocks.bootCount))), .init("events", .int(Int64(events))),
      .init("kills", .int(Int64(kills))), .init("unplaced", .int(Int64(unplaced))),
    ]
    return .object(members)
  }
}
