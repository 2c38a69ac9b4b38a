internal import OOMReports

/// The statistics of a cgroup that a ledger is made of, in the names of their three forms.
struct CgroupFigures {
  private let memcg: MemcgState
  private let form: Form

  /// How a kernel names the statistics.
  private enum Form {
    /// `anon`, `file`, `kernel`, …, which hold the cgroups below too: version 2, and version 1 of
    /// 5.3 to 6.3.
    case plain
    /// `total_rss`, `total_cache`, …: version 1 of 6.4 and later.
    case totals
    /// `rss`, `cache`, …, a line for each cgroup with its own alone: to 5.2.
    case perCgroup
  }

  init(_ memcg: MemcgState) {
    self.memcg = memcg
    let known = memcg.stats
    form =
      known["anon"] != nil || known["file"] != nil
      ? .plain : known["total_cache"] != nil || known["total_rss"] != nil ? .totals : .perCgroup
  }

  /// All classes that this kernel prints; empty without statistics.
  var lines: [LedgerLine] {
    guard !memcg.stats.isEmpty else { return [] }
    return (form == .plain ? plain : older) + kernel
  }

  /// What the kernel does not print, so that it is in no class.
  var notPrinted: [String] {
    guard kernelWhole == nil else { return [] }
    guard form == .plain else { return ["kernel memory"] }
    return [("pagetables", "page tables"), ("percpu", "per-CPU data"), ("vmalloc", "vmalloc")]
      .filter { memcg.stats[$0.0] == nil }.map(\.1)
  }

  /// Why the classes may hold more than is printed.
  var partial: Sentence? {
    memcg.descendants.count == MemcgState.mostDescendants
      ? "not all of the cgroups below were kept" : nil
  }

  var holders: [CgroupLedger.Holder] {
    guard form == .perCgroup, let path = memcg.statsPath, !memcg.descendants.isEmpty else {
      return []
    }
    let own = CgroupStats(path: path.value, stats: memcg.stats.mapValues(\.value), line: path.line)
    return ([own] + memcg.descendants).compactMap { cgroup in
      let held = Bytes.sum(
        [cgroup.stats["rss"], cgroup.stats["cache"]].map { $0.map { Bytes($0) } })
      return held.map { CgroupLedger.Holder(path: cgroup.path, amount: $0, line: cgroup.line) }
    }.sorted { ($1.amount, $0.line) < ($0.amount, $1.line) }
  }

  private func figure(_ name: String) -> (bytes: Bytes, lines: [Int])? {
    guard let own = memcg.stats[name] else { return nil }
    guard form == .perCgroup else { return (Bytes(own.value), [own.line]) }
    let below = memcg.descendants.compactMap { cgroup in
      cgroup.stats[name].map { (Bytes($0), cgroup.line) }
    }
    guard let sum = Bytes.sum([Bytes(own.value)] + below.map(\.0)) else { return nil }
    return (sum, [own.line] + below.map(\.1))
  }

  private func line(_ key: String, _ label: String, _ name: String) -> LedgerLine? {
    figure(name).map { LedgerLine(key, label, $0.bytes, lines: $0.lines) }
  }

  private var plain: [LedgerLine] {
    userLines(anon: "anon", cache: "file", shmem: "shmem")
      + [
        unmappedSwapCache, isVersion1 ? nil : line("sock", "buffers of sockets", "sock"),
        line("hugepages", "huge pages", "hugetlb"),
      ].compactMap(\.self)
  }

  /// Socket buffers of version 1 have a limit of their own.
  private var isVersion1: Bool { memcg.memorySwap != nil || memcg.kmem != nil }

  private var older: [LedgerLine] {
    form == .totals
      ? userLines(anon: "total_rss", cache: "total_cache", shmem: "total_shmem", prefix: "total_")
      : userLines(anon: "rss", cache: "cache", shmem: "shmem")
  }

