internal import Investigation
internal import KernelLog
internal import OOMReports

/// Where the bytes of an input's reports can be had again.
struct LoadedSource: Sendable {
  let clock: Clock
  let format: LogFormat
  let bytes: Bytes

  enum Bytes: Sendable {
    /// Read from the file when they are wanted.
    case file(Environment.Log)
    /// Kept from a pipe or the ring buffer, by the offset at which each report begins.
    case kept([Int: [UInt8]])
  }

  /// The bytes of an event's report.
  func bytes(of event: Event) throws(Environment.Unreadable) -> [UInt8] {
    switch bytes {
    case .file(let log): try log.readAgain?(event.byteRange) ?? []
    case .kept(let reports): reports[event.byteRange.lowerBound] ?? []
    }
  }

  /// The whole report of an event, and how its first line came; nil where its bytes are not there
  /// any more.
  func report(
    of event: Event
  ) throws(Environment.Unreadable) -> (report: OOMReport, carrier: Carrier)? {
    let bytes = try bytes(of: event)
    let parser = ReportParser(format: format, clock: clock, isWhole: true)
    let parsed = parser.parse(
      bytes.span, 0..<bytes.count, firstLine: event.firstLine, host: event.host)
    guard let parsed else { return nil }
    var report = parsed.report
    // The time may stand before the report's bytes, as in dmesg's JSON.
    report.time = event.time
    return (report, parsed.carrier)
  }
}
