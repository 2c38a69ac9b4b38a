package import OOMReports

/// How much memory the tasks of a table hold together, as an interval: their resident sizes are no
/// use of memory when added up, since they share pages.
package struct TaskMemory: Sendable, Equatable {
  /// At least this.
  package let low: Bytes
  /// At most this.
  package let high: Bytes
  /// All resident sizes added up, which counts shared pages once per task.
  package let summed: Bytes
  package let basis: Basis
  package let count: Int

  /// What the bounds come from.
  package enum Basis: Sendable, Equatable {
    /// Anonymous pages of each task and the largest map of shared memory: tables since 6.8.
    case split
    /// The table does not tell anonymous pages from shared ones: the largest task, and all.
    case whole
  }

  /// Nil without a table, or without resident sizes in it.
  ///
  /// - Parameters:
  ///   - report: A whole report.
  ///   - anonymous: All anonymous memory there is, of which tasks that forked may share some.
  ///   - mapped: All file and shared pages that any task maps.
  ///   - users: All pages on the lists, where the table does not split.
  package init?(
    _ report: OOMReport, anonymous: Bytes? = nil, mapped: Bytes? = nil, users: Bytes? = nil
  ) {
    guard let rows = report.tasks?.rows, !rows.isEmpty, report.droppedRowCount == 0 else {
      return nil
    }
    func size(_ pages: Pages?) -> Bytes? { pages.flatMap { $0.bytes(report.pageSize) } }
    let sizes = rows.compactMap { size($0.rss) }
    guard !sizes.isEmpty, let summed = Bytes.sum(sizes) else { return nil }
    self.summed = summed
    count = rows.count
    let own = rows.compactMap { size($0.rssAnon) }
    if own.count == rows.count, let ofTasks = Bytes.sum(own) {
      basis = .split
      let shared = rows.compactMap { size($0.rssShmem) }.max() ?? Bytes(0)
      let counted = anonymous.map { min(ofTasks, $0) } ?? ofTasks
      let upper = mapped.flatMap { Bytes.sum([counted, $0]) } ?? summed
      high = min(summed, upper)
      low = min(Bytes.sum([counted, shared]) ?? counted, high)
    } else {
      basis = .whole
      let most = users.map { min(summed, $0) } ?? summed
      high = most
      low = min(sizes.max() ?? Bytes(0), most)
    }
  }

  /// The tasks of a machine.
  package init?(machine report: OOMReport, _ ledger: MemoryLedger?) {
    let memory = report.memory
    func counter(_ name: String) -> Bytes? {
      memory?.counters[name]?.value.bytes(report.pageSize)
    }
    let locked = ledger?.unevictable
    self.init(
      report, anonymous: Bytes.sum([ledger?.anonymous, locked]), mapped: counter("mapped"),
      users: Bytes.sum([ledger?.swappable, ledger?.file, locked]))
  }
}
