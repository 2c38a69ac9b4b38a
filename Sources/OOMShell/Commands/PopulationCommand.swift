internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let population = Command(
    "population", aliases: ["workers"], .count,
    "how many processes of a command there were, and why",
    parameters: [
      Parameter(
        "NAME", .name(VictimNames.choices), .optional, "one command; all of them where left out"),
      .option("limit", .integer(1...1_000_000), "only so many rows; 15 where left out"),
    ],
    examples: [
      Example("population", "the largest groups of alike processes, from event to event"),
      Example("population java", "one command: how many, how large, how many new ones"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    guard !state.session.view.isEmpty else { return ViewNotes.nothing(state) }
    let name = arguments.text("NAME")
    let read = try ReadReports(state, state.session.view, limit: 200)
    let found = Population.find(
      name.map { LogText(escaped: $0) }, in: read.numbers.map(state.session.event),
      reports: read.reports)
    let populations: [Population]
    switch found {
    case .success(let all): populations = all
    case .failure(let refusal):
      throw .noPopulation(
        refusal, name, ofRecords: read.reports.values.contains { $0.droppedRowCount > 0 },
        hasTable: read.reports.values.contains { $0.tasks != nil })
    }
    let answer = PopulationAnswer(
      populations, isOne: name != nil, limit: arguments.integer("limit") ?? 15, state)
    let partial = read.reports.values.count { $0.tasks != nil && !$0.hasWholeTable }
    let left: [Block] =
      partial == 0
      ? []
      : [
        .note(
          .info,
          "\(partial) task \(partial == 1 ? "table that is" : "tables that are") not whole left out "
            + "of the counts")
      ]
    return Document(
      answer.blocks + left + read.notes + ViewNotes.hidden(state),
      record: .object(read.members + [.init("populations", answer.json)]))
  }
}

extension CommandError {
  /// What is missing for a comparison.
  private static func hint(ofRecords: Bool, hasTable: Bool) -> String {
    if ofRecords {
      return "event records keep the largest rows only: oomsh extract --tasks=all keeps all of them"
    }
    return hasTable
      ? "it takes more events with their tables: load more of the log; 'reset' takes filters away"
      : "vm.oom_dump_tasks=1 makes the kernel print them; 'reset' takes filters away"
  }

  fileprivate static func noPopulation(
    _ refusal: Population.Refusal, _ name: String?, ofRecords: Bool, hasTable: Bool
  ) -> CommandError {
    switch refusal {
    case .tooFewTables(let count):
      CommandError(
        .failed,
        "counts need two whole task tables to compare, and the reports in view have "
          + (count == 0 ? "none" : "\(count)"),
        hint: hint(ofRecords: ofRecords, hasTable: hasTable))
    case .noTwoOfOnePlace(let count):
      CommandError(
        .failed,
        "counts need two task tables of one place to compare: the \(count) in view are of "
          + "different boots or cgroups",
        hint: "a report of a cgroup lists the tasks of that cgroup alone")
    case .notListed:
      CommandError(
        .failed, "no task table that can be compared lists \(Visible.quoted(name ?? ""))",
        hint: "'tasks' shows the names of a table; names are at most 15 bytes long")
    }
  }
}

/// Counts of commands as a document.
private struct PopulationAnswer {
  private let all: [Population]
  private let isOne: Bool
  private let limit: Int
  private let display: TimeDisplay
  private let units: SizeUnits

  init(_ all: [Population], isOne: Bool, limit: Int, _ state: ShellState) {
    self.all = all
    self.isOne = isOne
    self.limit = limit
    display = TimeDisplay(state)
    units = state.settings.units
  }

  /// A command with one process is no group, unless it is asked for or something is to be said.
  private var groups: [Population] {
    isOne ? all : all.filter { $0.most > 1 || !$0.verdicts.isEmpty }
  }

  /// Whether they are of several hosts.
  private var hasHosts: Bool { Set(all.map(\.place.host)).count > 1 }

  /// The command, with its host where there are several.
  private func name(_ population: Population) -> String {
    let host = hasHosts ? population.place.host.map { " on \($0)" } ?? "" : ""
    return Visible.text("\(population.comm)\(host)")
  }

  var blocks: [Block] {
    let groups = groups
    let shown = Array(groups.prefix(limit))
    guard !shown.isEmpty else {
      return [.prose("No command has more than one process in any of the tables.")]
    }
    var blocks: [Block] = [.table(summary(shown))]
    blocks += verdicts(shown)
    if isOne { blocks += shown.prefix(3).map { .table(series($0)) } }
    if shown.count < groups.count {
      blocks.append(
        .note(.info, "\(shown.count) of \(groups.count) commands; --limit=N shows more"))
    }
    let single = all.count - groups.count
    if single > 0 {
      blocks.append(
        .note(
          .info,
          "\(single) \(single == 1 ? "command" : "commands") of one process at a time left out; "
            + "name one to see it"))
    }
    blocks.append(
      .note(
        .info,
        "RAM at least: all anonymous memory and the shared memory of one process (the largest "
          + "process alone where the table prints rss only); at most: rss added up, which counts "
          + "shared pages once for each process and is no usage"))
    return blocks
  }

  private func summary(_ shown: [Population]) -> Table {
    let hasLimits = shown.contains { $0.place.isLimit }
    var columns = [
      Column("comm", "command", canShrink: true), Column("uid", "uid", .right, dropOrder: 4),
      Column("tables", "tables", .right, dropOrder: 5),
      Column("first", "first", .right), Column("last", "last", .right),
      Column("most", "most", .right, dropOrder: 2), Column("kills", "kills", .right),
      Column("low", "RAM at least", .right, dropOrder: 1), Column("high", "at most", .right),
      Column("verdict", "verdict", canShrink: true),
    ]
    if hasLimits {
      columns.append(
        Column("place", "limit of cgroup", canShrink: true, readableWidth: 20, dropOrder: 3))
    }
    if hasHosts { columns.append(Column("host", "host", canShrink: true, dropOrder: 6)) }
    return Table(
      key: "populations", title: "processes of a command in the first and the last table",
      columns: columns,
      rows: shown.map { population in
        let last = population.samples.last
        var cells: [Cell] = [
          .text(population.comm.description), population.uid.map(Cell.integer) ?? .missing,
          .integer(Int64(population.samples.count)),
          .integer(Int64(population.samples[0].count)), .integer(Int64(last?.count ?? 0)),
          .integer(Int64(population.most)), .integer(Int64(population.kills)),
          Self.size(last?.low), Self.size(last?.high),
          population.verdicts.isEmpty
            ? .missing
            : .text(population.verdicts.map { Self.words($0.kind) }.joined(separator: ", ")),
        ]
        if hasLimits {
          cells.append(population.place.limitPath.map { .path($0.description) } ?? .missing)
        }
        if hasHosts {
          cells.append(population.place.host.map { .text($0.description) } ?? .missing)
        }
        return cells
      })
  }

  private func verdicts(_ shown: [Population]) -> [Block] {
    var told: Set<Population.Verdict.Kind> = []
    return shown.filter { !$0.verdicts.isEmpty }.prefix(5).flatMap { population in
      population.verdicts.map { verdict -> Block in
        let meaning =
          told.insert(verdict.kind).inserted
          ? Prose.text(.help, verdict.kind.meaningID).map { " \($0)" } ?? "" : ""
        return .prose(
          "\(name(population)): \(Self.words(verdict.kind)) (\(verdict.certainty.rawValue)): "
            + "\(text(verdict.reason)).\(meaning)")
      }
    }
  }

  private func text(_ sentence: Sentence) -> String {
    Visible.text(sentence.text { units.text(bytes: $0.count) })
  }

  /// What the processes could fill.
  private static func whole(_ place: Population.Place) -> String {
    switch place.constraint {
    case .memcg?: "limit"
    case .cpuset?, .mempolicy?: "nodes"
    default: "RAM"
    }
  }

  private func series(_ population: Population) -> Table {
    let samples = population.samples.suffix(limit)
    let times = display.layout(of: samples.map(\.time))
    let most = Double(max(population.most, 1))
    return Table(
      key: "samples",
      title: name(population) + (population.uid.map { ", uid \($0)" } ?? ""),
      columns: [
        Column("event", "#", .right), Column("time", "time\(times.suffix)", dropOrder: 2),
        Column("count", "count", .right), Column("bar", ""),
        Column("fresh", "new", .right), Column("killed", "killed", .right, dropOrder: 1),
        Column("mean", "mean rss", .right, dropOrder: 3),
        Column("low", "RAM at least", .right, dropOrder: 5), Column("high", "at most", .right),
        Column("whole", Self.whole(population.place), .right, dropOrder: 4),
      ],
      rows: samples.map { sample in
        [
          .integer(Int64(sample.event)), times.cell(sample.time), .integer(Int64(sample.count)),
          .bar(Double(sample.count) / most), sample.fresh.map { .integer(Int64($0)) } ?? .missing,
          .integer(Int64(sample.killed)), sample.count > 0 ? Self.size(sample.mean) : .missing,
          Self.size(sample.low), Self.size(sample.high), Self.size(sample.whole),
        ]
      })
  }

  private static func size(_ size: Bytes?) -> Cell { size.map { .bytes($0.count) } ?? .missing }

  private static func words(_ kind: Population.Verdict.Kind) -> String {
    switch kind {
    case .treadmill: "treadmill"
    case .restarted: "restarted"
    case .poolTooLarge: "pool too large"
    case .growing: "growing"
    case .renewed: "renewed"
    case .forkBomb: "fork bomb"
    }
  }

  var json: JSONValue {
    .array(
      all.map { population in
        .object([
          .init("comm", .text(population.comm)), .init("uid", .int(population.uid)),
          .init("host", .text(population.place.host)),
          .init("limit_path", .text(population.place.limitPath)),
          .init("kills", .int(Int64(population.kills))),
          .init(
            "verdicts",
            .array(
              population.verdicts.map {
                .object([
                  .init("kind", .string($0.kind.rawValue)),
                  .init("certainty", .string($0.certainty.rawValue)),
                  .init("reason", .string(text($0.reason))),
                ])
              })),
          .init(
            "samples",
            .array(
              population.samples.map { sample in
                .object([
                  .init("event", .int(Int64(sample.event))), .init("time", sample.time.json),
                  .init("count", .int(Int64(sample.count))),
                  .init("tasks", .int(Int64(sample.tasks))),
                  .init("new", .int(sample.fresh.map(Int64.init))),
                  .init("killed", .int(Int64(sample.killed))),
                  .init("low_bytes", .int(sample.low?.count)),
                  .init("high_bytes", .int(sample.high?.count)),
                  .init("whole_bytes", .int(sample.whole?.count)),
                ])
              })),
        ])
      })
  }
}
