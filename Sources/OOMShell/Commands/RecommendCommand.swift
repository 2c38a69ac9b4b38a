internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let recommend = Command(
    "recommend", aliases: ["advise"], .advice, "say what to change, with figures and evidence",
    parameters: [
      Parameter(
        "EVENT", .events, .zeroOrMore, "only from these events; all in view where left out"),
      .option(
        "write", .directory, "put the texts into new files below this directory; apply nothing"),
    ],
    examples: [
      Example("recommend", "advice from all events in view"),
      Example("recommend last", "from the newest event alone"),
      Example("recommend --write=advice", "its texts as files, with a README.txt"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    let references = arguments.events("EVENT")
    let numbers = references.isEmpty ? state.session.view : try state.numbers(references)
    let given = try Advising(state, numbers)
    guard let directory = arguments.text("write") else {
      return AdviceAnswer(given.advice, state.settings.units, given.notes).document
    }
    return try given.write(into: directory)
  }
}

extension Session {
  fileprivate func isRecord(_ number: Int) -> Bool {
    inputs[event(number).input].packing == RecordLoader.packing
  }

  /// Whether an event was read from a record, and has no time of day since its log prints no year.
  fileprivate func isYearlessRecord(_ number: Int) -> Bool {
    let event = event(number)
    guard isRecord(number), event.time.wallMicros == nil else { return false }
    let carriers = Set(inputs[event.input].coverage.carriers.keys)
    return carriers == [.syslog] || carriers == [.journalText] && event.time.uptimeMicros == nil
  }
}

/// Gathers the evidence and asks for what follows from it.
private struct Advising {
  let advice: [Recommendation]
  let notes: [Block]
  private let state: ShellState

  /// How many reports are read whole, the newest ones: advice needs the causes, not every copy.
  private static let reportLimit = 200

  init(_ state: ShellState, _ numbers: [Int]) throws(CommandError) {
    self.state = state
    let read = try ReadReports(state, numbers, limit: Self.reportLimit)
    notes = read.notes
    advice = Advice.recommendations(
      for: Evidence(
        events: numbers.map(state.session.event), reports: read.reports,
        host: state.hostFacts(of: numbers), anchorMicros: state.session.anchor.wallMicros,
        records: Set(numbers.filter(state.session.isRecord)),
        yearlessRecords: Set(numbers.filter(state.session.isYearlessRecord))))
  }

  func write(into directory: String) throws(CommandError) -> Document {
    let made = AdviceFiles(advice, AdviceWords(state.settings.units))
    guard !made.files.isEmpty else {
      return Document(
        [.prose("No advice here comes with a text to put anywhere: nothing was written.")] + notes,
        record: .object([.init("directory", .string(directory)), .init("files", .array([]))]))
    }
    do throws(Environment.Unreadable) {
      try state.environment.writeFiles(state.resolve(directory), made.contents)
    } catch {
      throw CommandError(
        .failed, "cannot write into \(Visible.quoted(directory))", hint: error.hint,
        cause: Visible.text(error.reason))
    }
    let rows = made.files.map { file -> [Cell] in
      [.path(file.path), .text(file.rules.joined(separator: ", ")), .text(file.place)]
    }
    return Document(
      [
        .table(
          Table(
            key: "files", title: "written below \(Visible.quoted(directory))",
            columns: [
              Column("path", "file"), Column("rules", "from"),
              Column("place", "where it belongs", canShrink: true, dropOrder: 1),
            ], rows: rows)),
        .prose("Nothing was applied. README.txt there says how to apply each, and how to undo it."),
      ] + notes,
      record: .object([
        .init("directory", .string(directory)),
        .init(
          "files",
          .array(
            made.files.map { file in
              .object([
                .init("path", .string(file.path)), .init("place", .string(file.place)),
                .init("kind", .string(file.kind.rawValue)),
                .init("rules", .array(file.rules.map { .string($0) })),
              ])
            })),
      ]))
  }
}
