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
  /// Managed RAM, the nodes' memory, or the cgroup's usage.
  let whole: Bytes
  /// What lies in swap besides.
  let swapped: Bytes
  let classes: [UsageClass]

  /// What the report prints of the machine, class by class.
  init?(machine report: OOMReport) {
    guard let memory = report.memory,
      let ledger = MemoryLedger(memory, pageSize: report.pageSize)
    else { return nil }
    func line(_ counter: String) -> Int? { memory.counters[counter]?.line }
    func counter(_ name: String) -> Bytes? {
      memory.counters[name]?.value.bytes(report.pageSize)
    }
    let swapUsed = memory.totalSwap.flatMap { total in
      memory.freeSwap.map { Bytes(max(0, total.value.count - $0.value.count)) }
    }
    // What is swapped out belongs to the tasks too, but lies in no RAM.
    let slab = [ledger.slabReclaimable, ledger.slabUnreclaimable].reduce(Int64(0)) {
      $0 + ($1?.count ?? 0)
    }
    let gap = Self.gap(ledger, swapUsed)
    whole = ledger.managed
    swapped = swapUsed ?? Bytes(0)
    let crowded = Self.crowdOverhead(report, counter("pagetables"))
    classes = [
      UsageClass(
        .process, ledger.anonymous.map { Bytes($0.count + crowded) }, "anonymous memory",
        line("inactive_anon")),
      UsageClass(.shmem, ledger.shmem, "shmem", line("shmem")),
      UsageClass(.mlocked, ledger.unevictable, "unevictable", line("unevictable")),
      UsageClass(.hugepages, ledger.hugePages, "pools of huge pages", memory.hugePools.first?.line),
      UsageClass(.slab, Bytes(slab), "slab", line("slab_unreclaimable")),
      UsageClass(
        .pagetables, counter("pagetables"), "page tables", line("pagetables")),
      UsageClass(.pageCacheBound, ledger.file, "file pages", line("inactive_file")),
      gap,
    ].compactMap { $0 }
  }

  /// Memory in no counter. Where as much lies in swap, and swap was not full, the swap is one in
  /// RAM: a disk takes nothing away.
  private static func gap(_ ledger: MemoryLedger, _ swapUsed: Bytes?) -> UsageClass? {
    let used = swapUsed?.count ?? 0
    let unaccounted = ledger.unaccounted?.count ?? 0
    let isCompressed = unaccounted > 0 && used >= unaccounted * 7 / 10
    return UsageClass(
      isCompressed ? .swapBacked : .kernelUnaccounted, ledger.unaccounted,
      isCompressed ? "memory in no counter, with as much in swap" : "memory in no counter", nil)
  }

  /// Where most tasks are many of one name, their stacks and page tables are a use by them too.
  private static func crowdOverhead(_ report: OOMReport, _ pageTables: Bytes?) -> Int64 {
    let rows = report.tasks?.rows ?? []
    var counts: [LogText: Int] = [:]
    for row in rows { counts[row.name, default: 0] += 1 }
    guard let most = counts.values.max(), most >= 50, most * 2 >= rows.count,
      let memory = report.memory
    else { return 0 }
    let ofNodes = memory.nodes.compactMap { $0.counters["kernel_stack"]?.count }
    let ofZones = memory.zones.compactMap { $0.counters["kernel_stack"]?.count }
    return (ofNodes.isEmpty ? ofZones : ofNodes).reduce(0, +) + (pageTables?.count ?? 0)
  }

  /// What the report prints of the allowed nodes (4.8 and later).
  init?(nodesOf report: OOMReport) {
    guard let memory = report.memory, let allowed = report.allowedNodes else { return nil }
    let nodes = memory.nodes.filter { allowed.contains($0.node) }
    let zones = memory.zones.filter { $0.node.map(allowed.contains) ?? false }
    let managed = zones.compactMap { $0.counters["managed"] ?? $0.counters["present"] }
    guard !nodes.isEmpty, !managed.isEmpty else { return nil }
    func sum(_ names: String...) -> Bytes? {
      let figures = nodes.flatMap { node in names.compactMap { node.counters[$0]?.count } }
      return figures.isEmpty ? nil : Bytes(figures.reduce(0, +))
    }
    let pools = memory.hugePools.filter { $0.node.map(allowed.contains) ?? false }
    let huge = pools.reduce(Int64(0)) { $0 + $1.total * $1.size.count }
    let shmem = sum("shmem")
    let anonymous = sum("active_anon", "inactive_anon").map {
      Bytes(max(0, $0.count - (shmem?.count ?? 0)))
    }
    let line = nodes.first?.line
    whole = Bytes(managed.reduce(0) { $0 + $1.count })
    swapped = Bytes(0)
    classes = [
      UsageClass(.process, anonymous, "anonymous memory of the nodes", line),
      UsageClass(.shmem, shmem, "shmem of the nodes", line),
      UsageClass(.mlocked, sum("unevictable"), "unevictable memory of the nodes", line),
      UsageClass(.hugepages, Bytes(huge), "pools of huge pages", pools.first?.line),
      UsageClass(.pageCacheBound, sum("active_file", "inactive_file"), "file pages", line),
    ].compactMap { $0 }
  }

  /// What the report prints of the cgroup, in the names of its version's statistics.
  init?(cgroup report: OOMReport) {
    guard let memcg = report.memcg, let memory = memcg.memory else { return nil }
    let stats = memcg.stats
    func figure(_ names: String...) -> (bytes: Bytes, line: Int)? {
      names.lazy.compactMap { stats[$0] }.first.map { (Bytes($0.value), $0.line) }
    }
    let isV2 = stats["anon"] != nil
    // A cgroup's `total_` figures hold its descendants too (v1).
    let anon = isV2 ? figure("anon") : figure("total_rss", "rss")
    let shmem = figure(isV2 ? "shmem" : "total_shmem", "shmem")
    let cache = isV2 ? figure("file") : figure("total_cache", "cache")
    let locked = figure(isV2 ? "unevictable" : "total_unevictable", "unevictable")
    let kernel = memcg.kmem.map { (bytes: $0.value.usage, line: $0.line) }
    let slab = figure("slab") ?? kernel
    let file = cache.map { Bytes(max(0, $0.bytes.count - (shmem?.bytes.count ?? 0))) }
    whole = memory.value.usage
    swapped =
      memcg.swap?.value.usage
      ?? Bytes(max(0, (memcg.memorySwap?.value.usage.count ?? 0) - memory.value.usage.count))
    classes = [
      UsageClass(.process, anon?.bytes, "anonymous memory", anon?.line),
      UsageClass(.shmem, shmem?.bytes, "shmem", shmem?.line),
      UsageClass(.mlocked, locked?.bytes, "unevictable", locked?.line),
      UsageClass(
        .slab, slab?.bytes, stats["slab"] == nil ? "kernel memory" : "slab", slab?.line),
      UsageClass(
        .pagetables, figure("pagetables")?.bytes, "page tables", figure("pagetables")?.line),
      UsageClass(.hugepages, figure("hugetlb")?.bytes, "huge pages", figure("hugetlb")?.line),
      UsageClass(
        .kernelUnaccounted, figure("sock")?.bytes, "buffers of sockets", figure("sock")?.line),
      UsageClass(.pageCacheBound, file, "file pages", cache?.line),
    ].compactMap { $0 }
  }
}
