internal import KernelLog

/// Lines that hold the words of a kill, of which nothing shows that the kernel wrote them: another
/// program quotes it, or the log came in a form that is not known. They are no events.
package struct StrayKills: Sendable, Equatable {
  /// One of them.
  package struct Stray: Sendable, Equatable {
    /// Counted from 1.
    package let line: Int
    /// The process that is said to have been killed.
    package let pid: Int64
  }

  /// All of them.
  package private(set) var count = 0
  /// The first of them.
  package private(set) var first: [Stray] = []

  /// How many are kept.
  private static let capacity = 1000

  package init() {}

  mutating func add(_ stray: Stray) {
    count += 1
    if first.count < Self.capacity { first.append(stray) }
  }

  /// The process whose kill the words between two offsets tell of, as every kernel since 2.6.24 puts
  /// it; nil where they hold no such words.
  static func pid(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    let text = bytes.extracting(range)
    guard let words = text.first("Killed process ") else { return nil }
    var cursor = words + 15
    guard let pid = text.integer(at: &cursor), text.first("anon-rss:", from: cursor) != nil else {
      return nil
    }
    return pid
  }
}
