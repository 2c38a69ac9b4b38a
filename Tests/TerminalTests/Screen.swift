/// What a terminal shows: enough of a VT100 for what line editors send.
struct Screen {
  let columns: Int
  let rows: Int
  private var cells: [[Character?]]
  private var row = 0
  private var column = 0

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The rows without the blanks at their ends.
  var lines: [String] {
    cells.map { row in
      let text = String(row.compactMap(\.self))
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// Everything in one text, a row that is full to its edge joined to the next.
  var text: String {
    cells.reduce(into: "") { text, row in
      let line = String(row.compactMap(\.self))
      text += row.last == " " ? line.trimmed + "\n" : line
    }
  }

  /// Shows what a program wrote.
  mutating func show(_ bytes: [UInt8]) {
    var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n": lineFeed()
      case "\u{8}": column = max(min(column, columns - 1) - 1, 0)
      case "\u{1B}": escape(&rest)
      case "\u{0}"..<" ", "\u{7F}": break
      default: put(scalar)
      }
    }
  }

  private mutating func escape(_ rest: inout Substring.UnicodeScalarView) {
    guard rest.popFirst() == "[" else { return }
    var parameters = ""
    while let scalar = rest.popFirst() {
      guard (0x40...0x7E).contains(scalar.value) else {
        parameters.unicodeScalars.append(scalar)
        continue
      }
      let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map {
        Int($0) ?? 0
      }
      perform(scalar, numbers)
      return
    }
  }

  private mutating func perform(_ command: Unicode.Scalar, _ numbers: [Int]) {
    let first = numbers.first ?? 0
    let count = max(first, 1)
    column = min(column, columns - 1)
    switch command {
    case "A": row = max(row - count, 0)
    case "B": row = min(row + count, rows - 1)
    case "C": column = min(column + count, columns - 1)
    case "D": column = max(column - count, 0)
    case "G": column = min(count, columns) - 1
    case "H":
      row = min(count, rows) - 1
      column = min(max(numbers.count > 1 ? numbers[1] : 1, 1), columns) - 1
    case "J":
      erase(row, from: first == 0 ? column : 0)
      for other in (first == 0 ? row + 1 : 0)..<rows where other != row { erase(other, from: 0) }
    case "K": erase(row, from: first == 0 ? column : 0)
    case "P":
      cells[row].removeSubrange(column..<min(column + count, columns))
      cells[row] += Array(repeating: " ", count: columns - cells[row].count)
    case "@":
      cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
      cells[row].removeLast(cells[row].count - columns)
    default: break
    }
  }

  private mutating func erase(_ row: Int, from column: Int) {
    for place in column..<columns { cells[row][place] = " " }
  }

  private mutating func lineFeed() {
    row += 1
    guard row == rows else { return }
    row -= 1
    cells.removeFirst()
    cells.append(Array(repeating: " ", count: columns))
  }

  /// A wide character takes two cells, the second of which holds nothing.
  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.isWide(scalar) ? 2 : 1
    if column + width > columns {
      column = 0
      lineFeed()
    }
    cells[row][column] = Character(scalar)
    if width == 2 { cells[row][column + 1] = nil }
    column += width
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100..<0x1160, 0x2E80..<0xA4D0, 0xAC00..<0xD7A4, 0xF900..<0xFB00, 0xFF00..<0xFF61,
      0x1F300..<0x1FA00:
      true
    default: false
    }
  }
}

extension String {
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
