/// The heading of a piece of the kernel's log that was kept over a crash (`pstore_dump()`, 3.5 and
/// later): `Panic#1 Part3`.
///
/// A store's records are small, so a dump is cut into parts, which are written from the end of the log
/// backwards: Part1 is the newest.
package struct DumpPart: Sendable, Equatable {
  /// Why the log was kept: `Panic`, `Oops`.
  package let reason: LogText
  /// Which dump of its boot it is.
  package let number: Int64
  package let part: Int64

  private static let longest = 48

  /// Reads a line; nil where it is none.
  package init?(_ line: Span<UInt8>) {
    var end = line.count
    while end > 0, line[end - 1] == .carriageReturn || line[end - 1] == .space { end -= 1 }
    guard end <= Self.longest else { return nil }
    let letters = line.end(ofLettersAt: 0)
    guard letters > 0, line.byte(at: letters) == UInt8(ascii: "#") else { return nil }
    var cursor = letters + 1
    guard let number = line.integer(at: &cursor), let digits = line.end(of: " Part", at: cursor)
    else { return nil }
    cursor = digits
    guard let part = line.integer(at: &cursor), cursor == end else { return nil }
    reason = line.text(0..<letters)
    self.number = number
    self.part = part
  }

  /// Whether a part is of the same dump, as far as their headings tell.
  package func isOfDump(of other: DumpPart) -> Bool {
    reason == other.reason && number == other.number
  }
}

/// The headings of a pstore dump's parts among the lines of one.
enum Pstore {
  static let heading = PrefixForm(
    name: "pstore heading", begins: .letters, samples: ["Panic#1 Part3"],
    read: { line, prefix in
      guard prefix.carrier == .plain, prefix.offset == 0, DumpPart(line) != nil else {
        return false
      }
      prefix.offset = line.count
      prefix.origin = .program
      prefix.isFinished = true
      return true
    })
}

extension DumpPart {
  /// The heading of bytes that are one part; nil where they are none or several.
  package static func only(in bytes: Span<UInt8>) -> DumpPart? {
    let parts = places(in: bytes)
    return parts.count == 1 && parts[0].range.lowerBound == 0 ? parts[0].part : nil
  }

  /// The parts in the order of the file, from heading to heading.
  fileprivate static func places(
    in bytes: Span<UInt8>
  ) -> [(part: DumpPart, range: Range<Int>)] {
    var parts: [(part: DumpPart, range: Range<Int>)] = []
    var offset = 0
    while offset < bytes.count {
      let end = bytes.lineEnd(of: offset)
      if let part = DumpPart(bytes.extracting(offset..<end)) {
        parts.append((part, offset..<offset))
      }
      offset = min(end + 1, bytes.count)
      if let last = parts.indices.last {
        parts[last].range = parts[last].range.lowerBound..<offset
      }
    }
    return parts
  }
}

/// The parts of dumps, each dump's in the order of its log.
package struct DumpOrder<Item> {
  private var dumps: [[(part: DumpPart, item: Item)]] = []

  package init() {}

  /// Adds a part. One that its dump has already begins another dump, of another boot.
  package mutating func add(_ item: Item, _ part: DumpPart) {
    let dump = dumps.lastIndex { $0[0].part.isOfDump(of: part) }
    guard let dump, !dumps[dump].contains(where: { $0.part == part }) else {
      dumps.append([(part, item)])
      return
    }
    let later = dumps[dump].firstIndex { $0.part.part < part.part } ?? dumps[dump].endIndex
    dumps[dump].insert((part, item), at: later)
  }

  /// The dumps as they came, the oldest part of each first.
  package var items: [[Item]] { dumps.map { $0.map(\.item) } }
}

extension LogWindow {
  /// Puts the parts of each dump in the order of the log; returns whether any was not.
  mutating func arrangeDump() -> Bool {
    let parts = withBytes { DumpPart.places(in: $0) }
    var order = DumpOrder<Range<Int>>()
    for (part, range) in parts { order.add(range, part) }
    let sorted = order.items.flatMap(\.self)
    guard sorted != parts.map(\.range) else { return false }
    arrange(sorted)
    return true
  }
}
