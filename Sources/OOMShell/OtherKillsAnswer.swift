internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What other killers did, as the logs in the session tell it. The filters of the view hold for it
/// too; nothing else counts it.
struct OtherKillsAnswer {
  private let rows: [Row]
  private let unkept: Int
  private let kind: OtherKiller.Kind?
  private let state: ShellState

  private struct Row {
    let kill: OtherKill
    let input: Int
  }

  static let kernel = "kernel"
  static let all = "all"

  static let choices =
    [Choice(kernel, "the kernel's OOM killer")]
    + OtherKiller.Kind.allCases.map { Choice($0.rawValue, "what \($0.nouns.several) are logged") }
    + [Choice(all, "all of them")]

  /// The kills by one killer; nil means all.
  init(_ state: ShellState, of kind: OtherKiller.Kind?) {
    self.state = state
    self.kind = kind
    var rows: [Row] = []
    let filters = state.session.filters
    for (index, input) in state.session.inputs.enumerated() {
      for kill in input.otherKills.kills where kind == nil || kill.killer == kind {
        let boot = Boot(input: index, number: 0)
        guard filters.allSatisfy({ $0.admits(kill.time, boot) ?? true }) else { continue }
        rows.append(Row(kill: kill, input: index))
      }
    }
    self.rows = Self.withoutDoubles(rows).sorted {
      ($0.kill.time.wallMicros ?? .min, $0.input, $0.kill.line)
        < ($1.kill.time.wallMicros ?? .min, $1.input, $1.kill.line)
    }
    unkept = state.session.inputs.map(\.otherKills.unkeptCount).reduce(0, +)
  }

  /// The same kill in another log is the one with the same words at the same time.
  private static func withoutDoubles(_ rows: [Row]) -> [Row] {
    struct Words: Hashable {
      let killer: OtherKiller.Kind
      let pid: Int64?
      let comm, cgroup, unit, reason: LogText?
    }
    var known: [Words: [Row]] = [:]
    return rows.filter { row in
      let kill = row.kill
      let words = Words(
        killer: kill.killer, pid: kill.pid, comm: kill.comm, cgroup: kill.cgroup,
        unit: kill.unit, reason: kill.reason)
      let isKnown = known[words, default: []].contains { other in
        guard other.input != row.input else { return false }
        guard let wall = kill.time.wallMicros, let otherWall = other.kill.time.wallMicros else {
          return kill.time.uptimeMicros != nil
            && kill.time.uptimeMicros == other.kill.time.uptimeMicros
        }
        return (wall - otherWall).magnitude <= 2_000_000
      }
      if !isKnown { known[words, default: []].append(row) }
      return !isKnown
    }
  }

  func document(last: Int) -> Document {
    Document(blocks(last: last), record: .array(json(last: last)))
  }

  func blocks(last: Int) -> [Block] {
    guard !rows.isEmpty else {
      let what = kind?.nouns.one ?? "kill by another killer than the kernel's"
      return [.prose("No \(what) is in view.")]
    }
    var blocks: [Block] = [.table(table(Array(rows.suffix(last))))]
    if rows.contains(where: { $0.kill.killer == .systemd }) { blocks.append(Self.echo) }
    if unkept > 0 {
      blocks.append(
        .note(.warning, "\(unkept) more of other killers were counted only: a log has too many"))
    }
    return blocks
  }

  /// Where the report is that systemd's words come from.
  private static let echo = Block.note(
    .info,
    "systemd only saw these die: what the kernel killed is in the kernel's own log, see "
      + "'explain systemd'")

  func json(last: Int) -> [JSONValue] {
    rows.suffix(last).map { row in
      let kill = row.kill
      return .object([
        .init("type", "other-kill"), .init("killer", .string(kill.killer.rawValue)),
        .init("time", kill.time.json), .init("host", .text(kill.host)),
        .init("pid", .int(kill.pid)), .init("comm", .text(kill.comm)),
        .init("cgroup", .text(kill.cgroup)), .init("unit", .text(kill.unit)),
        .init("reason", .text(kill.reason)),
        .init("count", .int(Int64(kill.count))),
        .init(
          "source",
          .object([
            .init("name", .string(state.session.inputs[row.input].name)),
            .init("line", .int(Int64(kill.line))),
          ])),
      ])
    }
  }

  private func table(_ rows: [Row]) -> Table {
    let times = TimeDisplay(state).layout(of: rows.map(\.kill.time))
    let hosts = Set(rows.map(\.kill.host))
    typealias Part = (column: Column, cell: (Row) -> Cell)
    let columns: [Part] = [
      (Column("time", "time\(times.suffix)"), { times.cell($0.kill.time) }),
      (Column("killer", "killer"), { .text($0.kill.killer.rawValue) }),
      (Column("comm", "victim", canShrink: true), { Self.text($0.kill.comm) }),
      (
        Column("pid", "pid", .right, dropOrder: 2),
        { $0.kill.pid.map(Cell.integer) ?? .missing }
      ),
      (
        Column("cgroup", "cgroup", canShrink: true, readableWidth: 20),
        { $0.kill.cgroup.map { .path($0.description) } ?? .missing }
      ),
      (Column("unit", "unit", canShrink: true), { Self.text($0.kill.unit) }),
      (
        Column("reason", "reason", canShrink: true, readableWidth: 20, dropOrder: 4),
        { Self.text($0.kill.reason) }
      ),
      (
        Column("host", "host", canShrink: true, dropOrder: 3),
        { hosts.count > 1 ? Self.text($0.kill.host) : .missing }
      ),
      (Column("line", "line", .right, dropOrder: 1), { .integer(Int64($0.kill.line)) }),
    ]
    let used = columns.filter { part in rows.contains { part.cell($0) != .missing } }
    return Table(
      key: "other_kills", title: "other killers: no report of the kernel's OOM killer",
      columns: used.map(\.column), rows: rows.map { row in used.map { $0.cell(row) } })
  }

  private static func text(_ text: LogText?) -> Cell {
    text.map { .text($0.description) } ?? .missing
  }

  /// What is said where nothing but other killers is found; nil where they are not either.
  static func hint(_ state: ShellState) -> Block? {
    guard state.session.events.count == 0 else { return nil }
    return words(state.session.inputs).map {
      .note(.info, "no kill of the kernel's, but \($0): see 'events --kind=all'")
    }
  }

  /// "3 kills by systemd-oomd, 1 page allocation failure"; nil where there is none.
  static func words(_ inputs: [Input]) -> String? {
    let parts = OtherKiller.Kind.allCases.compactMap { kind -> String? in
      let count = inputs.map { $0.otherKills.counts[kind] ?? 0 }.reduce(0, +)
      guard count > 0 else { return nil }
      return "\(count) \(count == 1 ? kind.nouns.one : kind.nouns.several)"
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
