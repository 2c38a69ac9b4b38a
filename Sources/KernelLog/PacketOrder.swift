/// Puts the packets of extended netconsole in the order of their sequence numbers. Each is a datagram,
/// and networks bring these in any order, though rarely far from it.
///
/// A saved /dev/kmsg looks the same, and is in order already.
struct PacketOrder: Sendable {
  /// The records before, which a late one may belong in front of: where each begins in the source.
  private var recent: [(start: Int, number: Number)] = []
  /// The source's offset up to which every record is in its place.
  private var done = 0
  private(set) var hasMoved = false

  /// How many places a late record may be behind its own.
  private static let reach = 64
  /// How far back in bytes: no more than a scan leaves unread ahead of itself.
  private static let reachBytes = 48 << 10
  /// How far processors that log at once may be apart.
  private static let slackMicros: Int64 = 1000

  /// What orders the records of one boot.
  struct Number: Comparable {
    let sequence: Int64
    /// Where the packet's text stands in its record's, for records that are too long for one packet.
    let fragment: Int64
    let micros: Int64

    /// Reads `priority,sequence,microseconds,flags…;` at an offset, behind the kernel's release if that
    /// comes first; nil where no record begins.
    init?(_ bytes: Span<UInt8>, at start: Int) {
      var cursor = start
      guard let first = Self.figure(bytes, &cursor) else { return nil }
      if bytes.byte(at: cursor) == .dot, first < 100 {
        guard let comma = bytes.first(.comma, from: cursor, within: 80) else { return nil }
        cursor = comma + 1
        guard Self.figure(bytes, &cursor) != nil else { return nil }
      }
      guard Self.isComma(bytes, &cursor), let sequence = Self.figure(bytes, &cursor),
        Self.isComma(bytes, &cursor), let micros = Self.figure(bytes, &cursor),
        Self.isComma(bytes, &cursor)
      else { return nil }
      (self.sequence, self.micros) = (sequence, micros)
      // Most have a flag and nothing else.
      guard bytes.byte(at: cursor + 1) != .semicolon else {
        fragment = 0
        return
      }
      guard let header = bytes.first(.semicolon, from: cursor, within: 160) else { return nil }
      let place = bytes.extracting(0..<header).first("ncfrag=", from: cursor)
      var digits = place.map { $0 + "ncfrag=".utf8.count } ?? header
      fragment = Self.figure(bytes, &digits) ?? 0
    }

    /// The digits at an offset, of which no counter of the kernel's has more.
    private static func figure(_ bytes: Span<UInt8>, _ cursor: inout Int) -> Int64? {
      let start = cursor
      var value: Int64 = 0
      while cursor < bytes.count, bytes[cursor].isDigit, cursor - start < 18 {
        value = value * 10 + Int64(bytes[cursor] - .zero)
        cursor += 1
      }
      return cursor > start ? value : nil
    }

    private static func isComma(_ bytes: Span<UInt8>, _ cursor: inout Int) -> Bool {
      guard bytes.byte(at: cursor) == .comma else { return false }
      cursor += 1
      return true
    }

    static func == (left: Self, right: Self) -> Bool {
      (left.sequence, left.fragment) == (right.sequence, right.fragment)
    }

    static func < (left: Self, right: Self) -> Bool {
      (left.sequence, left.fragment) < (right.sequence, right.fragment)
    }
  }

  /// A record that was overtaken, and the place among the recent ones where it belongs.
  private struct Late {
    let range: Range<Int>
    let number: Number
    let place: Int
  }

  /// Puts the whole records that the window holds in their places.
  mutating func arrange(_ window: inout LogWindow) {
    let (base, isAtEnd) = (window.base, window.isAtEnd)
    while let late = window.withBytes({ nextLate(in: $0, base, isAtEnd: isAtEnd) }) {
      let target = recent[late.place].start
      guard target >= base else { continue }
      window.move(late.range.lowerBound - base..<late.range.upperBound - base, to: target - base)
      hasMoved = true
      for index in late.place..<recent.count { recent[index].start += late.range.count }
      recent.insert((target, late.number), at: late.place)
    }
  }

  /// Passes the records that are in their places; returns the first one that is not.
  private mutating func nextLate(
    in bytes: Span<UInt8>, _ base: Int, isAtEnd: Bool
  ) -> Late? {
    while let end = endOfRecord(in: bytes, from: done - base, isAtEnd: isAtEnd) {
      let start = done
      done = base + end
      // Without a newline of its own, the last line cannot stand before another one.
      guard bytes[end - 1] == .newline, let number = Number(bytes, at: start - base) else {
        recent = []
        continue
      }
      guard let last = recent.last?.number, number < last else {
        note(start, number)
        continue
      }
      let place = recent.firstIndex { $0.number >= number } ?? recent.endIndex
      guard fits(number, at: place, behind: last) else {
        recent = [(start, number)]
        continue
      }
      // What is later than so far back stays where it came.
      guard place > 0 || recent.count < Self.reach, start - recent[place].start < Self.reachBytes
      else { continue }
      return Late(range: start..<done, number: number, place: place)
    }
    return nil
  }

  /// Whether a record belongs before the one at a place, which it was overtaken by. Of another boot its
  /// number is there already, or its stamp is not between theirs.
  private func fits(_ number: Number, at place: Int, behind last: Number) -> Bool {
    let (next, slack) = (recent[place].number, Self.slackMicros)
    let before = place > 0 ? recent[place - 1].number.micros : next.micros - Self.slackMicros
    return number != next && last.sequence - number.sequence <= Int64(Self.reach)
      && number.micros >= before - slack && number.micros <= next.micros + slack
  }

  private mutating func note(_ start: Int, _ number: Number) {
    if recent.count >= 2 * Self.reach { recent.removeFirst(Self.reach) }
    recent.append((start, number))
  }

  /// Where a record ends, with the lines of its fields, which begin with a blank; nil where its end has
  /// not been read.
  private func endOfRecord(in bytes: Span<UInt8>, from start: Int, isAtEnd: Bool) -> Int? {
    guard start < bytes.count else { return nil }
    var end = bytes.lineEnd(of: start) + 1
    while end < bytes.count, bytes[end] == .space { end = bytes.lineEnd(of: end) + 1 }
    guard end < bytes.count || isAtEnd else { return nil }
    return min(end, bytes.count)
  }
}
