internal import CByteSearch

/// Reading of lines that are as expected, in one go: each word on its own, with a check of every
/// bound, takes several times as long.
extension Span where Element == UInt8 {
  /// Numbers that `numbers(like:at:)` read, in the order of the template.
  package typealias Numbers = [8 of Int64]

  /// Reads what stands at an offset as a template says, in which each `%` is a number of one to
  /// eighteen digits, and moves the offset behind it; nil where anything is not as it says.
  package func numbers(like template: StaticString, at offset: inout Int) -> Numbers? {
    var numbers = Numbers(repeating: 0)
    let start = offset
    let (words, length) = unsafe (template.utf8Start, template.utf8CodeUnitCount)
    let end = unsafe withUnsafeBufferPointer { bytes -> Int? in
      var cursor = start
      var found = 0
      var index = 0
      while index < length {
        let words = unsafe words + index
        let run = unsafe oomsh_find_byte(words, length - index, 0, UInt8(ascii: "%"))
        guard cursor + run <= bytes.count,
          unsafe oomsh_stands(bytes.baseAddress, cursor, words, 0, run) != 0
        else { return nil }
        cursor &+= run
        index &+= run &+ 1
        guard index <= length else { break }
        let first = cursor
        var value: Int64 = 0
        while cursor < bytes.count {
          let digit = unsafe bytes[cursor] &- .zero
          guard digit < 10 else { break }
          value = value &* 10 &+ Int64(digit)
          cursor &+= 1
        }
        guard cursor > first, cursor - first <= 18 else { return nil }
        numbers[found] = value
        found &+= 1
      }
      return cursor
    }
    guard let end else { return nil }
    offset = end
    return numbers
  }

  /// Reads `[   12.345678] ` at an offset, and moves it behind; nil where anything else stands there.
  func uptime(at offset: inout Int, before limit: Int) -> Int64? {
    let start = offset
    var micros: Int64 = 0
    let end = unsafe withUnsafeBufferPointer { bytes -> Int? in
      var cursor = start
      guard limit <= bytes.count, cursor < limit, unsafe bytes[cursor] == .openBracket else {
        return nil
      }
      cursor &+= 1
      while cursor < limit, unsafe bytes[cursor] == .space { cursor &+= 1 }
      let first = cursor
      while cursor < limit {
        let digit = unsafe bytes[cursor] &- .zero
        guard digit < 10 else { break }
        micros = micros &* 10 &+ Int64(digit)
        cursor &+= 1
      }
      guard cursor > first, cursor - first <= 9, cursor &+ 9 <= limit,
        unsafe bytes[cursor] == .dot
      else { return nil }
      cursor &+= 1
      for _ in 0..<6 {
        let digit = unsafe bytes[cursor] &- .zero
        guard digit < 10 else { return nil }
        micros = micros &* 10 &+ Int64(digit)
        cursor &+= 1
      }
      let isClosed =
        unsafe bytes[cursor] == .closeBracket && bytes[cursor &+ 1] == .space
      return isClosed ? cursor &+ 2 : nil
    }
    guard let end else { return nil }
    offset = end
    return micros
  }
}
