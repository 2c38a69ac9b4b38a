internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let recommend = Command(
    "recommend", aliases: ["advise"], .advice, "say what to do, each point with its evidence",
    parameters: [
      Parameter("EVENT", .events, .zeroOrMore, "only from these events; all in view where left out")
    ],
    examples: [
      Example("recommend", "advice from all events in view"),
      Example("recommend last", "from the newest event alone"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    let references = arguments.events("EVENT")
    let numbers = references.isEmpty ? state.session.view : try state.numbers(references)
    return try Recommending(state, numbers).document()
  }
}

/// Gathers the evidence and shows what follows from it.
private struct Recommending {
  private let state: ShellState
  private let numbers: [Int]

  /// How many reports are read whole, the newest ones: advice needs the causes, not every copy.
  private static let reportLimit = 200

  init(_ state: ShellState, _ numbers: [Int]) {
    self.state = state
    self.numbers = numbers
  }

  func document() throws(CommandError) -> Document {
    var reports: [Int: OOMReport] = [:]
    for number in numbers.suffix(Self.reportLimit) {
      if state.environment.isInterrupted() { throw .interrupted() }
      reports[number] = try? state.report(number).report
    }
    let evidence = Evidence(
      events: numbers.map(state.session.event), reports: reports,
      host: state.hostFacts(of: numbers),
      anchorMicros: state.session.anchor.wallMicros)
    let advice = Advice.recommendations(for: evidence)
    guard !advice.isEmpty else {
      return Document([
        .prose("Nothing to recommend: no event in view, and no setting, speaks for a change.")
      ])
    }
    var blocks: [Block] = advice.enumerated().flatMap { self.blocks(of: $1, number: $0 + 1) }
    if numbers.count > Self.reportLimit {
      blocks.append(
        .note(.info, "the newest \(Self.reportLimit) of \(numbers.count) reports were read whole"))
    }
    return Document(blocks, record: .object([.init("advice", .array(advice.map(json)))]))
  }

  private func blocks(of item: Recommendation, number: Int) -> [Block] {
    var why = item.reason.map(text).joined(separator: "; ")
    let cited = Self.citation(item.events)
    if !cited.isEmpty { why += " [\(cited)]" }
    if !item.settings.isEmpty { why += " [\(item.settings.joined(separator: ", "))]" }
    return [
      .heading("\(number). \(item.title) (\(Self.words(item.severity)))"),
      .prose("Why: \(why)"),
      .prose(item.action),
      .prose("Certainty: \(item.certainty.rawValue). Refuted by: \(item.wouldRefute)"),
    ]
  }

  private func json(_ item: Recommendation) -> JSONValue {
    .object([
      .init("rule", .string(item.ruleID)), .init("severity", .string(Self.words(item.severity))),
      .init("certainty", .string(item.certainty.rawValue)), .init("title", .string(item.title)),
      .init("reason", .array(item.reason.map { .string(text($0)) })),
      .init("events", .array(item.events.map { .int(Int64($0)) })),
      .init("settings", .array(item.settings.map { .string($0) })),
      .init("action", .string(item.action)), .init("would_refute", .string(item.wouldRefute)),
    ])
  }

  private func text(_ sentence: Sentence) -> String {
    Visible.text(sentence.text { state.settings.units.text(bytes: $0.count) })
  }

  private static func words(_ severity: Recommendation.Severity) -> String {
    switch severity {
    case .critical: "critical"
    case .high: "high"
    case .medium: "medium"
    case .low: "low"
    case .general: "in general"
    }
  }

  /// `events 1-3, 7`, with ranges where numbers follow each other.
  private static func citation(_ events: [Int]) -> String {
    guard !events.isEmpty else { return "" }
    var ranges: [ClosedRange<Int>] = []
    for number in events.sorted() {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else if ranges.last?.upperBound != number {
        ranges.append(number...number)
      }
    }
    let words = ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
    return "\(events.count == 1 ? "event" : "events") \(words.joined(separator: ", "))"
  }
}
