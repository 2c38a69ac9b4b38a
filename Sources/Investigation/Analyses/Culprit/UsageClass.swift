internal import KernelLog
internal import OOMReports

/// One kind of use of what ran out, with its amount and the lines that print it.
struct UsageClass: Equatable {
  let kind: Culprit.Consumer.Kind
  let amount: Bytes
  /// What the figure is called where it is printed.
  let figure: Sentence
  let line: Int?

  init?(_ kind: Culprit.Consumer.Kind, _ amount: Bytes?, _ figure: Sentence, _ line: Int?) {
    guard let amount, amount.count > 0 else { return nil }
    self.kind = kind
    self.amount = amount
    self.figure = figure
    self.line = line
  }
}

/// All that ran out, and what it was used for.
struct Usage {
  /// Managed RAM, the memory of nodes or zones, or the cgroup's usage.
  let whole: Bytes
  /// What lies in swap besides.
  let swapped: Bytes
  let classes: [UsageClass]
  /// A class that is more than all it can be, by more than a race of the counters.
  private(set) var impossible: UsageClass?

  /// What is in none of the classes that are printed of zones and nodes, and not free: slab and all
  /// else that the kernel counts of the machine only, or not at all.
  private(set) var uncounted: Bytes?

  /// What the log has lost of it.
  private(set) var lost: (labels: Sentence, most: Bytes)?

  /// A share of what ran out. Counters are read one after the other, so a sum may exceed it a bit.
  func share(_ amount: Bytes) -> Double {
    min(1, Double(amount.count) / Double(max(1, whole.count)))
  }

  /// The same for an amount that holds what was swapped out: a share of RAM and swap in use.
  func shareWithSwap(_ amount: Bytes) -> Double {
    min(1, Double(amount.count) / Double(max(1, whole.count + swapped.count)))
  }

  /// Whether shmem is a class of its own, and not part of another one.
  private(set) var countsShmem = true

  private mutating func findUncounted(_ zones: [ZoneState]) {
    let known = classes.map(\.amount) + zones.map { $0.counters["free"] ?? Bytes(0) }
    uncounted = Bytes.sum(known).map { Bytes(max(0, whole.count - $0.count)) }
  }

  private mutating func findImpossible() {
    impossible = impossible ?? classes.first(where: isImpossible)
  }

  /// Whether a use is more than all there is, by more than a race of the counters.
  func isImpossible(_ use: UsageClass) -> Bool {
    let most = whole.count.addingReportingOverflow(whole.count / 50 + (1 << 20))
    return !most.overflow && use.amount.count > most.partialValue
  }

  /// What the report prints of the machine, class by class.
  init?(machine report: OOMReport) {
    guard let memory = report.memory,
      let ledger = MemoryLedger(memory, pageSize: report.pageSize)
    else { return nil }
    let gap = Self.gap(ledger, memory)
    whole = ledger.managed
    // What is swapped out belongs to the tasks too, but lies in no RAM.
    swapped = memory.swapUsed?.value ?? Bytes(0)
    let crowded = Self.isCrowd(report) ? Self.overhead(ledger) : 0
    func line(_ counter: String) -> Int? { memory.counters[counter]?.line }
    func counted(_ kind: Culprit.Consumer.Kind, _ figure: Sentence, _ keys: String...)
      -> UsageClass?
    {
      UsageClass(kind, figure, keys.compactMap { ledger[$0] })
    }
    classes = [
      UsageClass(
        .process, ledger.anonymous.map { Bytes($0.count + crowded) },
        crowded > 0
          ? "anonymous memory, with the tasks' stacks and page tables" : "anonymous memory",
        line("inactive_anon")),
      // To 2.6.31 shmem is not counted apart, and to 2.6.27 nothing is.
      counted(.process, "anonymous memory and shmem", "anonymous_and_shmem"),
      counted(.unknown, "anonymous memory, shmem and file pages", "lru"),
      UsageClass(.shmem, ledger.shmem, "shmem", line("shmem")),
      counted(.mlocked, "unevictable", "unevictable"),
      UsageClass(.hugepages, ledger.hugePages, "pools of huge pages", memory.hugePools.first?.line),
      counted(.slab, "slab", "slab_unreclaimable", "slab_reclaimable", "slab"),
      counted(.pagetables, "page tables", "pagetables", "sec_pagetables"),
      counted(.pageCacheBound, "file pages", "file"),
      counted(.swapBacked, "compressed pages (zspages)", "zspages"),
      gap,
    ].compactMap { $0 }
    if ledger.shmem == nil {
      impossible = UsageClass(
        .shmem, memory.counters["shmem"]?.value.bytes(report.pageSize), "shmem", line("shmem"))
    }
    countsShmem = ledger["anonymous_and_shmem"] == nil
    lost = ledger.lines.lost(of: whole)
    findImpossible()
  }

