internal import Investigation
internal import Presentation

extension Command {
  static let inputs = Command(
    "inputs", .sources, "list what is loaded, a row for each file",
    examples: [Example("inputs", "a row for each input: form, lines, events, kills")]
  ) { (state, _) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    return Document([.table(LoadAnswer.table(state.session.inputs, in: state))])
  }
}
