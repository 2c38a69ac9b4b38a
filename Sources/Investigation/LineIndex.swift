/// The newest event of each kill line, by the hashes of the lines, which are kept elsewhere.
struct LineIndex: Sendable {
  /// Events at the places that their lines' hashes give, or behind them where those are taken.
  private var places = [UInt32](repeating: empty, count: 64)
  private var count = 0
  /// Events whose lines are others now, since a log had them in other words.
  private var former: [UInt64: Int] = [:]

  private static let empty = UInt32.max

  /// The newest event of a line among those of a store; nil where there is none.
  func newest(of hash: UInt64, in events: EventStore) -> Int? {
    let found = places[place(of: hash, events)]
    return found == Self.empty ? former[hash] : Int(found)
  }

  /// Remembers an event by a line that it will have no more.
  mutating func keep(_ event: Int, of hash: UInt64) { former[hash] = event }

  /// Makes an event the newest of its line.
  mutating func note(_ event: Int, of hash: UInt64, in events: EventStore) {
    if count * 4 >= places.count * 3 { grow(events) }
    let place = place(of: hash, events)
    if places[place] == Self.empty { count += 1 }
    places[place] = UInt32(clamping: event)
  }

  private func place(of hash: UInt64, _ events: EventStore) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] != Self.empty,
      events.fingerprint(at: Int(places[place])) != hash
    {
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func grow(_ events: EventStore) {
    let known = places.filter { $0 != Self.empty }
    places = [UInt32](repeating: Self.empty, count: places.count * 2)
    for event in known {
      guard let hash = events.fingerprint(at: Int(event)) else { continue }
      places[place(of: hash, events)] = event
    }
  }
}
