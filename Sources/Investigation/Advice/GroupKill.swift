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
        ], snippets: single(path))
    ]
  }

  /// What would let the others live, for managers that set memory.oom.group by a setting.
  private static func single(_ path: LogText) -> [Snippet] {
    if CgroupPath(path).isKubernetes {
      return [
        Snippet(
          .kubelet, .kubelet, ["singleProcessOOMKill: true"],
          ["true is what the kubelet (1.32 and later) knows to kill one process only"])
      ]
    }
    guard let unit = UnitPlace(of: path), unit.isService else { return [] }
    return [
      unit.snippet(
        ["OOMPolicy=stop"],
        ["memory.oom.group is set by OOMPolicy=kill; stop ends the rest of the unit in order"])
    ]
  }
}
