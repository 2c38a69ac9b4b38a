internal import CByteSearch

/// Reading of figures where they are expected, without what else a figure may look like.
extension Span where Element == UInt8 {
  /// Reads a number of one to eighteen digits behind a word that stands at an offset, and moves the
  /// offset behind it; nil, with the offset where it was, where anything else stands there.
  @inlinable @inline(__always)
  package func digits(behind word: StaticString, at offset: inout Int) -> Int64? {
    guard let start = end(of: word, at: offset) else { return nil }
    return digits(from: start, &offset)
  }

  /// Reads a number of one to eighteen digits that begins at a place, and puts the offset behind it.
  @usableFromInline
  package func digits(from start: Int, _ offset: inout Int) -> Int64? {
    var value: UInt64 = 0
    var cursor = start
    let end = Swift.min(start + 19, count)
    guard start >= 0 else { return nil }
    while cursor < end {
      let digit = unsafe self[unchecked: cursor] &- .zero
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt64(digit)
      cursor &+= 1
    }
    guard cursor > start, cursor - start <= 18 else { return nil }
    offset = cursor
    return Int64(bitPattern: value)
  }

  /// Reads `[   12.345678] ` at an offset, and moves it behind; nil where anything else stands there.
  func uptime(at offset: inout Int, before limit: Int) -> Int64? {
    guard offset >= 0, limit <= count else { return nil }
    let micros = unsafe withUnsafeBufferPointer { bytes in
      unsafe oomsh_uptime(bytes.baseAddress, limit, &offset)
    }
    return micros >= 0 ? micros : nil
  }
}
