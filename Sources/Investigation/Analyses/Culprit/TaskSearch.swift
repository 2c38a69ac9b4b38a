internal import KernelLog
internal import OOMReports

/// Finds tasks in a report's table by what they hold, and what keeps the table from proof.
struct TaskSearch {
  private let report: OOMReport
  private let rows: [TaskRow]

  /// Tasks of one name are many from here on.
  private static let many = 4

  init(_ report: OOMReport) {
    self.report = report
    rows = report.tasks?.rows ?? []
  }

  /// A task with an amount of its.
  struct Task {
    let row: TaskRow
    let size: Bytes

    var holder: Holder {
      Holder(name: row.name, pid: row.pid, count: 1, size: size, line: row.line)
    }
  }

  /// A task, or all tasks of a name, with an amount that is theirs.
  struct Holder {
    let name: LogText
    /// Nil for several tasks.
    let pid: Int64?
    let count: Int
    let size: Bytes
    let line: Int

    func evidence(_ verb: String) -> Culprit.Evidence {
      guard let pid else {
        return Culprit.Evidence(
          line, "\(count, "task") called \(name), \(Sentence([.text(verb)])) \(size)")
      }
      return Culprit.Evidence(line, "\(name) (\(pid)) \(Sentence([.text(verb)])) \(size)")
    }
  }

  /// The task with the most of something.
  func top(_ size: (TaskRow) -> Pages?) -> Task? {
    rows.compactMap { row -> Task? in
      size(row).flatMap(bytes).map { Task(row: row, size: $0) }
    }.filter { $0.size.count > 0 }.max { $0.size < $1.size }
  }

  /// Nil for more than any machine has, as a forged log may say.
  private func bytes(_ pages: Pages) -> Bytes? {
    pages.bytes(report.pageSize).flatMap { $0.count.magnitude < 1 << 58 ? $0 : nil }
  }

  /// Who has most of an amount: one task, or where the sizes may be added up all tasks of a name.
  func holder(
    of amount: Bytes, isAddable: Bool = false, _ size: (TaskRow) -> Pages?
  ) -> Holder? {
    [top(size)?.holder, isAddable ? crowd(size) : nil].compactMap(\.self)
      .first { $0.size.count * 2 >= amount.count }
  }

  /// The tasks of one name with the most of something together. Shared pages count many times.
  func crowd(_ size: (TaskRow) -> Pages?) -> Holder? {
    guard report.droppedRowCount == 0 else { return nil }
    var groups: [LogText: (count: Int, pages: Int64, line: Int)] = [:]
    for row in rows {
      guard let own = size(row) else { continue }
      let group = groups[row.name] ?? (0, 0, row.line)
      groups[row.name] = (group.count + 1, group.pages &+ own.count, group.line)
    }
    let crowds = groups.filter { $0.value.count >= Self.many }
    guard
      let largest = crowds.max(by: {
        ($0.value.pages, $1.key.description) < ($1.value.pages, $0.key.description)
      }),
      let size = bytes(Pages(largest.value.pages))
    else { return nil }
    return Holder(
      name: largest.key, pid: nil, count: largest.value.count, size: size,
      line: largest.value.line)
  }

  /// What a task has for itself in RAM; where the table does not split its rss, shared pages are in it.
  func resident(_ row: TaskRow) -> Pages? { row.rssAnon ?? row.rss }

  /// The same, in RAM and in swap.
  func own(_ row: TaskRow) -> Pages? {
    guard let resident = resident(row) else { return nil }
    let sum = resident.count.addingReportingOverflow(max(0, row.swap?.count ?? 0))
    return sum.overflow ? nil : Pages(sum.partialValue)
  }

  /// What a task has for itself, as the table says it.
  func evidence(of task: Task) -> Culprit.Evidence {
    let has = task.holder.evidence("has")
    guard let swapped = task.row.swap?.bytes(report.pageSize), swapped.count > 0 else { return has }
    return Culprit.Evidence(has.line, "\(has.text), \(swapped) of it in swap")
  }

  /// Its page tables, in pages.
  func pageTables(_ row: TaskRow) -> Pages? {
    row.pageTables.map { Pages($0.count / report.pageSize.bytes.count) } ?? row.pageTablePages
  }

