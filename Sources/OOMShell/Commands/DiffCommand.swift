internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let diff = Command(
    "diff", aliases: ["compare"], .count, "two events side by side: memory, cgroup and tasks",
    parameters: [
      Parameter("A", .events, .required, "the event to start from"),
      Parameter("B", .events, .required, "the event to compare with it"),
      .option("limit", .integer(1...1_000_000), "only so many rows of tasks; 10 where left out"),
    ],
    examples: [
      Example("diff first last", "what changed from the first event in view to the last"),
      Example("diff 1 2 --limit=50", "with more tasks"),
    ]
  ) { (state, arguments) throws(CommandError) in
    let first = try state.one(arguments.events("A"), "A")
    let second = try state.one(arguments.events("B"), "B")
    let sides = [try state.report(first), try state.report(second)]
    let difference = EventDifference(
      (sides[0].event, sides[0].report), (sides[1].event, sides[1].report))
    let answer = DiffAnswer(
      difference, sides.map(\.event), sides.map(\.report),
      limit: arguments.integer("limit") ?? 10, state)
    return Document(answer.blocks, record: answer.record)
  }
}

extension ShellState {
  /// The only event that references name; the last one becomes the current event.
  fileprivate mutating func one(
    _ references: [EventReference], _ parameter: String
  ) throws(CommandError) -> Int {
    let numbers = try self.numbers(references)
    guard let number = numbers.first, numbers.count == 1 else {
      throw CommandError(
        .failed, "diff: \(parameter) names \(numbers.count) events",
        hint: "diff compares one event with another: diff 1 2")
    }
    return number
  }
}
