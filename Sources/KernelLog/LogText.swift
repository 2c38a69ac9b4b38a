/// Bytes that came from a log: a process, cgroup or host name, or a whole line.
///
/// They may hold anything but NUL: escape sequences, broken UTF-8, newlines. `description` is the
/// only way to a String, and it is safe to print.
package struct LogText: Sendable, Hashable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  package init(_ bytes: Span<UInt8>) {
    self.bytes = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Hashes the bytes at once: element by element takes many times as long.
  package func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The text with every byte that is not printable UTF-8 written `\xNN`, and a backslash `\\`.
  ///
  /// The form is that of the event record, and it can be turned back into the bytes.
  package var description: String {
    var result = ""
    var decoder = UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var position = 0
    scan: while true {
      switch decoder.parseScalar(from: &rest) {
      case .valid(let encoded):
        let length = encoded.count
        let scalar = UTF8.decode(encoded)
        append(scalar, bytes[position..<position + length], to: &result)
        position += length
      case .error(let length):
        for byte in bytes[position..<position + length] { appendEscape(byte, to: &result) }
        position += length
      case .emptyInput:
        break scan
      }
    }
    return result
  }

  /// Turns `description` back into the bytes; a backslash that begins no escape stands for itself.
  package init(escaped text: String) {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count)
    var position = 0
    while position < source.count {
      if source[position] == UInt8.backslash, position + 1 < source.count {
        if source[position + 1] == UInt8.backslash {
          bytes.append(UInt8.backslash)
          position += 2
          continue
        }
        if source[position + 1] == UInt8(ascii: "x"), position + 3 < source.count,
          let high = source[position + 2].hexValue, let low = source[position + 3].hexValue
        {
          bytes.append(high << 4 | low)
          position += 4
          continue
        }
      }
      bytes.append(source[position])
      position += 1
    }
    self.bytes = bytes
  }

  private func append(
    _ scalar: Unicode.Scalar, _ encoded: ArraySlice<UInt8>, to result: inout String
  ) {
    if scalar == "\\" {
      result += "\\\\"
    } else if scalar.isPrintable {
      result.unicodeScalars.append(scalar)
    } else {
      for byte in encoded { appendEscape(byte, to: &result) }
    }
  }

  private func appendEscape(_ byte: UInt8, to result: inout String) {
    let digits = Array("0123456789abcdef".unicodeScalars)
    result += "\\x"
    result.unicodeScalars.append(digits[Int(byte >> 4)])
    result.unicodeScalars.append(digits[Int(byte & 15)])
  }
}

extension Unicode.Scalar {
  /// Whether a terminal shows it as a sign: no control, no direction or format sign, nothing
  /// private or unassigned.
  fileprivate var isPrintable: Bool {
    if isASCII { return value >= 0x20 && value < 0x7F }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      return false
    default:
      return true
    }
  }
}

extension LogText {
  /// The text for people who read a whole line: like `description`, but a backslash stays single.
  ///
  /// It cannot be turned back into the bytes.
  package var readable: String {
    var result = ""
    for part in bytes.split(separator: UInt8.backslash, omittingEmptySubsequences: false) {
      if !result.isEmpty || part.startIndex > 0 { result += "\\" }
      result += LogText(Array(part)).description
    }
    return result
  }
}