  /// Anonymous memory, and page cache without the shmem that it counts too.
  private func userLines(
    anon: String, cache: String, shmem: String, prefix: String = ""
  ) -> [LedgerLine] {
    let anonymous = figure(anon)
    let all = figure(cache)
    let shared = figure(shmem) ?? listedShmem(beside: anonymous, of: all, prefix)
    let first = LedgerLine(
      "anonymous", "anonymous", anonymous?.bytes, lines: anonymous?.lines ?? [])
    guard let shared, let all else {
      return [
        first,
        LedgerLine("file_and_shmem", "file pages, shmem", all?.bytes, lines: all?.lines ?? []),
      ]
    }
    let file = Bytes.sum([all.bytes, shared.bytes]).map { _ in
      Bytes(max(0, all.bytes.count - shared.bytes.count))
    }
    let inCache = file.map { Bytes(all.bytes.count - $0.count) }
    return [
      first, LedgerLine("shmem", "shmem (tmpfs, shared)", inCache, lines: shared.lines),
      LedgerLine("file", "file pages", file, lines: all.lines),
    ]
  }

  /// shmem where the kernel prints no figure of its own: it is on the lists of anonymous pages,
  /// and not in `rss`. Locked pages are on neither.
  private func listedShmem(
    beside anonymous: (bytes: Bytes, lines: [Int])?, of cache: (bytes: Bytes, lines: [Int])?,
    _ prefix: String
  ) -> (bytes: Bytes, lines: [Int])? {
    let lists = ["active_anon", "inactive_anon"].map { figure(prefix + $0) }
    guard form != .plain, let anonymous, let cache, let listed = Bytes.sum(lists.map { $0?.bytes })
    else { return nil }
    let shmem = min(max(0, listed.count - anonymous.bytes.count), cache.bytes.count)
    return (Bytes(shmem), Set(lists.flatMap { $0?.lines ?? [] } + anonymous.lines).sorted())
  }

  /// Pages read back from swap that no task maps yet: on the lists of anonymous pages, and not in
  /// `anon`.
  private var unmappedSwapCache: LedgerLine? {
    guard let cached = memcg.stats["swapcached"], cached.value > 0,
      let listed = Bytes.sum(
        ["active_anon", "inactive_anon"].map { memcg.stats[$0].map { Bytes($0.value) } }),
      let mapped = Bytes.sum(["anon", "shmem"].map { memcg.stats[$0].map { Bytes($0.value) } })
    else { return nil }
    let amount = min(cached.value, max(0, listed.count - mapped.count))
    return LedgerLine(
      "swap_cache", "swap cache, mapped by no task", Bytes(amount), lines: [cached.line])
  }

  /// All memory of the kernel for the cgroup: `kernel` since 5.18, else the usage of `kmem`.
  private var kernelWhole: (bytes: Bytes, line: Int)? {
    if let kernel = memcg.stats["kernel"] { return (Bytes(kernel.value), kernel.line) }
    return memcg.kmem.map { ($0.value.usage, $0.line) }
  }

  private static let kernelParts = [
    ("kernel_stacks", "kernel stacks", "kernel_stack"), ("pagetables", "page tables", "pagetables"),
    ("sec_pagetables", "page tables of guests and devices", "sec_pagetables"),
    ("percpu", "per-CPU data", "percpu"), ("vmalloc", "vmalloc", "vmalloc"),
    ("zswap", "compressed swap (zswap)", "zswap"),
  ]

  private var kernel: [LedgerLine] {
    var parts: [LedgerLine] = []
    if form == .plain {
      parts = Self.kernelParts.compactMap(line)
      // The statistics are cut at a kilobyte to 6.4; slab stands at their end.
      let split = [
        line("slab_reclaimable", "slab, reclaimable", "slab_reclaimable"),
        line("slab_unreclaimable", "slab, unreclaimable", "slab_unreclaimable"),
      ].compactMap(\.self)
      if split.count == 2 {
        parts += split
      } else if let slab = line("slab", "slab", "slab") {
        parts.append(slab)
      } else if kernelWhole == nil {
        parts.append(LedgerLine("slab", "slab", nil, lines: []))
      }
    }
    guard let whole = kernelWhole, let known = Bytes.sum(parts.map(\.amount)) else { return parts }
    let rest = whole.bytes.count - known.count
    let key = parts.isEmpty ? "kernel" : "kernel_other"
    let label = parts.isEmpty ? "kernel memory" : "other kernel memory"
    return parts + [LedgerLine(key, label, Bytes(max(0, rest)), lines: [whole.line])]
  }
}
