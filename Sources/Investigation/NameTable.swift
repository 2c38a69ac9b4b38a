internal import KernelLog
internal import OOMReports

/// Names, each kept once, by numbers that are counted from 0.
struct NameTable: Sendable {
  typealias ID = UInt32

  private var texts: [LogText] = []
  /// The bytes of all of them, and where each one's end: to look into a text is to count who holds
  /// it.
  private var bytes: [UInt8] = []
  private var ends = [0]
  /// Whether some carrier may write one of them in its own way.
  private(set) var hasOdd = false
  /// Ids at the places that their names' hashes give, or behind them where those are taken.
  private var places = [ID](repeating: none, count: 64)

  /// Stands for no name.
  static let none = ID.max

  /// Another one in each run, so that no log can hold names that all have one place.
  private static let seed = UInt64.random(in: .min ... .max)

  /// How many there are.
  var count: Int { texts.count }

  /// The number of a name that is in the table.
  func known(_ text: LogText) -> ID { places[place(of: text.bytes.span)] }

  subscript(id: ID) -> LogText? { id == Self.none ? nil : texts[Int(id)] }

  /// Takes another table's names over: what the number of each one is here.
  mutating func take(_ other: NameTable) -> [ID] { other.texts.map { id(of: $0) } }

  mutating func id(of text: LogText?) -> ID {
    guard let text else { return Self.none }
    let place = place(of: text.bytes.span)
    return places[place] == Self.none ? add(text, at: place) : places[place]
  }

  /// The number of the name at a place in some bytes: no text is made of a name that is known, and
  /// nothing is looked up where it is the one that it is likely to be.
  mutating func id(of range: Range<Int>?, in bytes: Span<UInt8>, likely: ID = none) -> ID {
    guard let range else { return Self.none }
    if likely != Self.none, isName(likely, range, in: bytes) { return likely }
    let place = place(of: bytes.extracting(range))
    return places[place] == Self.none ? add(bytes.text(range), at: place) : places[place]
  }

  /// Where a name's number stands, or would.
  private func place(of name: Span<UInt8>) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: Fingerprint.of(name, seed: Self.seed)) & mask
    while places[place] != Self.none, !isName(places[place], 0..<name.count, in: name) {
      place = (place + 1) & mask
    }
    return place
  }

  /// Whether a number stands for the name at a place in some bytes.
  @inline(__always)
  private func isName(_ id: ID, _ range: Range<Int>, in text: Span<UInt8>) -> Bool {
    let start = ends[Int(id)]
    return range.count == ends[Int(id) + 1] - start
      && text.matches(range.lowerBound, bytes.span, start, range.count)
  }

  private mutating func add(_ text: LogText, at place: Int) -> ID {
    let id = ID(texts.count)
    texts.append(text)
    bytes += text.bytes
    ends.append(bytes.count)
    hasOdd = hasOdd || text.isOdd
    places[place] = id
    guard texts.count * 2 > places.count else { return id }
    places = [ID](repeating: Self.none, count: places.count * 2)
    for (id, text) in texts.enumerated() { places[self.place(of: text.bytes.span)] = ID(id) }
    return id
  }
}
