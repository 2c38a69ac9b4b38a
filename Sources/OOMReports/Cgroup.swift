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

  package init() {}
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
