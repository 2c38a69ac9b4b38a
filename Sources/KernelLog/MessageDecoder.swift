/// Turns a message as its carrier wrote it back into the bytes that the kernel logged.
package struct MessageDecoder: Sendable {
  private var scratch: [UInt8] = []

  package init() {}

  /// Lends the decoded message of a record to `body`.
  ///
  /// Messages without escapes are lent where they stand, and nearly all are.
  package mutating func withMessage<Result>(
    of record: LogRecord, in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    let message = bytes.extracting(record.message)
    if record.wrapping == .none, record.encoding.leaves(message) { return body(message) }
    decode(message, record)
    return body(scratch.span)
  }

  /// Puts a decoded message into the scratch bytes.
  private mutating func decode(_ message: Span<UInt8>, _ record: LogRecord) {
    scratch.removeAll(keepingCapacity: true)
    guard record.wrapping != .none else {
      Escapes.decode(message, record.encoding, into: &scratch)
      return
    }
    var unwrapped: [UInt8] = []
    unwrapped.reserveCapacity(message.count)
    Unwrapping.unwrap(message, record.wrapping, into: &unwrapped)
    if record.encoding.leaves(unwrapped.span) {
      scratch = unwrapped
    } else {
      Escapes.decode(unwrapped.span, record.encoding, into: &scratch)
    }
  }
}

extension LogRecord.Encoding {
  /// Whether a message stands for itself, since nothing in it is written as an escape.
  fileprivate func leaves(_ message: Span<UInt8>) -> Bool {
    switch self {
    case .plain: true
    case .dmesg: message.first("\\x") == nil
    case .kmsg, .json: message.first(.backslash) == nil
    case .syslog: message.first(UInt8(ascii: "#")) == nil && message.first("\\x") == nil
    case .indentedField: message.first(.newline) == nil
    case .coloured, .byteArray: false
    }
  }
}
