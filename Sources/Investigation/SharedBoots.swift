/// Boots that several logs hold, as the events show that are in more than one: their uptimes can be
/// compared where nothing dates them.
struct SharedBoots: Sendable {
  /// Of each boot that is one with another, that one, or one that leads to it.
  private var others: [Boot: Boot] = [:]

  var isEmpty: Bool { others.isEmpty }

  /// Notes that two are one.
  mutating func unite(_ first: Boot, _ second: Boot) {
    let (one, other) = (representative(of: first), representative(of: second))
    if one != other { others[other] = one }
  }

  /// The boot that stands for all that are one with this one.
  func representative(of boot: Boot) -> Boot {
    var boot = boot
    while let other = others[boot] { boot = other }
    return boot
  }

  /// Puts events of one boot, which stand at some places of a list, in the order of their uptimes there.
  func putInOrder(_ numbers: inout ArraySlice<Int>, of events: EventStore) {
    var places: [Boot: [Int]] = [:]
    for place in numbers.indices where events.uptimeMicros(at: numbers[place] - 1) != nil {
      places[representative(of: events.boot(at: numbers[place] - 1)), default: []].append(place)
    }
    for places in places.values {
      let sorted = places.map { numbers[$0] }.sorted {
        let (first, second) = (events.uptimeMicros(at: $0 - 1), events.uptimeMicros(at: $1 - 1))
        return (first ?? 0, $0) < (second ?? 0, $1)
      }
      for (place, number) in zip(places, sorted) { numbers[place] = number }
    }
  }
}
