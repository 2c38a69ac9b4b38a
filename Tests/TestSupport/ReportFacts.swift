internal import KernelLog
package import OOMReports

/// Everything that a report says, by name: sizes in kB (`12kB`), pages in pages (`3p`), names as
/// they are shown. Where in the log it stood is left out.
package struct ReportFacts: Sendable, Equatable {
  package private(set) var entries: [String: String] = [:]

  package init() {}

  package subscript(key: String) -> String? {
    get { entries[key] }
    set { entries[key] = newValue }
  }

  /// What differs, a line each: `key: this | other`.
  package func difference(from other: ReportFacts) -> [String] {
    Set(entries.keys).union(other.entries.keys).sorted().compactMap { key in
      let (left, right) = (entries[key], other.entries[key])
      return left == right ? nil : "\(key): \(left ?? "–") | \(right ?? "–")"
    }
  }

  /// The digits of all figures, as the log must have printed them.
  package var figures: Set<String> {
    Set(
      entries.flatMap { entry in
        entry.key.contains("comm") || entry.key.contains("name") || entry.key.hasSuffix("Path")
          ? [] : entry.value.split { !$0.isNumber }.map(String.init)
      })
  }

  package mutating func add(_ key: String, _ value: (some CustomStringConvertible)?) {
    entries[key] = value?.description
  }

  package mutating func add(_ key: String, _ value: Bytes?) {
    entries[key] = value.map(Self.text)
  }

  package mutating func add(_ key: String, _ value: Pages?) {
    entries[key] = value.map { "\($0.count)p" }
  }

  /// Kilobytes where the size is whole ones, as nearly all lines print it.
  private static func text(_ size: Bytes) -> String {
    size.count % 1024 == 0 ? "\(size.kB)kB" : "\(size.count)B"
  }
}

extension ReportFacts {
  /// The facts of a report that was read.
  package init(_ report: OOMReport) {
    add("status", report.status.rawValue)
    add("outcome", report.outcome.rawValue)
    add("trigger", report.trigger.rawValue)
    add("constraint", report.constraint?.value.rawValue)
    add("hardware", report.hardware?.value)
    add("taskRowCount", report.taskRowCount)
    add("groupPath", report.groupKill?.value)
    add("ending", report.ending?.value)
    add("pageSize", report.pageSize.bytes)
    if report.isAllocatingTaskKill { add("isAllocatingTaskKill", true) }
    addHead(report)
    if let decision = report.decision?.value { add(decision) }
    if let memcg = report.memcg { add(memcg) }
    if let memory = report.memory { add(memory) }
    for (index, row) in (report.tasks?.rows ?? []).enumerated() { add(row, "task.\(index)") }
    for (index, victim) in report.victims.enumerated() { add(victim, "victim.\(index)") }
  }

  private mutating func addHead(_ report: OOMReport) {
    if let invocation = report.invocation?.value {
      add("invocation.comm", invocation.comm)
      add("invocation.gfpMask", invocation.gfpMask)
      if !invocation.gfpFlags.isEmpty {
        add("invocation.gfpFlags", invocation.gfpFlags.joined(separator: "|"))
      }
      add("invocation.order", invocation.order)
      add("invocation.nodemask", invocation.nodemask)
      add("invocation.oomAdj", invocation.oomAdj)
      add("invocation.oomScoreAdj", invocation.oomScoreAdj)
    }
    if let system = report.system?.value {
      add("system.cpu", system.cpu)
      add("system.uid", system.uid)
      add("system.pid", system.pid)
      add("system.comm", system.comm)
      add("system.release", system.kernelRelease)
      add("system.taint", system.taintLetters)
      add("system.preemption", system.preemption)
      if system.isKdumpLoaded { add("system.kdump", true) }
    }
    if let taints = report.taints?.value { add("system.taints", taints.joined(separator: " ")) }
    add("system.workqueue", report.workqueue?.value)
    if report.compactionNotice != nil { add("system.noCompaction", true) }
    if let cpuset = report.cpuset?.value {
      add("cpuset.comm", cpuset.comm)
      add("cpuset.namePath", cpuset.name)
      add("cpuset.mems", cpuset.memsAllowed)
    }
    for (index, frame) in report.trace.frames.enumerated() {
      let mark = frame.isReliable ? "" : "? "
      let place = "\(mark)\(frame.function)+\(frame.offset)/\(frame.size)"
      let rest = [frame.address, frame.module?.description, frame.section].map { $0 ?? "-" }
      add("stack.name.\(index)", ([place] + rest).joined(separator: " "))
    }
    for remark in report.remarks {
      add("remark.\(remark.kind.rawValue)", remark.pid?.description ?? "-")
    }
    add("suppressedReports", report.suppressedReports?.value)
    add("droppedLines", report.droppedLines?.value)
    if let intent = report.intent?.value {
      add("intent.pid", intent.pid)
      add("intent.comm", intent.comm)
      add("intent.score", intent.score)
    }
  }

  private mutating func add(_ decision: Decision) {
    add("decision.constraint", decision.constraint?.rawValue)
    add("decision.nodemask", decision.nodemask)
    add("decision.cpuset", decision.cpuset)
    add("decision.memsAllowed", decision.memsAllowed)
    add("decision.isGlobal", decision.isGlobal)
    add("decision.oomMemcgPath", decision.oomMemcg)
    add("decision.taskMemcgPath", decision.taskMemcg)
    add("decision.comm", decision.task)
    add("decision.pid", decision.pid)
    add("decision.uid", decision.uid)
  }

