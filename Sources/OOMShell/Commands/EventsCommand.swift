internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let events = Command(
    "events", aliases: ["list"], .look, "list the events in view, oldest first",
    parameters: [
      .option("last", .integer(1...1_000_000), "only the newest so many"),
      .option(
        "kind", .choice(OtherKillsAnswer.choices),
        "who killed: the kernel's OOM killer, which alone is counted elsewhere, or others"),
      .option(
        "sort", .choice(EventOrder.allCases.map { Choice($0.rawValue, "largest first") }),
        "by a size of the first victim, largest first"),
      .option("limit", .integer(1...1_000_000), "only the first so many rows"),
    ],
    examples: [
      Example("events", "every event in view"),
      Example("events --last=10", "the ten newest"),
      Example("events --kind=all", "also what systemd-oomd and other killers logged"),
      Example("events --sort=anon-rss --limit=5", "the five largest victims"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    let kind = arguments.text("kind") ?? OtherKillsAnswer.kernel
    let last = arguments.integer("last") ?? .max
    if kind != OtherKillsAnswer.kernel, kind != OtherKillsAnswer.all {
      return OtherKillsAnswer(state, of: OtherKiller.Kind(rawValue: kind)).document(last: last)
    }
    let others = kind == OtherKillsAnswer.all ? OtherKillsAnswer(state, of: nil) : nil
    guard !state.session.view.isEmpty else {
      guard let others else { return ViewNotes.nothing(state) }
      return others.document(last: last)
    }
    var numbers = Array(state.session.view.suffix(last))
    if let order = arguments.text("sort").flatMap(EventOrder.init(rawValue:)) {
      numbers = order.sorted(numbers, in: state.session.events)
    }
    let events = numbers.prefix(arguments.integer("limit") ?? .max).map(state.session.event)
    if let others {
      return Document(
        [.table(EventTable.table(events, in: state))] + ViewNotes.notes(state, on: events)
          + others.blocks(last: last),
        record: .array(events.map { EventRow($0, state).json } + others.json(last: last)))
    }
    return Document(
      [.table(EventTable.table(events, in: state))] + ViewNotes.notes(state, on: events),
      record: .array(events.map { EventRow($0, state).json }))
  }
}

/// Events as rows of a table.
private enum EventTable {
  static func table(_ events: [Event], in state: ShellState) -> Table {
    let display = TimeDisplay(state)
    let columns = columns(for: events, display)
    return Table(
      key: "events", columns: columns.map(\.column),
      rows: events.map { event in columns.map { $0.cell(event) } })
  }

  private struct EventColumn {
    let column: Column
    let cell: (Event) -> Cell
  }

  /// Columns that no event has anything for are left out.
  private static func columns(for events: [Event], _ display: TimeDisplay) -> [EventColumn] {
    let hasSeveralHosts = Set(events.map(\.host)).count > 1
    let hasGroupKills = events.contains { $0.killCount > 1 }
    let times = display.layout(of: events.map(\.time))
    let always: [EventColumn] = [
      EventColumn(column: Column("event", "#", .right)) { .integer(Int64($0.number)) },
      EventColumn(column: Column("time", "time\(times.suffix)")) { times.cell($0.time) },
      EventColumn(column: Column("scope", "scope", dropOrder: 5)) { scope($0) },
      EventColumn(column: Column("victim", "victim", canShrink: true)) {
        victim($0)
      },
      EventColumn(column: Column("pid", "pid", .right, dropOrder: 1)) {
        integer($0.victim?.pid ?? $0.chosen?.pid)
      },
    ]
    let optional: [EventColumn] = [
      EventColumn(column: Column("uptime_us", "uptime", .right, isForPrograms: true)) {
        integer($0.time.uptimeMicros)
      },
      EventColumn(column: Column("kills", "kills", .right, dropOrder: 6)) {
        hasGroupKills ? .integer(Int64($0.killCount)) : .missing
      },
      EventColumn(column: Column("score", "score", .right, dropOrder: 7)) {
        integer($0.victim?.score)
      },
      EventColumn(column: Column("total_vm", "total-vm", .right, dropOrder: 10)) {
        bytes($0.victim?.totalVM)
      },
      EventColumn(column: Column("anon_rss", "anon-rss", .right, dropOrder: 2)) {
        bytes($0.victim?.anonRSS)
      },
      EventColumn(column: Column("file_rss", "file-rss", .right, dropOrder: 9)) {
        bytes($0.victim?.fileRSS)
      },
      EventColumn(column: Column("shmem_rss", "shmem-rss", .right, dropOrder: 8)) {
        bytes($0.victim?.shmemRSS)
      },
      EventColumn(
        column: Column(
          "cgroup", "limit of cgroup", canShrink: true, readableWidth: 20, dropOrder: 3)
      ) { $0.limitPath.map { .path($0.description) } ?? .missing },
      EventColumn(column: Column("invoker", "invoked by", canShrink: true, dropOrder: 11)) {
        text($0.invoker)
      },
      EventColumn(column: Column("host", "host", canShrink: true, dropOrder: 4)) {
        hasSeveralHosts ? text($0.host) : .missing
      },
    ]
    return always
      + optional.filter { column in events.contains { column.cell($0) != .missing } }
  }

  private static func scope(_ event: Event) -> Cell {
    if event.trigger == .sysrq { return .text("manual") }
    return event.constraint.map { .text($0 == .none ? "machine" : $0.rawValue) } ?? .missing
  }

  private static func victim(_ event: Event) -> Cell {
    if let victim = event.victim { return .text(victim.comm.description) }
    guard event.outcome == .unknown, let chosen = event.chosen else {
      return .text("(\(event.outcome.rawValue))")
    }
    return .text("(chosen: \(chosen.comm))")
  }

  private static func integer(_ number: Int64?) -> Cell { number.map(Cell.integer) ?? .missing }

  private static func bytes(_ size: Bytes?) -> Cell { size.map { .bytes($0.count) } ?? .missing }

  private static func text(_ text: LogText?) -> Cell {
    text.map { .text($0.description) } ?? .missing
  }
}

/// What must be said beside a list of events: what hides some of them, and what could not be
/// placed in time.
enum ViewNotes {
  static func notes(_ state: ShellState, on events: [Event]) -> [Block] {
    var notes = hidden(state)
    let undated = events.count { $0.time.wallMicros == nil }
    if undated > 0, state.session.unplacedInView == 0 {
      let isSorted = undated == events.count
      let has = undated == 1 ? "event has" : "events have"
      let place = isSorted ? "" : undated == 1 ? ", and stands first" : ", and stand first"
      notes.append(
        .note(
          .info, "\(undated) \(has) no wall-clock time, only the time since boot or none\(place)"))
    }
    return notes
  }

  /// What filters hide, and what they could not judge.
  static func hidden(_ state: ShellState) -> [Block] {
    let session = state.session
    let hidden = session.events.count - session.view.count
    guard hidden > 0 else { return unplaced(state) }
    let filters = session.filters.map { "\($0.edge.rawValue) \($0.text)" }.joined(separator: ", ")
    let verb = hidden == 1 ? "is" : "are"
    let note = "\(hidden) of \(session.events.count) events \(verb) hidden by: \(filters)"
    return [.note(.info, note)] + unplaced(state)
  }

  /// The answer where there is nothing to list.
  static func nothing(_ state: ShellState) -> Document {
    let isEmpty = state.session.events.count == 0
    return Document(
      [.prose(isEmpty ? "No event is loaded." : "No event is in view.")] + hidden(state)
        + (OtherKillsAnswer.hint(state).map { [$0] } ?? []),
      record: .array([]))
  }
}
