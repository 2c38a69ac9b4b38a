internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// Where the bytes of an input's reports can be had again.
struct LoadedSource: Sendable {
  let clock: Clock
  let format: LogFormat
  /// The file, and behind it the later ones of the same rotated log, in which a report may go on.
  var files: [File] = []
  /// Reports kept from what cannot be read again, or says less without what surrounds it, by the offset at which each begins.
  var kept: [Int: ReportBytes] = [:]
  /// Whether they are records that `oomsh extract` made of reports, not the reports' lines.
  var isRecords = false

  /// A file that was read to its end.
  struct File: Sendable {
    /// Nil where it cannot be read again.
    let log: Environment.Log?
    let size: Int
    /// Whether its last line has no end of its own.
    let lacksNewline: Bool
  }

  /// The bytes of an event's report.
  func bytes(of event: Event) throws(Environment.Unreadable) -> [UInt8] {
    let text = try text(of: event)
    return Array(text.bytes[text.range])
  }

  private func text(of event: Event) throws(Environment.Unreadable) -> ReportBytes {
    if let text = kept[event.byteRange.lowerBound] { return text }
    var bytes: [UInt8] = []
    var rest = event.byteRange
    for file in files where !rest.isEmpty {
      let part = rest.clamped(to: 0..<file.size)
      if !part.isEmpty {
        guard let again = file.log?.readAgain else { return ReportBytes([]) }
        bytes += try again(part)
      }
      let length = file.size + (file.lacksNewline ? 1 : 0)
      if file.lacksNewline, rest.contains(file.size) { bytes.append(.newline) }
      rest = max(rest.lowerBound - length, 0)..<max(rest.upperBound - length, 0)
    }
    return ReportBytes(bytes)
  }

  /// The whole report of an event, and how its first line came; nil where its bytes are not there
  /// any more.
  func report(
    of event: Event
  ) throws(Environment.Unreadable) -> (report: OOMReport, carrier: Carrier)? {
    let text = try text(of: event)
    if isRecords { return Self.report(ofRecord: text.bytes) }
    let parser = ReportParser(format: format, clock: clock, isWhole: true)
    // The name may be another log's of the same event.
    let host = parser.host(of: text, knownAs: event.host)
    let parsed = parser.parse(text, firstLine: event.firstLine, host: host)
    guard let parsed else { return nil }
    var report = parsed.report
    // The time may stand before the report's bytes, as in dmesg's JSON.
    report.time = event.time
    return (report, parsed.carrier)
  }

  private static func report(
    ofRecord bytes: [UInt8]
  ) -> (report: OOMReport, carrier: Carrier)? {
    guard let record = try? JSONValue(parsing: bytes), let report = OOMReport(record: record) else {
      return nil
    }
    let carrier = RecordFields(record)?.object("source")?.string("carrier")
    return (report, carrier.flatMap(Carrier.init(rawValue:)) ?? .plain)
  }
}
