internal import Investigation
package import Presentation

/// What `help` answers: the commands, one command, or a topic of the help book.
package enum Help {
  /// The groups with their commands, and the topics, on one screen.
  package static func overview(of table: CommandTable) -> Document {
    var rows = Command.Group.allCases.compactMap { group -> Field? in
      let names = table.commands.filter { $0.group == group }.map(\.name)
      guard !names.isEmpty else { return nil }
      return Field(group.rawValue, group.rawValue, .text(names.joined(separator: ", ")))
    }
    let topics = topicIDs(besides: table)
    if !topics.isEmpty {
      rows.append(Field("topics", "topics", .text(topics.joined(separator: ", "))))
    }
    return Document(
      [
        .fields(Fields(key: "groups", rows)),
        .prose(
          "'help NAME' tells about a command, a group or a topic; 'help all' lists everything."),
      ], record: record(of: table))
  }

  /// The word for all groups.
  static let everything = "all"

  /// The commands of a group, or of all, a line each; nil for another word.
  static func page(ofGroup name: String, in table: CommandTable) -> Document? {
    let group = Command.Group(rawValue: name)
    guard group != nil || name == everything else { return nil }
    let commands = table.commands.filter { group == nil || $0.group == group }
    return Document([
      .table(
        Table(
          key: "commands",
          columns: [
            Column("group", ""), Column("name", "command"),
            Column("summary", "what it does", canWrap: true),
          ],
          rows: commands.enumerated().map { index, command in
            let isNew = index == 0 || commands[index - 1].group != command.group
            return [
              .text(isNew ? command.group.rawValue : ""), .text(command.name),
              .text(command.summary),
            ]
          }))
    ])
  }

  /// The table as data, where every row tells its group.
  private static func record(of table: CommandTable) -> JSONValue {
    let commands = table.commands.map { command in
      JSONValue.object([
        .init("name", .string(command.name)),
        .init("aliases", .array(command.aliases.map(JSONValue.string))),
        .init("group", .string(command.group.rawValue)),
        .init("usage", .string(command.usage)),
        .init("summary", .string(command.summary)),
      ])
    }
    let topics = topicIDs(besides: table).map { id in
      JSONValue.object([
        .init("name", .string(id)),
        .init("title", Prose.title(.help, id).map(JSONValue.string) ?? .null),
      ])
    }
    return .object([.init("commands", .array(commands)), .init("topics", .array(topics))])
  }

  /// Usage, parameters, details and examples of a command.
  package static func page(of command: Command) -> Document {
    var blocks: [Block] = [
      .heading(command.usage), .prose("\(command.name): \(command.summary)."),
    ]
    if !command.aliases.isEmpty {
      blocks.append(.prose("Also: \(command.aliases.joined(separator: ", "))."))
    }
    if !command.parameters.isEmpty { blocks.append(.table(parameters(of: command))) }
    for id in ["command.\(command.name)", command.name] {
      if let details = Prose.text(.help, id) { blocks.append(.prose(details)) }
    }
    blocks.append(.table(examples(of: command)))
    return Document(blocks)
  }

  /// A topic of the help book; nil where it has none of that name.
  package static func page(of topic: String) -> Document? {
    guard !topic.contains("."), let text = Prose.text(.help, topic) else { return nil }
    return Document([.heading(Prose.title(.help, topic) ?? topic), .prose(text)])
  }

  /// What can stand after `help`.
  static func names(in table: CommandTable) -> [Choice] {
    table.commands.map { Choice($0.name, $0.summary) }
      + Command.Group.allCases.filter { table[$0.rawValue] == nil }.map {
        Choice($0.rawValue, $0.summary)
      } + [Choice(everything, "every command")]
      + topicIDs(besides: table).map { Choice($0, Prose.title(.help, $0) ?? "") }
  }

  /// The entries of the help book that stand on their own. A dot makes one a part of something: the
  /// details of a command (`command.set`), a sentence of an analysis.
  private static func topicIDs(besides table: CommandTable) -> [String] {
    Prose.ids(.help).filter { table[$0] == nil && !$0.contains(".") }
  }

  private static func parameters(of command: Command) -> Table {
    var rows: [[Cell]] = []
    for parameter in command.parameters {
      guard case .choice(let choices) = parameter.kind else {
        rows.append([.text(parameter.form), .text(parameter.summary)])
        continue
      }
      // Its values follow, a line each.
      let form = parameter.isNamed ? "--\(parameter.name)=…" : parameter.form
      rows.append([.text(form), .text(parameter.summary)])
      rows += choices.map { [.text("  \($0.name)"), .text($0.summary)] }
    }
    return Table(
      key: "parameters",
      columns: [
        Column("name", "argument"), Column("summary", "meaning", canWrap: true),
      ],
      rows: rows)
  }

  private static func examples(of command: Command) -> Table {
    Table(
      key: "examples",
      columns: [Column("line", "example"), Column("shows", "what it does", canWrap: true)],
      rows: command.examples.map { [.text($0.line), .text($0.shows)] })
  }
}
