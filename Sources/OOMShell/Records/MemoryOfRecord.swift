internal import KernelLog
internal import OOMReports
internal import Presentation

/// The memory parts of an event record, read back.
extension MemcgState {
  init(record: RecordFields, _ lines: RecordLines) {
    self.init()
    limitPath = lines.cited(record.text("limit_path"), "limit_path")
    taskPath = lines.cited(record.text("task_path"), "task_path")
    memory = lines.cited(MemcgUsage(record, usage: "usage_kb", "limit_kb", "failcnt"), "usage")
    memorySwap = lines.cited(
      MemcgUsage(record, usage: "memsw_usage_kb", "memsw_limit_kb", "memsw_failcnt"), "memsw")
    swap = lines.cited(
      MemcgUsage(record, usage: "swap_usage_kb", "swap_limit_kb", "swap_failcnt"), "swap")
    kmem = lines.cited(
      MemcgUsage(record, usage: "kmem_usage_kb", "kmem_limit_kb", "kmem_failcnt"), "kmem")
    if let min = record.size("min_protection_kb"), let low = record.size("low_protection_kb") {
      protection = lines.cited(MemcgProtection(min: min, low: low), "protection")
    }
    statsPath = lines.cited(record.text("stats_path"), "stats_path")
    for (name, value) in record.figures("stats") {
      stats[name] = Cited(value, line: lines["stat.\(name)"] ?? lines.first)
    }
    descendants = record.objects("descendants").compactMap { descendant in
      descendant.text("path").map {
        CgroupStats(path: $0, stats: descendant.figures("stats"), line: descendant.line("line"))
      }
    }
  }
}

extension MemcgUsage {
  fileprivate init?(_ record: RecordFields, usage: String, _ limit: String, _ failcnt: String) {
    guard let used = record.size(usage), let count = record.integer(failcnt) else { return nil }
    self.init(usage: used, limit: record.size(limit), failcnt: count)
  }
}

extension MemoryState {
  init(record: RecordFields, _ lines: RecordLines) {
    self.init(firstLine: record.line("first_line"))
    lastLine = lines["memory_end"] ?? firstLine
    for (name, value) in record.figures("counters_pages") {
      counters[name] = Cited(Pages(value), line: lines["counter.\(name)"] ?? firstLine)
    }
    func pages(_ name: String) -> Cited<Pages>? {
      lines.cited(record.pages("\(name)_pages"), name)
    }
    pagesRAM = pages("ram")
    pagesReserved = pages("reserved")
    pagecache = pages("pagecache")
    swapCache = pages("swap_cache")
    pagesHighMem = pages("highmem")
    pagesCMA = pages("cma_reserved")
    pagesHWPoisoned = pages("hwpoisoned")
    pagesShared = pages("shared")
    pagesNonShared = pages("non_shared")
    pagetableCache = pages("pagetable_cache")
    totalSwap = lines.cited(record.size("swap_total_kb"), "swap_total")
    freeSwap = lines.cited(record.size("swap_free_kb"), "swap_free")
    swapCacheStats = lines.cited(
      record.object("swap_cache_stats").flatMap { SwapCacheStats(record: $0) },
      "swap_cache_stats")
    nodes = record.objects("nodes").compactMap { NodeState(record: $0) }
    zones = record.objects("zones").compactMap { ZoneState(record: $0) }
    hugePools = record.objects("hugepages").compactMap { HugePool(record: $0) }
    slabCaches = record.objects("slab").compactMap { SlabCache(record: $0) }
    allocations = record.object("allocations").map { AllocationProfile(record: $0) }
  }
}

extension SwapCacheStats {
  fileprivate init?(record: RecordFields) {
    guard let added = record.integer("add"), let deleted = record.integer("delete"),
      let found = record.integer("find"), let lookups = record.integer("lookups")
    else { return nil }
    self.init(added: added, deleted: deleted, found: found, lookups: lookups)
  }
}

extension AllocationProfile {
  fileprivate init(record: RecordFields) {
    self.init(line: record.line("line"))
    isOn = record.flag("is_on")
    sites = record.objects("sites").compactMap { site in
      guard let size = site.string("size"), let calls = site.integer("calls"),
        let place = site.text("place"), let function = site.text("function")
      else { return nil }
      return AllocationSite(
        sizeText: size, calls: calls, place: place, module: site.text("module"),
        function: function, line: site.line("line"))
    }
  }
}

extension NodeState {
  fileprivate init?(record: RecordFields) {
    guard let node = record.integer("node") else { return nil }
    self.init(node: Int(clamping: node), line: record.line("line"))
    counters = record.figures("counters_kb").compactMapValues { Bytes(kB: $0) }
    pagesScanned = record.integer("pages_scanned")
    allUnreclaimable = record.flag("all_unreclaimable")
  }
}

extension ZoneState {
  fileprivate init?(record: RecordFields) {
    guard let name = record.string("zone") else { return nil }
    self.init(
      node: record.integer("node").map { Int(clamping: $0) }, name: name,
      line: record.line("line"))
    counters = record.figures("counters_kb").compactMapValues { Bytes(kB: $0) }
    pagesScanned = record.integer("pages_scanned")
    allUnreclaimable = record.flag("all_unreclaimable")
    lowmemReserve = record.values("lowmem_reserve_pages").compactMap { $0.integer.map(Pages.init) }
    freeBlocks = record.objects("free_blocks").compactMap { block in
      guard let count = block.integer("count"), let size = block.size("size_kb") else { return nil }
      return FreeBlocks(count: count, size: size, types: block.string("types") ?? "")
    }
    freeInBlocks = record.size("free_in_blocks_kb")
    buddyLine = record.integer("buddy_line").map { Int(clamping: $0) }
  }
}

extension HugePool {
  fileprivate init?(record: RecordFields) {
    guard let total = record.integer("total"), let free = record.integer("free"),
      let surplus = record.integer("surplus"), let size = record.size("size_kb")
    else { return nil }
    self.init(
      node: record.integer("node").map { Int(clamping: $0) }, total: total, free: free,
      surplus: surplus, size: size, line: record.line("line"))
  }
}

extension SlabCache {
  fileprivate init?(record: RecordFields) {
    guard let name = record.string("name"), let used = record.size("used_kb"),
      let total = record.size("total_kb")
    else { return nil }
    self.init(name: name, used: used, total: total, line: record.line("line"))
  }
}
