internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let since = filter(
    .since, "keep only the events at or after a time",
    examples: [
      Example("since 24h", "the last day before the end of the data"),
      Example("since '2026-11-22 14:00'", "from a moment on, in the session's zone"),
    ])

  static let until = filter(
    .until, "keep only the events at or before a time",
    examples: [
      Example("until 'yesterday 14:00'", "up to a moment"),
      Example("until boot+3600", "up to an hour after the last boot"),
    ])

  static let filters = Command(
    "filters", .time, "list what narrows the view",
    examples: [Example("filters", "each filter with its absolute time")]
  ) { (state, _) throws(CommandError) in
    FilterAnswer.list(state)
  }

  static let reset = Command(
    "reset", .time, "take all filters away",
    examples: [Example("reset", "every event is in view again")]
  ) { (state, _) throws(CommandError) in
    state.session.reset()
    state.refreshView()
    return FilterAnswer.document([.prose(FilterAnswer.count(state))], state)
  }

  private static func filter(
    _ edge: Filter.Edge, _ summary: String, examples: [Example]
  ) -> Command {
    Command(
      edge.rawValue, .time, summary,
      parameters: [
        Parameter("TIME", .time, .rest, "24h, 14:31, 'yesterday 14:00', a date, boot+SECONDS")
      ],
      examples: examples
    ) { (state, arguments) throws(CommandError) in
      guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
      guard let time = arguments.time("TIME"), let text = arguments.source("TIME") else {
        return Document()
      }
      let bound = try state.bound(of: time, edge)
      state.session.push(Filter(edge: edge, bound: bound, text: text))
      state.refreshView()
      return FilterAnswer.change(state)
    }
  }
}

private enum FilterAnswer {
  static func count(_ state: ShellState) -> String {
    let total = state.session.events.count
    return "\(state.session.view.count) of \(total) \(total == 1 ? "event" : "events") in view"
  }

  /// What a new filter has done.
  static func change(_ state: ShellState) -> Document {
    let display = TimeDisplay(state)
    let session = state.session
    let bounds = session.filters.map { filter in
      "\(filter.edge.rawValue) \(display.words(filter.bound, session))"
    }
    var blocks: [Block] = [.prose("\(count(state)): \(bounds.joined(separator: ", "))")]
    if session.view.isEmpty, session.events.count > 0 {
      blocks.append(.note(.info, "no event is left: 'reset' brings all of them back"))
    }
    return document(blocks + ViewNotes.unplaced(state), state)
  }

  static func list(_ state: ShellState) -> Document {
    let display = TimeDisplay(state)
    let session = state.session
    guard !session.filters.isEmpty else {
      return document([.prose("No filter is in force: \(count(state)).")], state)
    }
    let table = Table(
      key: "filters",
      columns: [
        Column("filter", "filter"), Column("text", "as typed", canShrink: true),
        Column("bound", "time", canShrink: true),
      ],
      rows: session.filters.map { filter in
        [
          .text(filter.edge.rawValue), .text(filter.text),
          .time(shown: display.words(filter.bound, session), iso: display.iso(filter.bound)),
        ]
      })
    return document(
      [.table(table), .prose(count(state))] + ViewNotes.unplaced(state), state)
  }

  /// The view as data beside what a person reads.
  static func document(_ blocks: [Block], _ state: ShellState) -> Document {
    let session = state.session
    let display = TimeDisplay(state)
    let filters = session.filters.map { filter -> JSONValue in
      var members: [JSONValue.Member] = [
        .init("filter", .string(filter.edge.rawValue)), .init("text", .string(filter.text)),
        .init("time", display.iso(filter.bound).map { .string($0) } ?? .null),
      ]
      if case .uptime(let micros, let boot) = filter.bound {
        members.append(.init("uptime_us", .int(micros)))
        members.append(.init("boot", .int(Int64(boot.number))))
        members.append(.init("input", .string(session.inputs[boot.input].name)))
      }
      return .object(members)
    }
    let record = JSONValue.object([
      .init("in_view", .int(Int64(session.view.count))),
      .init("events", .int(Int64(session.events.count))),
      .init("unplaced", .int(Int64(session.unplacedInView))),
      .init("filters", .array(filters)),
    ])
    return Document(blocks, record: record)
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
  func iso(_ bound: Filter.Bound) -> String? {
    if case .wall(let micros) = bound { iso(micros) } else { nil }
  }

  /// The absolute time of a filter, with its zone, or with the boot that it counts from.
  func words(_ bound: Filter.Bound, _ session: Session) -> String {
    switch bound {
    case .wall(let micros):
      return "\(shown(micros)) \(zoneName(at: micros))"
    case .uptime(let micros, let boot):
      let source = session.inputs.count > 1 ? " of \(session.inputs[boot.input].name)" : ""
      let name = "boot \(boot.number + 1)\(Visible.text(source))"
      return micros < 0 ? "before \(name)" : "\(Self.uptime(micros)) of \(name)"
    }
  }
}

extension ShellState {
  /// The moment of a time that counts back from now and from no log, in microseconds since 1970;
  /// nil for a time since boot.
  func momentFromNow(_ time: TimeExpression) throws(CommandError) -> Int64? {
    if case .sinceBoot = time { return nil }
    var now = Input(name: "")
    now.end = LogTime(wallMicros: environment.clock().wallMicros, errorMicros: 0, basis: .live)
    var empty = self
    empty.session = Session()
    empty.session.add(now, [])
    guard case .wall(let moment) = try empty.bound(of: time, .since) else { return nil }
    return moment
  }

