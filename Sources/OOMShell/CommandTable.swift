/// The commands, found by name; the order of the rows is the order of `help`.
package struct CommandTable: Sendable {
  package let commands: [Command]
  private let positions: [String: Int]

  package init(_ commands: [Command]) {
    self.commands = commands
    var positions: [String: Int] = [:]
    for (position, command) in commands.enumerated() {
      for name in [command.name] + command.aliases { positions[name] = position }
    }
    self.positions = positions
  }

  /// What a person finds at the prompt.
  package static let standard = CommandTable([
    .load, .inputs, .coverage,
    .events, .show, .raw, .tasks, .mem, .cgroup, .trust,
    .culprit, .why, .whatif,
    .since, .until, .filters, .reset, .anchor,
    .top, .timeline, .incidents, .trend, .population, .diff,
    .sysctl,
    .recommend, .explain,
    .help, .history, .echo, .set, .source, .quit,
  ])

  /// The command of a name or alias; nil where there is none.
  package subscript(name: String) -> Command? {
    positions[name].map { commands[$0] }
  }

  /// Every name and alias, in the order of the table.
  package var names: [String] {
    commands.flatMap { [$0.name] + $0.aliases }
  }

  /// The command that a word means; fails with what is near or legal.
  ///
  /// With `allowsPrefix` the beginning of a name will do where only one command begins so. Never in
  /// a script, which a command of a later version could change.
  package func command(
    named word: String, allowsPrefix: Bool
  ) throws(CommandError) -> Command {
    if let command = self[word] { return command }
    let meant = word.isEmpty ? [] : commands(startingWith: word)
    guard let first = meant.first else { throw .unknownCommand(word, among: names) }
    guard allowsPrefix else { throw .shortenedCommand(word, meant.map(\.name)) }
    guard meant.count == 1 else { throw .ambiguousCommand(word, meant.map(\.name)) }
    return first
  }

  /// The only command that begins so; nil for none and for several.
  func shortened(_ word: String) -> Command? {
    let meant = word.isEmpty ? [] : commands(startingWith: word)
    return meant.count == 1 ? meant.first : nil
  }

  /// The commands of which the name or an alias begins so.
  private func commands(startingWith prefix: String) -> [Command] {
    commands.filter { command in
      ([command.name] + command.aliases).contains { $0.hasPrefix(prefix) }
    }
  }
}
