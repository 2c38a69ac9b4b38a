internal import KernelLog

/// The newest requests with which first lines end: tasks of one kernel ask for the same again and
/// again, and to compare the bytes takes a part of the time that reading them does.
struct RecentRequests: Sendable {
  private var rows = InlineArray<4, Row>(repeating: Row())
  /// Which row is the oldest.
  private var oldest = 0

  /// Where such a text stands in the source, and the order that it says.
  private struct Row: Sendable {
    var start = 0
    var length = 0
    var order: Int64?
  }

  /// Looks for a text that goes on from an offset of the window up to its line's end.
  ///
  /// - Returns: Where it ends, and the order that it says; nil where it is not known.
  mutating func find(
    at offset: Int, in bytes: Span<UInt8>, from base: Int
  ) -> (end: Int, order: Int64?)? {
    for index in rows.indices {
      let (start, length) = (rows[index].start - base, rows[index].length)
      // The window may have lost it.
      guard length > 0, start >= 0, bytes.byte(at: offset + length) == .newline,
        bytes.matches(itself: start, at: offset, length)
      else { continue }
      return (offset + length, rows[index].order)
    }
    return nil
  }

  /// Remembers the text in a range of the window.
  mutating func add(_ range: Range<Int>, order: Int64?, from base: Int) {
    rows[oldest] = Row(start: base + range.lowerBound, length: range.count, order: order)
    oldest = (oldest + 1) % rows.count
  }
}
