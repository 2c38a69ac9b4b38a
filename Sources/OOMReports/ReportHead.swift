internal import KernelLog

/// Looking back for the beginning of a report whose first line is lost.
///
/// Dumps of other kinds name a task and print a trace and a memory state as a report does, so what
/// stands before a kill is of its report only where it shows that.
struct ReportHead {
  /// Messages that are no part of a report, in a row, at which the search gives up.
  private static let patience = 8

  /// The source's offset and line of a record.
  private typealias Place = (offset: Int, line: Int)

  /// The earliest line that is taken for the report's.
  private var best: Place
  /// The earliest one that nothing but a report prints.
  private var sure: Place
  /// The same without the head.
  private var surelyBody: Place
  /// The stamp of the earliest line taken so far, which a line before it must be near to.
  private var stamp: Stamp
  private var phase = Phase.body
  /// Whether a table or a cgroup's figures stand between the head and the kill.
  private var hasBody = false
  /// Whether the trace is known to be the report's.
  private var isProven = false
  private var isOver = false

  /// How far back the search has come.
  private enum Phase {
    case body, trace, task
  }

  private init(_ key: OpenReport.Key, at place: Place) {
    (best, sure, surelyBody) = (place, place, place)
    stamp = key.place.record.stamp
  }

  /// The source's offset and line at which the report of a key line begins.
  ///
  /// An earlier report ended at `floor` in `bytes`, which begin at `base` in the source.
  static func search(
    before key: OpenReport.Key, floor: Int, in bytes: Span<UInt8>, _ format: LogFormat, _ base: Int
  ) -> (start: Int, line: Int) {
    let host = key.place.host
    var decoder = MessageDecoder()
    var cursor = (offset: key.place.range.lowerBound - base, line: key.place.line)
    var head = ReportHead(key, at: cursor)
    var behind = key.line
    var misses = 0
    while cursor.offset > floor, misses < patience, !head.isOver {
      let start = format.recordStart(of: cursor.offset - 1, in: bytes, floor: floor)
      cursor.line -= bytes.newlines(in: start..<cursor.offset)
      cursor.offset = start
      let record = format.record(at: start, in: bytes)
      let name = record.host.map { bytes.text($0) }
      guard record.origin != .program, record.isBare || name == host, !record.message.isEmpty
      else { continue }
      let found = decoder.withMessage(of: record, in: bytes) { message in
        let start = message.skippingBlanks(from: 0)
        return (
          key: KeyLine(message), part: HeadPart(message.extracting(start..<message.count))
        )
      }
      // Of a torn stamp, the line is passed over; a run of old lines ends the search.
      guard let part = found.part, !record.stamp.isLeap(to: head.stamp) else {
        misses += 1
        continue
      }
      if let key = found.key {
        guard key.mayPrecede(behind) else { break }
        behind = key
      }
      misses = 0
      head.add(part, isKey: found.key != nil, record.stamp, at: cursor)
    }
    return (base + head.best.offset, head.best.line)
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

  /// Goes back over one more line.
  private mutating func add(_ part: HeadPart, isKey: Bool, _ stamp: Stamp, at place: Place) {
    switch (part, phase) {
    case (.own, .body):
      hasBody = hasBody || !isKey
      (best, sure, surelyBody) = (place, place, place)
    case (.memory, .body), (.beginning, .body):
      best = place
    case (.boundary, _):
      // The memory state behind it is that dump's.
      best = sure
      isOver = true
    case (.trace(.other?), .body), (.trace(.other?), .trace):
      // So is the trace, though a report's functions may have called what printed it.
      best = surelyBody
      isOver = true
    case (.trace(let proof), .body), (.trace(let proof), .trace):
      phase = .trace
      isProven = isProven || proof == .killer
      takeHead(place)
    case (.task, _), (.beginning, _):
      phase = .task
      takeHead(place)
    case (.own, _), (.memory, _), (.trace, .task):
      // What stands before a head is of another dump.
      isOver = true
    }
    if stamp != Stamp() { self.stamp = stamp }
  }

  /// Takes a line of the head, if the head is the report's.
  private mutating func takeHead(_ place: Place) {
    if isProven {
      (best, sure) = (place, place)
    } else if hasBody {
      best = place
    }
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
