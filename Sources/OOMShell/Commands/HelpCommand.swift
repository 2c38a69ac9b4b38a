extension Command {
  static let help = Command(
    "help", .shell, "list the commands, or tell about one",
    parameters: [Parameter("NAME", .command, .optional, "a command, a group, a topic or 'all'")],
    examples: [
      Example("help", "the commands by group"),
      Example("help all", "every command with what it does"),
      Example("help set", "usage, arguments and examples of set"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let name = arguments.text("NAME") else { return Help.overview(of: state.commands) }
    if let command = state.commands[name] { return Help.page(of: command) }
    if let page = Help.page(of: name) { return page }
    if let page = Help.page(ofGroup: name, in: state.commands) { return page }
    if !state.origin.isScript, let command = state.commands.shortened(name) {
      return Help.page(of: command)
    }
    let names = Help.names(in: state.commands).map(\.name)
    let question = Suggestion.question(for: name, among: names).map { "\($0) " } ?? ""
    throw CommandError(
      .usage, "no help on \(Visible.quoted(name))", hint: "\(question)'help' lists the commands")
  }
}
