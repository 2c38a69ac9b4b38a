package import KernelLog
package import OOMReports

/// What is different between two reports: memory by class, a cgroup's usage, and tasks.
package struct EventDifference: Sendable, Equatable {
  /// The machine's memory by class; empty where neither report prints it.
  package let memory: [Amount]
  /// The cgroup's usage, limit and statistics; empty where neither report prints them.
  package let cgroup: [Amount]
  /// Whether both tell of the same cgroup; nil where one or both tell of none.
  package let isSameCgroup: Bool?
  /// Whether both are of one boot of one host, so that uptimes and pids can be compared.
  package let isOneBoot: Bool
  package let tasks: Tasks?

  /// One figure of both reports; a figure that a report does not print is missing.
  package struct Amount: Sendable, Equatable {
    /// The kernel's name of it, or the ledger's.
    package let key: String
    package let first: Bytes?
    package let second: Bytes?

    /// Nil where one is missing.
    package var change: Int64? {
      guard let first, let second else { return nil }
      let change = second.count.subtractingReportingOverflow(first.count)
      return change.overflow ? nil : change.partialValue
    }
  }

  /// The tasks of both tables, those that changed most first.
  package struct Tasks: Sendable, Equatable {
    /// Whether a pid means the same process in both: of one host and boot. If not, tasks are told
    /// apart by name alone.
    package let isByPID: Bool
    /// Whether both tables list every task of the same place, the machine or a cgroup. If not, one
    /// that a table does not list may have been there all the same.
    package let isComparable: Bool
    /// Of both tables and of another size; RAM and swap.
    package let changed: [Task]
    package let new: [Task]
    package let gone: [Task]
    /// All processes of a name, by their number and the sum of their sizes. The sum counts shared
    /// pages once for each process. Empty where the tables are not comparable.
    package let names: [Name]
  }

  /// A process in one or both tables.
  package struct Task: Sendable, Equatable {
    package let pid: Int64
    package let comm: LogText
    package let first: Bytes?
    package let second: Bytes?

    package var change: Int64 { (second?.count ?? 0) - (first?.count ?? 0) }
  }

  /// The processes of a name.
  package struct Name: Sendable, Equatable {
    package let comm: LogText
    package let firstCount: Int
    package let secondCount: Int
    package let first: Bytes
    package let second: Bytes

    package var change: Int64 { second.count - first.count }
  }

  /// Compares two events' reports.
  package init(
    _ first: (event: Event, report: OOMReport), _ second: (event: Event, report: OOMReport)
  ) {
    memory = Self.memory(first.report, second.report)
    cgroup = Self.cgroup(first.report.memcg, second.report.memcg)
    let paths = [first.report, second.report].compactMap {
      $0.memcg?.limitPath?.value ?? $0.memcg?.statsPath?.value
    }
    isSameCgroup = paths.count == 2 ? paths[0] == paths[1] : nil
    isOneBoot =
      first.event.host == second.event.host && first.event.input == second.event.input
      && first.event.boot == second.event.boot
    let isOnePlace =
      first.report.boundary == second.report.boundary
      && (first.report.boundary != .memcg || isSameCgroup == true)
    tasks = Tasks(first.report, second.report, isByPID: isOneBoot, isOnePlace: isOnePlace)
  }

  private static func memory(_ first: OOMReport, _ second: OOMReport) -> [Amount] {
    let figures = [Figures(first), Figures(second)]
    let names = ["managed"] + MemoryClass.all.map(\.name) + ["swap_total", "swap_free"]
    return names.map { Amount(key: $0, first: figures[0][$0], second: figures[1][$0]) }
      .filter { $0.first != nil || $0.second != nil }
  }

  /// Whether a statistic of a cgroup counts events; all others are sizes.
  private static func isCount(_ name: String) -> Bool {
    [
      "pg", "total_pg", "workingset_", "thp_", "numa_", "swpin", "swpout", "zswpin", "zswpout",
      "zswpwb", "hierarchical_", "oom_", "allocstall",
    ].contains { name.hasPrefix($0) }
  }

  private static func cgroup(_ first: MemcgState?, _ second: MemcgState?) -> [Amount] {
    let usages: [(name: String, of: (MemcgState) -> MemcgUsage?)] = [
      ("memory", { $0.memory?.value }), ("memory+swap", { $0.memorySwap?.value }),
      ("swap", { $0.swap?.value }), ("kmem", { $0.kmem?.value }),
    ]
    var amounts: [Amount] = []
    for (name, of) in usages {
      let both = [first.flatMap(of), second.flatMap(of)]
      amounts.append(Amount(key: "\(name) usage", first: both[0]?.usage, second: both[1]?.usage))
      amounts.append(Amount(key: "\(name) limit", first: both[0]?.limit, second: both[1]?.limit))
    }
    let keys: Set<String> = Set((first?.stats ?? [:]).keys).union((second?.stats ?? [:]).keys)
    var stats: [Amount] = []
    for key in keys where !Self.isCount(key) {
      let amount = Amount(
        key: key, first: first?.stats[key].map { Bytes($0.value) },
        second: second?.stats[key].map { Bytes($0.value) })
      if amount.weight > 0 { stats.append(amount) }
    }
    stats.sort { ($1.weight, $0.key) < ($0.weight, $1.key) }
    return amounts.filter { $0.first != nil || $0.second != nil } + stats
  }
}

