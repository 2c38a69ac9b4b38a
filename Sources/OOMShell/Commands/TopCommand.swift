internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let top = Command(
    "top", .count, "count kills by victim, cgroup, hour and more",
    parameters: [
      Parameter(
        "WHAT", .choice(Dimension.all.map { Choice($0.name, $0.summary) }), .optional,
        "what to count by; victims where left out"),
      .option("limit", .integer(1...1_000_000), "only so many rows; 20 where left out"),
    ],
    examples: [
      Example("top victims", "who is killed most, and who again and again"),
      Example("top hours", "when the pressure comes"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    guard let dimension = Dimension.named(arguments.text("WHAT") ?? "victims") else {
      return Document()
    }
    let limit = arguments.integer("limit") ?? 20
    let events = state.session.eventsInView
    let tally = Tally(events, by: dimension, TimeDisplay(state).calendar)
    var blocks: [Block] = [.table(TopAnswer.table(tally, dimension, limit))]
    if tally.rows.count > limit, dimension.name != "hours" {
      blocks.append(.note(.info, "\(limit) of \(tally.rows.count) rows; --limit=N shows more"))
    }
    if tally.unknown > 0 {
      blocks.append(
        .note(.info, "for \(tally.unknown) of \(tally.events) events the log does not tell"))
    }
    if dimension.name == "victims" { blocks += TopAnswer.repeats(events, TimeDisplay(state)) }
    return Document(blocks + ViewNotes.notes(state))
  }
}

private enum TopAnswer {
  static func table(_ tally: Tally, _ dimension: Dimension, _ limit: Int) -> Table {
    let rows = dimension.name == "hours" ? tally.rows : Array(tally.rows.prefix(limit))
    let most = rows.map(\.kills).max() ?? 0
    let all = tally.rows.reduce(0) { $0 + $1.kills }
    return Table(
      key: dimension.name,
      columns: [
        Column("value", dimension.title, canShrink: true), Column("kills", "kills", .right),
        Column("bar", ""), Column("share", "share", .right, dropOrder: 1),
        Column("events", "events", .right, dropOrder: 2),
        Column("first", "first #", .right, dropOrder: 4),
        Column("last", "last #", .right, dropOrder: 3),
      ],
      rows: rows.map { row in
        [
          .text(row.text), .integer(Int64(row.kills)),
          .bar(most > 0 ? Double(row.kills) / Double(most) : 0),
          all > 0 ? .share(Double(row.kills) / Double(all)) : .missing,
          .integer(Int64(row.events)), .integer(Int64(row.first)), .integer(Int64(row.last)),
        ]
      })
  }

  /// Who was killed more than once, and what that does and does not prove.
  static func repeats(_ events: [Event], _ display: TimeDisplay) -> [Block] {
    let repeated = RepeatedVictim.find(in: events)
    guard !repeated.isEmpty else { return [] }
    let table = Table(
      key: "repeats", title: "killed more than once",
      columns: [
        Column("comm", "victim", canShrink: true), Column("place", "where", canShrink: true),
        Column("kills", "kills", .right), Column("pids", "pids", .right, dropOrder: 3),
        Column("smallest", "least anon-rss", .right, dropOrder: 1),
        Column("largest", "most anon-rss", .right), Column("sizes", "sizes"),
        Column("first", "first", dropOrder: 4), Column("last", "last", dropOrder: 2),
      ],
      rows: repeated.map { victim in
        let sizes = victim.sizes.map(\.anonRSS)
        return [
          .text(victim.comm.description), .text(place(victim.place)),
          .integer(Int64(victim.kills)), .integer(Int64(victim.distinctPIDs)),
          sizes.min().map { .bytes($0.count) } ?? .missing,
          sizes.max().map { .bytes($0.count) } ?? .missing,
          .text(words(victim.trend)), display.cell(victim.first), display.cell(victim.last),
        ]
      })
    var seen: Set<String> = []
    let meanings = repeated.map(\.meaningID).filter { seen.insert($0).inserted }
    return [.table(table)] + meanings.compactMap { Prose.text(.help, $0).map(Block.prose) }
  }

  private static func place(_ place: RepeatedVictim.Place) -> String {
    switch place {
    case .limit(let path, _): path.description
    case .host(let host): host?.description ?? "the machine"
    }
  }

  private static func words(_ trend: SizeTrend) -> String {
    switch trend {
    case .onlyCounts: "too few to judge"
    case .sizesGrow: "growing"
    case .sizesSteady: "about the same"
    case .sizesVary: "varying"
    }
  }
}
