/// Writes text so that the lexer reads it back as one word.
package enum Quoting {
  /// The text as a word, in the quote that the writer has already opened, if any. With `isOpen` the
  /// quote is not closed, since more is to follow.
  package static func word(
    _ text: String, in quote: UInt8? = nil, isOpen: Bool = false
  ) -> String {
    let isDouble = text.unicodeScalars.contains { $0 == "'" || $0.value < 0x20 }
    switch quote {
    case nil where !needsQuotes(text): return text
    case UInt8(ascii: "\""): return doubleQuoted(text, isOpen: isOpen)
    default: return isDouble ? doubleQuoted(text, isOpen: isOpen) : singleQuoted(text, isOpen)
    }
  }

  private static func needsQuotes(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    if first == UInt8(ascii: "#") || first == UInt8(ascii: ">") { return true }
    // Quoted, it is no flag.
    if text.hasPrefix("--") { return true }
    return text.utf8.contains { $0.isBlank || $0 < 0x20 || special.contains($0) }
  }

  private static let special: [UInt8] = Array(#"'"\;|*?["#.utf8)

  private static func singleQuoted(_ text: String, _ isOpen: Bool) -> String {
    "'\(text)\(isOpen ? "" : "'")"
  }

  private static func doubleQuoted(_ text: String, isOpen: Bool) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": quoted += #"\n"#
      case "\t": quoted += #"\t"#
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20: quoted += #"\u{\#(String(scalar.value, radix: 16))}"#
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return isOpen ? quoted : quoted + "\""
  }
}