extension EventDifference.Amount {
  /// The larger of both.
  fileprivate var weight: Int64 { max(first?.count ?? 0, second?.count ?? 0) }
}

/// The figures of one report's memory by name.
private struct Figures {
  private var amounts: [String: Bytes] = [:]

  subscript(name: String) -> Bytes? { amounts[name] }

  init(_ report: OOMReport) {
    guard let memory = report.memory else { return }
    for one in MemoryClass.all {
      let pages = one.counters.map { memory.counters[$0]?.value.count }
      guard pages.allSatisfy({ $0 != nil }) else { continue }
      amounts[one.name] = Pages(pages.reduce(0) { $0 + ($1 ?? 0) }).bytes(report.pageSize)
    }
    amounts["managed"] = memory.managed?.bytes(report.pageSize)
    amounts["swap_total"] = memory.totalSwap?.value
    amounts["swap_free"] = memory.freeSwap?.value
  }
}

/// One class of memory that reports count, as the sum of these counters.
private struct MemoryClass {
  let name: String
  let counters: [String]

  static let all = [
    MemoryClass(name: "anonymous_and_shmem", counters: ["active_anon", "inactive_anon"]),
    MemoryClass(name: "shmem", counters: ["shmem"]),
    MemoryClass(name: "file", counters: ["active_file", "inactive_file"]),
    MemoryClass(name: "unevictable", counters: ["unevictable"]),
    MemoryClass(name: "slab_reclaimable", counters: ["slab_reclaimable"]),
    MemoryClass(name: "slab_unreclaimable", counters: ["slab_unreclaimable"]),
    MemoryClass(name: "pagetables", counters: ["pagetables"]),
    MemoryClass(name: "free", counters: ["free"]),
  ]
}

extension EventDifference.Tasks {
  /// Nil where a report has no task table.
  fileprivate init?(_ first: OOMReport, _ second: OOMReport, isByPID: Bool, isOnePlace: Bool) {
    guard first.tasks != nil, second.tasks != nil else { return nil }
    self.isByPID = isByPID
    isComparable = isOnePlace && first.hasWholeTable && second.hasWholeTable
    typealias Task = EventDifference.Task
    let old = Self.byProcess(first)
    let recent = Self.byProcess(second)
    var changed: [Task] = []
    var new: [Task] = []
    if isByPID {
      for (key, size) in recent {
        let before = old[key]
        let task = Task(pid: key.pid, comm: key.comm, first: before, second: size)
        if before == nil { new.append(task) } else if task.change != 0 { changed.append(task) }
      }
      gone = Self.sorted(
        old.filter { recent[$0.key] == nil }
          .map { Task(pid: $0.key.pid, comm: $0.key.comm, first: $0.value, second: nil) })
    } else {
      gone = []
    }
    self.changed = Self.sorted(changed)
    self.new = Self.sorted(new)
    names = isComparable ? Self.names(old, recent) : []
  }

  private struct Process: Hashable {
    let pid: Int64
    let comm: LogText
  }

  private static func byProcess(_ report: OOMReport) -> [Process: Bytes] {
    var sizes: [Process: Bytes] = [:]
    for task in report.largestTasks() {
      sizes[Process(pid: task.row.pid, comm: task.row.name)] = task.footprint
    }
    return sizes
  }

  private static func names(
    _ first: [Process: Bytes], _ second: [Process: Bytes]
  ) -> [EventDifference.Name] {
    func sums(_ sizes: [Process: Bytes]) -> [LogText: (count: Int, bytes: Int64)] {
      var sums: [LogText: (count: Int, bytes: Int64)] = [:]
      for (process, size) in sizes {
        let known = sums[process.comm] ?? (0, 0)
        let sum = known.bytes.addingReportingOverflow(size.count)
        sums[process.comm] = (known.count + 1, sum.overflow ? known.bytes : sum.partialValue)
      }
      return sums
    }
    let (old, recent) = (sums(first), sums(second))
    return Set(old.keys).union(recent.keys).map { comm in
      EventDifference.Name(
        comm: comm, firstCount: old[comm]?.count ?? 0, secondCount: recent[comm]?.count ?? 0,
        first: Bytes(old[comm]?.bytes ?? 0), second: Bytes(recent[comm]?.bytes ?? 0))
    }
    .filter { $0.change != 0 || $0.firstCount != $0.secondCount }
    .sorted {
      ($1.change.magnitude, $0.comm.description) < ($0.change.magnitude, $1.comm.description)
    }
  }

  private static func sorted(_ tasks: [EventDifference.Task]) -> [EventDifference.Task] {
    tasks.sorted { ($1.change.magnitude, $0.pid) < ($0.change.magnitude, $1.pid) }
  }
}
