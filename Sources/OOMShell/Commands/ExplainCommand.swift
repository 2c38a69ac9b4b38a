internal import Investigation
internal import Presentation

extension Command {
  static let explain = Command(
    "explain", .advice, "say what a term, or a line of a report, means",
    parameters: [
      Parameter(
        "TERM", .name(GlossaryAnswer.choices), .optionalRest,
        "a word of a log or a screen, a subject, or 'line' and a line in quotes")
    ],
    examples: [
      Example("explain", "every term, by subject"),
      Example("explain anon-rss", "what anon-rss is"),
      Example("explain task-tables", "the terms of one subject"),
      Example("explain line \"Out of memory: Killed process 7 (app)\"", "a line taken apart"),
    ]
  ) { (_, arguments) throws(CommandError) in
    guard let term = arguments.text("TERM") else { return GlossaryAnswer.overview }
    if term.hasPrefix("line ") { return try LineAnswer(String(term.dropFirst(5))).document() }
    return try GlossaryAnswer.document(of: term)
  }
}

/// What the glossary says as a document.
private enum GlossaryAnswer {
  /// Subjects, then what each of them explains.
  @Sendable static func choices(_ state: ShellState) -> [Choice] {
    let entries = Glossary.subjects.flatMap(\.entries)
    return Glossary.subjects.map { Choice($0.id, $0.title) }
      + entries.map { Choice($0.id, $0.title) }
      + entries.flatMap { entry in entry.names.dropFirst().map { Choice($0, entry.title) } }
  }

  static var overview: Document {
    Document(
      [
        .fields(
          Fields(
            key: "subjects",
            Glossary.subjects.map { subject in
              Field(
                subject.id, subject.id, .text(subject.entries.map(\.id).joined(separator: ", ")))
            })),
        .prose(
          "'explain TERM' explains one, and any other word that a report or a screen of oomsh "
            + "prints; 'explain SUBJECT' lists the terms of a subject with their titles."),
      ],
      record: .object([.init("subjects", .array(Glossary.subjects.map(record)))]))
  }

  /// The entries of a term, or the terms of a subject.
  static func document(of term: String) throws(CommandError) -> Document {
    let entries = Glossary.entries(named: term)
    guard entries.isEmpty else { return document(entries, of: term) }
    if let subject = Glossary.subject(term) { return list(subject) }
    let names = Glossary.names
    let near = Suggestion.question(for: term, among: names) ?? question(names, within: term)
    let question = near.map { "\($0) " } ?? ""
    throw CommandError(
      .usage, "explain: no such term: \(Visible.quoted(term))",
      hint: "\(question)'explain' lists the terms")
  }

  private static func document(_ entries: [Glossary.Entry], of term: String) -> Document {
    var blocks: [Block] = []
    for entry in entries {
      let subject = Glossary.subject(entry.subject)?.title ?? ""
      blocks.append(.heading(entries.count == 1 ? entry.title : "\(entry.title) (\(subject))"))
      blocks.append(.prose(entry.text))
    }
    if let unit = Glossary.unit(of: term) {
      blocks.append(.prose("\(Visible.quoted(term)) is in \(unit)."))
    }
    return Document(
      blocks,
      record: .object([
        .init("term", .string(term)), .init("unit", .string(Glossary.unit(of: term))),
        .init(
          "entries",
          .array(
            entries.map { entry in
              .object(members(entry) + [.init("text", .string(entry.text))])
            })),
      ]))
  }

  private static func list(_ subject: Glossary.Subject) -> Document {
    Document(
      [
        .table(
          Table(
            key: "terms", title: subject.title,
            columns: [Column("term", "term"), Column("title", "title", canWrap: true)],
            rows: subject.entries.map { [.text($0.id), .text($0.title)] }))
      ],
      record: record(subject))
  }

  private static func record(_ subject: Glossary.Subject) -> JSONValue {
    .object([
      .init("name", .string(subject.id)), .init("title", .string(subject.title)),
      .init("terms", .array(subject.entries.map { .object(members($0)) })),
    ])
  }

  private static func members(_ entry: Glossary.Entry) -> [JSONValue.Member] {
    [
      .init("term", .string(entry.id)), .init("title", .string(entry.title)),
      .init("subject", .string(entry.subject)),
      .init("names", .array(entry.names.map { .string($0) })),
    ]
  }

  /// Proposes the terms that what was typed is a part of, such as `oom_score_adj` for `adj`.
  private static func question(_ names: [String], within term: String) -> String? {
    let wanted = Glossary.key(term)
    guard wanted.utf8.count > 2 else { return nil }
    let found = names.filter { Glossary.key($0).contains(wanted) }.prefix(Suggestion.limit)
    guard !found.isEmpty else { return nil }
    return "did you mean \(found.map { "'\($0)'" }.joined(separator: " or "))?"
  }
}
