internal import Investigation
package import Presentation

/// What `help` answers: the commands, one command, or a topic of the help book.
package enum Help {
  /// The commands by group and the topics, on one screen.
  package static func overview(of table: CommandTable) -> Document {
    var rows: [[Cell]] = []
    var group: Command.Group?
    for command in table.commands where command.group != .shell {
      let heading = command.group == group ? "" : command.group.rawValue
      rows.append([.text(heading), .text(command.name), .text(command.summary)])
      group = command.group
    }
    // These do not ask about memory: their names are enough where room is short.
    let own = table.commands.filter { $0.group == .shell }.map(\.name)
    if !own.isEmpty {
      let heading = Command.Group.shell.rawValue
      rows.append([.text(heading), .text(""), .text(own.joined(separator: ", "))])
    }
    let topics = topicIDs(besides: table)
    if !topics.isEmpty {
      rows.append([.text("topics"), .text(""), .text(topics.joined(separator: ", "))])
    }
    return Document(
      [
        .table(
          Table(
            key: "commands",
            columns: [
              Column("group", ""), Column("name", "command"),
              Column("summary", "'help COMMAND' or 'help TOPIC' tells more", canShrink: true),
            ], rows: rows))
      ], record: record(of: table))
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
      rows.append([.text(parameter.form), .text(parameter.summary)])
      guard case .choice(let choices) = parameter.kind else { continue }
      rows += choices.map { [.text("  \($0.name)"), .text($0.summary)] }
    }
    return Table(
      key: "parameters",
      columns: [
        Column("name", "argument", canShrink: true), Column("summary", "meaning", canShrink: true),
      ],
      rows: rows)
  }

  private static func examples(of command: Command) -> Table {
    Table(
      key: "examples",
      columns: [Column("line", "example"), Column("shows", "what it does", canShrink: true)],
      rows: command.examples.map { [.text($0.line), .text($0.shows)] })
  }
}
