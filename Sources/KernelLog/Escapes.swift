/// The escapes in which carriers write bytes.
enum Escapes {
  /// Appends the bytes that an encoded message stands for.
  static func decode(
    _ message: Span<UInt8>, _ encoding: LogRecord.Encoding, into bytes: inout [UInt8]
  ) {
    var offset = 0
    while offset < message.count {
      offset = decode(message, encoding, at: offset, into: &bytes)
    }
  }

  /// Appends what the escape or the byte at an offset stands for; returns the offset behind it.
  static func decode(
    _ message: Span<UInt8>, _ encoding: LogRecord.Encoding, at offset: Int,
    into bytes: inout [UInt8]
  ) -> Int {
    let next: Int? =
      switch encoding {
      case .plain: nil
      case .dmesg: decodeHex(message, at: offset, keepsPrintable: true, into: &bytes)
      case .coloured:
        message.end(ofColourAt: offset)
          ?? decodeHex(message, at: offset, keepsPrintable: true, into: &bytes)
      case .kmsg: decodeHex(message, at: offset, keepsPrintable: false, into: &bytes)
      // Daemons that read /dev/kmsg pass its escapes on.
      case .syslog:
        decodeOctal(message, at: offset, into: &bytes)
          ?? decodeHex(message, at: offset, keepsPrintable: true, into: &bytes)
      case .json: decodeJSON(message, at: offset, into: &bytes)
      case .indentedField: skipIndent(message, at: offset, into: &bytes)
      case .byteArray: decodeNumber(message, at: offset, into: &bytes)
      }
    if let next { return next }
    bytes.append(message[offset])
    return offset + 1
  }

  /// `\xNN`. dmesg never writes a printable byte so, but a name may hold those four characters:
  /// systemd escapes its unit names in the same way.
  private static func decodeHex(
    _ message: Span<UInt8>, at offset: Int, keepsPrintable: Bool, into bytes: inout [UInt8]
  ) -> Int? {
    guard message.starts(with: "\\x", at: offset),
      let high = message.byte(at: offset + 2)?.hexValue,
      let low = message.byte(at: offset + 3)?.hexValue
    else { return nil }
    let byte = high << 4 | low
    if keepsPrintable, byte >= 0x20, byte < 0x7F { return nil }
    bytes.append(byte)
    return offset + 4
  }

  /// `#NNN`, of which only control characters and bytes above ASCII are escapes.
  private static func decodeOctal(
    _ message: Span<UInt8>, at offset: Int, into bytes: inout [UInt8]
  ) -> Int? {
    guard message[offset] == UInt8(ascii: "#"), offset + 3 < message.count else { return nil }
    var value = 0
    for index in offset + 1...offset + 3 {
      guard (0x30...0x37).contains(message[index]) else { return nil }
      value = value * 8 + Int(message[index] - .zero)
    }
    guard value < 0x20 || (0x7F...0xFF).contains(value) else { return nil }
    bytes.append(UInt8(value))
    return offset + 4
  }

  private static func decodeJSON(
    _ message: Span<UInt8>, at offset: Int, into bytes: inout [UInt8]
  ) -> Int? {
    guard message[offset] == .backslash, let letter = message.byte(at: offset + 1) else {
      return nil
    }
    switch letter {
    case UInt8(ascii: "n"): bytes.append(.newline)
    case UInt8(ascii: "t"): bytes.append(.tab)
    case UInt8(ascii: "r"): bytes.append(.carriageReturn)
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "f"): bytes.append(0x0C)
    case UInt8(ascii: "u"): return decodeUnicode(message, at: offset, into: &bytes)
    default: bytes.append(letter)
    }
    return offset + 2
  }

  private static func decodeUnicode(
    _ message: Span<UInt8>, at offset: Int, into bytes: inout [UInt8]
  ) -> Int? {
    guard let first = message.hexQuad(at: offset + 2) else { return nil }
    var end = offset + 6
    var value = first
    if (0xD800...0xDBFF).contains(first), message.starts(with: "\\u", at: end),
      let second = message.hexQuad(at: end + 2), (0xDC00...0xDFFF).contains(second)
    {
      value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      end += 6
    }
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    bytes.append(contentsOf: String(Character(scalar)).utf8)
    return end
  }

  /// A line break, and the blanks behind it down to the field's own column.
  private static func skipIndent(
    _ message: Span<UInt8>, at offset: Int, into bytes: inout [UInt8]
  ) -> Int? {
    guard message[offset] == .newline else { return nil }
    bytes.append(.newline)
    // Four blanks, the name and the equals sign stand before the first line.
    let column = "    MESSAGE=".utf8.count
    return min(message.skippingBlanks(from: offset + 1), offset + 1 + column)
  }

  private static func decodeNumber(
    _ message: Span<UInt8>, at offset: Int, into bytes: inout [UInt8]
  ) -> Int? {
    var cursor = offset
    guard let value = message.integer(at: &cursor) else { return offset + 1 }
    if let byte = UInt8(exactly: value) { bytes.append(byte) }
    return cursor
  }
}
extension Span where Element == UInt8 {
  fileprivate func hexQuad(at offset: Int) -> UInt32? {
    guard offset + 4 <= count else { return nil }
    var value: UInt32 = 0
    for index in offset..<offset + 4 {
      guard let digit = self[index].hexValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
