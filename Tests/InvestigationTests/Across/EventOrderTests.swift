import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

@Suite struct EventOrderTests {
  private func store(_ sizes: [Int64?]) -> EventStore {
    EventStore(
      sizes.enumerated().map { index, size in
        Sample.machine(index + 1).with(victim: 1, "a", anon: size).event
      })
  }

  @Test func largestComeFirstAndTheUnknownLast() {
    let events = store([5, nil, 9, 5, 0])
    #expect(EventOrder.anonRSS.sorted([1, 2, 3, 4, 5], in: events) == [3, 1, 4, 5, 2])
    #expect(EventOrder.anonRSS.sorted([4, 1], in: events) == [4, 1])
    #expect(EventOrder.anonRSS.sorted([], in: events).isEmpty)
    #expect(EventOrder.shmemRSS.sorted([2, 1], in: events) == [2, 1])
  }

  /// The order is that of a sort by comparison, whatever the keys.
  @Test(arguments: [0, 1, 10, 40, 63] as [UInt64])
  func digitsSortAsComparisonsDo(_ shift: UInt64) {
    var random = SplitMix64(seed: shift)
    let keys = (0..<5000).map { _ in random.next() >> shift }
    let items = Array(keys.indices)
    let expected = items.sorted { (keys[$1], $0) < (keys[$0], $1) }
    #expect(DescendingRadixSort.sorted(items, by: keys) == expected)
  }
}
