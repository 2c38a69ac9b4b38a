internal import Presentation

extension Command {
  static let source = Command(
    "source", .shell, "run the commands of a script",
    parameters: [Parameter("FILE", .path, .required, "a .oomsh script")],
    examples: [
      Example("source triage.oomsh", "runs it up to its first error")
    ]
  ) { (state, arguments) throws(CommandError) in
    let path = state.resolve(arguments.text("FILE") ?? "")
    try state.performFile(path, shownAs: path)
    return Document()
  }
}
