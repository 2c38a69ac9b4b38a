internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let events = Command(
    "events", aliases: ["list"], .look, "list the events in view, oldest first",
    parameters: [
      .option("last", .integer(1...1_000_000), "only the newest so many")
    ],
    examples: [
      Example("events", "every event in view"),
      Example("events --last=10", "the ten newest"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    let numbers = state.session.view.suffix(arguments.integer("last") ?? .max)
    let events = numbers.map(state.session.event)
    var document = Document(
      [.table(EventTable.table(events, in: state))] + ViewNotes.notes(state),
      record: .array(events.map { EventRow($0, state).json }))
    if let recent = RecentKills.note(state) { document.blocks.append(recent) }
    return document
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
    let newest = events.last { $0.time.wallMicros != nil }?.time.wallMicros
    let zone = newest.map { " (\(display.zoneName(at: $0)))" } ?? ""
    let hosts = Set(events.map(\.host))
    let always: [EventColumn] = [
      EventColumn(column: Column("event", "#", .right)) { .integer(Int64($0.number)) },
      EventColumn(column: Column("time", "time\(zone)")) { display.cell($0.time) },
      EventColumn(column: Column("scope", "scope", dropOrder: 4)) { scope($0) },
      EventColumn(column: Column("victim", "victim", canShrink: true)) { victim($0) },
      EventColumn(column: Column("pid", "pid", .right)) { integer($0.victim?.pid) },
    ]
    let optional: [EventColumn] = [
      EventColumn(column: Column("score", "score", .right, dropOrder: 5)) {
        integer($0.victim?.score)
      },
      EventColumn(column: Column("total_vm", "total-vm", .right, dropOrder: 8)) {
        bytes($0.victim?.totalVM)
      },
      EventColumn(column: Column("anon_rss", "anon-rss", .right)) { bytes($0.victim?.anonRSS) },
      EventColumn(column: Column("file_rss", "file-rss", .right, dropOrder: 7)) {
        bytes($0.victim?.fileRSS)
      },
      EventColumn(column: Column("shmem_rss", "shmem-rss", .right, dropOrder: 6)) {
        bytes($0.victim?.shmemRSS)
      },
      EventColumn(column: Column("cgroup", "cgroup limit hit", canShrink: true, dropOrder: 2)) {
        text($0.limitPath)
      },
      EventColumn(column: Column("invoker", "invoked by", canShrink: true, dropOrder: 9)) {
        text($0.invoker)
      },
      EventColumn(column: Column("host", "host", canShrink: true, dropOrder: 3)) {
        hosts.count > 1 ? text($0.host) : .missing
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
    guard let victim = event.victim else { return .text("(\(event.outcome.rawValue))") }
    let more = event.killCount > 1 ? " +\(event.killCount - 1)" : ""
    return .text(victim.comm.description + more)
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
  static func notes(_ state: ShellState) -> [Block] {
    let session = state.session
    var notes: [Block] = []
    let hidden = session.events.count - session.view.count
    if hidden > 0 {
      let filters = session.filters.map { "\($0.edge.rawValue) \($0.text)" }.joined(separator: ", ")
      notes.append(
        .note(.info, "\(hidden) of \(session.events.count) events are hidden by: \(filters)"))
    }
    notes += unplaced(state)
    let withoutTime = session.eventsInView.count { $0.time.wallMicros == nil }
    if withoutTime > 0, session.filters.isEmpty {
      notes.append(
        .note(
          .info,
          "\(withoutTime) \(withoutTime == 1 ? "event has" : "events have") no wall-clock time: "
            + "the log holds only the time since boot, or none"))
    }
    return notes
  }
}
