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
    let limit = bound(evidence)
    if order.count > named { reason.append("and \(order.count - named, "further unit")") }
    return [
      Recommendation(
        "systemd-unit", .medium, limit == nil ? .certain : .likely,
        events: order.flatMap { units[$0]?.events ?? [] }.sorted(), reason: reason,
        snippets: limit.map { [$0] } ?? [])
    ]
  }

  /// A limit for the service whose process alone held half of the machine at the last: a tenth less
  /// than it held when nothing was left for the others.
  private static func bound(_ evidence: Evidence) -> Snippet? {
    let filled = Array(evidence.machineShortages.filter { $0.isOfWholeMachine })
    guard let last = filled.last, let consumer = last.culprit?.consumer.value,
      consumer.kind == .process, (consumer.share ?? 0) >= 0.5,
      let victim = last.victims.first(where: { $0.pid == consumer.pid }),
      let held = victim.anonRSS, held.count >= 10 << 20,
      let unit = last.taskPath.flatMap(UnitPlace.init(serviceOn:)), unit.isService
    else { return nil }
    // It has a limit already, and met it.
    let isLimited = evidence.limitHits.compactMap(\.limitPath).contains { path in
      UnitPlace(of: path)?.name == unit.name
    }
    return isLimited
      ? nil
      : unit.snippet(
        ["MemoryMax=\(Bytes(held.count / 10 * 9).mebibytes)M"],
        [
          """
          nine tenths of the \(held) that \(victim.comm) alone held when the machine ran out in event \
          \(last.event.number), so that the unit meets its own limit first; on cgroup v1 it is \
          MemoryLimit=
          """
        ])
  }
}

extension Evidence.Case {
  /// Where the victim lived; the cgroup at its limit where only that is known.
  fileprivate var unitPath: LogText? {
    killsAnything ? taskPath ?? limitPath : nil
  }

  private var killsAnything: Bool { event.victim != nil || event.killCount > 0 }
}
