/// Turns a message as its carrier wrote it back into the bytes that the kernel logged.
package struct MessageDecoder: Sendable {
  private var scratch: [UInt8] = []

  package init() {}

  /// Lends the decoded message of a record to `body`.
  ///
  /// Messages without escapes are lent where they stand.
  package mutating func withMessage<Result>(
    of record: LogRecord, in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    let message = bytes.extracting(record.message)
    guard record.wrapping == .none else {
      var unwrapped: [UInt8] = []
      unwrapped.reserveCapacity(message.count)
      Unwrapping.unwrap(message, record.wrapping, into: &unwrapped)
      return withDecoded(unwrapped.span, record.encoding, body)
    }
    return withDecoded(message, record.encoding, body)
  }

  private mutating func withDecoded<Result>(
    _ message: Span<UInt8>, _ encoding: LogRecord.Encoding, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    switch encoding {
    case .plain:
      return body(message)
    case .dmesg where message.first("\\x") == nil:
      return body(message)
    case .kmsg where message.first(.backslash) == nil:
      return body(message)
    case .syslog where message.first(UInt8(ascii: "#")) == nil:
      return body(message)
    case .json where message.first(.backslash) == nil:
      return body(message)
    case .indentedField where message.first(.newline) == nil:
      return body(message)
    case .dmesg, .coloured, .kmsg, .syslog, .json, .indentedField, .byteArray:
      scratch.removeAll(keepingCapacity: true)
      Escapes.decode(message, encoding, into: &scratch)
      return body(scratch.span)
    }
  }
}
