internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let tasks = Command(
    "tasks", aliases: ["ps"], .look, "show an event's task table, largest first",
    parameters: [
      Parameter("EVENT", .events, .optional, "an event; the newest where left out"),
      .option("sort", .choice(TaskOrder.choices), "what to sort by; rss where left out"),
      .option("top", .integer(1...1_000_000), "only so many rows; 20 where left out"),
      .flag("all", "every row"),
    ],
    examples: [
      Example("tasks", "the 20 largest tasks of the newest event"),
      Example("tasks 1 --sort=swap --all", "every task, most swapped first"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    guard let table = report.tasks, !table.rows.isEmpty else {
      let reason =
        report.status == .killOnly
        ? "its kill line alone is in the log"
        : report.droppedRowCount > 0
          ? "its record keeps none of \(report.droppedRowCount) rows"
          : "vm.oom_dump_tasks=0, a rate limit or a cut log leave it out"
      return Document([
        .note(
          .info,
          "event \(number) has no task table: \(reason); 'raw \(number)' shows what there is")
      ])
    }
    let order = TaskOrder.named(arguments.text("sort") ?? "rss")
    let limit = arguments.has("all") ? Int.max : arguments.integer("top") ?? 20
    return TaskAnswer(report, table, number).document(order, limit)
  }
}

/// What the task table can be sorted by.
private struct TaskOrder: Sendable {
  let name: String
  let summary: String
  /// Larger comes first; nil last.
  let key: @Sendable (TaskRow) -> Int64?

  static let all: [TaskOrder] = [
    TaskOrder(name: "rss", summary: "resident memory") { $0.rss?.count },
    TaskOrder(name: "swap", summary: "swapped out") { $0.swap?.count },
    TaskOrder(name: "vm", summary: "address space") { $0.totalVM?.count },
    TaskOrder(name: "pgtables", summary: "page tables") { row in
      row.pageTables?.count ?? row.pageTablePages?.count
    },
    TaskOrder(name: "adj", summary: "oom_score_adj, highest first") { $0.oomScoreAdj ?? $0.oomAdj },
    TaskOrder(name: "pid", summary: "pid, lowest first") { -$0.pid },
    TaskOrder(name: "line", summary: "as in the log") { -Int64($0.line) },
  ]

  static let choices = all.map { Choice($0.name, $0.summary) }

  static func named(_ name: String) -> TaskOrder { all.first { $0.name == name } ?? all[0] }
}

private struct TaskAnswer {
  private let report: OOMReport
  private let table: TaskTable
  private let number: Int

  init(_ report: OOMReport, _ table: TaskTable, _ number: Int) {
    self.report = report
    self.table = table
    self.number = number
  }

  func document(_ order: TaskOrder, _ limit: Int) -> Document {
    let sorted = table.rows.enumerated().sorted { left, right in
      let (first, second) = (order.key(left.element), order.key(right.element))
      if first != second { return first ?? .min > second ?? .min }
      return left.offset < right.offset
    }.map(\.element)
    let victims = victims
    let shown = sorted.prefix(limit) + sorted.dropFirst(limit).filter { victims.contains($0.pid) }
    var blocks: [Block] = [.table(presented(Array(shown)))]
    if shown.count < sorted.count {
      blocks.append(.note(.info, "\(shown.count) of \(sorted.count) rows; --all shows every one"))
    }
    if let note = report.keptRowsNote { blocks.append(.note(.warning, note)) }
    if let doubt = report.pageSize.doubt { blocks.append(.note(.info, doubt)) }
    if table.headerLine == nil {
      blocks.append(.note(.warning, "the table's header is lost: its columns were inferred"))
    }
    if report.constraint?.value == .memcg {
      blocks.append(.note(.info, "the table lists the tasks of the cgroup at its limit only"))
    }
    return Document(blocks)
  }

  private struct TaskColumnView {
    let column: Column
    let cell: (TaskRow) -> Cell
  }

  private func presented(_ rows: [TaskRow]) -> Table {
    let columns = columns.filter { view in
      view.column.dropOrder == 0 || table.rows.contains { view.cell($0) != .missing }
    }
    return Table(
      key: "tasks", columns: columns.map(\.column),
      rows: rows.map { row in columns.map { $0.cell(row) } })
  }

  /// Whose rows are shown however many are asked for.
  private var victims: Set<Int64> { Set(report.victims.map(\.pid)) }

  private var columns: [TaskColumnView] {
    let victims = victims
    return [
      TaskColumnView(column: Column("killed", "", dropOrder: 1)) {
        .text(victims.contains($0.pid) ? "killed" : "")
      },
      TaskColumnView(column: Column("pid", "pid", .right)) { .integer($0.pid) },
      TaskColumnView(column: Column("name", "name", canShrink: true)) {
        .text($0.name.description)
      },
      TaskColumnView(column: Column("uid", "uid", .right, dropOrder: 6)) { integer($0.uid) },
      TaskColumnView(column: Column("rss", "rss", .right)) { pages($0.rss) },
      TaskColumnView(column: Column("rss_anon", "anon", .right, dropOrder: 5)) {
        pages($0.rssAnon)
      },
      TaskColumnView(column: Column("rss_file", "file", .right, dropOrder: 7)) {
        pages($0.rssFile)
      },
      TaskColumnView(column: Column("rss_shmem", "shmem", .right, dropOrder: 4)) {
        pages($0.rssShmem)
      },
      TaskColumnView(column: Column("swap", "swap", .right, dropOrder: 2)) { pages($0.swap) },
      TaskColumnView(column: Column("pgtables", "pgtables", .right, dropOrder: 8)) { row in
        row.pageTables.map { .bytes($0.count) } ?? pages(row.pageTablePages)
      },
      TaskColumnView(column: Column("total_vm", "total-vm", .right, dropOrder: 9)) {
        pages($0.totalVM)
      },
      TaskColumnView(column: Column("oom_adj", "oom_adj", .right, dropOrder: 10)) {
        integer($0.oomAdj)
      },
      TaskColumnView(column: Column("oom_score_adj", "adj", .right, dropOrder: 3)) {
        integer($0.oomScoreAdj)
      },
    ]
  }

  private func integer(_ number: Int64?) -> Cell { number.map(Cell.integer) ?? .missing }

  private func pages(_ pages: Pages?) -> Cell {
    pages?.bytes(report.pageSize).map { .bytes($0.count) } ?? .missing
  }
}
