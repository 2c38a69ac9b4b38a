package import OOMReports

/// The memory that `oom_score_adj` is thousandths of (`totalpages` of `oom_badness()`), in pages.
package struct MemoryTotal: Sendable, Equatable {
  /// At least so much.
  package let low: Int64
  /// At most so much: a cgroup may use swap of which the report prints no total.
  package let high: Int64
  /// What it was made from.
  package let source: Source
  /// The lines that prove it.
  package let lines: [Int]

  /// Where the figures come from.
  package enum Source: Sendable, Equatable {
    /// All managed RAM and all swap.
    case machine
    /// The limit of the cgroup, with what swap it may use.
    case cgroup
    /// The allowed nodes' memory and all swap; kernels to 4.19 counted holes too.
    case nodes
    /// Another event of the same boot.
    case event(Int)
    /// Given by the user's question.
    case asked
  }

  package var isExact: Bool { low == high }
  /// Whether `high` says anything: a cgroup whose swap has no limit may use all that the machine has,
  /// which the report does not print.
  package var isBounded: Bool { high - low < Self.unbounded }
  /// 64 TiB in pages of 4 KiB: more swap than any machine has.
  private static let unbounded: Int64 = 1 << 34

  /// The same total as another event's report tells it.
  package func borrowed(from event: Int) -> MemoryTotal {
    MemoryTotal(low: low, high: high, source: .event(event))
  }

  package init(low: Int64, high: Int64, source: Source, lines: [Int] = []) {
    self.low = max(1, low)
    self.high = max(self.low, high)
    self.source = source
    self.lines = lines
  }

  /// Nil where the report does not tell.
  package init?(_ report: OOMReport) {
    let page = report.pageSize.bytes.count
    switch report.boundary {
    case .memcg?: self.init(cgroup: report.memcg, page)
    case .cpuset?, .mempolicy?: self.init(nodesOf: report, page)
    case Constraint.none?: self.init(machine: report.memory, page)
    case nil: return nil
    }
  }

  private init?(machine memory: MemoryState?, _ page: Int64) {
    guard let memory, let managed = memory.managed, managed.count > 0 else { return nil }
    let swap = Self.swap(memory, page)
    self.init(
      low: managed.count + swap.low, high: managed.count + swap.high, source: .machine,
      lines: [memory.pagesRAM?.line, memory.pagesReserved?.line, memory.totalSwap?.line]
        .compactMap { $0 })
  }

  /// The machine's swap, in pages. A kernel without swap (`CONFIG_SWAP`) prints no line of it; where
  /// others of them are there, that of the total is lost.
  private static func swap(_ memory: MemoryState, _ page: Int64) -> (low: Int64, high: Int64) {
    if let total = memory.totalSwap?.value.count { return (total / page, total / page) }
    guard memory.freeSwap != nil || memory.swapCache != nil else { return (0, 0) }
    let free = (memory.freeSwap?.value.count ?? 0) / page
    return (free, free + unbounded)
  }

  /// cgroup v2 prints the limit of swap alone, v1 that of memory and swap together; neither prints
  /// how much swap the machine has.
  private init?(cgroup memcg: MemcgState?, _ page: Int64) {
    guard let memory = memcg?.memory, let limit = memory.value.limit else { return nil }
    var swap: Int64 = 0
    var lines = [memory.line]
    if let own = memcg?.swap {
      swap = own.value.limit?.count ?? Self.unbounded * page
      lines.append(own.line)
    } else if let both = memcg?.memorySwap {
      swap = max(0, both.value.limit.map { $0.count - limit.count } ?? Self.unbounded * page)
      lines.append(both.line)
    }
    self.init(
      low: limit.count / page, high: (limit.count + swap) / page, source: .cgroup, lines: lines)
  }

  private init?(nodesOf report: OOMReport, _ page: Int64) {
    guard let memory = report.memory, let nodes = report.allowedNodes else { return nil }
    let zones = memory.zones.filter { $0.node.map(nodes.contains) ?? false }
    let present = zones.compactMap { $0.counters["present"]?.count }
    guard !present.isEmpty, present.count == zones.count else { return nil }
    let (pages, swap) = (present.reduce(0, +) / page, Self.swap(memory, page))
    self.init(
      low: pages + swap.low, high: pages + swap.high, source: .nodes, lines: zones.map(\.line))
  }
}

extension OOMReport {
  /// What bounded the allocation: as printed, else as the report's shape tells. Kernels before 5.0
  /// do not name it; figures of a cgroup, and the trace of a charge to it, stand for its limit,
  /// Mem-Info alone for the machine.
  package var boundary: Constraint? {
    if let printed = constraint?.value { return printed }
    if memcg?.memory != nil || memcg?.limitPath != nil || memcgFrame != nil { return .memcg }
    return memory == nil ? nil : Constraint.none
  }

  /// The frame of the trace that only a kill for a cgroup's limit has.
  package var memcgFrame: StackFrame? {
    trace.frames.first { $0.isReliable && Self.memcgFunctions.contains($0.functionName) }
  }

  /// What charges a page to a cgroup, and what kills for it (mm/memcontrol.c; try_charge since 4.0).
  private static let memcgFunctions: Set<Substring> = [
    "mem_cgroup_out_of_memory", "mem_cgroup_oom_synchronize", "try_charge", "try_charge_memcg",
    "mem_cgroup_try_charge", "__mem_cgroup_try_charge",
  ]

  /// The nodes that the allocation could use; nil where the report names none. To 4.20 a policy's are
  /// on the first line (4.9 and later), a cpuset's on a line of their own.
  package var allowedNodes: Set<Int>? {
    let decision = decision?.value
    if decision?.constraint == .mempolicy { return decision?.nodemask.flatMap(NodeList.nodes) }
    let ofCpuset = boundary == .mempolicy ? nil : cpuset?.value.memsAllowed
    return [decision?.memsAllowed, invocation?.value.nodemask, ofCpuset]
      .lazy.compactMap { $0.flatMap(NodeList.nodes) }.first
  }
}

/// A list of nodes as the kernel prints it: `0-1,3`.
enum NodeList {
  /// More nodes than any kernel has (MAX_NUMNODES).
  private static let limit = 1024

  static func nodes(_ text: String) -> Set<Int>? {
    var nodes: Set<Int> = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first <= last, last < limit
      else { return nil }
      nodes.formUnion(first...last)
    }
    return nodes.isEmpty ? nil : nodes
  }
}
