package import KernelLog

/// Reads one report out of the bytes that hold it.
package struct ReportParser: Sendable {
  private let format: LogFormat
  private let clock: Clock
  /// Whether everything is kept, or only what a list of events shows, of reports that are not damaged.
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
    /// Whether another message is glued to its last line: the first byte of that tells, whoever reads
    /// the report's bytes alone, that the line's own end is lost.
    var isGlued = false
  }

  /// Reads the report that lies in a range.
  ///
  /// - Parameters:
  ///   - bytes: What was read of the source.
  ///   - range: Offsets into `bytes`; more may lie behind the report, such as other messages.
  ///   - firstLine: The 1-based line of the source at the range's beginning.
  ///   - host: Only this host's lines are the report's; nil where its lines name none.
  /// - Returns: nil where nothing in the range belongs to a report.
  package func parse(
    _ bytes: Span<UInt8>, _ range: Range<Int>, firstLine: Int, host: LogText?
  ) -> Parsed? {
    parse(bytes, range, Origin(firstLine: firstLine, host: host))
  }

  /// Reads the report of which these bytes are all there is, and what they lack of its source is known.
  ///
  /// - Parameters:
  ///   - bytes: The report's own.
  ///   - firstLine: Their 1-based line in the source.
  ///   - host: The report's; other hosts' lines may stand among its own.
  /// - Returns: nil where nothing in the bytes belongs to a report.
  package func parse(alone bytes: Span<UInt8>, firstLine: Int, host: LogText?) -> Parsed? {
    let isApart = format.namesHostApart
    return parse(
      bytes, 0..<bytes.count, Origin(firstLine: firstLine, host: host, isNamedApart: isApart))
  }

  /// What is known of a report before its bytes are read.
  private struct Origin {
    let firstLine: Int
    let host: LogText?
    /// Whether what names a record's host may not be among the bytes.
    var isNamedApart = false
  }

  private func parse(_ bytes: Span<UInt8>, _ range: Range<Int>, _ origin: Origin) -> Parsed? {
    let reading = read(bytes, range, origin, isWhole: isWhole)
    let parsed =
      reading.isDamaged && !isWhole
      ? read(bytes, range, origin, isWhole: true).finish(clock)
      : reading.finish(clock)
    return parsed.map { $0.carrier == .dmesgDelta ? dated($0, in: bytes) : $0 }
  }

  private func read(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ origin: Origin, isWhole: Bool
  ) -> ReportReading {
    let host = origin.host
    var reading = ReportReading(isWhole: isWhole, firstLine: origin.firstLine, host: host)
    var decoder = MessageDecoder()
    var offset = range.lowerBound
    var line = origin.firstLine
    var name = host
    while offset < range.upperBound, !reading.isOver {
      let record = format.record(at: offset, in: bytes)
      // A line without prefix is of the host of the line before.
      if !record.isBare {
        name = record.host.map { bytes.text($0) } ?? (origin.isNamedApart ? host : nil)
      }
      if record.origin != .program, name == host {
        decoder.withMessage(of: record, in: bytes) { message in
          reading.add(message, record, line: line)
        }
      }
      let end =
        record.isCut ? format.recordStart(behind: record.end, in: bytes) ?? bytes.count : record.end
      line += bytes.newlines(in: record.start..<end)
      offset = max(end, offset + 1)
    }
    return reading
  }

  /// The report with the date that stands somewhere before its lines.
  private func dated(_ parsed: Parsed, in bytes: Span<UInt8>) -> Parsed {
    guard let stamp = format.summedStamp(endingAt: parsed.range.upperBound, in: bytes) else {
      return parsed
    }
    var report = parsed.report
    report.time = clock.time(of: stamp, parsed.carrier)
    return Parsed(
      report: report, range: parsed.range, carrier: parsed.carrier, isGlued: parsed.isGlued)
  }
}
