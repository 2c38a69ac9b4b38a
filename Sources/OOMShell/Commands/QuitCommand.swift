internal import Presentation

extension Command {
  static let quit = Command(
    "quit", aliases: ["exit"], .shell, "leave oomsh",
    parameters: [Parameter("STATUS", .integer(0...255), .optional, "the exit status; 0 without")],
    examples: [
      Example("quit", "leaves; so does Ctrl-D on an empty line"),
      Example("quit 3", "leaves with exit status 3, for scripts"),
    ]
  ) { (state, arguments) throws(CommandError) in
    state.exit = Int32(arguments.integer("STATUS") ?? 0)
    return Document()
  }
}
