import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct EventStoreTests {
  /// What a record takes is what a million events take a million times.
  @Test func anEventTakesNoMoreThanIsSaid() {
    #expect(MemoryLayout<EventStore.Record>.stride == 120)
  }

  @Test(arguments: [0, 1, 2, 300, 70_000])
  func everyProcessOfAKillIsCounted(victims: Int) {
    var event = Sample(1).event
    let killed = (0..<victims).map { Victim(pid: Int64($0), comm: LogText("worker"), line: 1) }
    (event.victim, event.otherVictims) = (killed.first, Array(killed.dropFirst()))
    event.killCount = victims
    let store = EventStore([event])
    #expect(store.killCount(at: 0) == victims)
    #expect(store[0].killCount == victims && store[0].victims.count == victims)
  }

  /// Lines are found again however many came in between, and also where hashes share their place.
  @Test func everyLineLeadsToItsNewestEvent() {
    var (lines, store) = (LineIndex(), EventStore())
    let hashes = (0..<2000).map { index in UInt64(index % 700) &* 0x0100_0000_0000_0100 + 1 }
    for (index, hash) in hashes.enumerated() {
      var event = Sample(1).event
      event.fingerprint = hash
      #expect(lines.note(index, of: hash, in: store) == (index < 700 ? nil : index - 700))
      store.append(event)
    }
    for hash in 0..<700 {
      let newest = hashes.lastIndex(of: hashes[hash])
      #expect(lines.newest(of: hashes[hash], in: store) == newest)
    }
    #expect(lines.newest(of: 2, in: store) == nil)
  }

  /// With room for all of them, and with room for few, and whatever was looked at before.
  @Test(arguments: [0, 10, 700])
  func onlyTheFirstEventOfALineIsNotedAsSuch(_ room: Int) {
    var (lines, store) = (LineIndex(), EventStore())
    lines.reserve(room)
    let hashes = (0..<1400).map { index in UInt64(index % 700) &* 0x0100_0000_0000_0100 + 1 }
    for (index, hash) in hashes.enumerated() {
      var event = Sample(1).event
      event.fingerprint = hash
      lines.lookAhead(max(store.count - LineIndex.reach, 0)..<store.count, of: store)
      #expect(lines.noteFirst(index, of: hash, in: store) == (index < 700))
      store.append(event)
    }
    #expect(hashes.allSatisfy { lines.newest(of: $0, in: store) == hashes.firstIndex(of: $0) })
  }
}
