internal import KernelLog

/// What may befall one line of a log.
package enum Damage: Sendable, Hashable, CustomStringConvertible {
  /// The line as a whole.
  case deleted, doubled, swapped
  /// Its newline is lost.
  case joined
  /// It is cut at an offset.
  case torn(at: Int, Rest)

  /// What becomes of what stands behind the cut.
  package enum Rest: String, Sendable, CaseIterable {
    /// It is not there.
    case lost
    /// On a line of its own, without and with a prefix.
    case bare, prefixed
    /// The same, and a line of somebody else's stands between.
    case bareLater, prefixedLater
    /// At the beginning of the next line.
    case glued
    /// It is not there, and neither is the newline.
    case overrun
    /// It is there, and what stood before it is not.
    case alone
  }

  package static let whole = [Damage.deleted, .doubled, .swapped, .joined]

  package var description: String {
    switch self {
    case .deleted: "deleted"
    case .doubled: "doubled"
    case .swapped: "swapped with the next"
    case .joined: "joined with the next"
    case .torn(let offset, let rest): "torn at \(offset), rest \(rest.rawValue)"
    }
  }

  /// How many lines cannot be read as they were printed: the second stands in the first one's way.
  package var lineCount: Int {
    switch self {
    case .deleted, .doubled: 1
    case .swapped, .joined, .torn(_, .glued), .torn(_, .overrun): 2
    case .torn: 1
    }
  }
}

extension SampleLog {
  /// The log with one line damaged.
  package func log(_ damage: Damage, line index: Int) -> [UInt8] {
    let line = lines[index]
    var log = lines.map(\.bytes)
    switch damage {
    case .deleted: log[index] = []
    case .doubled: log[index] += line.bytes
    case .swapped: if index + 1 < log.count { log.swapAt(index, index + 1) }
    case .joined: log[index] = line.text
    case .torn(let offset, let rest):
      let (head, tail) = (Array(line.text.prefix(offset)), Array(line.bytes.dropFirst(offset)))
      let pieces: [[UInt8]] =
        switch rest {
        case .lost: [head, line.end]
        case .bare: [head, line.end, tail]
        case .prefixed: [head, line.end, line.prefix, tail]
        case .bareLater: [head, line.end, foreign(line), tail]
        case .prefixedLater: [head, line.end, foreign(line), line.prefix, tail]
        case .glued: [head, line.end, tail.dropLast(line.end.count)]
        case .overrun: [head]
        case .alone: [tail]
        }
      log[index] = Array(pieces.joined())
    }
    return Array(log.joined())
  }

  private func foreign(_ line: Line) -> [UInt8] {
    line.prefix + Array("usb 1-1: new high-speed USB device number 7".utf8) + line.end
  }

  /// The offsets of a line at the middle of each number and of each word.
  package func cuts(ofLine index: Int) -> [Int] {
    let text = lines[index].text
    var cuts: [Int] = []
    var start = 0
    while start < text.count {
      var end = start + 1
      let isDigit = text[start].isDigit
      while end < text.count, text[end].isDigit == isDigit, isDigit || text[end].isLetter {
        end += 1
      }
      let isWord = isDigit || text[start].isLetter
      if isWord, end - start > 1 { cuts.append((start + end) / 2) }
      start = end
    }
    return cuts
  }
}
