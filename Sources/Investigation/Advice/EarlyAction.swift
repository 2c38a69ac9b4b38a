internal import OOMReports

extension AdviceRule {
  /// A daemon that acts before the kernel, for shortages of the whole machine only.
  static let earlyAction = AdviceRule("early-action") { evidence in
    let cases = evidence.machineShortages.filter { $0.isOfWholeMachine }
    guard !cases.isEmpty else { return [] }
    var reason: [Sentence] = ["the whole machine ran out in \(cases.count, "event")"]
    if let full = evidence.host?.pressure?.full {
      reason.append("tasks stood still for \(share: full.last300) of the last 300 s (PSI full)")
    }
    return [
      Recommendation("early-action", .low, .possible, events: cases.numbers, reason: reason)
    ]
  }
}
