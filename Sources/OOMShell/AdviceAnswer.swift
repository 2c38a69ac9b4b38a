internal import Investigation
internal import Presentation

/// Advice as a document: a list of it, then each with what it rests on, what to put where, and how
/// to see that it helped.
struct AdviceAnswer {
  private let advice: [Recommendation]
  private let words: AdviceWords
  private let notes: [Block]

  init(_ advice: [Recommendation], _ units: SizeUnits, _ notes: [Block]) {
    self.advice = advice
    words = AdviceWords(units)
    self.notes = notes
  }

  var document: Document {
    let record = JSONValue.object([.init("advice", .array(advice.map(json)))])
    guard !advice.isEmpty else {
      return Document(
        [
          .prose("Nothing to recommend: no event in view, and no setting, speaks for a change.")
        ], record: record)
    }
    let blocks = advice.enumerated().flatMap { self.blocks(of: $1, number: $0 + 1) }
    return Document([.table(list)] + blocks + notes, record: record)
  }

  private var list: Table {
    Table(
      key: "advice",
      columns: [
        Column("number", "#", .right), Column("rule", "rule"), Column("severity", "urgency"),
        Column("certainty", "how sure", dropOrder: 1),
        Column("snippets", "texts", .right, dropOrder: 2),
        Column("events", "events", canShrink: true, dropOrder: 3),
      ],
      rows: advice.enumerated().map { index, item in
        [
          .integer(Int64(index + 1)), .text(item.ruleID), .text(AdviceWords.words(item.severity)),
          .text(item.certainty.rawValue), .integer(Int64(item.snippets.count)),
          item.events.isEmpty ? .missing : .text(AdviceWords.ranges(item.events)),
        ]
      })
  }

  private func blocks(of item: Recommendation, number: Int) -> [Block] {
    var why = item.reason.map(words.text).joined(separator: "; ")
    let cited = AdviceWords.citation(item.events)
    if !cited.isEmpty { why += " [\(cited)]" }
    if !item.settings.isEmpty { why += " [\(item.settings.joined(separator: ", "))]" }
    return [
      .heading("\(number). \(item.title) (\(AdviceWords.words(item.severity)))"),
      .prose("Why: \(why)"), .prose(item.action),
    ] + item.snippets.flatMap(blocks) + [
      .prose("Check: \(item.check)"),
      .prose(
        """
        Rule: \(item.ruleID). Certainty: \(item.certainty.rawValue). Refuted by: \(item.wouldRefute)
        """),
    ]
  }

  private func blocks(of snippet: Snippet) -> [Block] {
    [
      .prose(
        "\(snippet.kind.isCommand ? "Run in" : "Put into") \(words.text(snippet.place.shown)):"),
      .verbatim(snippet.text.split(separator: "\n").map { "    \($0)" }),
      .prose("Computed: \(snippet.computedFrom.map(words.text).joined(separator: "; "))."),
    ]
  }

  private func json(_ item: Recommendation) -> JSONValue {
    .object([
      .init("rule", .string(item.ruleID)),
      .init("severity", .string(AdviceWords.words(item.severity))),
      .init("certainty", .string(item.certainty.rawValue)), .init("title", .string(item.title)),
      .init("reason", .array(item.reason.map { .string(words.text($0)) })),
      .init("events", .array(item.events.map { .int(Int64($0)) })),
      .init("settings", .array(item.settings.map { .string($0) })),
      .init("action", .string(item.action)),
      .init("snippets", .array(item.snippets.map(json))), .init("check", .string(item.check)),
      .init("would_refute", .string(item.wouldRefute)),
    ])
  }

  private func json(_ snippet: Snippet) -> JSONValue {
    .object([
      .init("kind", .string(snippet.kind.rawValue)),
      .init("place", .string(words.text(snippet.place.shown))),
      .init("file", .string(snippet.place.path)), .init("text", .string(snippet.text)),
      .init("computed_from", .array(snippet.computedFrom.map { .string(words.text($0)) })),
    ])
  }
}
