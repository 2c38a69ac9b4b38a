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
  ///   - hasLeap: Whether the kernel's clock leaps between its key lines, so that it may end before the
  ///     range does.
  /// - Returns: nil where nothing in the range belongs to a report.
  package func parse(
    _ bytes: Span<UInt8>, _ range: Range<Int>, firstLine: Int, host: LogText?,
    hasLeap: Bool = false
  ) -> Parsed? {
    func read(isWhole: Bool) -> ReportReading {
      self.read(
        bytes, range, firstLine: firstLine, host: host, isWhole: isWhole, hasLeap: hasLeap)
    }
    let reading = read(isWhole: isWhole)
    let parsed =
      reading.isDamaged && !isWhole
      ? read(isWhole: true).finish(clock) : reading.finish(clock)
    return parsed.map { $0.carrier == .dmesgDelta ? dated($0, in: bytes) : $0 }
  }

  /// Reads the report that a text is.
  ///
  /// - Parameters:
  ///   - text: The report's own bytes, or more.
  ///   - firstLine: The 1-based line of the source at the report's beginning.
  ///   - host: Only this host's lines are the report's; nil where its lines name none.
  /// - Returns: nil where nothing in the bytes belongs to a report.
  package func parse(_ text: ReportBytes, firstLine: Int, host: LogText?) -> Parsed? {
    parse(text.bytes.span, text.range, firstLine: firstLine, host: host)
  }

  /// Whose report a text is by its own lines: the host that is asked about where one of them names it,
  /// or else the first that is named; where none is, the one that is asked about.
  package func host(of text: ReportBytes, knownAs host: LogText?) -> LogText? {
    let bytes = text.bytes.span
    var first: LogText??
    var offset = text.range.lowerBound
    while offset < text.range.upperBound {
      let record = format.record(at: offset, in: bytes)
      if !record.isBare, record.origin != .program {
        if bytes.isName(record.host, host) { return host }
        if first == nil { first = .some(record.host.map { bytes.text($0) }) }
      }
      offset = max(end(of: record, in: bytes), offset + 1)
    }
    return first ?? host
  }

  private func read(
    _ bytes: Span<UInt8>, _ range: Range<Int>, firstLine: Int, host: LogText?, isWhole: Bool,
    hasLeap: Bool
  ) -> ReportReading {
    var reading = ReportReading(isWhole: isWhole, firstLine: firstLine, host: host)
    var decoder = MessageDecoder()
    var offset = range.lowerBound
    var line = firstLine
    var name = host
    while offset < range.upperBound, !reading.isOver {
      var record = format.record(at: offset, in: bytes)
      // A line without prefix is of the host of the line before.
      if !record.isBare { name = record.host.map { bytes.text($0) } }
      if record.origin != .program, name == host {
        if hasLeap, reading.isInterrupted(before: record.stamp) {
          guard goesOn(reading, behind: record, before: range.upperBound, in: bytes, host: host)
          else { break }
          // The stamp of one line alone is damaged.
          record.stamp = Stamp()
        }
        decoder.withMessage(of: record, in: bytes) { message in
          reading.add(message, record, line: line)
        }
        // Of what stands in quotes, the end is there.
        if record.message.upperBound == bytes.count, !record.isGlued {
          reading.endOpen(line: line)
        }
      }
      let end = end(of: record, in: bytes)
      line += bytes.newlines(in: record.start..<end)
      offset = max(end, offset + 1)
    }
    return reading
  }

  /// Where the next record may begin: behind one that is too long, further on.
  private func end(of record: LogRecord, in bytes: Span<UInt8>) -> Int {
    record.isCut ? format.recordStart(behind: record.end, in: bytes) ?? bytes.count : record.end
  }

  /// Whether the next line with a prefix, if there is one, may follow what has been read.
  private func goesOn(
    _ reading: ReportReading, behind record: LogRecord, before end: Int, in bytes: Span<UInt8>,
    host: LogText?
  ) -> Bool {
    var offset = self.end(of: record, in: bytes)
    while offset < end {
      let next = format.record(at: offset, in: bytes)
      if !next.isBare, next.origin != .program, bytes.isName(next.host, host) {
        return !reading.isInterrupted(before: next.stamp)
      }
      offset = max(self.end(of: next, in: bytes), offset + 1)
    }
    return true
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
