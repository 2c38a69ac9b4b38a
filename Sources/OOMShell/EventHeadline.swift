internal import Investigation
internal import KernelLog
internal import OOMReports

/// An event in one sentence: who was killed, and what had run out, as far as the log proves it.
enum EventHeadline {
  static func text(_ event: Event) -> String {
    let scope = event.trigger == .sysrq ? ": ordered by SysRq-f" : scopes[event.constraint] ?? ""
    switch event.outcome {
    case .killed:
      guard let victim = event.victim else { return "a process was killed\(scope)" }
      let others = event.killCount - 1
      let more = others < 1 ? "" : " and \(others) more"
      return "\(Visible.text(victim.comm.description)) (pid \(victim.pid))\(more) killed\(scope)"
    case .panic: return "the kernel panicked for want of memory"
    case .noVictim: return "nothing could be killed\(scope)"
    case .unknown:
      let end = "how it ended is not in the log\(scope)"
      guard let chosen = event.chosen else { return end }
      return "\(Visible.text(chosen.comm.description)) (pid \(chosen.pid)) was chosen, \(end)"
    }
  }

  /// Kernels before 5.0 tell it only of memory cgroups.
  private static let scopes: [Constraint?: String] = [
    .memcg: ": a memory cgroup hit its limit", Constraint.none: ": the machine was out of memory",
    .cpuset: ": the nodes of a cpuset had no memory for the request",
    .mempolicy: ": the nodes of a memory policy had no memory for the request",
  ]
}
