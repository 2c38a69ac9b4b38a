internal import KernelLog

/// How long a process's name may be.
enum Comm {
  /// `TASK_COMM_LEN` less its zero, in bytes (include/linux/sched.h, all versions).
  static let longest = 15
  /// The same where none of its bytes was text: stores of text put U+FFFD, three bytes, for each.
  static let longestReplaced = 45
}

extension Span where Element == UInt8 {
  /// Whether a range is short enough to be a process's name.
  ///
  /// The kernel cuts names anywhere, also inside a character, whose rest a store of text replaces by
  /// U+FFFD.
  @inline(__always)
  func mayBeComm(_ range: Range<Int>) -> Bool {
    range.count <= Comm.longest || range.count <= Comm.longestReplaced && isReplacedComm(range)
  }

  private func isReplacedComm(_ range: Range<Int>) -> Bool {
    var length = range.count
    var from = range.lowerBound
    while let mark = first("\u{FFFD}", from: from), mark < range.upperBound {
      length -= 2
      from = mark + 3
    }
    return length <= Comm.longest
  }
}
