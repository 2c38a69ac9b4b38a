import Presentation

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  private static let pieces: [String] =
    Samples.hostileNames + [
      "mysqld", "한글", "프로세스", "/system.slice/", "kworker/u8:3", "👩‍👩‍👧‍👦", "e\u{301}", " ", "  ",
      "日本", "、", "（", "-", "|", "\"", ",", "#", "\u{200d}", "\u{fe0f}", "🇰", "\\x2d", "0", "1.",
    ]

  /// Text of at most `count` pieces, of which some are hostile.
  mutating func text(upTo count: Int) -> String {
    let number = Int.random(in: 0...count, using: &self)
    return (0..<number).map { _ in Self.pieces.randomElement(using: &self) ?? "" }.joined()
  }

  mutating func cell() -> Cell {
    let number =
      Int64.random(in: .min ... .max, using: &self) >> Int64.random(in: 0...63, using: &self)
    switch Int.random(in: 0..<10, using: &self) {
    case 0: return .missing
    case 1: return .integer(number)
    case 2: return .bytes(number)
    case 3: return .time(shown: text(upTo: 3), iso: Bool.random(using: &self) ? text(upTo: 2) : nil)
    case 4: return .seconds(Double(number) / 1e6)
    case 5: return .share(Double.random(in: -0.5...1.5, using: &self))
    case 6: return .bar(Double.random(in: -0.5...1.5, using: &self))
    case 7: return .flag(Bool.random(using: &self))
    default: return .text(text(upTo: 12))
    }
  }

  /// A table whose columns each may be shortened or left out, so that it fits any width.
  mutating func elasticTable() -> Table {
    let columns = (0...Int.random(in: 0..<8, using: &self)).map { index in
      let canShrink = index == 0 || Bool.random(using: &self)
      return Column(
        text(upTo: 1), text(upTo: 2), Bool.random(using: &self) ? .left : .right,
        canShrink: canShrink, dropOrder: index == 0 ? 0 : Int.random(in: 1...4, using: &self))
    }
    let rows = (0..<Int.random(in: 0..<6, using: &self)).map { _ in
      columns.indices.map { index in index == 0 ? Cell.text(text(upTo: 12)) : cell() }
    }
    return Table(key: text(upTo: 1), title: text(upTo: 4), columns: columns, rows: rows)
  }

  mutating func fields() -> Fields {
    let rows = (0..<Int.random(in: 0..<6, using: &self)).map { _ in
      Field(
        text(upTo: 1), text(upTo: 4), cell(),
        meaning: Bool.random(using: &self) ? text(upTo: 20) : nil,
        line: Bool.random(using: &self) ? Int.random(in: 1...1_000_000, using: &self) : nil)
    }
    return Fields(
      key: text(upTo: 1), title: Bool.random(using: &self) ? text(upTo: 3) : nil, rows)
  }

  /// A document of random blocks. Verbatim lines only where asked for: they are never wrapped.
  mutating func document(withVerbatim: Bool) -> Document {
    var blocks: [Block] = (0..<Int.random(in: 0..<6, using: &self)).map { _ in
      switch Int.random(in: 0..<5, using: &self) {
      case 0: .heading(text(upTo: 8))
      case 1: .prose(text(upTo: 30))
      case 2: .note(Severity.allCases.randomElement(using: &self) ?? .info, text(upTo: 20))
      case 3: .fields(fields())
      default: .table(elasticTable())
      }
    }
    if withVerbatim { blocks.append(.verbatim([text(upTo: 10), text(upTo: 10)])) }
    return Document(blocks)
  }
}
