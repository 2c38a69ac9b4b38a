extension JSONValue {
  /// How deep arrays and objects may be nested. The events nest five deep; a hostile file must not
  /// exhaust the stack.
  package static let depthLimit = 128

  /// Reads one JSON value (RFC 8259), with nothing but blanks around it.
  ///
  /// Integers that fit 64 bits are exact, larger ones become doubles. A lone surrogate escape and
  /// bytes that are not UTF-8 become U+FFFD: a log may hold both. Members that are given twice are
  /// both kept.
  package init(parsing bytes: Span<UInt8>) throws(JSONError) {
    var parser = JSONParser()
    self = try parser.document(bytes)
  }

  package init(parsing bytes: [UInt8]) throws(JSONError) {
    self = try JSONValue(parsing: bytes.span)
  }

  /// The member of an object; nil where this is no object or has no such member. Of two members
  /// with the same name it is the later one, as in most readers.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }
}

/// Reads JSON from bytes that are lent to each step.
private struct JSONParser {
  private var position = 0
  private var depth = 0

  mutating func document(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
    let result = try value(bytes)
    skipBlanks(bytes)
    if position < bytes.count { throw JSONError(.trailingBytes, at: position) }
    return result
  }

  private mutating func value(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
    skipBlanks(bytes)
    switch try next(bytes) {
    case UInt8(ascii: "{"): return try .object(object(bytes))
    case UInt8(ascii: "["): return try .array(array(bytes))
    case UInt8(ascii: "\""): return try .string(string(bytes))
    case UInt8(ascii: "t"): return try word("true", .bool(true), bytes)
    case UInt8(ascii: "f"): return try word("false", .bool(false), bytes)
    case UInt8(ascii: "n"): return try word("null", .null, bytes)
    case UInt8(ascii: "-"), UInt8.digits: return try number(bytes)
    default: throw JSONError(.unexpectedByte, at: position)
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue, _ bytes: Span<UInt8>
  ) throws(JSONError) -> JSONValue {
    for byte in "\(word)".utf8 { try expect(byte, bytes) }
    return value
  }

  // MARK: Arrays and objects

  private mutating func array(_ bytes: Span<UInt8>) throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    guard try open(closedBy: UInt8(ascii: "]"), bytes) else { return elements }
    repeat { try elements.append(value(bytes)) } while try goesOn(until: UInt8(ascii: "]"), bytes)
    return elements
  }

  private mutating func object(_ bytes: Span<UInt8>) throws(JSONError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    guard try open(closedBy: UInt8(ascii: "}"), bytes) else { return members }
    repeat {
      skipBlanks(bytes)
      let name = try string(bytes)
      skipBlanks(bytes)
      try expect(UInt8(ascii: ":"), bytes)
      try members.append(JSONValue.Member(name, value(bytes)))
    } while try goesOn(until: UInt8(ascii: "}"), bytes)
    return members
  }

  /// Passes the opening bracket; false if the closing one follows at once.
  private mutating func open(
    closedBy close: UInt8, _ bytes: Span<UInt8>
  ) throws(JSONError) -> Bool {
    if depth == JSONValue.depthLimit { throw JSONError(.tooDeep, at: position) }
    position += 1
    skipBlanks(bytes)
    if try next(bytes) == close {
      position += 1
      return false
    }
    depth += 1
    return true
  }

  /// Passes a comma, or the closing bracket and then answers false.
  private mutating func goesOn(
    until close: UInt8, _ bytes: Span<UInt8>
  ) throws(JSONError) -> Bool {
    skipBlanks(bytes)
    if try next(bytes) == close {
      position += 1
      depth -= 1
      return false
    }
    try expect(UInt8(ascii: ","), bytes)
    return true
  }

  // MARK: Numbers

  private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let isZero = try next(bytes) == UInt8(ascii: "0")
    let whole = try digits(bytes)
    if isZero, whole.count > 1 { throw JSONError(.unexpectedByte, at: whole.lowerBound + 1) }
    var isInteger = true
    if has(UInt8(ascii: "."), bytes) {
      isInteger = false
      position += 1
      _ = try digits(bytes)
    }
    if has(UInt8(ascii: "e"), bytes) || has(UInt8(ascii: "E"), bytes) {
      isInteger = false
      position += 1
      if has(UInt8(ascii: "+"), bytes) || has(UInt8(ascii: "-"), bytes) { position += 1 }
      _ = try digits(bytes)
    }

    let text = String(decoding: Self.copy(bytes.extracting(start..<position)), as: UTF8.self)
    if isInteger, let integer = Int64(text) { return .int(integer) }
    guard let double = Double(text), double.isFinite else {
      throw JSONError(.numberOutOfRange, at: start)
    }
    return .double(double)
  }

  /// Passes at least one digit.
  private mutating func digits(_ bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
    let start = position
    while position < bytes.count, UInt8.digits.contains(bytes[position]) { position += 1 }
    if position == start {
      throw JSONError(start < bytes.count ? .unexpectedByte : .unexpectedEnd, at: start)
    }
    return start..<position
  }

  // MARK: Strings

  private mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
    try expect(UInt8(ascii: "\""), bytes)
    var text: [UInt8] = []
    while true {
      let byte = try next(bytes)
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        let scalar = try escape(bytes)
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      case 0..<0x20:
        throw JSONError(.controlCharacter, at: position)
      default:
        text.append(byte)
        position += 1
      }
    }
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
    UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
    UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
  ]

  private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
    let start = position
    position += 1
    let letter = try next(bytes)
    position += 1
    if let scalar = Self.escapes[letter] { return scalar }
    guard letter == UInt8(ascii: "u") else { throw JSONError(.badEscape, at: start) }
    let unit = try codeUnit(bytes)
    if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
    return try secondHalf(of: unit, bytes) ?? "\u{fffd}"
  }

  /// The character of a surrogate pair whose first half was just read; nil, with nothing passed,
  /// where no second half follows.
  private mutating func secondHalf(
    of high: UInt16, _ bytes: Span<UInt8>
  ) throws(JSONError) -> Unicode.Scalar? {
    let start = position
    guard UTF16.isLeadSurrogate(high), has(UInt8(ascii: "\\"), bytes) else { return nil }
    position += 1
    if has(UInt8(ascii: "u"), bytes) {
      position += 1
      let low = try codeUnit(bytes)
      if UTF16.isTrailSurrogate(low) {
        return Unicode.Scalar(0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(low) - 0xdc00))
      }
    }
    position = start
    return nil
  }

  private mutating func codeUnit(_ bytes: Span<UInt8>) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(try next(bytes))).hexDigitValue else {
        throw JSONError(.badEscape, at: position)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  // MARK: Bytes

  private func next(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
    guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
    return bytes[position]
  }

  private func has(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    position < bytes.count && bytes[position] == byte
  }

  private mutating func expect(_ byte: UInt8, _ bytes: Span<UInt8>) throws(JSONError) {
    guard try next(bytes) == byte else { throw JSONError(.unexpectedByte, at: position) }
    position += 1
  }

  private mutating func skipBlanks(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for index in bytes.indices { copy.append(bytes[index]) }
    return copy
  }
}

extension UInt8 {
  /// The ASCII digits.
  fileprivate static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
