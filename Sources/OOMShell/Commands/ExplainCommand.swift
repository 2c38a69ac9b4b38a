internal import Investigation
internal import Presentation

extension Command {
  static let explain = Command(
    "explain", .advice, "say what a term, or a line of a report, means",
    parameters: [
      Parameter(
        "TERM", .name(Glossary.choices), .optionalRest,
        "a term, or 'line' and a line in quotes; lists the terms without")
    ],
    examples: [
      Example("explain", "every term"),
      Example("explain anon-rss", "what anon-rss is"),
      Example("explain line \"Out of memory: Killed process 7 (app)\"", "a line taken apart"),
    ]
  ) { (_, arguments) throws(CommandError) in
    guard let term = arguments.text("TERM") else { return Glossary.list }
    if term.hasPrefix("line ") { return try LineAnswer(String(term.dropFirst(5))).document() }
    return try Glossary.entry(term)
  }
}

/// The terms that `explain` knows.
private enum Glossary {
  @Sendable static func choices(_ state: ShellState) -> [Choice] {
    Prose.ids(.glossary).map { Choice($0, Prose.title(.glossary, $0) ?? "") }
  }

  static var list: Document {
    Document([
      .table(
        Table(
          key: "terms",
          columns: [Column("term", "term"), Column("title", "title", canShrink: true)],
          rows: Prose.ids(.glossary).map { id in
            [.text(id), Prose.title(.glossary, id).map(Cell.text) ?? .missing]
          }))
    ])
  }

  /// The entry of a term, which may be written with blanks or underscores for its dashes.
  static func entry(_ term: String) throws(CommandError) -> Document {
    let names = Prose.names(.glossary)
    let wanted = key(term)
    for name in [term] + names.filter({ key($0) == wanted }) {
      guard let text = Prose.text(.glossary, name) else { continue }
      return Document([.heading(Prose.title(.glossary, name) ?? name), .prose(text)])
    }
    let near = Suggestion.question(for: term, among: names) ?? question(names, within: wanted)
    let question = near.map { "\($0) " } ?? ""
    throw CommandError(
      .usage, "explain: no such term: \(Visible.quoted(term))",
      hint: "\(question)'explain' lists the terms")
  }

  /// Proposes the terms that what was typed is a part of, such as `oom_score_adj` for `adj`.
  private static func question(_ names: [String], within wanted: String) -> String? {
    guard wanted.utf8.count > 2 else { return nil }
    let found = names.filter { key($0).contains(wanted) }.prefix(Suggestion.limit)
    guard !found.isEmpty else { return nil }
    return "did you mean \(found.map { "'\($0)'" }.joined(separator: " or "))?"
  }

  private static func key(_ term: String) -> String {
    String(term.lowercased().map { $0 == " " || $0 == "_" ? "-" : $0 })
  }
}
