internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let trust = Command(
    "trust", .look, "whether an event's report agrees with itself",
    parameters: [Parameter("EVENT", .events, .optional, "an event; the newest where left out")],
    examples: [
      Example("trust", "what must hold in every report, checked in the newest event's"),
      Example("trust 1", "in the first's"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let (event, report, _) = try state.report(number)
    let source = state.sources[event.input]
    let text = ReportText(
      try state.rawBytes(number), format: source.format, firstLine: event.firstLine,
      host: event.host, isLive: state.session.inputs[event.input].isLive)
    return TrustAnswer(number, Trust(report, text: text), state.settings.units).document
  }
}

/// The checks of a report as a document.
private struct TrustAnswer {
  private let number: Int
  private let trust: Trust
  private let units: SizeUnits

  init(_ number: Int, _ trust: Trust, _ units: SizeUnits) {
    self.number = number
    self.trust = trust
    self.units = units
  }

  var document: Document {
    Document(
      [.heading("Event \(number): \(verdict)"), .table(table)]
        + trust.failed.compactMap { check in
          Self.meaning(check).map { .prose("\(check.claim): \(found(check)). \($0)") }
        } + [.prose(remark)], record: record)
  }

  /// The figures of a check with all their lines, which the table may have no room for.
  private func found(_ check: Trust.Check) -> String {
    let text = Visible.text(units.words(check.text))
    let lines = LineList.text(check.lines, most: .max)
    return lines.isEmpty ? text : "\(text) (\(check.lines.count == 1 ? "line" : "lines") \(lines))"
  }

  private static func lines(_ check: Trust.Check, most: Int) -> Cell {
    check.lines.isEmpty ? .missing : .text(LineList.text(check.lines, most: most))
  }

  /// What the check compares, and what it means that it failed.
  private static func meaning(_ check: Trust.Check) -> String? {
    Glossary.entries(named: "check \(check.key)").first?.text
  }

  private var verdict: String {
    let counts = "\(trust.passedCount) of \(trust.checks.count) checks passed"
    let failed = trust.failed.count
    switch trust.verdict {
    case .consistent: return "nothing in the report contradicts the rest (\(counts))"
    case .incomplete: return "not whole, though what is there agrees (\(counts), \(failed) failed)"
    case .contradictory: return "the report contradicts itself (\(counts), \(failed) failed)"
    case .unknown: return "the log holds too little to check anything"
    }
  }

  private var remark: String {
    switch trust.verdict {
    case .consistent:
      "That all holds does not prove who wrote it: checks find damage, not a careful forger."
    case .incomplete: "Figures that are there can be used; what is missing is shown as missing."
    case .contradictory:
      "It was edited, put together from several, or damaged on its way: compare with another copy "
        + "of the log before you rely on its figures."
    case .unknown: "Look for a log that holds the whole report."
    }
  }

  /// What matters most comes first.
  private static let order: [Trust.Outcome] = [.failed, .passed, .notPossible]

  private static func words(_ outcome: Trust.Outcome) -> String {
    switch outcome {
    case .passed: "passed"
    case .failed: "FAILED"
    case .notPossible: "not possible"
    }
  }

  private var table: Table {
    Table(
      key: "checks",
      columns: [
        Column("check", "check", isForPrograms: true),
        Column("claim", "what must hold", canWrap: true, readableWidth: 30),
        Column("outcome", "outcome"),
        Column("text", "found", canWrap: true, readableWidth: 24),
        Column("tolerance", "tolerance", canShrink: true, dropOrder: 2, isForPrograms: true),
        Column("lines", "lines", dropOrder: 1),
        Column("all_lines", "all lines", isForPrograms: true),
      ],
      rows: Self.order.flatMap { outcome in trust.checks.filter { $0.outcome == outcome } }
        .map { check in
          [
            .text(check.key), .text(check.claim), .text(Self.words(check.outcome)),
            .text(Visible.text(units.words(check.text))), .text(units.words(check.tolerance)),
            Self.lines(check, most: 2), Self.lines(check, most: .max),
          ]
        })
  }

  private var record: JSONValue {
    .object([
      .init("event", .int(Int64(number))), .init("verdict", .string(trust.verdict.rawValue)),
      .init(
        "checks",
        .array(
          trust.checks.map { check in
            .object([
              .init("check", .string(check.key)), .init("claim", .string(check.claim)),
              .init("outcome", .string(check.outcome.rawValue)),
              .init("text", .string(units.words(check.text))),
              .init("tolerance", .string(units.words(check.tolerance))),
              .init("meaning", .string(check.outcome == .failed ? Self.meaning(check) : nil)),
              .init("lines", .array(check.lines.map { .int(Int64($0)) })),
            ])
          })),
    ])
  }
}
