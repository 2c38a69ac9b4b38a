internal import Presentation

extension Command {
  static let echo = Command(
    "echo", .shell, "print text",
    parameters: [
      Parameter("TEXT", .text, .optionalRest, "what to print; nothing for an empty line")
    ],
    examples: [
      Example("echo the last day", "prints the words with single blanks between"),
      Example(#"echo "one\ntwo""#, "prints two lines"),
    ]
  ) { (_, arguments) throws(CommandError) in
    let text = arguments.text("TEXT") ?? ""
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return Document([.verbatim(lines.map(String.init))])
  }
}
