internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let trend = Command(
    "trend", .count, "how one process, or all of a name, grew from event to event",
    parameters: [
      Parameter(
        "WHO", .name(VictimNames.choices), .required, "a process id, or the name of a process"),
      .option("limit", .integer(1...1_000_000), "only so many rows; 20 where left out"),
    ],
    examples: [
      Example("trend 611", "the size of this process in each task table, and where it leads"),
      Example("trend java", "each process of this name, and what they held when they were killed"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    guard let who = arguments.text("WHO") else { return Document() }
    guard !state.session.view.isEmpty else { return ViewNotes.nothing(state) }
    let read = try ReadReports(state, state.session.view, limit: 500)
    let events = read.numbers.map(state.session.event)
    let name = LogText(escaped: who)
    func find(_ subject: ProcessTrend.Subject) -> [ProcessTrend] {
      ProcessTrend.find(subject, in: events, reports: read.reports)
    }
    let ofPID = Int64(who).map { find(.pid($0)) } ?? []
    let trends = ofPID.isEmpty ? find(.name(name)) : ofPID
    let deaths =
      ofPID.isEmpty ? DeathSizes.find(name, in: state.session.events, state.session.view) : []
    guard !trends.isEmpty || !deaths.isEmpty else {
      throw .notListed(who, tables: read.reports.values.count { $0.tasks != nil })
    }
    let answer = TrendAnswer(
      who, trends, deaths, tables: read.reports.values.count { $0.tasks != nil },
      limit: arguments.integer("limit") ?? 20, state)
    let partial = read.reports.values.count { $0.droppedRowCount > 0 }
    let ofRecords: [Block] =
      partial == 0
      ? []
      : [
        .note(
          .warning,
          "\(partial) of these events are records that keep the largest rows of their table only: a "
            + "size is missing where it was not among them")
      ]
    return Document(
      answer.blocks + ofRecords + read.notes + ViewNotes.hidden(state),
      record: .object(
        [.init("who", .string(who))] + read.members + [
          .init("processes", answer.processes), .init("deaths", answer.deathRecords),
        ]))
  }
}

/// The names that the newest events in view killed, for completion.
enum VictimNames {
  @Sendable static func choices(_ state: ShellState) -> [Choice] {
    var seen: Set<String> = []
    return state.session.view.suffix(200).reversed()
      .flatMap { state.session.event($0).victims }
      .compactMap { victim in
        let name = victim.comm.description
        return seen.insert(name).inserted ? Choice(name, "was killed") : nil
      }
  }
}

extension CommandError {
  fileprivate static func notListed(_ who: String, tables: Int) -> CommandError {
    CommandError(
      .failed,
      tables == 0
        ? "no report in view has a task table"
        : "none of \(tables) task tables in view lists \(Visible.quoted(who))",
      hint: tables == 0
        ? "vm.oom_dump_tasks=1 makes the kernel print them"
        : "'tasks' shows the names and pids of a table; names are at most 15 bytes long")
  }
}
