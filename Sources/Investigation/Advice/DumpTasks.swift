internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Reports without a task table: nobody can tell who held the memory.
  static let dumpTasks = AdviceRule("dump-tasks") { evidence in
    let name = "vm.oom_dump_tasks"
    let value = evidence.host?.integer(name)
    let bare = evidence.cases.filter { $0.lacksTable }
    guard value == 0 || !bare.isEmpty else { return [] }
    var reason: [Sentence] = value == 0 ? ["vm.oom_dump_tasks is 0"] : []
    if !bare.isEmpty { reason.append("\(bare.count, "whole report") without a task table") }
    if value.map({ $0 != 0 }) ?? false { reason.append("vm.oom_dump_tasks is on by now") }
    return [
      Recommendation(
        "dump-tasks", value == 0 ? .medium : .low, value == 0 ? .certain : .possible,
        events: bare.numbers, settings: value == 0 ? [name] : [], reason: reason,
        snippets: value.map { $0 == 0 } ?? true
          ? [.sysctl(name, 1, "1 is the kernel's own value")] : [])
    ]
  }
}

extension Evidence.Case {
  /// A report that is whole but for its task table. Nothing to kill means no table either, since
  /// there is nobody to list.
  fileprivate var lacksTable: Bool {
    guard let report, report.status == .complete, report.outcome == .killed else { return false }
    return report.tasks?.rows.isEmpty ?? true
  }
}