  /// The stacks and page tables of a crowd, as far as they come with its memory: page tables that
  /// outweigh it are a use of their own.
  private static func overhead(_ ledger: MemoryLedger) -> Int64 {
    let stacks = ledger["kernel_stacks"]?.amount?.count ?? 0
    let tables = ledger["pagetables"]?.amount?.count ?? 0
    return tables > (ledger.anonymous?.count ?? 0) ? stacks : stacks + tables
  }

  /// Memory in no counter. Where as much lies in swap, and swap was not full, the swap is one in
  /// RAM: a disk takes nothing away.
  private static func gap(_ ledger: MemoryLedger, _ memory: MemoryState) -> UsageClass? {
    let isCompressed = ledger.isCompressedSwap(memory)
    return UsageClass(
      isCompressed ? .swapBacked : .kernelUnaccounted, ledger.unaccounted,
      isCompressed ? "memory in no counter, with as much in swap" : "memory in no counter", nil)
  }

  /// Where most tasks are many of one name, their stacks and page tables are a use by them too.
  private static func isCrowd(_ report: OOMReport) -> Bool {
    let rows = report.tasks?.rows ?? []
    var counts: [LogText: Int] = [:]
    for row in rows { counts[row.name, default: 0] += 1 }
    return counts.values.max().map { $0 >= 50 && $0 * 2 >= rows.count } ?? false
  }

  /// What the report prints of the zones that the request could use: before 4.8 most classes, later
  /// the lists of pages alone. Kernel memory that a zone does not count is not to be told from pools
  /// of huge pages, so no class is made of it.
  init?(zonesOf report: OOMReport) {
    let zones = ZoneRoom.rooms(report).filter { $0.isAllowed && !$0.zone.isEmpty }.map(\.zone)
    let managed = zones.map { $0.counters["managed"] ?? $0.counters["present"] }
    guard let line = zones.last?.line, let whole = Bytes.sum(managed), whole.count > 0 else {
      return nil
    }
    func sum(_ names: String...) -> Bytes? {
      let figures = zones.flatMap { zone in names.compactMap { zone.counters[$0] } }
      return figures.isEmpty ? nil : Bytes.sum(figures)
    }
    self.whole = whole
    swapped = Bytes(0)
    let shmem = sum("shmem")
    let listed = sum("active_anon", "inactive_anon")
    classes = [
      UsageClass(
        .process, listed.map { Bytes($0.count - min($0.count, shmem?.count ?? 0)) },
        shmem == nil
          ? "anonymous memory and shmem of the zones" : "anonymous memory of the zones", line),
      UsageClass(.shmem, shmem, "shmem of the zones", line),
      UsageClass(.mlocked, sum("unevictable"), "unevictable memory of the zones", line),
      UsageClass(
        .slab, sum("slab_unreclaimable", "slab_reclaimable"), "slab of the zones", line),
      UsageClass(.pagetables, sum("pagetables"), "page tables of the zones", line),
      UsageClass(
        .pageCacheBound, sum("active_file", "inactive_file"), "file pages of the zones", line),
    ].compactMap { $0 }
    findUncounted(zones)
    findImpossible()
  }

