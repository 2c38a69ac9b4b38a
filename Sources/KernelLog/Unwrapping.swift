/// Taking off what others put around a line's bytes.
enum Unwrapping {
  /// Appends a message's bytes as its carrier wrote them.
  static func unwrap(
    _ message: Span<UInt8>, _ wrapping: LogRecord.Wrapping, into bytes: inout [UInt8]
  ) {
    switch wrapping {
    case .none:
      for index in message.indices { bytes.append(message[index]) }
    case .json:
      Escapes.decode(message, .json, into: &bytes)
    case .html:
      unwrap(message, into: &bytes) { entity($0, at: $1) }
    case .jsonTwice:
      var string: [UInt8] = []
      Escapes.decode(message, .json, into: &string)
      Escapes.decode(string.span, .json, into: &bytes)
    case .csv:
      unwrap(message, into: &bytes) { message, offset in
        message.starts(with: "\"\"", at: offset) ? (.quote, offset + 2) : nil
      }
    case .coloured:
      unwrap(message, into: &bytes) { message, offset in
        message.end(ofMarkAt: offset).map { (nil, $0) }
      }
    case .carriageReturns:
      unwrap(message, into: &bytes) { message, offset in
        message.starts(with: "\r\n", at: offset) ? (.newline, offset + 2) : nil
      }
    case .containerParts, .packets:
      unwrapParts(message, wrapping, into: &bytes)
    }
  }

  private static func unwrap(
    _ message: Span<UInt8>, into bytes: inout [UInt8],
    _ escape: (Span<UInt8>, Int) -> (byte: UInt8?, end: Int)?
  ) {
    var offset = 0
    while offset < message.count {
      if let found = escape(message, offset) {
        if let byte = found.byte { bytes.append(byte) }
        offset = found.end
      } else {
        bytes.append(message[offset])
        offset += 1
      }
    }
  }

  private static func entity(_ message: Span<UInt8>, at offset: Int) -> (byte: UInt8?, end: Int)? {
    guard message[offset] == UInt8(ascii: "&") else { return nil }
    for (name, byte) in entities where message.starts(with: name, at: offset) {
      return (byte, offset + name.utf8CodeUnitCount)
    }
    return nil
  }

  private static let entities: [(StaticString, UInt8)] = [
    ("&lt;", .less), ("&gt;", .greater), ("&amp;", UInt8(ascii: "&")), ("&quot;", .quote),
    ("&#39;", UInt8(ascii: "'")), ("&#x27;", UInt8(ascii: "'")), ("&#34;", .quote),
    ("&nbsp;", .space),
  ]

  /// Joins the lines of a message that came in pieces, without their headers.
  private static func unwrapParts(
    _ message: Span<UInt8>, _ wrapping: LogRecord.Wrapping, into bytes: inout [UInt8]
  ) {
    var offset = 0
    while offset < message.count {
      let end = message.lineEnd(of: offset)
      for index in offset..<end { bytes.append(message[index]) }
      guard end + 1 < message.count else { return }
      offset = Parts.text(message, ofLineAt: end + 1, wrapping)
    }
  }
}
