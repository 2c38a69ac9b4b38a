package import KernelLog

/// What the report prints of the memory cgroup whose limit was hit.
package struct MemcgState: Sendable, Equatable {
  /// The cgroup whose limit was hit (`oom_memcg`, "as a result of limit of").
  package var limitPath: Cited<LogText>?
  /// The cgroup that the victim lived in (`task_memcg`, "Task in … killed").
  package var taskPath: Cited<LogText>?
  package var memory: Cited<MemcgUsage>?
  /// cgroup v1: memory and swap together.
  package var memorySwap: Cited<MemcgUsage>?
  /// cgroup v2: swap alone.
  package var swap: Cited<MemcgUsage>?
  /// cgroup v1: kernel memory.
  package var kmem: Cited<MemcgUsage>?
  /// The path named by "Memory cgroup stats for".
  package var statsPath: Cited<LogText>?
  /// The statistics in the kernel's names: bytes for sizes, counts for events.
  package var stats: [String: Cited<Int64>] = [:]
  /// The statistics of the cgroups below, a line each (3.10 to 5.2), by their order in the log.
  package var descendants: [CgroupStats] = []
  /// memory.min and memory.low as they bind ("min protection", 7.x).
  package var protection: Cited<MemcgProtection>?

  package init() {}

  /// Takes what was read as the cgroup's own statistics for those of a cgroup below it.
  mutating func loseOwnStats(at path: Cited<LogText>) {
    let own = CgroupStats(path: path.value, stats: stats.mapValues(\.value), line: path.line)
    descendants.insert(own, at: 0)
    (stats, statsPath) = ([:], nil)
  }

  /// No report is kept with more cgroups than this.
  package static let mostDescendants = 4096
}

/// The statistics of one cgroup below the one whose limit was hit, in bytes.
package struct CgroupStats: Sendable, Equatable {
  package let path: LogText
  package let stats: [String: Int64]
  package let line: Int

  package init(path: LogText, stats: [String: Int64], line: Int) {
    self.path = path
    self.stats = stats
    self.line = line
  }
}

/// How much of a cgroup's memory reclaim must leave, and should leave, alone.
package struct MemcgProtection: Sendable, Equatable {
  package let min: Bytes
  package let low: Bytes

  package init(min: Bytes, low: Bytes) {
    self.min = min
    self.low = low
  }
}

/// Usage, limit and count of limit hits of one resource of a cgroup.
package struct MemcgUsage: Sendable, Equatable {
  package let usage: Bytes
  /// Nil where the kernel printed its value for "no limit".
  package let limit: Bytes?
  package let failcnt: Int64

  package init(usage: Bytes, limit: Bytes?, failcnt: Int64) {
    self.usage = usage
    self.limit = limit
    self.failcnt = failcnt
  }
}