  /// What the report prints of the allowed nodes (4.8 and later).
  init?(nodesOf report: OOMReport) {
    guard let memory = report.memory, let allowed = report.allowedNodes else { return nil }
    let nodes = memory.nodes.filter { allowed.contains($0.node) }
    guard !nodes.isEmpty, let managed = report.memoryOfNodes else { return nil }
    func sum(_ names: String...) -> Bytes? {
      let figures = nodes.flatMap { node in names.compactMap { node.counters[$0]?.count } }
      return figures.isEmpty ? nil : Bytes(figures.reduce(0, +))
    }
    let pools = memory.hugePools.filter { $0.node.map(allowed.contains) ?? false }
    let huge = Bytes.sum(pools.map { $0.size.times($0.total) })
    let shmem = sum("shmem")
    let anonymous = sum("active_anon", "inactive_anon").map {
      Bytes(max(0, $0.count - (shmem?.count ?? 0)))
    }
    let line = nodes.first?.line
    whole = managed
    swapped = Bytes(0)
    classes = [
      UsageClass(.process, anonymous, "anonymous memory of the nodes", line),
      UsageClass(.shmem, shmem, "shmem of the nodes", line),
      UsageClass(.mlocked, sum("unevictable"), "unevictable memory of the nodes", line),
      UsageClass(.hugepages, huge, "pools of huge pages", pools.first?.line),
      UsageClass(.pageCacheBound, sum("active_file", "inactive_file"), "file pages", line),
    ].compactMap { $0 }
    findUncounted(report.zonesOfNodes)
    findImpossible()
  }

  /// What the report prints of the cgroup, in the names of its version's statistics.
  init?(cgroup report: OOMReport) {
    guard let memcg = report.memcg, let ledger = CgroupLedger(report) else { return nil }
    let locked = memcg.stats["total_unevictable"] ?? memcg.stats["unevictable"]
    whole = ledger.usage
    swapped =
      memcg.swap?.value.usage
      ?? Bytes(max(0, (memcg.memorySwap?.value.usage.count ?? 0) - ledger.usage.count))
    func counted(_ kind: Culprit.Consumer.Kind, _ figure: Sentence, _ keys: String...)
      -> UsageClass?
    {
      UsageClass(kind, figure, keys.compactMap { ledger[$0] })
    }
    classes = [
      counted(.process, "anonymous memory", "anonymous"), counted(.shmem, "shmem", "shmem"),
      UsageClass(.mlocked, locked.map { Bytes($0.value) }, "unevictable", locked?.line),
      counted(.slab, "slab", "slab_unreclaimable", "slab_reclaimable", "slab"),
      // Where this figure is printed alone, nothing tells slab, stacks and the buffers of pipes apart.
      counted(.kernelUnaccounted, "kernel memory of all kinds", "kernel"),
      counted(.kernelUnaccounted, "other kernel memory", "kernel_other"),
      counted(.kernelUnaccounted, "vmalloc", "vmalloc"),
      counted(.kernelUnaccounted, "per-CPU data", "percpu"),
      counted(.pagetables, "page tables", "pagetables", "sec_pagetables"),
      counted(.hugepages, "huge pages", "hugepages"),
      counted(.swapBacked, "compressed swap (zswap)", "zswap"),
      counted(.kernelUnaccounted, "buffers of sockets", "sock"),
      UsageClass(.kernelUnaccounted, ledger.gap.amount, "memory in no counter", nil),
      counted(.pageCacheBound, "file pages", "file"),
      counted(.unknown, "file pages and shmem", "file_and_shmem"),
    ].compactMap { $0 }
    lost = ledger.lines.lost(of: whole)
    findImpossible()
  }
}

extension UsageClass {
  /// Classes of a ledger together, with the line of the first.
  fileprivate init?(
    _ kind: Culprit.Consumer.Kind, _ figure: Sentence, _ lines: [LedgerLine]
  ) {
    let sum = lines.reduce(Int64(0)) { $0 + max(0, $1.amount?.count ?? 0) }
    self.init(kind, Bytes(sum), figure, lines.first?.lines.first)
  }
}
