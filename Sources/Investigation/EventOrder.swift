internal import OOMReports

/// A size that events can be sorted by: of the first victim, as its kill line prints it.
package enum EventOrder: String, Sendable, CaseIterable {
  case anonRSS = "anon-rss"
  case fileRSS = "file-rss"
  case shmemRSS = "shmem-rss"
  case totalVM = "total-vm"

  /// The numbers with the largest first; equal ones stay as they are, and events without the figure
  /// come last.
  package func sorted(_ numbers: [Int], in events: EventStore) -> [Int] {
    var known: [Int] = []
    var keys: [UInt64] = []
    var unknown: [Int] = []
    known.reserveCapacity(numbers.count)
    keys.reserveCapacity(numbers.count)
    for number in numbers {
      if let size = size(number - 1, events), size >= 0 {
        known.append(number)
        keys.append(UInt64(size))
      } else {
        unknown.append(number)
      }
    }
    return DescendingRadixSort.sorted(known, by: keys) + unknown
  }

  private func size(_ index: Int, _ events: EventStore) -> Int64? {
    let record = events.records[index]
    return switch self {
    case .anonRSS: events.size(record.anonRSS, at: index) { $0.anonRSS }
    case .fileRSS: events.size(record.fileRSS, at: index) { $0.fileRSS }
    case .shmemRSS: events.size(record.shmemRSS, at: index) { $0.shmemRSS }
    case .totalVM: events.size(record.totalVM, at: index) { $0.totalVM }
    }
  }
}

/// Sorts by numbers digit by digit, the lowest first, in as many passes as the keys have digits that
/// differ. A comparison takes several times as long for a million events.
enum DescendingRadixSort {
  private static let digitBits = 11
  private static let buckets = 1 << digitBits

  static func sorted(_ items: [Int], by keys: [UInt64]) -> [Int] {
    guard let most = keys.max() else { return items }
    // Largest first, and equal ones as they came, is the order of the distances from the largest.
    var entries = zip(items, keys).map { (item: $0, distance: most - $1) }
    let used = entries.reduce(UInt64(0)) { $0 | $1.distance }
    var other = entries
    // Sizes are whole kilobytes: their lowest bits are the same.
    var shift = used == 0 ? UInt64.bitWidth : used.trailingZeroBitCount
    while shift < UInt64.bitWidth, used >> UInt64(shift) != 0 {
      pass(entries, &other, shift)
      swap(&entries, &other)
      shift += digitBits
    }
    return entries.map(\.item)
  }

  private typealias Entry = (item: Int, distance: UInt64)

  /// Puts the entries in the order of one digit.
  private static func pass(_ entries: [Entry], _ sorted: inout [Entry], _ shift: Int) {
    func digit(_ entry: Entry) -> Int {
      Int(truncatingIfNeeded: entry.distance >> UInt64(shift)) & (buckets - 1)
    }
    var places = [Int](repeating: 0, count: buckets)
    for entry in entries { places[digit(entry)] += 1 }
    var next = 0
    for bucket in places.indices { (places[bucket], next) = (next, next + places[bucket]) }
    for entry in entries {
      let bucket = digit(entry)
      sorted[places[bucket]] = entry
      places[bucket] += 1
    }
  }
}
