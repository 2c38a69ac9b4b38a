internal import KernelLog

/// Reads the plain texts of /proc and /sys, which in a captured root may hold anything.
enum ProcText {
  static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
  }

  /// The words between blanks and tabs.
  static func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    line.split(whereSeparator: isBlank)
  }

  static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = text.drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return start.prefix(0) }
    return start[...last]
  }

  /// A decimal number with an optional sign and nothing else; nil where it does not fit.
  static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
    let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
    guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 })
    else { return nil }
    return Int64(String(decoding: text, as: UTF8.self))
  }

  /// The value of a file that holds one; nil where it is empty.
  static func firstLine(_ bytes: [UInt8]) -> LogText? {
    guard let line = lines(bytes).first else { return nil }
    let value = trimmed(line)
    return value.isEmpty ? nil : LogText(Array(value))
  }

  /// The figure in a text of `name value` lines.
  static func value(of name: String, in bytes: [UInt8]) -> Int64? {
    for line in lines(bytes) {
      let words = words(line)
      if words.count == 2, words[0].elementsEqual(name.utf8) { return integer(words[1]) }
    }
    return nil
  }

  /// A module parameter of the kernel's type bool.
  static func flag(_ bytes: [UInt8]) -> Bool? {
    switch firstLine(bytes)?.bytes.first {
    case UInt8(ascii: "Y"), UInt8(ascii: "1"): true
    case UInt8(ascii: "N"), UInt8(ascii: "0"): false
    default: nil
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
