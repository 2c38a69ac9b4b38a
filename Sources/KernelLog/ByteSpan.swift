public import CByteSearch

/// Reading fixed words and numbers out of a line's bytes, without ever making a String of it.
///
/// Positions are offsets into the span. A position past the end is never an error: nothing is
/// found there. What is shorter than a call of it, once its words are known, is inlined everywhere.
extension Span where Element == UInt8 {
  /// The byte at an offset; nil past the end.
  @inlinable @inline(__always)
  package func byte(at offset: Int) -> UInt8? {
    unsafe offset >= 0 && offset < count ? self[unchecked: offset] : nil
  }

  /// Whether these exact bytes stand at an offset.
  @inlinable @inline(__always)
  package func starts(with word: StaticString, at offset: Int = 0) -> Bool {
    let length = word.utf8CodeUnitCount
    guard offset >= 0, offset + length <= count else { return false }
    return unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_stands(bytes.baseAddress, offset, word.utf8Start, 0, length) != 0
    }
  }

  /// Whether so many bytes at an offset are the same as those at an offset of other ones.
  @inlinable @inline(__always)
  package func matches(
    _ offset: Int, _ other: Span<UInt8>, _ otherOffset: Int, _ length: Int
  ) -> Bool {
    guard offset >= 0, otherOffset >= 0, offset + length <= count,
      otherOffset + length <= other.count
    else { return false }
    return unsafe withUnsafeBufferPointer { bytes in
      unsafe other.withUnsafeBufferPointer { other in
        unsafe oomsh_stands(
          bytes.baseAddress, offset, other.baseAddress, otherOffset, length) != 0
      }
    }
  }

  /// Whether so many bytes at an offset are the same as those at another one.
  package func matches(itself other: Int, at offset: Int, _ length: Int) -> Bool {
    guard offset >= 0, other >= 0, Swift.max(offset, other) + length <= count else { return false }
    return unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_stands(bytes.baseAddress, offset, bytes.baseAddress, other, length) != 0
    }
  }

  /// Whether these are the same bytes as others.
  package func isSame(_ other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBufferPointer { bytes in
      unsafe other.withUnsafeBufferPointer { other in
        unsafe oomsh_stands(bytes.baseAddress, 0, other.baseAddress, 0, count) != 0
      }
    }
  }

  /// Whether a range holds exactly a word.
  package func isWord(_ range: Range<Int>, _ word: StaticString) -> Bool {
    range.count == word.utf8CodeUnitCount && starts(with: word, at: range.lowerBound)
  }

  /// The offset just behind a word that stands at an offset; nil where it does not.
  @inlinable @inline(__always)
  package func end(of word: StaticString, at offset: Int) -> Int? {
    starts(with: word, at: offset) ? offset + word.utf8CodeUnitCount : nil
  }

  /// The first offset at or behind `from` where a word stands.
  package func first(_ word: StaticString, from: Int = 0) -> Int? {
    guard from < count else { return nil }
    let found = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_find(
        bytes.baseAddress, bytes.count, max(from, 0), word.utf8Start, word.utf8CodeUnitCount)
    }
    return found < count ? found : nil
  }

  /// The last offset before `before` at which a word both begins and ends.
  package func last(_ word: StaticString, before: Int) -> Int? {
    let length = word.utf8CodeUnitCount
    var end = Swift.min(before, count) - length + 1
    while end > 0, let offset = unsafe last(word.utf8Start[0], before: end) {
      if starts(with: word, at: offset) { return offset }
      end = offset
    }
    return nil
  }

  /// The last offset before `before` of one byte.
  package func last(_ byte: UInt8, before: Int) -> Int? {
    let limit = Swift.min(before, count)
    guard limit > 0 else { return nil }
    let found = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_find_last_byte(bytes.baseAddress, limit, byte)
    }
    return found < limit ? found : nil
  }

  /// The first offset at or behind `from` of one byte.
  package func first(_ byte: UInt8, from: Int = 0) -> Int? {
    guard from < count else { return nil }
    let found = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_find_byte(bytes.baseAddress, bytes.count, max(from, 0), byte)
    }
    return found < count ? found : nil
  }

  /// The first offset at or behind `from` of either of two bytes.
  package func first(_ byte: UInt8, or other: UInt8, from: Int = 0) -> Int? {
    guard from < count else { return nil }
    let found = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_find_either(bytes.baseAddress, bytes.count, max(from, 0), byte, other)
    }
    return found < count ? found : nil
  }

  /// The first offset of one byte among the `length` bytes from `from` on and the one behind them.
  package func first(_ byte: UInt8, from: Int, within length: Int) -> Int? {
    let end = Swift.min(from + length + 1, count)
    var offset = from
    while offset < end {
      if self[offset] == byte { return offset }
      offset += 1
    }
    return nil
  }

  /// Reads a decimal number, with an optional minus, and moves the offset behind it.
  ///
  /// Returns nil, and leaves the offset, where no digit stands. A number that does not fit 64 bits
  /// is nil too, with the offset moved: a counter that wrapped below zero is no figure.
  package func integer(at offset: inout Int) -> Int64? {
    var cursor = offset
    let isNegative = byte(at: cursor) == .minus
    if isNegative { cursor += 1 }
    let start = cursor
    var value: UInt64 = 0
    // Eighteen digits fit.
    let safe = Swift.min(start + 18, count)
    guard cursor >= 0 else { return nil }
    while cursor < safe {
      let digit = unsafe self[unchecked: cursor] &- .zero
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt64(digit)
      cursor &+= 1
    }
    guard cursor > start else { return nil }
    guard cursor == safe, byte(at: cursor)?.isDigit == true else {
      offset = cursor
      return isNegative ? -Int64(value) : Int64(value)
    }
    return longInteger(Int64(value), isNegative: isNegative, from: cursor, &offset)
  }

  /// The rest of a number of more than eighteen digits.
  private func longInteger(
    _ start: Int64, isNegative: Bool, from first: Int, _ offset: inout Int
  ) -> Int64? {
    var (value, cursor, fits) = (start, first, true)
    while let digit = byte(at: cursor), digit.isDigit {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit - .zero))
      fits = fits && !overflow && !carry
      value = fits ? sum : 0
      cursor += 1
    }
    offset = cursor
    return fits ? (isNegative ? -value : value) : nil
  }

  /// Reads a time in microseconds, and moves the offset behind it; nil for what no clock shows.
  package func micros(at offset: inout Int) -> Int64? {
    guard let value = integer(at: &offset), (0..<Stamp.longestMicros).contains(value) else {
      return nil
    }
    return value
  }

  /// The offset of the first byte at or behind `offset` that is neither blank nor tab.
  package func skippingBlanks(from offset: Int) -> Int {
    var cursor = offset
    while let byte = byte(at: cursor), byte == .space || byte == .tab { cursor += 1 }
    return cursor
  }

  /// The offset of the blanks and tabs that end the bytes, or their end.
  package var startOfPadding: Int {
    var end = count
    while let byte = byte(at: end - 1), byte == .space || byte == .tab { end -= 1 }
    return end
  }

  /// The offset of the first blank, tab or end at or behind `offset`.
  package func endOfWord(from offset: Int) -> Int {
    var cursor = offset
    while let byte = byte(at: cursor), byte != .space, byte != .tab { cursor += 1 }
    return cursor
  }

  /// The bytes of a range as text that may be kept.
  package func text(_ range: Range<Int>) -> LogText {
    LogText(extracting(range.clamped(to: 0..<count)))
  }

  /// The bytes of a range as a String, for words that can only be ASCII.
  package func ascii(_ range: Range<Int>) -> String {
    let bytes = extracting(range.clamped(to: 0..<count))
    return unsafe String(unsafeUninitializedCapacity: bytes.count) { buffer in
      for index in bytes.indices { unsafe buffer[index] = bytes[index] & 0x7F }
      return bytes.count
    }
  }
}

