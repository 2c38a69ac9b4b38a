internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Victims in services of systemd.
  static let systemdUnit = AdviceRule("systemd-unit") { evidence in
    var units: [LogText: [Int]] = [:]
    var order: [LogText] = []
    for candidate in evidence.shortages where candidate.event.outcome != .panic {
      guard case .service(let unit)? = candidate.unitPath.flatMap(Workload.init(path:)) else {
        continue
      }
      if units[unit] == nil { order.append(unit) }
      units[unit, default: []].append(candidate.event.number)
    }
    guard !order.isEmpty else { return [] }
    let named = 5
    var reason = order.prefix(named).map { unit -> Sentence in
      "\(unit) lost a process in \(units[unit]?.count ?? 0, "event")"
    }
    if order.count > named { reason.append("and \(order.count - named, "further unit")") }
    return [
      Recommendation(
        "systemd-unit", .medium, .certain, events: order.flatMap { units[$0] ?? [] }.sorted(),
        reason: reason)
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
