internal import OOMReports

extension AdviceRule {
  /// The kernel kills whoever asks, which explains victims that held little. Every kernel that has
  /// the setting says so in the kill line (2.6.24 and later): a victim that happens to be the task
  /// that asked proves nothing.
  static let killAllocatingTask = AdviceRule("kill-allocating-task") { evidence in
    let name = "vm.oom_kill_allocating_task"
    let value = evidence.host?.integer(name)
    let isSet = value.map { $0 != 0 } ?? false
    let named = evidence.shortages.filter { $0.culprit?.selection.value == .allocatingTask }.numbers
    guard isSet || !named.isEmpty else { return [] }
    var reason: [Sentence] = isSet ? ["vm.oom_kill_allocating_task is \(value ?? 1)"] : []
    if !named.isEmpty {
      reason.append("the kill line of \(named.count, "event") names oom_kill_allocating_task")
    }
    if !named.isEmpty, value == 0 { reason.append("it is 0 by now") }
    return [
      Recommendation(
        "kill-allocating-task", .medium, .certain, events: named,
        settings: isSet ? [name] : [], reason: reason,
        snippets: value == 0
          ? [] : [.sysctl(name, 0, "0, the kernel's own value, has it choose by size")])
    ]
  }
}
