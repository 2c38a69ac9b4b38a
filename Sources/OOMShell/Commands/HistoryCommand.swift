internal import Presentation

extension Command {
  static let history = Command(
    "history", .shell, "list the lines that were typed",
    parameters: [
      Parameter("COUNT", .integer(1...Int.max), .optional, "only so many of the latest")
    ],
    examples: [
      Example("history", "every line of this conversation"),
      Example("history 10", "the last ten"),
    ]
  ) { (state, arguments) throws(CommandError) in
    let first = max(0, state.history.count - (arguments.integer("COUNT") ?? state.history.count))
    guard !state.history.isEmpty else {
      return Document([.note(.info, "no line was typed yet")])
    }
    let rows: [[Cell]] = state.history.indices[first...].map { index in
      [.integer(Int64(index + 1)), .text(state.history[index])]
    }
    return Document([
      .table(
        Table(
          key: "history", columns: [Column("number", "#", .right), Column("line", "line")],
          rows: rows))
    ])
  }
}
