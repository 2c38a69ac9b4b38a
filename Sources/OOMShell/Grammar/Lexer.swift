/// Cuts a line into words.
///
/// ```
/// line    := [command] { ";" [command] } [ "#" comment ]
/// command := word { blank word }
/// word    := { plain | "\" any | 'anything but a quote' | "text with \n \t \" \\ \u{1F600}" }
/// ```
///
/// - `#` begins a comment at the start of a word only, so `a#b` is a word.
/// - `key=value`, `key!=value`, `key~pattern` and `key>=1G` are one word each: `>` is special at
///   the start of a word only. `|` is special everywhere, and `;` separates everywhere.
/// - A backslash at the end of the line joins the next line to it.
///
/// It is a pure function of the line and never fails; `LexedLine.fault` holds the first error.
package struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  private var line = LexedLine()

  /// Cuts one line, or several that a trailing backslash has joined.
  package static func scan(_ line: String) -> LexedLine {
    var lexer = Lexer(bytes: Array(line.utf8))
    lexer.scanLine()
    return lexer.line
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }
}

extension Lexer {
  private mutating func scanLine() {
    while let byte = peek() {
      switch byte {
      case _ where byte.isBlank:
        position += 1
      case UInt8(ascii: ";"):
        line.tokens.append(.separator)
        position += 1
      case UInt8(ascii: "#"):
        line.comment = position
        return
      case UInt8(ascii: "|"), UInt8(ascii: ">"):
        reserve()
        return
      default:
        guard scanWord() else { return }
      }
    }
  }

  /// Reads one word; false where the rest of the line cannot be read.
  private mutating func scanWord() -> Bool {
    let start = position
    var text: [UInt8] = []
    var openQuote: UInt8?
    var isReserved = false
    var wildcards: Set<Int> = []
    scan: while let byte = peek() {
      switch byte {
      case _ where byte.isBlank || byte == UInt8(ascii: ";"):
        break scan
      case UInt8(ascii: "|"):
        isReserved = true
        break scan
      case UInt8(ascii: "'"):
        openQuote = scanSingleQuoted(into: &text)
      case UInt8(ascii: "\""):
        openQuote = scanDoubleQuoted(into: &text)
      case UInt8(ascii: "\\"):
        scanEscape(into: &text)
      default:
        if Word.isWildcard(byte) { wildcards.insert(text.count) }
        text.append(byte)
        position += 1
      }
    }
    let isOnlyContinuation = line.continues && text.isEmpty && position == start + 1
    if !isOnlyContinuation {
      var word = Word(
        String(decoding: text, as: UTF8.self), start..<position,
        startsQuoted: bytes[start].isQuoting, openQuote: openQuote)
      word.wildcards = wildcards
      line.tokens.append(.word(word))
    }
    if isReserved { reserve() }
    return !isReserved
  }

  /// Reads `'…'`, and returns the quote if it is not closed.
  private mutating func scanSingleQuoted(into text: inout [UInt8]) -> UInt8? {
    let quote = UInt8(ascii: "'")
    let start = position
    position += 1
    while let byte = peek() {
      position += 1
      if byte == quote { return nil }
      text.append(byte)
    }
    fail(.unclosedQuote(quote, at: start))
    return quote
  }

  /// Reads `"…"`, and returns the quote if it is not closed.
  private mutating func scanDoubleQuoted(into text: inout [UInt8]) -> UInt8? {
    let quote = UInt8(ascii: "\"")
    let start = position
    position += 1
    while let byte = peek() {
      position += 1
      if byte == quote { return nil }
      if byte != UInt8(ascii: "\\") {
        text.append(byte)
      } else if peek() == nil {
        line.continues = true
        return quote
      } else {
        scanQuotedEscape(into: &text)
      }
    }
    fail(.unclosedQuote(quote, at: start))
    return quote
  }

  /// Reads a backslash outside quotes: the next character stands for itself.
  private mutating func scanEscape(into text: inout [UInt8]) {
    position += 1
    guard let byte = peek() else {
      line.continues = true
      return
    }
    text.append(byte)
    position += 1
  }

  /// Reads what follows a backslash inside double quotes.
  private mutating func scanQuotedEscape(into text: inout [UInt8]) {
    let start = position - 1
    guard let byte = peek() else { return }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
    case UInt8(ascii: "u"): scanScalar(from: start, into: &text)
    default:
      while let next = peek(), next & 0xC0 == 0x80 { position += 1 }
      let escape = String(decoding: bytes[start..<position], as: UTF8.self)
      text.append(contentsOf: escape.utf8)
      fail(.unknownEscape(escape, at: start))
    }
  }

  /// Reads the `{1F600}` of `\u{1F600}`.
  private mutating func scanScalar(from start: Int, into text: inout [UInt8]) {
    var value: UInt32 = 0
    var digits = 0
    if peek() == UInt8(ascii: "{") {
      position += 1
      while digits < 6, let digit = peek()?.hexDigit {
        value = value * 16 + digit
        digits += 1
        position += 1
      }
      if digits > 0, peek() == UInt8(ascii: "}"), let scalar = Unicode.Scalar(value) {
        position += 1
        text.append(contentsOf: String(Character(scalar)).utf8)
        return
      }
    }
    fail(.badScalar(at: start))
  }

  private mutating func reserve() {
    let isAppend = bytes[position...].starts(with: ">>".utf8)
    let mark = isAppend ? ">>" : String(decoding: [bytes[position]], as: UTF8.self)
    fail(.reserved(mark, at: position))
    position = bytes.count
  }

  private mutating func fail(_ fault: LexicalFault) {
    if line.fault == nil { line.fault = fault }
  }

  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }
}

extension UInt8 {
  /// Whether it separates words: space, tab, and the ends of joined or pasted lines.
  var isBlank: Bool {
    self == UInt8(ascii: " ") || (0x09...0x0D).contains(self)
  }

  /// Whether it makes the next characters stand for themselves.
  fileprivate var isQuoting: Bool {
    self == UInt8(ascii: "'") || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
  }

  /// The value of a hexadecimal digit.
  fileprivate var hexDigit: UInt32? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
