internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// Two events side by side as a document.
struct DiffAnswer {
  private let difference: EventDifference
  private let events: [Event]
  private let reports: [OOMReport]
  private let limit: Int
  private let display: TimeDisplay
  private let units: SizeUnits

  init(
    _ difference: EventDifference, _ events: [Event], _ reports: [OOMReport], limit: Int,
    _ state: ShellState
  ) {
    self.difference = difference
    self.events = events
    self.reports = reports
    self.limit = limit
    display = TimeDisplay(state)
    units = state.settings.units
  }

  var blocks: [Block] {
    var blocks: [Block] = [
      .heading("Events \(events[0].number) and \(events[1].number)"), .table(facts),
    ]
    if !difference.memory.isEmpty {
      blocks.append(.table(table(difference.memory, key: "memory", title: "the machine's memory")))
    }
    if !difference.cgroup.isEmpty {
      blocks.append(.table(table(difference.cgroup, key: "cgroup", title: "the cgroup's memory")))
    }
    if difference.isSameCgroup == false {
      blocks.append(.note(.info, "the two events hit the limits of different cgroups"))
    }
    blocks += tasks
    return blocks
  }

  // MARK: facts

  private struct Fact: Sendable {
    let key: String
    let label: String
    let value: @Sendable (Event, OOMReport) -> String?
  }

  private static let facts: [Fact] = [
    Fact(key: "invoker", label: "invoked by") { event, _ in event.invoker?.description },
    Fact(key: "gfp_mask", label: "gfp mask") { _, report in
      report.invocation?.value.gfpMask
    },
    Fact(key: "gfp_flags", label: "gfp flags") { _, report in
      report.invocation.flatMap {
        $0.value.gfpFlags.isEmpty ? nil : $0.value.gfpFlags.joined(separator: "|")
      }
    },
    Fact(key: "order", label: "order") { event, _ in event.order.map(String.init) },
    Fact(key: "trigger", label: "trigger") { event, _ in event.trigger.rawValue },
    Fact(key: "constraint", label: "constraint") { event, _ in
      event.constraint.map { $0 == .none ? "machine" : $0.rawValue }
    },
    Fact(key: "cgroup", label: "limit of") { event, _ in event.limitPath?.description },
    Fact(key: "victim", label: "victim") { event, _ in
      event.victim.map { "\($0.comm) (\($0.pid))" } ?? "(\(event.outcome.rawValue))"
    },
    Fact(key: "kills", label: "kills") { event, _ in String(event.killCount) },
    Fact(key: "host", label: "host") { event, _ in event.host?.description },
    Fact(key: "kernel", label: "kernel") { _, report in
      report.system?.value.kernelRelease?.description
    },
    Fact(key: "tasks", label: "tasks") { _, report in
      report.tasks.map { table in
        let count = String(table.rows.count + report.droppedRowCount)
        return report.loggedWholeTable ? count : "\(count) or more"
      }
    },
  ]

  /// A fact of both events; nil where neither tells it.
  private func both(_ fact: Fact) -> (first: String?, second: String?)? {
    let values = zip(events, reports).map(fact.value)
    return values[0] == nil && values[1] == nil ? nil : (values[0], values[1])
  }

  private var facts: Table {
    var rows: [[Cell]] = [
      [.text("time"), display.cell(events[0].time), display.cell(events[1].time), gap]
    ]
    for fact in Self.facts {
      guard let both = both(fact) else { continue }
      rows.append([
        .text(fact.label), both.first.map(Cell.text) ?? .missing,
        both.second.map(Cell.text) ?? .missing,
        both.first == nil || both.second == nil
          ? .missing : .text(both.first == both.second ? "same" : "differs"),
      ])
    }
    return Table(
      key: "facts",
      columns: [
        Column("fact", ""), Column("first", "event \(events[0].number)", canShrink: true),
        Column("second", "event \(events[1].number)", canShrink: true),
        Column("change", "change"),
      ],
      rows: rows)
  }

  /// The time between both.
  private var gap: Cell { gapMicros.map { .seconds(Double($0) / 1e6) } ?? .missing }

  private var gapMicros: Int64? {
    var clocks = [(events[0].time.wallMicros, events[1].time.wallMicros)]
    if difference.isOneBoot {
      clocks.insert((events[0].time.uptimeMicros, events[1].time.uptimeMicros), at: 0)
    }
    for case (let start?, let end?) in clocks {
      let gap = end.subtractingReportingOverflow(start)
      return gap.overflow ? nil : gap.partialValue
    }
    return nil
  }

  // MARK: amounts

  private func table(_ amounts: [EventDifference.Amount], key: String, title: String) -> Table {
    Table(
      key: key, title: title,
      columns: [
        Column("what", "what", canShrink: true),
        Column("first", "event \(events[0].number)", .right),
        Column("second", "event \(events[1].number)", .right),
        Column("change", "change", .right), Self.changeBytes,
      ],
      rows: amounts.map { amount in
        [.text(amount.key), Self.size(amount.first), Self.size(amount.second)]
          + change(amount.change)
      })
  }

  private static func size(_ size: Bytes?) -> Cell { size.map { .bytes($0.count) } ?? .missing }

  private static let changeBytes = Column("change_bytes", "change", .right, isForPrograms: true)

  /// With its sign for people, and as a number.
  private func change(_ bytes: Int64?) -> [Cell] {
    guard let bytes else { return [.missing, .missing] }
    return [.text((bytes > 0 ? "+" : "") + units.text(bytes: bytes)), .bytes(bytes)]
  }

  // MARK: tasks

  /// The events whose tables lack rows.
  private var partial: [Int] {
    zip(events, reports).filter { $0.1.tasks != nil && !$0.1.hasWholeTable }.map(\.0.number)
  }

