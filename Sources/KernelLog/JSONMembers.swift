/// Walks over the members of one JSON object without building anything.
struct JSONMembers {
  /// Behind the last member read, or behind the closing brace.
  private(set) var offset: Int
  /// Whether the members of objects inside are walked over too, as though they were the object's.
  private let isNested: Bool
  /// How many objects the offset is inside of, the first one apart.
  private var depth = 0
  private var depthOfName = 0

  init(offset: Int, isNested: Bool = false) {
    self.offset = offset
    self.isNested = isNested
  }

  struct Member {
    let name: Range<Int>
    /// The inside of a string or array, or the bare word.
    let value: Range<Int>
    let isArray: Bool
    var isString = false
    /// How many objects inside of the first one it stands in.
    var depth = 0
  }

  private static let brackets = ByteSet("{}[]")

  mutating func next(in bytes: Span<UInt8>) -> Member? {
    var member = nextOfAny(in: bytes)
    member?.depth = depthOfName
    return member
  }

  private mutating func nextOfAny(in bytes: Span<UInt8>) -> Member? {
    skipToMember(in: bytes)
    while isNested, let byte = bytes.byte(at: offset), byte != .quote, depth >= 0 {
      // The rest of an array.
      skip(in: bytes) { $0 != .comma && !Self.brackets.contains($0) }
      skipToMember(in: bytes)
    }
    depthOfName = depth
    guard bytes.byte(at: offset) == .quote, let name = string(in: bytes) else { return nil }
    // Ruby's notation, in which Fluent Bit prints, has an arrow for the colon.
    skip(in: bytes) { $0 <= .space || $0 == .colon || $0 == .equals || $0 == .greater }
    switch bytes.byte(at: offset) {
    case .quote:
      guard let value = string(in: bytes) else { return nil }
      return Member(name: name, value: value, isArray: false, isString: true)
    case .openBracket:
      let start = offset + 1
      if let close = endOfArray(in: bytes) {
        return Member(name: name, value: start..<close, isArray: true)
      }
      guard isNested else { return nil }
      offset = start
      return Member(name: name, value: start..<start, isArray: true)
    case UInt8(ascii: "{") where isNested:
      return Member(name: name, value: offset..<offset, isArray: false)
    default:
      let start = offset
      skip(in: bytes) { $0 != .comma && $0 != UInt8(ascii: "}") && $0 != .newline }
      return Member(name: name, value: start..<offset, isArray: false)
    }
  }

  /// Moves over what stands between members, up to the end of the object.
  private mutating func skipToMember(in bytes: Span<UInt8>) {
    while depth >= 0, let byte = bytes.byte(at: offset),
      byte <= .space || byte == .comma || (isNested && Self.brackets.contains(byte))
    {
      if byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "}") { depth -= 1 }
      offset += depth < 0 ? 0 : 1
    }
  }

  /// The closing bracket of an array of numbers or strings; moves behind it.
  private mutating func endOfArray(in bytes: Span<UInt8>) -> Int? {
    offset += 1
    while let byte = bytes.byte(at: offset) {
      if byte == .closeBracket {
        offset += 1
        return offset - 1
      }
      // Braces stand in no array: it is cut short.
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { return nil }
      if byte != .quote {
        offset += 1
      } else if string(in: bytes) == nil {
        return nil
      }
    }
    return nil
  }

  /// Reads a string's inside and moves behind its closing quote. No string goes over a line's end.
  private mutating func string(in bytes: Span<UInt8>) -> Range<Int>? {
    let start = offset + 1
    let line = bytes.extracting(0..<bytes.lineEnd(of: start))
    var cursor = start
    while let found = line.first(.quote, or: .backslash, from: cursor) {
      if line[found] == .quote {
        offset = found + 1
        return start..<found
      }
      cursor = found + 2
    }
    offset = line.count
    return nil
  }

  private mutating func skip(in bytes: Span<UInt8>, while isSkipped: (UInt8) -> Bool) {
    while let byte = bytes.byte(at: offset), isSkipped(byte) { offset += 1 }
  }
}
