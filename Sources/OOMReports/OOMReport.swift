package import KernelLog

/// One run of the kernel's OOM killer as a log holds it; every part is optional.
package struct OOMReport: Sendable, Equatable {
  package var firstLine: Int
  package var lastLine: Int
  package var status: Status
  package var outcome: Outcome
  package var trigger: Trigger = .allocation
  package var host: LogText?
  package var time: LogTime

  /// "… invoked oom-killer: …": the allocating task, not the victim.
  package var invocation: Cited<Invocation>?
  /// "CPU: … PID: … Comm: …"
  package var system: Cited<SystemLine>?
  package var hardware: Cited<LogText>?
  /// "Tainted: [W]=WARN, [O]=OOT_MODULE": the names of the taint letters (6.12 and later).
  package var taints: Cited<[String]>?
  /// "Workqueue: {queue} {function}": what a kernel worker was doing.
  package var workqueue: Cited<LogText>?
  /// "{comm} cpuset={name} mems_allowed={nodes}", a line of its own before 5.0.
  package var cpuset: Cited<CpusetLine>?
  /// The line of "COMPACTION is disabled!!!": large blocks cannot be put together (4.9 and later).
  package var compactionNotice: Int?
  /// The line of "Manual OOM execution", or one that names what SysRq has a worker do.
  package var sysrqLine: Int?
  package var trace = CallTrace()
  package var constraint: Cited<Constraint>?
  /// "oom-kill:constraint=…" (5.0 and later).
  package var decision: Cited<Decision>?
  package var memcg: MemcgState?
  package var memory: MemoryState?
  package var tasks: TaskTable?
  /// One per distinct pid, in the order of their kill lines.
  package var victims: [Victim] = []
  /// Whether vm.oom_kill_allocating_task made the kernel kill the task that allocated; only kernels
  /// whose kill line has the reason say so.
  package var isAllocatingTaskKill = false
  /// "Kill process … score …": what the kernel chose (before 5.1); it may have killed a child.
  package var intent: Cited<Intent>?
  /// "Tasks in … are going to be killed due to memory.oom.group set".
  package var groupKill: Cited<LogText>?
  /// The kernel's own words where it panicked or found nothing to kill.
  package var ending: Cited<LogText>?
  /// What else the kernel said about this kill: who shares the memory, what the reaper could not do.
  package var remarks: [Remark] = []
  /// Whole reports that the kernel says it left out before this one; their kills are in the log.
  package var suppressedReports: Cited<Int64>?
  /// Lines that the console says it dropped inside this report.
  package var droppedLines: Cited<Int64>?
  package var pageSize: PageSize = .assumed
  /// Rows of the task table in the log, also where `tasks` was not asked for.
  package var taskRowCount = 0
  /// Rows that an event record left out, although the log has them.
  package var droppedRowCount = 0
  package var diagnostics: [Diagnostic] = []

  package init(firstLine: Int, time: LogTime) {
    self.firstLine = firstLine
    self.lastLine = firstLine
    self.time = time
    self.status = .truncated
    self.outcome = .unknown
  }

  /// What the first victim's kill line is known by in every carrier.
  package var fingerprint: UInt64? { victims.first?.fingerprint }

  /// The firmware's version and date, from the end of the hardware's name.
  package var bios: LogText? {
    guard let bytes = hardware?.value.bytes else { return nil }
    return bytes.span.last(", BIOS ", before: bytes.count).map {
      bytes.span.text($0 + 7..<bytes.count)
    }
  }

  /// Which parts the log holds.
  package enum Status: String, Sendable, CaseIterable {
    case complete, headless, truncated
    case killOnly = "kill-only"
  }

  /// What the kernel came to.
  package enum Outcome: String, Sendable, CaseIterable {
    case killed
    case noVictim = "no-victim"
    case panic, unknown
  }

  /// What made the OOM killer run.
  package enum Trigger: String, Sendable, CaseIterable {
    case allocation, sysrq
  }
}

/// What bounded the allocation that failed.
package enum Constraint: String, Sendable, CaseIterable {
  /// The whole machine.
  case none
  /// A memory cgroup's limit.
  case memcg
  /// The nodes of a cpuset.
  case cpuset
  /// The nodes of a NUMA memory policy.
  case mempolicy
}

/// "{comm} invoked oom-killer: gfp_mask=…, order=…, oom_score_adj=…"
package struct Invocation: Sendable, Equatable {
  /// Nil on 2.6.18 and older, which do not name the task.
  package var comm: LogText?
  /// As printed: `0x…`, octal digits or a bare `0`.
  package var gfpMask: String?
  package var gfpFlags: [String] = []
  package var order: Int64?
  package var nodemask: String?
  package var oomAdj: Int64?
  package var oomScoreAdj: Int64?

  package init() {}
}

/// "Kill process {pid} ({comm}) score {score} or sacrifice child"
package struct Intent: Sendable, Equatable {
  package let pid: Int64
  package let comm: LogText
  package let score: Int64?
  /// Whether the line is worded as up to 2.6.35 (`or a child`), whose scores are on a scale of their
  /// own.
  package let isOfOldRule: Bool

  package init(pid: Int64, comm: LogText, score: Int64?, isOfOldRule: Bool = false) {
    self.pid = pid
    self.comm = comm
    self.score = score
    self.isOfOldRule = isOfOldRule
  }
}

/// "oom-kill:constraint=…,task=…,pid=…,uid=…"
package struct Decision: Sendable, Equatable {
  package var constraint: Constraint?
  package var nodemask: String?
  package var cpuset: LogText?
  package var memsAllowed: String?
  /// Whether the line says `global_oom`; nil where it says neither that nor `oom_memcg`.
  package var isGlobal: Bool?
  package var oomMemcg: LogText?
  package var taskMemcg: LogText?
  package var task: LogText?
  package var pid: Int64?
  package var uid: Int64?

  package init() {}
}

/// Something in a report that could not be read, and where.
package struct Diagnostic: Sendable, Equatable {
  package let line: Int
  package let kind: Kind
  package let text: LogText

  /// What is wrong.
  package enum Kind: String, Sendable, CaseIterable {
    /// A line that begins as the kernel prints it and does not go on so.
    case torn
    /// Lines that the kernel or the log daemon says it dropped.
    case lost
    /// A line of somebody else inside the report.
    case foreign
    /// Facts of the report that contradict each other.
    case contradiction
    /// A line with a counter that fell below zero and was printed as a number near 2^64: the figure
    /// is left out, for 0 is only the likeliest of what it can have been.
    case wrapped
  }

  package init(line: Int, kind: Kind, text: LogText) {
    self.line = line
    self.kind = kind
    self.text = text
  }
}
