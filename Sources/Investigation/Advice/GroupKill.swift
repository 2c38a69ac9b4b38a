internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// All processes of a cgroup were killed together.
  static let groupKill = AdviceRule("group-kill") { evidence in
    let cases = evidence.shortages.filter { $0.report?.groupKill != nil }
    guard let last = cases.last, let path = last.report?.groupKill?.value else { return [] }
    return [
      Recommendation(
        "group-kill", .low, .certain, events: cases.numbers,
        reason: [
          """
          \(path) has memory.oom.group set and had its processes killed, \
          \(last.victims.count) in the log, in event \(last.event.number)
          """
        ])
    ]
  }
}
