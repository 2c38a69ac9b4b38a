internal import KernelLog

/// The memory cgroup's part of a report.
extension KernelPrinter {
  /// The kernel's value for no limit, in kB.
  private static let unlimited = 9_007_199_254_740_988

  mutating func printMemcg() {
    guard let style = kernel.memcg else { return }
    let limit = random.number(8...900) * 1024
    if style.hasTaskLine, !kernel.hasDecision, scenario != .noVictim {
      report.print("Task in \(taskPath) killed as a result of limit of \(limitPath)", level: 6)
      addPaths()
    } else if style.hasTaskLine, !kernel.hasDecision {
      report.print("Memory limit reached of cgroup \(limitPath)", level: 6)
      report.facts.add("memcg.limitPath", limitPath)
    }
    printUsage("memory", limit, limit)
    if scenario == .memcgV1 || style.hasTaskLine {
      printUsage("memory+swap", limit, Self.unlimited)
      if style != .usage { printUsage("kmem", random.number(0...9_999), Self.unlimited) }
    } else {
      printUsage("swap", random.number(0...9_999), random.pick(0, 4096, Self.unlimited))
    }
    switch style {
    case .usage: return
    case .inline: printInlineStats()
    case .record, .records: printStats(perRecord: style == .records)
    }
    report.facts.add("memcg.statsPath", limitPath)
  }

  mutating func addPaths() {
    report.facts.add("memcg.limitPath", limitPath)
    report.facts.add("memcg.taskPath", taskPath)
  }

  private mutating func printUsage(_ name: String, _ usage: Int, _ limit: Int) {
    let failcnt = random.number(0...99_999)
    report.facts.add("memcg.\(name).usage", "\(usage)kB")
    if limit < Self.unlimited { report.facts.add("memcg.\(name).limit", "\(limit)kB") }
    report.facts.add("memcg.\(name).failcnt", failcnt)
    report.print("\(name): usage \(usage)kB, limit \(limit)kB, failcnt \(failcnt)", level: 6)
  }

  private mutating func printInlineStats() {
    let pairs = ["cache", "rss", "rss_huge", "mapped_file", "inactive_anon"].map { name in
      let size = random.number(0...524_288)
      report.facts.add("memcg.stat.\(name)", size * 1024)
      return "\(name):\(size)KB"
    }
    report.print(
      "Memory cgroup stats for \(limitPath): \(pairs.joined(separator: " "))", level: 6)
    // A line for each cgroup below; the report's own cgroup comes first.
    for (name, size) in [("cache", 0), ("rss", 8), ("rss_huge", 0)] {
      report.facts.add("memcg.stat.\(taskPath).\(name)", size * 1024)
    }
    report.print("Memory cgroup stats for \(taskPath): cache:0KB rss:8KB rss_huge:0KB", level: 6)
  }

  private mutating func printStats(perRecord: Bool) {
    let names =
      scenario == .memcgV1
      ? ["cache", "rss", "rss_huge", "pgfault", "total_rss"]
      : ["anon", "file", "kernel_stack", "slab", "shmem", "workingset_refault_anon", "pgfault"]
    let rows = names.map { name in
      // Sizes are whole pages; the others are counts, or of slab objects.
      let isCount = ["pgfault", "slab", "workingset_refault_anon"].contains(name)
      let value = random.number(0...131_072) * (isCount ? 1 : 4096)
      report.facts.add("memcg.stat.\(name)", value)
      return "\(name) \(value)"
    }
    let head: KernelText = "Memory cgroup stats for \(limitPath):"
    if perRecord {
      report.print(head, level: 6)
      for row in rows { report.print("\(row)", level: 6) }
    } else {
      report.print("\(LogText(head.bytes))\n\(rows.joined(separator: "\n"))", level: 6)
    }
  }
}
