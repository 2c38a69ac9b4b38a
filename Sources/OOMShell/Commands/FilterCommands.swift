internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let since = filter(
    .since, "keep only the events at or after a time",
    examples: [
      Example("since 24h", "the last day of the data, or before now for the running kernel"),
      Example("since '2026-11-22 14:00'", "from a moment on, in the session's zone"),
    ])

  static let until = filter(
    .until, "keep only the events at or before a time",
    examples: [
      Example("until 'yesterday 14:00'", "up to a moment"),
      Example("until boot+3600", "up to an hour after the last boot"),
    ])

  static let filters = Command(
    "filters", .filter, "list what narrows the view",
    examples: [Example("filters", "each filter with its absolute time")]
  ) { (state, _) throws(CommandError) in
    let display = TimeDisplay(state)
    let table = Table(
      key: "filters",
      columns: [
        Column("filter", "filter"), Column("text", "as typed"), Column("bound", "time"),
      ],
      rows: state.session.filters.map { filter in
        [.text(filter.edge.rawValue), .text(filter.text), display.cell(filter.bound)]
      })
    return Document(
      [.table(table), .prose(FilterAnswer.count(state))] + ViewNotes.unplaced(state))
  }

  static let reset = Command(
    "reset", .filter, "take all filters away",
    examples: [Example("reset", "every event is in view again")]
  ) { (state, _) throws(CommandError) in
    state.session.reset()
    state.refreshView()
    return Document([.prose(FilterAnswer.count(state))])
  }

  private static func filter(
    _ edge: Filter.Edge, _ summary: String, examples: [Example]
  ) -> Command {
    Command(
      edge.rawValue, .filter, summary,
      parameters: [Parameter("TIME", .time, .rest, "24h, 'yesterday 14:00', a date, boot+SECONDS")],
      examples: examples
    ) { (state, arguments) throws(CommandError) in
      guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
      guard let time = arguments.time("TIME"), let text = arguments.source("TIME") else {
        return Document()
      }
      let bound = try state.bound(of: time, edge)
      state.session.push(Filter(edge: edge, bound: bound, text: text))
      state.refreshView()
      return FilterAnswer.document(state)
    }
  }
}

private enum FilterAnswer {
  static func count(_ state: ShellState) -> String {
    let total = state.session.events.count
    return "\(state.session.view.count) of \(total) \(total == 1 ? "event" : "events") in view"
  }

  static func document(_ state: ShellState) -> Document {
    let display = TimeDisplay(state)
    let bounds = state.session.filters.map { filter in
      "\(filter.edge.rawValue) \(display.words(filter.bound))"
    }
    let session = state.session
    var blocks: [Block] = [.prose("\(count(state)): \(bounds.joined(separator: ", "))")]
    if session.view.isEmpty, session.events.count > 0 {
      blocks.append(.note(.info, "no event is left: 'reset' brings all of them back"))
    }
    return Document(blocks + ViewNotes.unplaced(state))
  }
}

extension ViewNotes {
  /// The events that a filter could not judge, which stay in view.
  static func unplaced(_ state: ShellState) -> [Block] {
    let count = state.session.unplacedInView
    guard count > 0 else { return [] }
    return [
      .note(
        .warning,
        "\(count) \(count == 1 ? "event" : "events") could not be placed in time and "
          + "\(count == 1 ? "stays" : "stay") in view")
    ]
  }
}

extension TimeDisplay {
  func cell(_ bound: Filter.Bound) -> Cell {
    switch bound {
    case .wall(let micros): .time(shown: shown(micros), iso: iso(micros))
    case .uptime(let micros, _): .time(shown: Self.uptime(micros), iso: nil)
    }
  }

  /// The absolute time of a filter, with its zone.
  func words(_ bound: Filter.Bound) -> String {
    switch bound {
    case .wall(let micros): "\(shown(micros)) \(zoneName(at: micros))"
    case .uptime(let micros, let boot): "\(Self.uptime(micros)) of boot \(boot + 1)"
    }
  }
}

extension ShellState {
  /// What a time means in this session: relative ones count from its anchor, never from the moment
  /// at which the command runs.
  fileprivate func bound(
    of time: TimeExpression, _ edge: Filter.Edge
  ) throws(CommandError) -> Filter.Bound {
    let anchor = session.anchor
    switch time {
    case .now: return try anchorBound(0)
    case .ago(let micros): return try anchorBound(micros)
    case .sinceBoot(let micros): return .uptime(micros, boot: session.lastBoot)
    case .day(let before, let clock):
      guard let wall = anchor.wallMicros else { throw .noWallTime() }
      let today = CivilTime(unixMicros: wall, offset: offset(at: wall))
      let noon = CivilTime(year: today.year, month: today.month, day: today.day, hour: 12)
      let day = CivilTime(
        unixMicros: noon.unixMicrosAsUTC - Int64(before) * 86_400_000_000, offset: 0)
      return .wall(moment(day.year, day.month, day.day, clock, nil) + slack(clock, edge))
    case .date(let date, let clock, let offsetSeconds):
      return .wall(
        moment(date.year, date.month, date.day, clock, offsetSeconds) + slack(clock, edge))
    }
  }

  /// `until 14:00:00` takes the whole second in, since logs often print no more than that.
  private func slack(_ clock: TimeOfDay, _ edge: Filter.Edge) -> Int64 {
    edge == .until && clock.micros == 0 ? 999_999 : 0
  }

  private func anchorBound(_ micros: Int64) throws(CommandError) -> Filter.Bound {
    let anchor = session.anchor
    if let wall = anchor.wallMicros { return .wall(wall - micros) }
    if let uptime = anchor.uptimeMicros {
      return .uptime(uptime - micros, boot: session.lastBoot)
    }
    throw .noWallTime()
  }

  private func moment(
    _ year: Int, _ month: Int, _ day: Int, _ clock: TimeOfDay, _ offsetSeconds: Int?
  ) -> Int64 {
    let civil = CivilTime(
      year: year, month: month, day: day, hour: clock.hour, minute: clock.minute,
      second: clock.second, micros: clock.micros)
    let asUTC = civil.unixMicrosAsUTC
    if let offsetSeconds { return asUTC - Int64(offsetSeconds) * 1_000_000 }
    let guess = asUTC - Int64(offset(at: asUTC)) * 1_000_000
    return asUTC - Int64(offset(at: guess)) * 1_000_000
  }

  private func offset(at wall: Int64) -> Int {
    environment.offset(settings.zone, wall)?.seconds ?? 0
  }
}

extension CommandError {
  fileprivate static func noWallTime() -> CommandError {
    CommandError(
      .failed, "nothing that is loaded has a wall-clock time",
      hint: "the log holds only the time since boot: write boot+SECONDS, or 24h")
  }
}
