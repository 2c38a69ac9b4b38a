/// The newest event of each kill line, by the hashes of the lines, which are kept elsewhere.
struct LineIndex: Sendable {
  /// Events at the places that their lines' hashes give, or behind them where those are taken.
  private var places = [UInt32](repeating: empty, count: 64)
  /// A byte of the hash of the line at each place: to look into the events for every place that is
  /// taken by another line would be to wait for memory.
  private var marks = [UInt8](repeating: 0, count: 64)
  private var count = 0
  /// Events whose lines are others now, since a log had them in other words.
  private var former: [UInt64: Int] = [:]

  /// What `lookAhead` has seen, which says nothing.
  private var seen: UInt32 = 0

  private static let empty = UInt32.max

  /// The newest event of a line among those of a store; nil where there is none.
  func newest(of hash: UInt64, in events: EventStore) -> Int? {
    event(at: place(of: hash, events), of: hash)
  }

  /// Remembers an event by a line that it will have no more.
  mutating func keep(_ event: Int, of hash: UInt64) { former[hash] = event }

  /// Makes an event that got its line late the newest of it.
  mutating func renew(_ event: Int, of hash: UInt64, in events: EventStore) {
    let place = place(of: hash, events)
    if places[place] == Self.empty {
      keep(event, of: hash)
    } else {
      put(event, of: hash, at: place)
    }
  }

  /// Makes the event behind all that were noted the newest of its line.
  ///
  /// - Returns: The one that was it; nil where there was none.
  mutating func note(_ event: Int, of hash: UInt64, in events: EventStore) -> Int? {
    if count * 4 >= places.count * 3 { grow(events, before: event) }
    let place = place(of: hash, events)
    let known = self.event(at: place, of: hash)
    if places[place] == Self.empty { count += 1 }
    put(event, of: hash, at: place)
    return known
  }

  /// Makes the event behind all that were noted the newest of its line if it is the first one.
  ///
  /// - Returns: Whether it is.
  mutating func noteFirst(_ event: Int, of hash: UInt64, in events: EventStore) -> Bool {
    if count * 4 >= places.count * 3 { grow(events, before: event) }
    let place = place(of: hash, events)
    guard self.event(at: place, of: hash) == nil else { return false }
    count += 1
    put(event, of: hash, at: place)
    return true
  }

  /// How many lines it is worth looking ahead for at once.
  static let reach = 64

  /// Looks at the places of the lines of some events of a store, soon before they are asked for. In a
  /// large index each place has to be waited for until memory has sent it; here nothing depends on
  /// what is read, so that they are waited for together.
  mutating func lookAhead(_ range: Range<Int>, of events: EventStore) {
    let mask = places.count - 1
    for index in range {
      let place = Int(truncatingIfNeeded: events.fingerprint(at: index) ?? 0) & mask
      seen ^= places[place] ^ UInt32(marks[place])
    }
  }

  private func event(at place: Int, of hash: UInt64) -> Int? {
    let found = places[place]
    return found == Self.empty ? former[hash] : Int(found)
  }

  private static func mark(of hash: UInt64) -> UInt8 { UInt8(hash >> 56) }

  private mutating func put(_ event: Int, of hash: UInt64, at place: Int) {
    places[place] = UInt32(clamping: event)
    marks[place] = Self.mark(of: hash)
  }

  private func place(of hash: UInt64, _ events: EventStore) -> Int {
    let mask = places.count - 1
    let mark = Self.mark(of: hash)
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] != Self.empty,
      marks[place] != mark || events.fingerprint(at: Int(places[place])) != hash
    {
      place = (place + 1) & mask
    }
    return place
  }

  /// Makes room for so many events of lines that are all different.
  mutating func reserve(_ events: Int) {
    guard count == 0 else { return }
    var length = places.count
    while events * 4 >= length * 3 { length *= 2 }
    clear(length)
  }

  /// Doubles the places, and notes the events anew in their order: to go through memory in its order
  /// is quick.
  private mutating func grow(_ events: EventStore, before end: Int) {
    clear(places.count * 2)
    for event in 0..<end {
      guard let hash = events.fingerprint(at: event) else { continue }
      let place = place(of: hash, events)
      if places[place] == Self.empty { count += 1 }
      put(event, of: hash, at: place)
    }
  }

  private mutating func clear(_ length: Int) {
    // What is there is given back first.
    (places, marks) = ([], [])
    places = [UInt32](repeating: Self.empty, count: length)
    marks = [UInt8](repeating: 0, count: length)
    count = 0
  }
}
