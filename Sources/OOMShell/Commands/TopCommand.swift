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
      .option("limit", .integer(1...1_000_000), "only so many rows; 24 where left out"),
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
    let numbers = state.session.view
    let events = state.session.events
    guard !numbers.isEmpty else { return ViewNotes.nothing(state) }
    // All hours of the day fit.
    let limit = arguments.integer("limit") ?? 24
    let display = TimeDisplay(state)
    let tally = Tally(events, numbers, by: dimension, display.calendar)
    var blocks: [Block] = []
    if !tally.rows.isEmpty {
      let title =
        dimension.title
        + (dimension.name == "hours" ? TopAnswer.zone(events, numbers, display) : "")
      blocks.append(.table(TopAnswer.table(tally, dimension, limit, title: title)))
    }
    blocks += TopAnswer.notes(tally, dimension, limit, events, numbers)
    if dimension.name == "victims" {
      blocks += TopAnswer.repeats(
        RepeatedVictim.find(in: events, numbers, limit: max(limit, 24)), display)
    }
    return Document(blocks + ViewNotes.hidden(state))
  }
}

private enum TopAnswer {
  static func table(_ tally: Tally, _ dimension: Dimension, _ limit: Int, title: String) -> Table {
    let rows = Array(tally.rows.prefix(limit))
    let most = rows.map(\.kills).max() ?? 0
    return Table(
      key: dimension.name,
      title: "\(count(tally.kills, "kill")) in \(count(tally.events, "event"))",
      columns: [
        Column("value", title, canShrink: true),
        Column("kills", "kills", .right),
        Column("bar", ""), Column("share", "of kills", .right, dropOrder: 1),
        Column("events", "events", .right, dropOrder: 2),
        Column("first", "first #", .right, dropOrder: 4),
        Column("last", "last #", .right, dropOrder: 3),
      ],
      rows: rows.map { row in
        [
          dimension.name == "cgroups" ? .path(row.text) : .text(row.text),
          .integer(Int64(row.kills)), .bar(most > 0 ? Double(row.kills) / Double(most) : 0),
          tally.kills > 0 ? .share(Double(row.kills) / Double(tally.kills)) : .missing,
          .integer(Int64(row.events)), .integer(Int64(row.first)), .integer(Int64(row.last)),
        ]
      })
  }

  /// The zone whose hours are counted. Where its offset changes, each event counts at the hour that
  /// its clocks showed.
  static func zone(_ events: EventStore, _ numbers: [Int], _ display: TimeDisplay) -> String {
    let offsets = events.utcOffsets(numbers, display.calendar)
    return offsets.count > 1 ? " (local time)" : TimeDisplay.suffix(offsets)
  }

  /// What the table does not say by itself.
  static func notes(
    _ tally: Tally, _ dimension: Dimension, _ limit: Int, _ events: EventStore, _ numbers: [Int]
  ) -> [Block] {
    var notes: [Block] = []
    if tally.rows.count > limit {
      notes.append(
        .note(.info, "\(limit) of \(count(tally.rows.count, "row")); --limit=N shows more"))
    }
    if tally.unknown > 0 {
      notes.append(
        .note(
          .info, "the log does not tell it for \(tally.unknown) of \(count(tally.events, "event"))")
      )
    }
    if dimension.name == "cgroups" {
      let homes = numbers.count { events.countsForHomeCgroup(at: $0 - 1) }
      if homes > 0 {
        notes.append(
          .note(
            .info,
            "\(count(homes, "event")) hit no cgroup's limit and \(homes == 1 ? "counts" : "count") "
              + "for the cgroup that the victim lived in"))
      }
    }
    if dimension.name == "constraints", tally.rows.contains(where: { $0.text == "none" }) {
      notes.append(.note(.info, "none: nothing but the machine's memory bounded the allocation"))
    }
    return notes
  }

  /// Who was killed more than once, and what that does and does not prove.
  static func repeats(
    _ found: (victims: [RepeatedVictim], count: Int), _ display: TimeDisplay
  ) -> [Block] {
    let repeated = found.victims
    guard !repeated.isEmpty else { return [] }
    let times = display.layout(of: repeated.flatMap { [$0.first, $0.last] })
    let table = Table(
      key: "repeats",
      title: "killed in more than one event"
        + (repeated.count < found.count ? ": \(repeated.count) of \(found.count)" : ""),
      columns: [
        Column("comm", "victim", canShrink: true),
        Column("place", "where", canShrink: true, dropOrder: 3),
        Column("kills", "kills", .right), Column("pids", "pids", .right, dropOrder: 5),
        Column("sizes", "anon-rss at death"),
        Column("smallest", "least", .right, dropOrder: 2),
        Column("largest", "most", .right, dropOrder: 1),
        Column("first", "first\(times.suffix)", dropOrder: 6),
        Column("last", "last\(times.suffix)", dropOrder: 4),
      ],
      rows: repeated.map { victim in
        let sizes = victim.sizes.map(\.anonRSS)
        return [
          .text(victim.comm.description), .path(place(victim.place)),
          .integer(Int64(victim.kills)), .integer(Int64(victim.distinctPIDs)),
          .text(words(victim.trend)), sizes.min().map { .bytes($0.count) } ?? .missing,
          sizes.max().map { .bytes($0.count) } ?? .missing, times.cell(victim.first),
          times.cell(victim.last),
        ]
      })
    var seen: Set<String> = []
    let meanings = repeated.filter { seen.insert($0.meaningID).inserted }
    return [.table(table)]
      + meanings.compactMap { victim in
        Prose.text(.help, victim.meaningID).map { .prose("\(words(victim.trend)): \($0)") }
      }
  }

  private static func place(_ place: RepeatedVictim.Place) -> String {
    switch place {
    case .limit(let path, _): path.description
    case .someLimit(let host): host.map { "a cgroup on \($0)" } ?? "a cgroup"
    case .host(let host): host?.description ?? "the machine"
    }
  }

  private static func words(_ trend: SizeTrend) -> String {
    switch trend {
    case .onlyCounts: "too few"
    case .sizesGrow: "rising"
    case .sizesFall: "falling"
    case .sizesSteady: "about equal"
    case .sizesVary: "varying"
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
