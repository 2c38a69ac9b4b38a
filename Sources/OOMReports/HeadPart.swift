internal import KernelLog

/// What a line before a report's key lines is, as far as it tells whether they are of one report.
enum HeadPart {
  /// Only an OOM report prints it: a choice, a row of its task table, its cgroup's figures.
  case own
  /// The memory state, which a failed allocation prints too.
  case memory
  /// The line that names the task and the kernel: every dump has one.
  case task
  /// What may stand before that one: the task's cpuset, or that reports are left out.
  case beginning
  /// A line around a call trace, or a frame of it.
  case trace(Proof?)
  /// The first or the last line of a dump of another kind, or of a boot.
  case boundary

  /// What a frame shows of who printed the trace.
  enum Proof {
    case killer, other
  }

  /// What a message is; nil where it is none that a report may hold.
  init?(_ message: Span<UInt8>) {
    guard !Self.isBoundary(message) else {
      self = .boundary
      return
    }
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: true)
    guard Lines.read(message, 0, &scratch) != .other else { return nil }
    let report = scratch.report
    if let frame = report.trace.frames.first {
      self = .trace(Self.proof(of: frame))
    } else if report.system != nil {
      self = .task
    } else if Self.isAroundTrace(message, report) {
      self = .trace(nil)
    } else {
      switch scratch.section {
      case .memory, .slab, .allocations: self = .memory
      case .head, .memcgStats, .tasks: self = .own
      case nil: self = report.memcg != nil || KeyLine(message) != nil ? .own : .beginning
      }
    }
  }

  private static func isAroundTrace(_ message: Span<UInt8>, _ report: OOMReport) -> Bool {
    var scratch = ReportBuilder(firstLine: 0, time: LogTime(), isWhole: false)
    return report.hardware != nil || report.taints != nil || report.workqueue != nil
      || StackLines.grammar.read(message, 0, &scratch) != .other
  }

  private static func proof(of frame: StackFrame) -> Proof? {
    let name = frame.functionName
    return killers.contains(name) ? .killer : others.contains(name) ? .other : nil
  }

  /// The functions that print a report, or call the one that does.
  private static let killers: Set<Substring> = [
    "dump_header", "oom_kill_process", "out_of_memory", "mem_cgroup_out_of_memory",
  ]

  /// The functions that print the dumps of a panic, a failed allocation and a warning.
  private static let others: Set<Substring> = [
    "panic", "warn_alloc", "warn_alloc_failed", "warn_slowpath_common", "__warn",
  ]

  private static func isBoundary(_ message: Span<UInt8>) -> Bool {
    boundaries.contains { message.starts(with: $0) }
      || message.first(": page allocation failure") != nil
      || message.first(": page allocation stalls for ") != nil
  }

  private static let boundaries: [StaticString] = [
    "------------[ cut here", "---[ end ", "WARNING: ", "BUG: ", "INFO: task ", "INFO: rcu",
    "rcu: INFO: ", "watchdog: ", "NMI watchdog: ", "Kernel panic - ", "Internal error: ", "Oops: ",
    "general protection fault", "Linux version ",
  ]
}
