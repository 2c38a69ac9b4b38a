extension JSONValue {
  /// The value as JSON text without a final newline: on one line, or indented by two spaces.
  package func encoded(pretty: Bool = false) -> String {
    var bytes: [UInt8] = []
    encode(into: &bytes, pretty: pretty)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the value as JSON text.
  ///
  /// Integers are exact, doubles have the fewest digits that read back as the same number, and
  /// what JSON cannot say, infinities and NaN, is null. Characters that are unsafe to print are
  /// written `\uXXXX`, so that the text may go to a terminal and still means the exact value.
  package func encode(into bytes: inout [UInt8], pretty: Bool = false) {
    JSONWriter.write(self, into: &bytes, depth: pretty ? 0 : nil)
  }
}

/// Writes JSON as UTF-8.
private enum JSONWriter {
  /// Appends a value; `depth` is how far its line is indented, nil where all is on one line.
  static func write(_ value: JSONValue, into bytes: inout [UInt8], depth: Int?) {
    switch value {
    case .null: append("null", to: &bytes)
    case .bool(let flag): append(flag ? "true" : "false", to: &bytes)
    case .int(let number): append("\(number)", to: &bytes)
    case .double(let number): append(number.isFinite ? "\(number)" : "null", to: &bytes)
    case .string(let text): write(text, into: &bytes)
    case .array(let elements):
      writeList(elements, between: "[", and: "]", into: &bytes, depth: depth) { element, bytes in
        write(element, into: &bytes, depth: depth.map { $0 + 1 })
      }
    case .object(let members):
      writeList(members, between: "{", and: "}", into: &bytes, depth: depth) { member, bytes in
        write(member.name, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        if depth != nil { bytes.append(UInt8(ascii: " ")) }
        write(member.value, into: &bytes, depth: depth.map { $0 + 1 })
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], between open: Unicode.Scalar, and close: Unicode.Scalar,
    into bytes: inout [UInt8], depth: Int?, write: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let depth { startLine(in: &bytes, depth: depth + 1) }
      write(element, &bytes)
    }
    if let depth, !elements.isEmpty { startLine(in: &bytes, depth: depth) }
    bytes.append(UInt8(ascii: close))
  }

  private static func startLine(in bytes: inout [UInt8], depth: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: text.utf8)
  }

  private static func write(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain {
      append(text, to: &bytes)
    } else {
      for scalar in text.unicodeScalars { write(scalar, into: &bytes) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func write(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
    switch scalar {
    case "\"": append(#"\""#, to: &bytes)
    case "\\": append(#"\\"#, to: &bytes)
    case "\n": append(#"\n"#, to: &bytes)
    case "\r": append(#"\r"#, to: &bytes)
    case "\t": append(#"\t"#, to: &bytes)
    default:
      guard scalar.isUnsafe else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return
      }
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        let digits = String(unit, radix: 16)
        append(#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits, to: &bytes)
      }
    }
  }
}
