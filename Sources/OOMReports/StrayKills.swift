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

  /// How many there are.
  package private(set) var count = 0
  /// The first of them.
  package private(set) var first: [Stray] = []

  /// How many are kept.
  private static let capacity = 1000
  /// How far behind the pid the sizes begin at most: the name between them has 15 bytes, each of which
  /// may be written in several.
  private static let longestName = 256

  package init() {}

  /// What the kernel puts before the words in most of its kill lines.
  private static let reason: StaticString = "ut of memory: "

  /// Notes the processes whose kill the words between two offsets tell of, as every kernel since
  /// 2.6.24 puts it: with its reason before them or the sizes behind. The one whose kill was read there
  /// is left out.
  mutating func note(
    in bytes: Span<UInt8>, _ range: Range<Int>, line: Int, besides read: Int64? = nil
  ) {
    let text = bytes.extracting(range)
    var cursor = 0
    while let words = text.first("Killed process ", from: cursor) {
      cursor = text.skippingBlanks(from: words + 15)
      guard let pid = text.integer(at: &cursor), pid != read else { continue }
      let rest = text.extracting(cursor..<min(cursor + Self.longestName, text.count))
      let hasReason =
        text.starts(with: Self.reason, at: words - Self.reason.utf8CodeUnitCount)
        && rest.starts(with: " (")
      // A line may be folded behind the name.
      guard hasReason || rest.first(" total-vm:") != nil || rest.first("anon-rss:") != nil else {
        continue
      }
      add(Stray(line: line, pid: pid))
    }
  }

  private mutating func add(_ stray: Stray) {
    count += 1
    if first.count < Self.capacity { first.append(stray) }
  }
}
