internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Victims in services of systemd.
  static let systemdUnit = AdviceRule("systemd-unit") { evidence in
    var units: [LogText: (events: [Int], kills: Int)] = [:]
    var order: [LogText] = []
    for candidate in evidence.shortages where candidate.event.outcome != .panic {
      guard case .service(let unit)? = candidate.unitPath.flatMap(Workload.init(path:)) else {
        continue
      }
      if units[unit] == nil { order.append(unit) }
      units[unit, default: ([], 0)].events.append(candidate.event.number)
      units[unit]?.kills += max(1, candidate.event.killCount)
    }
    guard !order.isEmpty else { return [] }
    let named = 5
    var reason = order.prefix(named).map { unit -> Sentence in
      let lost = units[unit] ?? ([], 0)
      let processes: Sentence = lost.kills == 1 ? "a process" : "\(lost.kills) processes"
      return "\(unit) lost \(processes) in \(lost.events.count, "event")"
    }
    if order.count > named { reason.append("and \(order.count - named, "further unit")") }
    return [
      Recommendation(
        "systemd-unit", .medium, .certain,
        events: order.flatMap { units[$0]?.events ?? [] }.sorted(), reason: reason)
    ]
  }
}

extension Evidence.Case {
  /// Where the victim lived; the cgroup at its limit where only that is known.
  fileprivate var unitPath: LogText? {
    killsAnything ? taskPath ?? limitPath : nil
  }

  private var killsAnything: Bool { event.victim != nil || event.killCount > 0 }
}
