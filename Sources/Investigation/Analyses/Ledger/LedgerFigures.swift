internal import OOMReports

/// The figures of Mem-Info that a ledger is made of: each page of RAM is in one class at most.
struct LedgerFigures {
  private let memory: MemoryState
  private let pageSize: PageSize

  init(_ memory: MemoryState, _ pageSize: PageSize) {
    self.memory = memory
    self.pageSize = pageSize
  }

  /// A global counter, which Mem-Info prints in pages.
  func counter(_ name: String) -> Bytes? { memory.counters[name]?.value.bytes(pageSize) }

  /// The sum of counters, and of those of the others that the kernel prints.
  func counters(_ names: [String], and others: [String] = []) -> Bytes? {
    Bytes.sum(names.map(counter) + others.filter { memory.counters[$0] != nil }.map(counter))
  }

  /// Memory in pools of huge pages; nil where the report prints none of its pools.
  func pools(_ pages: (HugePool) -> Int64) -> Bytes? {
    memory.hugePools.isEmpty
      ? nil : Bytes.sum(memory.hugePools.map { $0.size.times(pages($0)) })
  }

  /// All classes that this kernel prints.
  var lines: [LedgerLine] {
    lists + Self.counted.compactMap(line) + Self.placed.compactMap(line)
      + [kernelStacks].compactMap(\.self)
      + hugePages + single
  }

  /// Classes with global counters of their own.
  private struct Counted: Sendable {
    let key: String
    let label: String
    /// Whether every kernel prints it, so that its absence is a loss.
    var isOfAll = false
  }

  private static let counted = [
    Counted(key: "pagetables", label: "page tables", isOfAll: true),
    Counted(key: "sec_pagetables", label: "page tables of guests and devices"),
    Counted(key: "kernel_misc_reclaimable", label: "other reclaimable kernel memory"),
    Counted(key: "bounce", label: "bounce buffers"),
    Counted(key: "free_pcp", label: "free, on per-CPU lists"),
    Counted(key: "free", label: "free", isOfAll: true),
  ]

  private func line(_ row: Counted) -> LedgerLine? {
    guard row.isOfAll || memory.counters[row.key] != nil else { return nil }
    return line(row.key, row.label, counter(row.key), [row.key])
  }

  private func line(
    _ key: String, _ label: String, _ amount: Bytes?, _ counters: [String]
  ) -> LedgerLine {
    let lines = Set(counters.compactMap { memory.counters[$0]?.line }).sorted()
    return LedgerLine(key, label, amount, lines: lines)
  }

  /// The LRU lists and slab, as finely as the kernel counts them: apart since 2.6.28, shmem and the
  /// two kinds of slab since 2.6.32.
  private var lists: [LedgerLine] {
    let known = memory.counters
    var lines: [LedgerLine] = []
    if known["active"] != nil, known["active_anon"] == nil {
      lines.append(
        line(
          "lru", "anonymous and file pages", counters(["active", "inactive"]),
          ["active", "inactive"]))
    } else {
      lines += user
    }
    if known["slab"] != nil, known["slab_reclaimable"] == nil {
      lines.append(line("slab", "slab", counter("slab"), ["slab"]))
    } else {
      for (key, label) in [
        ("slab_reclaimable", "slab, reclaimable"), ("slab_unreclaimable", "slab, unreclaimable"),
      ] {
        lines.append(line(key, label, counter(key), [key]))
      }
    }
    return lines
  }

  /// shmem, which is on the lists of anonymous pages, or of unevictable ones where it is locked: nil
  /// where it is far more than those, so that one of the figures is wrong.
  var shmem: Bytes? {
    guard let shmem = counter("shmem"), shmem.count >= 0 else { return nil }
    let lists = counters(["active_anon", "inactive_anon"], and: ["isolated_anon", "unevictable"])
    guard let lists else { return shmem }
    return shmem.count - lists.count <= max(16 << 20, lists.count / 10) ? shmem : nil
  }