  /// What says that a crowd shares its pages with others, and need not have most of all anonymous
  /// memory: `anonymous` in RAM, `all` with what lies in swap.
  func sharing(_ crowd: Holder, of anonymous: Bytes, all: Bytes) -> [Refuter.Objection] {
    let others = rows.filter { $0.name != crowd.name }
    guard isOver(crowd.size, all), !isRest(of: anonymous, without: others) else { return [] }
    return [
      Refuter.Objection(
        .refutes, crowd.line, "they add up to more than there is of it, so they share pages")
    ]
  }

  /// The same of one task.
  func sharing(_ task: Task, of anonymous: Bytes, all: Bytes) -> [Refuter.Objection] {
    let others = rows.filter { $0.pid != task.row.pid }
    guard task.size.count * 2 >= all.count, !isRest(of: anonymous, without: others) else {
      return []
    }
    let line = task.row.line
    if isOver(task.size, all) {
      return [
        Refuter.Objection(.doubts, line, "it has more than there is of it, so it shares pages")
      ]
    }
    guard task.row.rssAnon == nil else { return [] }
    let swapped = task.row.swap?.bytes(report.pageSize)?.count ?? 0
    let printed = report.victims.first { $0.pid == task.row.pid }?.anonRSS
    let mapped = printed == nil ? self.mapped : nil
    let least = printed.map { $0.count + swapped } ?? mapped.map { task.size.count - $0.count }
    if let least, least * 2 >= all.count { return [] }
    let most: Sentence = mapped.map { ", \($0) at most" } ?? ""
    return [
      Refuter.Objection(
        .doubts, line, "its size holds mapped files and shared memory too\(most)")
    ]
  }

  /// Whether most of all anonymous memory is nobody's of these, whatever they share: a table that
  /// lists all tasks then leaves it to the others.
  private func isRest(of anonymous: Bytes, without others: [TaskRow]) -> Bool {
    let held = Bytes.sum(others.map { ($0.rssAnon ?? $0.rss)?.bytes(report.pageSize) ?? Bytes(0) })
    return held.map { $0.count <= anonymous.count / 2 } ?? false
  }

  /// Whether tasks have more than there is, which shared pages explain, and counters that are read
  /// one after the other do not.
  func isOver(_ size: Bytes, _ all: Bytes) -> Bool {
    size.count - all.count > max(16 << 20, all.count / 20)
  }

  /// All file pages and shmem that any task maps.
  private var mapped: Bytes? {
    if report.boundary == .memcg {
      let memcg = report.memcg
      let all = memcg?.stats["file_mapped"] ?? memcg?.stats["total_mapped_file"]
      // A cgroup's own figure leaves out those below.
      let own = memcg?.descendants.isEmpty ?? true ? memcg?.stats["mapped_file"] : nil
      return (all ?? own).map { Bytes($0.value) }
    }
    return report.memory?.counters["mapped"]?.value.bytes(report.pageSize)
  }

  /// What says that the table does not list all tasks, or not as a kernel prints them.
  var missing: [Refuter.Objection] {
    if report.droppedRowCount > 0 {
      return [
        Refuter.Objection(.doubts, nil, "the event's record keeps only \(kept) of the task table")
      ]
    }
    let lines = rows.map(\.line)
    guard let first = lines.min(), let last = lines.max() else { return [] }
    let end = report.victims.first.map { max(last, $0.line) } ?? report.lastLine
    let damage = report.diagnostics.first {
      ($0.kind == .torn || $0.kind == .lost) && (first...max(end, first)).contains($0.line)
    }
    let victim = report.victims.first { victim in
      !rows.contains { $0.pid == victim.pid || $0.tgid == victim.pid }
    }
    // The figures of the table agree with each other, not with those of other lines.
    let doubted: [Refuter.Objection] = .broken(["victim", "swapents"], in: report, .doubts)
    let broken: [Refuter.Objection] = .broken(["rss", "total_vm", "rows"], in: report)
    return broken + doubted
      + [
        damage.map {
          Refuter.Objection(
            .doubts, $0.line,
            $0.kind == .lost
              ? "lines were dropped there, perhaps of the task table"
              : "a line of the task table is torn")
        },
        victim.map {
          Refuter.Objection(.doubts, $0.line, "\($0.comm) (\($0.pid)) was killed and is not listed")
        },
      ].compactMap(\.self)
  }

  /// Why there is no table to go by.
  var absence: Sentence {
    report.droppedRowCount > 0
      ? "the task table, of which the event's record keeps only \(kept)"
      : "the task table, which this log does not hold"
  }

  private var kept: Sentence {
    "\(rows.count) of \(rows.count + report.droppedRowCount) rows"
  }
}
