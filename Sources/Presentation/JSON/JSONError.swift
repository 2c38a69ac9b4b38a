/// Why a text is no JSON, and where.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of faults; the raw values are what a person reads.
  package enum Reason: String, Sendable, CaseIterable {
    case unexpectedEnd = "the text ends within a value"
    case unexpectedByte = "unexpected character"
    case badEscape = "unknown escape in a string"
    case controlCharacter = "unescaped control character in a string"
    case numberOutOfRange = "number too large"
    case tooDeep = "too many nested arrays or objects"
    case trailingBytes = "text after the value"
  }

  package let reason: Reason
  /// Where the fault is, in bytes from the start of the text.
  package let offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  package var description: String { "\(reason.rawValue), at byte \(offset)" }
}