  private var tasks: [Block] {
    guard let tasks = difference.tasks else {
      let without = zip(events, reports).filter { $0.1.tasks == nil }.map { "\($0.0.number)" }
      return [
        .note(
          .info,
          "tasks are not compared: no task table in "
            + "\(without.count == 1 ? "event" : "events") \(without.joined(separator: " and "))"
        )
      ]
    }
    var blocks: [Block] = partial.map { number in
      .note(
        .warning,
        "the task table of event \(number) is not whole: what it does not list may have been there, "
          + "and nothing can be added up by name")
    }
    if partial.isEmpty, !tasks.isComparable {
      blocks.append(
        .note(
          .warning,
          "the two tables list the tasks of different places: that of a cgroup at its limit lists its "
            + "own only. What one does not list may have been there"))
    }
    if tasks.isByPID {
      let only = tasks.isComparable ? "only in event" : "listed only in event"
      blocks += list(tasks.changed, "changed", "tasks in both, most changed first")
      blocks += list(tasks.new, "new", "\(only) \(events[1].number)")
      blocks += list(tasks.gone, "gone", "\(only) \(events[0].number)")
    }
    if !tasks.names.isEmpty { blocks.append(.table(names(tasks.names))) }
    if !tasks.isByPID {
      blocks.append(
        .note(
          .info,
          "the events are of different hosts, boots or inputs, so that a pid of one means nothing in "
            + "the other" + (tasks.isComparable ? ": tasks are compared by name" : "")))
    }
    if tasks.isComparable, tasks.changed.isEmpty, tasks.names.isEmpty {
      blocks.append(.prose("The same tasks with the same sizes."))
    }
    return blocks
  }

  private func list(_ tasks: [EventDifference.Task], _ key: String, _ title: String) -> [Block] {
    guard !tasks.isEmpty else { return [] }
    return [
      .table(
        Table(
          key: key, title: title + cut(tasks.count),
          columns: [
            Column("pid", "pid", .right), Column("comm", "name", canShrink: true),
            Column("first", "event \(events[0].number)", .right),
            Column("second", "event \(events[1].number)", .right),
            Column("change", "change", .right), Self.changeBytes,
          ],
          rows: tasks.prefix(limit).map { task in
            [
              .integer(task.pid), .text(task.comm.description), Self.size(task.first),
              Self.size(task.second),
            ] + change(of: task)
          }))
    ]
  }

  /// What a table that is not whole does not list need not have been 0.
  private func change(of task: EventDifference.Task) -> [Cell] {
    let isKnown = task.first != nil && task.second != nil || difference.tasks?.isComparable ?? false
    return change(isKnown ? task.change : nil)
  }

  private func names(_ names: [EventDifference.Name]) -> Table {
    Table(
      key: "names",
      title: "by name, RAM and swap added up (shared pages count for each process)"
        + cut(names.count),
      columns: [
        Column("comm", "name", canShrink: true),
        Column("first_count", "tasks", .right), Column("second_count", "tasks then", .right),
        Column("first", "event \(events[0].number)", .right),
        Column("second", "event \(events[1].number)", .right),
        Column("change", "change", .right), Self.changeBytes,
      ],
      rows: names.prefix(limit).map { name in
        [
          .text(name.comm.description), .integer(Int64(name.firstCount)),
          .integer(Int64(name.secondCount)),
          name.firstCount > 0 ? .bytes(name.first.count) : .missing,
          name.secondCount > 0 ? .bytes(name.second.count) : .missing,
        ] + change(name.change)
      })
  }

  private func cut(_ count: Int) -> String { count > limit ? ": \(limit) of \(count)" : "" }

  // MARK: record

  var record: JSONValue {
    .object([
      .init("events", .array(events.map { .int(Int64($0.number)) })),
      .init("times", .array(events.map(\.time.json))), .init("span_us", .int(gapMicros)),
      .init(
        "facts",
        .array(
          Self.facts.compactMap { fact in
            both(fact).map { both in
              .object([
                .init("fact", .string(fact.key)), .init("first", .string(both.first)),
                .init("second", .string(both.second)),
              ])
            }
          })),
      .init("memory", amounts(difference.memory)), .init("cgroup", amounts(difference.cgroup)),
      .init("tasks", difference.tasks.map(json) ?? .null),
    ])
  }

  private func amounts(_ amounts: [EventDifference.Amount]) -> JSONValue {
    .array(
      amounts.map { amount in
        .object([
          .init("what", .string(amount.key)), .init("first_bytes", .int(amount.first?.count)),
          .init("second_bytes", .int(amount.second?.count)),
          .init("change_bytes", .int(amount.change)),
        ])
      })
  }

  private func json(_ tasks: EventDifference.Tasks) -> JSONValue {
    func list(_ tasks: [EventDifference.Task]) -> JSONValue {
      .array(
        tasks.map { task in
          .object([
            .init("pid", .int(task.pid)), .init("comm", .text(task.comm)),
            .init("first_bytes", .int(task.first?.count)),
            .init("second_bytes", .int(task.second?.count)),
          ])
        })
    }
    return .object([
      .init("by_pid", .bool(tasks.isByPID)),
      .init("comparable", .bool(tasks.isComparable)),
      .init("not_whole", .array(partial.map { .int(Int64($0)) })),
      .init("changed", list(tasks.changed)),
      .init("new", list(tasks.new)), .init("gone", list(tasks.gone)),
      .init(
        "names",
        .array(
          tasks.names.map { name in
            .object([
              .init("comm", .text(name.comm)), .init("first_count", .int(Int64(name.firstCount))),
              .init("second_count", .int(Int64(name.secondCount))),
              .init("first_bytes", .int(name.first.count)),
              .init("second_bytes", .int(name.second.count)),
            ])
          })),
    ])
  }
}
