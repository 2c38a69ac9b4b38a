internal import Synchronization

/// Remembers what a zone's offsets from UTC are, an hour at a time: to ask the C library takes
/// longer than to read a line, and every line's stamp asks several times.
///
/// No zone has ever changed its offset and taken it back within one hour, so an hour whose first
/// and last second have the same offset has no other. Of the rest nothing is remembered.
package final class OffsetMemory: Sendable {
  private let ask: @Sendable (Int64) -> Int
  private let hours = Mutex([Hour](repeating: Hour(number: .min, offset: 0), count: places))

  private struct Hour {
    /// Counted from 1970 UTC.
    var number: Int64
    var offset: Int
  }

  /// The days around a moment are asked for with it, each of them for an hour that comes soon.
  private static let places = 64
  private static let length: Int64 = 3600

  /// - Parameter ask: The offset in seconds at a moment (seconds since 1970).
  package init(_ ask: @escaping @Sendable (Int64) -> Int) {
    self.ask = ask
  }

  /// The offset in seconds at a moment (seconds since 1970).
  package func offset(at second: Int64) -> Int {
    let number = Self.hour(of: second)
    let place = Int(truncatingIfNeeded: number & Int64(Self.places - 1))
    if let known = hours.withLock({ $0[place].number == number ? $0[place].offset : nil }) {
      return known
    }
    let first = ask(number * Self.length)
    guard first == ask(number * Self.length + Self.length - 1) else { return ask(second) }
    hours.withLock { $0[place] = Hour(number: number, offset: first) }
    return first
  }

  private static func hour(of second: Int64) -> Int64 {
    (second - (second < 0 ? length - 1 : 0)) / length
  }
}
