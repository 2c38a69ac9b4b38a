internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// A ledger as a table whose last row is what is in no class.
struct LedgerBlocks {
  private let lines: [LedgerLine]
  private let gap: LedgerGap
  private let whole: OOMReports.Bytes

  init(_ lines: [LedgerLine], _ gap: LedgerGap, of whole: OOMReports.Bytes) {
    self.lines = lines
    self.gap = gap
    self.whole = whole
  }

  /// - Parameters:
  ///   - title: The heading of the table.
  ///   - part: The heading of the shares, such as `of managed`.
  ///   - usual: How much of the whole usually is in no class.
  /// - Returns: A row for each class that holds anything or is missing, and one for the rest.
  func table(title: String, part: String, usual: String) -> Table {
    let shown = lines.filter { $0.amount.map { $0.count > 0 } ?? true }
    return Table(
      key: "ledger", title: title,
      columns: [
        Column("class", "class", canWrap: true, readableWidth: 24),
        Column("size", "size", .right), Column("share", part, .right), Column("bar", ""),
        Column("lines", "lines", .right, dropOrder: 1),
      ],
      rows: shown.map { row($0.label, $0.amount, lines: $0.lines) } + [
        row("unaccounted (usual: \(usual))", gap.bound, lines: [])
      ])
  }

  private func row(_ label: String, _ amount: OOMReports.Bytes?, lines: [Int]) -> [Cell] {
    let share = amount.map { Double($0.count) / Double(whole.count) }
    return [
      .text(label), amount.map { .bytes($0.count) } ?? .missing,
      share.map { .share($0) } ?? .missing, .bar(min(max(share ?? 0, 0), 1)),
      lines.isEmpty ? .missing : .text(LineList.text(lines)),
    ]
  }

  var json: JSONValue {
    .array(
      lines.map { line in
        .object([
          .init("class", .string(line.key)), .init("bytes", .int(line.amount?.count)),
          .init("share", share(line.amount)),
          .init("lines", .array(line.lines.map { .int(Int64($0)) })),
        ])
      })
  }

  private func share(_ amount: OOMReports.Bytes?) -> JSONValue {
    amount.map { .double((Double($0.count) / Double(whole.count) * 10_000).rounded() / 10_000) }
      ?? .null
  }

  /// What is unaccounted, and whether that is exact.
  func gapJSON(_ words: (Sentence) -> String) -> JSONValue {
    let (exactness, reason): (String, Sentence?) =
      switch gap {
      case .known: ("exact", nil)
      case .atMost(_, let because): ("at-most", because)
      case .unknown(let because): ("unknown", because)
      }
    return .object([
      .init("bytes", .int(gap.bound?.count)), .init("share", share(gap.bound)),
      .init("exactness", .string(exactness)),
      .init("because", reason.map { .string(words($0)) } ?? .null),
    ])
  }
}

/// Numbers of lines in little room: `12, 14-16`.
enum LineList {
  static func text(_ lines: [Int], most: Int = 4) -> String {
    var runs: [ClosedRange<Int>] = []
    for line in lines.sorted() {
      if let last = runs.last, line <= last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...max(line, last.upperBound)
      } else {
        runs.append(line...line)
      }
    }
    let shown = runs.prefix(most).map { run in
      run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
    }
    return shown.joined(separator: ", ") + (runs.count > most ? ", …" : "")
  }
}

extension SizeUnits {
  /// A sentence with its sizes in these units.
  func words(_ sentence: Sentence) -> String { sentence.text { text(bytes: $0.count) } }

  /// From one size to another; one of them where both look the same.
  func interval(_ low: Int64, _ high: Int64) -> String {
    Self.interval(text(bytes: low), text(bytes: high))
  }

  /// The same of texts.
  static func interval(_ low: String, _ high: String) -> String {
    low == high ? low : "\(low) to \(high)"
  }
}