  private mutating func add(_ memcg: MemcgState) {
    add("memcg.limitPath", memcg.limitPath?.value)
    add("memcg.taskPath", memcg.taskPath?.value)
    add("memcg.statsPath", memcg.statsPath?.value)
    let parts = [
      ("memory", memcg.memory), ("memory+swap", memcg.memorySwap), ("swap", memcg.swap),
      ("kmem", memcg.kmem),
    ]
    for (name, usage) in parts {
      guard let usage = usage?.value else { continue }
      add("memcg.\(name).usage", usage.usage)
      add("memcg.\(name).limit", usage.limit)
      add("memcg.\(name).failcnt", usage.failcnt)
    }
    add("memcg.protection.min", memcg.protection?.value.min)
    add("memcg.protection.low", memcg.protection?.value.low)
    for below in memcg.descendants {
      for (name, value) in below.stats { add("memcg.stat.\(below.path).\(name)", value) }
    }
    for (name, value) in memcg.stats { add("memcg.stat.\(name)", value.value) }
  }

  private mutating func add(_ memory: MemoryState) {
    for (name, pages) in memory.counters { add("memory.\(name)", pages.value) }
    for node in memory.nodes {
      for (name, size) in node.counters { add("node.\(node.node).\(name)", size) }
      add("node.\(node.node).allUnreclaimable", node.allUnreclaimable)
      add("node.\(node.node).scanned", node.pagesScanned)
    }
    for zone in memory.zones {
      let key = "zone.\(zone.node?.description ?? "-").\(zone.name)"
      for (name, size) in zone.counters { add("\(key).\(name)", size) }
      if !zone.lowmemReserve.isEmpty {
        add("\(key).reserve", zone.lowmemReserve.map(\.count.description).joined(separator: " "))
      }
      for (order, blocks) in zone.freeBlocks.enumerated() {
        add("\(key).blocks.\(order)", "\(blocks.count)*\(blocks.size.kB)kB\(blocks.types)")
      }
      add("\(key).blockSum", zone.freeInBlocks)
      add("\(key).scanned", zone.pagesScanned)
      add("\(key).allUnreclaimable", zone.allUnreclaimable)
    }
    for pool in memory.hugePools {
      add(
        "huge.\(pool.node?.description ?? "-").\(pool.size.kB)",
        "\(pool.total) \(pool.free) \(pool.surplus)")
    }
    for cache in memory.slabCaches {
      add("slab.\(cache.name)", "\(cache.used.kB)kB \(cache.total.kB)kB")
    }
    add("memory.totalPagecache", memory.pagecache?.value)
    add("memory.swapCache", memory.swapCache?.value)
    add("memory.freeSwap", memory.freeSwap?.value)
    add("memory.totalSwap", memory.totalSwap?.value)
    add("memory.pagesRAM", memory.pagesRAM?.value)
    add("memory.pagesHighMem", memory.pagesHighMem?.value)
    add("memory.pagesReserved", memory.pagesReserved?.value)
    add("memory.pagesShared", memory.pagesShared?.value)
    add("memory.pagesNonShared", memory.pagesNonShared?.value)
    add("memory.pagetableCache", memory.pagetableCache?.value)
    if let swap = memory.swapCacheStats?.value {
      add("memory.swapCacheStats", "\(swap.added) \(swap.deleted) \(swap.found) \(swap.lookups)")
    }
    if let profile = memory.allocations {
      add("allocations.isOn", profile.isOn)
      for site in profile.sites {
        add("allocations.\(site.place)", "\(site.sizeText) \(site.calls)")
        add("allocations.name.\(site.place)", "\(site.module?.description ?? "-") \(site.function)")
      }
    }
    add("memory.pagesCMA", memory.pagesCMA?.value)
    add("memory.pagesHWPoisoned", memory.pagesHWPoisoned?.value)
  }

  private mutating func add(_ row: TaskRow, _ key: String) {
    add("\(key).pid", row.pid)
    add("\(key).name", row.name)
    add("\(key).uid", row.uid)
    add("\(key).tgid", row.tgid)
    add("\(key).total_vm", row.totalVM)
    add("\(key).rss", row.rss)
    add("\(key).rss_anon", row.rssAnon)
    add("\(key).rss_file", row.rssFile)
    add("\(key).rss_shmem", row.rssShmem)
    add("\(key).pgtables_bytes", row.pageTables?.count)
    add("\(key).tables", row.pageTablePages)
    add("\(key).swapents", row.swap)
    add("\(key).oom_adj", row.oomAdj)
    add("\(key).oom_score_adj", row.oomScoreAdj)
  }

  private mutating func add(_ victim: Victim, _ key: String) {
    add("\(key).pid", victim.pid)
    add("\(key).comm", victim.comm)
    add("\(key).uid", victim.uid)
    add("\(key).oomScoreAdj", victim.oomScoreAdj)
    add("\(key).score", victim.score)
    add("\(key).totalVM", victim.totalVM)
    add("\(key).anonRSS", victim.anonRSS)
    add("\(key).fileRSS", victim.fileRSS)
    add("\(key).shmemRSS", victim.shmemRSS)
    add("\(key).pageTables", victim.pageTables)
    if victim.reapedLine != nil { add("\(key).isReaped", true) }
    add("\(key).reapedAnon", victim.reaped?.anonRSS)
    add("\(key).reapedFile", victim.reaped?.fileRSS)
    add("\(key).reapedShmem", victim.reaped?.shmemRSS)
  }
}
