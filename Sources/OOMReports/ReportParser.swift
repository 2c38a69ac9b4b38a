package import KernelLog

/// Reads one report out of the bytes that hold it.
package struct ReportParser: Sendable {
  private let format: LogFormat
  private let clock: Clock
  /// Whether everything is kept, or only what a list of events shows.
  private let isWhole: Bool

  package init(format: LogFormat, clock: Clock, isWhole: Bool) {
    self.format = format
    self.clock = clock
    self.isWhole = isWhole
  }

  /// A report, and which of the bytes it takes.
  package struct Parsed: Sendable {
    package let report: OOMReport
    package let range: Range<Int>
    /// How its first line came.
    package let carrier: Carrier
  }

  /// Reads the report that lies in a range.
  ///
  /// - Parameters:
  ///   - bytes: What was read of the source.
  ///   - range: Offsets into `bytes`; more may lie behind the report, such as other messages.
  ///   - firstLine: The 1-based line of the source at the range's beginning.
  ///   - host: Only this host's lines are the report's, where lines name hosts.
  /// - Returns: nil where nothing in the range belongs to a report.
  package func parse(
    _ bytes: Span<UInt8>, _ range: Range<Int>, firstLine: Int, host: LogText?
  ) -> Parsed? {
    var reading = ReportReading(isWhole: isWhole, firstLine: firstLine)
    var decoder = MessageDecoder()
    var offset = range.lowerBound
    var line = firstLine
    while offset < range.upperBound, !reading.isOver {
      let record = format.record(at: offset, in: bytes)
      let name = record.host.map { bytes.text($0) }
      if record.origin != .program, host == nil || name == nil || name == host {
        decoder.withMessage(of: record, in: bytes) { message in
          // Continuation lines of the memory state keep a blank behind their prefix.
          let start = message.skippingBlanks(from: 0)
          reading.add(
            message.extracting(start..<message.count), record, line: line, host: name)
        }
      }
      line += max(bytes.newlines(in: record.start..<record.end), 1)
      offset = max(record.end, offset + 1)
    }
    return reading.finish(clock)
  }
}

/// The state of reading one report, record by record.
private struct ReportReading {
  private var builder: ReportBuilder
  private var range: Range<Int>?
  private var firstAccepted: Int
  private var lastAccepted: Int
  private var idle = 0
  private var stamp = Stamp()
  private var killStamp: Stamp?
  private var host: LogText?
  private var carrier = Carrier.plain
  private var torn: Torn?
  private var foreign: [Diagnostic] = []

  /// A line that broke off, and the report before anything of it was taken.
  private struct Torn {
    let text: [UInt8]
    let line: Int
    let before: ReportBuilder
    /// Whether the line was read as it is, so that nothing is lost if no rest comes.
    let isUsable: Bool
  }

  /// How many messages that are no part of it end a report: a kill is followed by little, but
  /// call traces of many forms stand inside.
  private static let patience = (decided: 40, open: 300)

  init(isWhole: Bool, firstLine: Int) {
    builder = ReportBuilder(firstLine: firstLine, time: LogTime(), isWhole: isWhole)
    firstAccepted = firstLine
    lastAccepted = firstLine
  }

  var isOver: Bool {
    idle > (builder.isDecided ? Self.patience.decided : Self.patience.open)
  }

  mutating func add(_ message: Span<UInt8>, _ record: LogRecord, line: Int, host name: LogText?) {
    if record.stamp != Stamp() { stamp = record.stamp }
    if let joined = torn.flatMap({ join($0, message, record) }) {
      (torn, builder) = (nil, joined)
      accept(record, line, name)
      return
    }
    if let torn, !torn.isUsable { builder.note(.torn, torn.line, torn.text.span) }
    torn = nil

    let before = builder
    let reading = Lines.read(message, line, &builder)
    switch reading {
    case .other:
      idle += 1
      if builder.section == .tasks, builder.taskRows > 0, !builder.isDecided {
        foreign.append(
          Diagnostic(line: line, kind: .foreign, text: message.text(0..<min(message.count, 200))))
      }
      return
    case .torn:
      torn = Torn(text: LogText(message).bytes, line: line, before: before, isUsable: false)
    case .read
    where builder.report.victims.last?.line == line
      && builder.report.victims.last?.totalVM == nil:
      torn = Torn(text: LogText(message).bytes, line: line, before: before, isUsable: true)
    case .read, .known:
      break
    }
    accept(record, line, name)
  }

  private mutating func accept(_ record: LogRecord, _ line: Int, _ name: LogText?) {
    idle = 0
    if range == nil {
      firstAccepted = line
      host = name
      carrier = record.carrier
    }
    host = host ?? name
    lastAccepted = line
    range = (range?.lowerBound ?? record.start)..<record.end
    if builder.section != .tasks || builder.isDecided {
      foreign = []
    } else if !foreign.isEmpty {
      builder.report.diagnostics += foreign.prefix(20)
      foreign = []
    }
    if killStamp == nil, builder.isDecided { killStamp = stamp }
  }

  /// The report with a broken line put together with the one after it; nil where they do not fit.
  ///
  /// A name with a newline breaks its line, and so do mail programs and narrow consoles.
  private func join(
    _ torn: Torn, _ message: Span<UInt8>, _ record: LogRecord
  ) -> ReportBuilder? {
    let indent = record.message.lowerBound - record.start
    let isWrapped = record.isBare && indent < 2
    if torn.isUsable, !message.starts(with: "total-vm:") || !record.isBare { return nil }
    let hasBlank = torn.text.last == .space
    let separators: [[UInt8]] = isWrapped ? (hasBlank ? [[]] : [[.space], []]) : [[.newline]]
    for separator in separators {
      var builder = torn.before
      let text = torn.text + separator + LogText(message).bytes
      if Lines.read(text.span, torn.line, &builder) == .read { return builder }
    }
    return nil
  }

  consuming func finish(_ clock: Clock) -> ReportParser.Parsed? {
    guard let range else { return nil }
    if let torn, !torn.isUsable { builder.note(.torn, torn.line, torn.text.span) }
    var report = builder.report
    report.firstLine = firstAccepted
    report.lastLine = lastAccepted
    report.host = host
    report.time = clock.time(of: killStamp ?? stamp)
    report.taskRowCount = builder.taskRows
    report.status = status
    report.outcome = outcome
    if builder.isWhole { report.pageSize = PageSizeInference.pageSize(of: report) }
    return ReportParser.Parsed(report: report, range: range, carrier: carrier)
  }

  private var status: OOMReport.Status {
    if builder.report.invocation != nil { return builder.isDecided ? .complete : .truncated }
    return builder.hasBody || builder.report.victims.isEmpty ? .headless : .killOnly
  }

  private var outcome: OOMReport.Outcome {
    if builder.report.outcome == .panic { return .panic }
    if !builder.report.victims.isEmpty { return .killed }
    return builder.report.ending == nil ? .unknown : .noVictim
  }
}
