/// Gives out names that stand in a log, and keeps the last one: a host's name is in every line, and
/// a copy of it would have to be made for each.
package struct RecentName: Sendable {
  private var last = LogText([])

  package init() {}

  /// The bytes of a range of a window as text that may be kept.
  package mutating func text(_ range: Range<Int>, in window: LogWindow) -> LogText {
    window.withBytes { text(range, in: $0) }
  }

  /// The bytes of a range as text that may be kept.
  package mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>) -> LogText {
    if !bytes.isName(range, last) { last = bytes.text(range) }
    return last
  }
}

extension Span where Element == UInt8 {
  /// Whether a range holds a name, or neither is there.
  package func isName(_ range: Range<Int>?, _ name: LogText?) -> Bool {
    guard let range, let name else { return range == nil && name == nil }
    return extracting(range).isSame(name.bytes)
  }
}
