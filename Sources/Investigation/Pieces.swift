/// Elements that are added one by one, in pieces of one length: an array that grows needs up to three
/// times the room of what it holds.
struct Pieces<Element: Sendable>: Sendable {
  private var pieces: [[Element]] = []
  private(set) var count = 0

  private static var length: Int { 4096 }

  subscript(index: Int) -> Element {
    get { pieces[index / Self.length][index % Self.length] }
    _modify { yield &pieces[index / Self.length][index % Self.length] }
  }

  var last: Element? { count > 0 ? self[count - 1] : nil }

  mutating func append(_ element: Element) {
    if count % Self.length == 0 {
      pieces.append([])
      // Most logs hold few.
      if count > 0 { pieces[pieces.count - 1].reserveCapacity(Self.length) }
    }
    pieces[pieces.count - 1].append(element)
    count += 1
  }

  /// Changes every element, in order.
  mutating func update(_ body: (_ index: Int, inout Element) -> Void) {
    for piece in pieces.indices {
      for place in pieces[piece].indices {
        body(piece * Self.length + place, &pieces[piece][place])
      }
    }
  }

  /// Forgets the elements from an index on.
  mutating func removeAll(from index: Int) {
    guard index < count else { return }
    pieces.removeLast(pieces.count - (index + Self.length - 1) / Self.length)
    if index % Self.length > 0 {
      let last = pieces.count - 1
      pieces[last].removeLast(pieces[last].count - index % Self.length)
    }
    count = index
  }
}