  private var user: [LedgerLine] {
    let lists = ["active_anon", "inactive_anon", "isolated_anon"]
    let listed = counters(["active_anon", "inactive_anon"], and: ["isolated_anon"])
    let file = ["active_file", "inactive_file", "isolated_file"]
    let rest = [
      line(
        "file", "file pages", counters(["active_file", "inactive_file"], and: ["isolated_file"]),
        file),
      line("unevictable", "unevictable (locked)", counter("unevictable"), ["unevictable"]),
    ]
    guard memory.counters["shmem"] != nil else {
      return [line("anonymous_and_shmem", "anonymous and shmem", listed, lists)] + rest
    }
    let shmem = shmem
    if let listed, shmem == nil, counter("shmem") != nil {
      return [line("anonymous_and_shmem", "anonymous and shmem", listed, lists)] + rest
    }
    let onLists = listed.flatMap { listed in shmem.map { min($0, listed) } }
    let anonymous = listed.flatMap { listed in
      onLists.map { Bytes(listed.count - $0.count) }
    }
    return [
      line("anonymous", "anonymous", anonymous, lists + ["shmem"]),
      line("shmem", "shmem (tmpfs, shared)", onLists, ["shmem"]),
    ] + rest
  }

  /// Classes that are printed for each node, or for each zone.
  private struct Placed: Sendable {
    let key: String
    let label: String
    let counter: String
  }

  private static let placed = [
    Placed(key: "shadow_call_stacks", label: "shadow call stacks", counter: "shadow_call_stack"),
    Placed(key: "writeback_tmp", label: "FUSE write buffers", counter: "writeback_tmp"),
    Placed(key: "balloon", label: "balloon of the hypervisor", counter: "Balloon"),
    Placed(key: "zspages", label: "compressed swap (zram, zswap)", counter: "zspages"),
  ]

  private func line(_ row: Placed) -> LedgerLine? {
    let found = places(row.counter)
    guard !found.isEmpty else { return nil }
    return LedgerLine(
      row.key, row.label, Bytes.sum(found.map(\.amount)), lines: found.map(\.line).sorted())
  }

  /// A counter of the nodes, or of the zones where no node prints it.
  private func places(_ counter: String) -> [(amount: Bytes, line: Int)] {
    let ofNodes = memory.nodes.compactMap { node in
      node.counters[counter].map { (amount: $0, line: node.line) }
    }
    guard ofNodes.isEmpty else { return ofNodes }
    return memory.zones.compactMap { zone in
      zone.counters[counter].map { (amount: $0, line: zone.line) }
    }
  }

  /// Printed per node since 5.8, per zone since 2.6.32, not at all before.
  private var kernelStacks: LedgerLine? {
    let found = places("kernel_stack")
    if found.isEmpty, memory.counters["shmem"] == nil,
      memory.counters["slab_reclaimable"] == nil
    {
      return nil
    }
    return LedgerLine(
      "kernel_stacks", "kernel stacks", found.isEmpty ? nil : Bytes.sum(found.map(\.amount)),
      lines: found.map(\.line).sorted())
  }

  private var hugePages: [LedgerLine] {
    guard !memory.hugePools.isEmpty else { return [] }
    let lines = memory.hugePools.filter { $0.total > 0 }.map(\.line)
    return [
      LedgerLine("hugepages_used", "huge pages in use", pools { $0.total - $0.free }, lines: lines),
      LedgerLine("hugepages_free", "huge pages set aside, free", pools { $0.free }, lines: lines),
    ]
  }

  /// Classes on lines of their own behind the zones.
  private var single: [LedgerLine] {
    [
      ("pagetable_cache", "page tables kept for reuse", memory.pagetableCache),
      ("hwpoisoned", "broken memory, set aside", memory.pagesHWPoisoned),
    ].compactMap { key, label, pages in
      pages.map { LedgerLine(key, label, $0.value.bytes(pageSize), lines: [$0.line]) }
    }
  }
}