  /// What a time means in this session: relative ones count from its anchor, never from the moment
  /// at which the command runs.
  func bound(
    of time: TimeExpression, _ edge: Filter.Edge
  ) throws(CommandError) -> Filter.Bound {
    let anchor = session.anchor
    switch time {
    case .now: return try anchorBound(0)
    case .ago(let micros): return try anchorBound(micros)
    case .sinceBoot(let micros):
      guard let boot = session.lastBoot else { throw .noUptime() }
      return .uptime(micros, boot)
    case .day(let before, let clock):
      guard let wall = anchor.wallMicros else { throw .noWallTime() }
      let civil = day(before, wall, clock)
      return .wall(moment(civil, nil, edge) + slack(clock, edge))
    case .clock(let clock):
      guard let wall = anchor.wallMicros else { throw .noWallTime() }
      let today = moment(day(0, wall, clock), nil, edge)
      let latest = today <= wall ? today : moment(day(1, wall, clock), nil, edge)
      return .wall(latest + slack(clock, edge))
    case .yearless(let month, let day, let clock):
      guard let wall = anchor.wallMicros else { throw .noWallTime() }
      let year = CivilTime(unixMicros: wall, offset: offset(at: wall)).year
      // Eight years hold a leap day, also around 1900.
      for year in stride(from: year, through: year - 8, by: -1) {
        guard CalendarDate(year: year, month: month, day: day) != nil else { continue }
        let latest = moment(CivilTime(year, month, day, clock), nil, edge)
        if latest <= wall { return .wall(latest + slack(clock, edge)) }
      }
      throw .noWallTime()
    case .epoch(let micros):
      return .wall(micros + slack(micros % 1_000_000, edge))
    case .date(let date, let clock, let offsetSeconds):
      let civil = CivilTime(date.year, date.month, date.day, clock)
      return .wall(moment(civil, offsetSeconds, edge) + slack(clock, edge))
    }
  }

  /// `until 14:00:00` takes the whole second in, since logs often print no more than that.
  private func slack(_ clock: TimeOfDay, _ edge: Filter.Edge) -> Int64 {
    slack(Int64(clock.micros), edge)
  }

  private func slack(_ micros: Int64, _ edge: Filter.Edge) -> Int64 {
    edge == .until && micros == 0 ? 999_999 : 0
  }

  /// A time of the day that lies so many days before the day of a moment.
  private func day(_ before: Int, _ wall: Int64, _ clock: TimeOfDay) -> CivilTime {
    let today = CivilTime(unixMicros: wall, offset: offset(at: wall))
    let noon = CivilTime(year: today.year, month: today.month, day: today.day, hour: 12)
    let day = CivilTime(
      unixMicros: noon.unixMicrosAsUTC - Int64(before) * 86_400_000_000, offset: 0)
    return CivilTime(day.year, day.month, day.day, clock)
  }

  private func anchorBound(_ micros: Int64) throws(CommandError) -> Filter.Bound {
    let anchor = session.anchor
    if let wall = anchor.wallMicros { return .wall(wall - micros) }
    if let uptime = anchor.uptimeMicros, let boot = session.lastBoot {
      return .uptime(uptime - micros, boot)
    }
    throw .noWallTime()
  }

  /// A date and time of day on the time line.
  ///
  /// When clocks are set back an hour comes twice, and when they are set forward one is left out:
  /// then the filter takes in rather too much than too little.
  private func moment(
    _ civil: CivilTime, _ offsetSeconds: Int?, _ edge: Filter.Edge
  ) -> Int64 {
    let asUTC = civil.unixMicrosAsUTC
    if let offsetSeconds { return asUTC - Int64(offsetSeconds) * 1_000_000 }
    let day: Int64 = 86_400_000_000
    let offsets = [offset(at: asUTC - day), offset(at: asUTC + day)]
    let (first, second) = (
      asUTC - Int64(offsets[0]) * 1_000_000, asUTC - Int64(offsets[1]) * 1_000_000
    )
    let isFirst = offset(at: first) == offsets[0]
    let isSecond = offset(at: second) == offsets[1]
    if isFirst != isSecond { return isFirst ? first : second }
    return edge == .since ? min(first, second) : max(first, second)
  }

  private func offset(at wall: Int64) -> Int {
    environment.offset(settings.zone, wall)?.seconds ?? 0
  }
}

extension CivilTime {
  init(_ year: Int, _ month: Int, _ day: Int, _ clock: TimeOfDay) {
    self.init(
      year: year, month: month, day: day, hour: clock.hour, minute: clock.minute,
      second: clock.second, micros: clock.micros)
  }
}

extension CommandError {
  fileprivate static func noUptime() -> CommandError {
    CommandError(
      .failed, "nothing that is loaded has a time since boot",
      hint: "its lines print the time of day only: write a date, or 24h")
  }

  fileprivate static func noWallTime() -> CommandError {
    CommandError(
      .failed, "nothing that is loaded has a wall-clock time",
      hint: "the log holds only the time since boot: write boot+SECONDS, or 24h")
  }
}
