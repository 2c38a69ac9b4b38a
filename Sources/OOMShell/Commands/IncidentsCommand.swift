internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let incidents = Command(
    "incidents", aliases: ["storms"], .count,
    "events that belong together, and what each kill freed",
    parameters: [
      Parameter(
        "N", .integer(1...1_000_000), .optional,
        "the kills of this incident; of the newest where left out"),
      .option(
        "gap", .integer(0...31_536_000),
        "seconds without an event that end an incident; 60 where left out"),
      .option("limit", .integer(1...1_000_000), "only the newest so many rows; 24 where left out"),
    ],
    examples: [
      Example("incidents", "each storm of kills as one row, and the kills of the newest"),
      Example("incidents 1", "what each kill of the first one freed"),
      Example("incidents --gap=600", "what lies at most ten minutes apart is one incident"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    guard !state.session.view.isEmpty else { return ViewNotes.nothing(state) }
    let gap = arguments.integer("gap") ?? Incident.usualGap
    let incidents = Incident.find(in: state.session.events, state.session.view, gap: gap)
    let chosen = arguments.integer("N") ?? incidents.count
    guard chosen <= incidents.count else { throw .noIncident(chosen, of: incidents.count) }
    let incident = incidents[chosen - 1]
    let read = try ReadReports(state, incident.events, limit: 200)
    let answer = IncidentsAnswer(
      incidents, gap: gap, limit: arguments.integer("limit") ?? 24, state)
    let kills = KillsAnswer(
      incident, number: chosen,
      KillEffect.list(incident, state.session.events, reports: read.reports), state)
    let summary = arguments.has("N") ? [] : answer.blocks
    return Document(
      summary + kills.blocks + read.notes + ViewNotes.hidden(state),
      record: .object([
        .init("gap_seconds", .int(Int64(gap))), .init("rule", .string(IncidentsAnswer.rule(gap))),
        .init("incidents", answer.json), .init("kills", kills.json),
      ]))
  }
}

extension CommandError {
  fileprivate static func noIncident(_ number: Int, of count: Int) -> CommandError {
    CommandError(
      .failed, "there is no incident \(number): there \(count == 1 ? "is" : "are") \(count)",
      hint: "'incidents' lists them; --gap=SECONDS changes what is one")
  }
}

/// The incidents as a table.
private struct IncidentsAnswer {
  private let incidents: [Incident]
  private let gap: Int
  private let limit: Int
  private let session: Session
  private let display: TimeDisplay

  init(_ incidents: [Incident], gap: Int, limit: Int, _ state: ShellState) {
    self.incidents = incidents
    self.gap = gap
    self.limit = limit
    session = state.session
    display = TimeDisplay(state)
  }

  static func rule(_ gap: Int) -> String {
    "An event belongs to the incident of the event before it on the same host and in the same boot "
      + "if at most \(gap) s lie between the two. An event without a time that can be compared "
      + "stays alone."
  }

  private func time(_ number: Int?) -> LogTime {
    number.map { session.events.time(at: $0 - 1) } ?? LogTime()
  }

  var blocks: [Block] {
    let shown = incidents.enumerated().suffix(limit)
    let times = display.layout(
      of: shown.flatMap { [time($0.element.events.first), time($0.element.events.last)] })
    let hasHosts = Set(shown.map(\.element.host)).count > 1
    let hasLimits = shown.contains { !$0.element.limitPaths.isEmpty }
    var columns = [
      Column("incident", "no.", .right), Column("from", "from\(times.suffix)"),
      Column("lasted", "lasted", .right, dropOrder: 2),
      Column("first", "first #", .right, dropOrder: 5),
      Column("events", "events", .right, dropOrder: 4),
      Column("kills", "kills", .right, dropOrder: 1),
      Column("victims", "victims", canShrink: true), Column("scope", "scope", dropOrder: 3),
    ]
    if hasLimits {
      columns.append(
        Column("cgroup", "limit of cgroup", canShrink: true, readableWidth: 20, dropOrder: 2))
    }
    if hasHosts { columns.append(Column("host", "host", canShrink: true, dropOrder: 6)) }
    let rows = shown.map { offset, incident -> [Cell] in
      var cells: [Cell] = [
        .integer(Int64(offset + 1)), times.cell(time(incident.events.first)), span(incident),
        incident.events.first.map { .integer(Int64($0)) } ?? .missing,
        .integer(Int64(incident.events.count)), .integer(Int64(incident.kills)),
        .text(Self.names(incident)),
        incident.constraints.isEmpty
          ? .missing : .text(incident.constraints.map(Self.scope).joined(separator: ", ")),
      ]
      if hasLimits { cells.append(Self.paths(incident)) }
      if hasHosts { cells.append(incident.host.map { .text($0.description) } ?? .missing) }
      return cells
    }
    let count = incidents.count
    let notes: [Block] =
      shown.count < count
      ? [.note(.info, "the newest \(shown.count) of \(count) incidents; --limit=N shows more")] : []
    return [
      .prose(
        "\(count) \(count == 1 ? "incident" : "incidents"). "
          + Self.rule(gap)),
      .table(Table(key: "incidents", columns: columns, rows: rows)),
    ] + notes
  }

  /// From the first event to the last.
  private func span(_ incident: Incident) -> Cell {
    guard let micros = micros(incident) else { return .missing }
    return .seconds(Double(micros) / 1e6)
  }

  private func micros(_ incident: Incident) -> Int64? {
    guard let first = incident.events.first, let last = incident.events.last, incident.isPlaced
    else { return nil }
    return session.events.span(from: first - 1, to: last - 1)
  }

  /// `php-fpm (12), httpd (3), 2 more names`.
  private static func names(_ incident: Incident) -> String {
    let shown = incident.victims.prefix(3).map { count in
      "\(count.comm)" + (count.kills > 1 ? " (\(count.kills))" : "")
    }
    let rest = incident.victims.count - shown.count
    let more = rest > 0 ? ["\(rest) more \(rest == 1 ? "name" : "names")"] : []
    return incident.victims.isEmpty ? "(nobody)" : (shown + more).joined(separator: ", ")
  }

  private static func scope(_ constraint: Constraint) -> String {
    constraint == .none ? "machine" : constraint.rawValue
  }

  private static func paths(_ incident: Incident) -> Cell {
    guard let path = incident.limitPaths.first else { return .missing }
    let others = incident.limitPaths.count - 1
    return others == 0 ? .path(path.description) : .text("\(others + 1) cgroups")
  }

  var json: JSONValue {
    .array(
      incidents.enumerated().map { offset, incident in
        .object([
          .init("incident", .int(Int64(offset + 1))),
          .init("from", time(incident.events.first).json),
          .init("to", time(incident.events.last).json),
          .init("span_us", .int(micros(incident))), .init("host", .text(incident.host)),
          .init("events", .array(incident.events.map { .int(Int64($0)) })),
          .init("kills", .int(Int64(incident.kills))),
          .init(
            "victims",
            .array(
              incident.victims.map {
                .object([.init("comm", .text($0.comm)), .init("kills", .int(Int64($0.kills)))])
              })),
          .init("constraints", .array(incident.constraints.map { .string($0.rawValue) })),
          .init("limit_paths", .array(incident.limitPaths.map { .text($0) })),
          .init(
            "without_report", .array(incident.killsWithoutReport.map { .int(Int64($0)) })),
          .init(
            "killed_again",
            .array(
              incident.killedAgain.map {
                .object([
                  .init("comm", .text($0.comm)), .init("pid", .int($0.pid)),
                  .init("events", .array($0.events.map { .int(Int64($0)) })),
                ])
              })),
        ])
      })
  }
}

/// The kills of one incident, each with what it freed.
private struct KillsAnswer {
  private let incident: Incident
  private let number: Int
  private let effects: [KillEffect]
  private let session: Session
  private let display: TimeDisplay

  /// Longer incidents are cut in the middle.
  private static let shown = 40

  init(_ incident: Incident, number: Int, _ effects: [KillEffect], _ state: ShellState) {
    self.incident = incident
    self.number = number
    self.effects = effects
    session = state.session
    display = TimeDisplay(state)
  }

  private func time(_ event: Int) -> LogTime { session.events.time(at: event - 1) }

  var blocks: [Block] {
    guard !effects.isEmpty else {
      let isKnown = incident.events.allSatisfy { session.event($0).outcome != .unknown }
      let end = isKnown ? "Nothing was killed in it." : "No kill of it is in the log."
      return [.heading("Incident \(number)"), .prose(end)]
    }
    let rows = Array(effects.suffix(Self.shown))
    let times = display.layout(of: rows.map { time($0.event) })
    let table = Table(
      key: "kills",
      columns: [
        Column("event", "#", .right), Column("time", "time\(times.suffix)", dropOrder: 3),
        Column("victim", "victim", canShrink: true), Column("pid", "pid", .right, dropOrder: 2),
        Column("held", "freed at most", .right), Column("shared", "shared", .right, dropOrder: 5),
        Column("left", "reaper left", .right, dropOrder: 1),
        Column("free", "free then", .right, dropOrder: 4),
        Column("free_next", "free at next", .right),
      ],
      rows: rows.map { kill in
        [
          .integer(Int64(kill.event)), times.cell(time(kill.event)),
          .text(kill.comm.description), .integer(kill.pid), Self.size(kill.held),
          Self.size(kill.shared), Self.size(kill.left), Self.size(kill.free),
          Self.size(kill.freeNext),
        ]
      })
    return [
      .heading("Incident \(number): what each kill freed"), .table(table),
      .prose(
        "Freed at most: anon-rss of the victim; what it shared is freed only with its last user. "
          + "Reaper left: what oom_reaper says was still held. Free at next: in the next report of "
          + "the incident for the same memory; others took some of it meanwhile."),
    ] + notes
  }

  private static func size(_ size: Bytes?) -> Cell { size.map { .bytes($0.count) } ?? .missing }

  private var notes: [Block] {
    var notes: [Block] = []
    if effects.count > Self.shown {
      notes.append(.note(.info, "the newest \(Self.shown) of \(effects.count) kills"))
    }
    let limited = effects.count { $0.missing == .rateLimited }
    let unknown = effects.count { $0.missing == .unknown }
    if limited > 0 {
      notes.append(
        .note(
          .warning,
          "\(Self.kills(limited)) without a report: ten came in the 5 s before, and the kernel "
            + "prints no more in that time"))
    }
    if unknown > 0 {
      notes.append(.note(.info, "\(Self.kills(unknown)) without a report in the log"))
    }
    let impossible = effects.count(where: \.isImpossible)
    if impossible > 0 {
      notes.append(
        .note(
          .warning,
          "\(Self.kills(impossible)) with sizes of more than the machine's RAM in the kill line, "
            + "which are left out; see 'trust'"))
    }
    for again in incident.killedAgain.prefix(5) {
      notes.append(
        .note(
          .warning,
          "\(Visible.text(again.comm.description)) (pid \(again.pid)) was killed "
            + "\(again.events.count) times: it did not die of the first, or its pid was used again "
            + "(events \(again.events.map(String.init).joined(separator: ", ")))"))
    }
    return notes
  }

  private static func kills(_ count: Int) -> String { "\(count) \(count == 1 ? "kill" : "kills")" }

  var json: JSONValue {
    .array(
      effects.map { kill in
        .object([
          .init("incident", .int(Int64(number))), .init("event", .int(Int64(kill.event))),
          .init("comm", .text(kill.comm)), .init("pid", .int(kill.pid)),
          .init("freed_at_most_bytes", .int(kill.held?.count)),
          .init("shared_bytes", .int(kill.shared?.count)),
          .init("reaper_left_bytes", .int(kill.left?.count)),
          .init("reaper_line", .int(kill.leftLine.map(Int64.init))),
          .init("free_bytes", .int(kill.free?.count)),
          .init("free_next_bytes", .int(kill.freeNext?.count)),
          .init("next_event", .int(kill.nextEvent.map(Int64.init))),
          .init("missing_report", .string(kill.missing?.rawValue)),
        ])
      })
  }
}
