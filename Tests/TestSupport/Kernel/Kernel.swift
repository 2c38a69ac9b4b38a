/// What one generation of the kernel prints in its OOM reports.
package struct Kernel: Sendable, CustomStringConvertible {
  package let name: String
  package let release: String
  package var description: String { name }

  package var invocation: Invocation
  /// `{comm} cpuset=… mems_allowed=…`, a line of its own before 5.0.
  package var hasCpusetLine = false
  package var system: SystemLine?
  package var memory: MemoryLayout
  /// Nil where the kernel has no task table.
  package var taskColumns: [String]?
  /// "Tasks state" and a header with room for longer pids.
  package var hasTaskTitle = false
  package var memcg: Memcg?
  /// "Memory cgroup min protection" ahead of the task table.
  package var hasProtection = false
  package var hasDecision = false
  package var intent: Intent?
  package var kill: Kill
  package var panic: String

  package enum Invocation: Sendable {
    /// `oom-killer: gfp_mask=…`
    case anonymous
    case oomKillAdj
    case oomAdj, bothAdj, scoreAdj
    /// With the names of the flags.
    case flags
    /// And `nodemask=0, ` with so many blanks behind it.
    case nodemask(blanks: Int)
  }

  package enum SystemLine: Sendable {
    /// `Pid: 1, comm: x`
    case pid
    /// `CPU: 0 PID: 1 Comm: x`
    case cpu
    /// `CPU: 0 UID: 0 PID: 1 Comm: x`
    case uid
    /// And what the kernel prefers behind the version.
    case preempt
  }

  package enum Memcg: Sendable {
    /// "Task in … killed" and no statistics.
    case usage
    /// "Task in … killed", statistics in KB on the header's line.
    case inline
    /// Statistics in bytes, in the header's record.
    case record
    /// Statistics in bytes, a record each.
    case records

    var hasTaskLine: Bool { self == .inline || self == .usage }
  }

  package enum Intent: String, Sendable {
    case children = "Kill process"
    case child = "kill process"
    case sacrifice = "Kill process "
  }

  package enum Kill: Sendable {
    /// `Out of Memory: Killed process 1 (x).`
    case fullStop
    case bare, vsz, totalVM
    /// The uid before the name, and behind it.
    case rhel6, rhel7
    case shmem
    /// With the reason ahead.
    case reason
    /// And uid, page tables and oom_score_adj behind.
    case modern
  }

  /// How the memory state is laid out.
  package struct MemoryLayout: Sendable {
    var header = "Mem-Info:"
    var hasNodes = true
    /// The global counters, a line each.
    var counters: [[String]]
    var node: [String] = []
    /// Whether a node's line counts the pages that were scanned.
    var nodeScans = false
    /// Whether the kernel's own allocations are listed.
    var hasAllocations = false
    var zone: [String]
    /// Whether a zone's line ends with the pages that were scanned.
    var zoneScans = false
    var hasPerCPU = false
    var hasBuddyTypes = true
    var hasHugePages = true
    var tail = Tail.modern

    enum Tail: Sendable {
      case old
      /// With "pages shared".
      case middle
      /// And with room for movable pages only.
      case shared
      /// With "pages cma reserved" and "in pagetable cache".
      case cma
      /// Without the latter, and without the former behind the statistics of the swap cache.
      case cacheStats, modern
    }
  }
}
