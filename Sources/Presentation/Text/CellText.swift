extension Cell {
  /// What a person reads, safe to print and without newlines. Empty for a bar, which the layout
  /// draws when it knows the room.
  func shown(_ units: SizeUnits) -> String {
    switch self {
    case .missing: Self.nothing
    case .text(let text), .path(let text): SafeText.line(text)
    case .integer(let number): "\(number)"
    case .bytes(let bytes): units.text(bytes: bytes)
    case .time(let shown, _), .micros(_, let shown): SafeText.line(shown)
    case .seconds(let seconds): SpanFormat.text(seconds: seconds) ?? Self.nothing
    case .share(let share): SpanFormat.text(share: share) ?? Self.nothing
    case .bar: ""
    case .flag(let flag): flag ? "yes" : "no"
    }
  }

  /// What stands for a figure that is not known.
  private static let nothing = "-"

  /// The value as data, whatever the settings; nil for a bar, which is no data.
  var json: JSONValue? {
    switch self {
    case .missing: .null
    case .text(let text), .path(let text): .string(text)
    case .integer(let number), .bytes(let number), .micros(let number, _): .int(number)
    case .time(_, let iso): iso.map { .string($0) } ?? .null
    case .seconds(let number), .share(let number): number.isFinite ? .double(number) : .null
    case .bar: nil
    case .flag(let flag): .bool(flag)
    }
  }

  var isBar: Bool {
    if case .bar = self { true } else { false }
  }

  /// Whether the value is a number, which must never be cut: half a number is a wrong number.
  var isFigure: Bool {
    switch self {
    case .integer, .bytes, .seconds, .micros, .share: true
    case .missing, .text, .path, .time, .bar, .flag: false
    }
  }

  var style: Theme.Style? {
    switch self {
    case .missing: .faint
    case .bar: .number
    default: isFigure ? .number : nil
    }
  }
}

extension Table {
  /// The places of the columns that data formats show: all but bars.
  var dataColumns: [Int] {
    columns.indices.filter { index in
      !rows.contains { $0.indices.contains(index) && $0[index].isBar }
    }
  }

  /// The table without the columns that are for programs.
  var forPeople: Table {
    let shown = columns.indices.filter { !columns[$0].isForPrograms }
    guard shown.count < columns.count else { return self }
    return Table(
      key: key, title: title, columns: shown.map { columns[$0] },
      rows: rows.map { row in shown.map { cell(row, $0) } })
  }

  /// The cell of a row; missing where the row is too short.
  func cell(_ row: [Cell], _ column: Int) -> Cell {
    row.indices.contains(column) ? row[column] : .missing
  }
}
