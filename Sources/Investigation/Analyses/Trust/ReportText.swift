package import KernelLog

/// The messages of a report as its source holds them, with their stamps.
package struct ReportText: Sendable {
  package let messages: [Message]
  /// How the first of them came.
  package let carrier: Carrier?
  /// Whether they were read from the running kernel.
  package let isLive: Bool

  /// One message of the report's host.
  package struct Message: Sendable {
    /// The 1-based line of the source.
    package let line: Int
    package let text: LogText
    /// Since boot, as printk stamped it.
    package let uptimeMicros: Int64?
    package let origin: LogRecord.Origin
  }

  /// No text, for checks of figures alone.
  init() {
    messages = []
    carrier = nil
    isLive = false
  }

  /// - Parameters:
  ///   - bytes: The report, as it stands in its source.
  ///   - format: How records are laid out in them.
  ///   - firstLine: The 1-based line at which they begin.
  ///   - host: Only this host's lines are the report's; nil where they name none.
  ///   - isLive: Whether the source is the running kernel.
  package init(
    _ bytes: [UInt8], format: LogFormat, firstLine: Int, host: LogText?, isLive: Bool = false
  ) {
    let span = bytes.span
    var messages: [Message] = []
    var decoder = MessageDecoder()
    var (offset, line) = (0, firstLine)
    var name = host
    var carrier: Carrier?
    while offset < bytes.count {
      let record = format.record(at: offset, in: span)
      if !record.isBare { name = record.host.map { span.text($0) } }
      if name == host {
        carrier = carrier ?? record.carrier
        let text = decoder.withMessage(of: record, in: span) { LogText($0) }
        messages.append(
          Message(
            line: line, text: text, uptimeMicros: record.stamp.uptimeMicros, origin: record.origin))
      }
      let end = max(record.end, offset + 1)
      line += max(bytes[record.start..<min(end, bytes.count)].count { $0 == .newline }, 1)
      offset = end
    }
    self.messages = messages
    self.carrier = carrier
    self.isLive = isLive
  }
}