extension UInt8 {
  @inlinable package static var newline: UInt8 { UInt8(ascii: "\n") }
  @inlinable package static var carriageReturn: UInt8 { UInt8(ascii: "\r") }
  @inlinable package static var tab: UInt8 { UInt8(ascii: "\t") }
  @inlinable package static var space: UInt8 { UInt8(ascii: " ") }
  @inlinable package static var escape: UInt8 { 0x1B }
  @inlinable package static var minus: UInt8 { UInt8(ascii: "-") }
  @inlinable package static var plus: UInt8 { UInt8(ascii: "+") }
  @inlinable package static var zero: UInt8 { UInt8(ascii: "0") }
  @inlinable package static var dot: UInt8 { UInt8(ascii: ".") }
  @inlinable package static var comma: UInt8 { UInt8(ascii: ",") }
  @inlinable package static var colon: UInt8 { UInt8(ascii: ":") }
  @inlinable package static var semicolon: UInt8 { UInt8(ascii: ";") }
  @inlinable package static var quote: UInt8 { UInt8(ascii: "\"") }
  @inlinable package static var backslash: UInt8 { UInt8(ascii: "\\") }
  @inlinable package static var openBracket: UInt8 { UInt8(ascii: "[") }
  @inlinable package static var closeBracket: UInt8 { UInt8(ascii: "]") }
  @inlinable package static var openParenthesis: UInt8 { UInt8(ascii: "(") }
  @inlinable package static var closeParenthesis: UInt8 { UInt8(ascii: ")") }
  @inlinable package static var less: UInt8 { UInt8(ascii: "<") }
  @inlinable package static var equals: UInt8 { UInt8(ascii: "=") }
  @inlinable package static var greater: UInt8 { UInt8(ascii: ">") }

  @inlinable package var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  @inlinable package var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

  /// The value of a hexadecimal digit.
  package var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x61...0x66: self - 0x61 + 10
    case 0x41...0x46: self - 0x41 + 10
    default: nil
    }
  }
}
