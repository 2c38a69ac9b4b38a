internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// The kernel kills whoever asks, which explains victims that held little.
  static let killAllocatingTask = AdviceRule("kill-allocating-task") { evidence in
    let name = "vm.oom_kill_allocating_task"
    let value = evidence.host?.integer(name)
    let isSet = value.map { $0 != 0 } ?? false
    let named = evidence.shortages.filter { $0.culprit?.selection.value == .allocatingTask }.numbers
    let odd = evidence.machineShortages.filter { $0.killedItsInvoker }
    // The present setting speaks for itself, and against the reading of old kills.
    guard isSet || !named.isEmpty || (value == nil && !odd.isEmpty) else { return [] }
    var reason: [Sentence] = isSet ? ["vm.oom_kill_allocating_task is \(value ?? 1)"] : []
    if !named.isEmpty {
      reason.append("the kill line of \(named.count, "event") names oom_kill_allocating_task")
    }
    if !named.isEmpty, value == 0 { reason.append("it is 0 by now") }
    if !odd.isEmpty {
      reason.append(
        """
        the allocating task was killed in \(odd.count, "event") although others held more than \
        twice as much
        """
      )
    }
    return [
      Recommendation(
        "kill-allocating-task", .medium, isSet || !named.isEmpty ? .certain : .possible,
        events: Set(named + odd.numbers).sorted(), settings: isSet ? [name] : [], reason: reason,
        snippets: value == 0
          ? [] : [.sysctl(name, 0, "0, the kernel's own value, has it choose by size")])
    ]
  }
}

extension Evidence.Case {
  /// Whether the victim is the invoker and a task of no lower oom_score_adj held twice as much.
  fileprivate var killedItsInvoker: Bool {
    guard let report, let victim = report.victims.first,
      victim.pid == report.system?.value.pid,
      let own = report.tasks?.rows.first(where: { $0.pid == victim.pid }),
      let size = own.footprint(report.pageSize)
    else { return false }
    return report.largestTasks().contains { task in
      !task.row.isProtected && (task.row.oomScoreAdj ?? 0) >= (own.oomScoreAdj ?? 0)
        && task.footprint.count / 2 > size.count
    }
  }
}
