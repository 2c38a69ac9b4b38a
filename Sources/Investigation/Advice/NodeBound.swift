extension AdviceRule {
  /// Only the nodes of a cpuset or of a memory policy were exhausted.
  static let nodeBound = AdviceRule("node-bound") { evidence in
    let cases = evidence.shortages.filter { $0.scope == .cpuset || $0.scope == .mempolicy }
    guard !cases.isEmpty else { return [] }
    let byCpuset = cases.filter { $0.scope == .cpuset }.count
    var reason: [Sentence] = []
    if byCpuset > 0 { reason.append("\(byCpuset, "event") bounded by a cpuset") }
    if byCpuset < cases.count {
      reason.append("\(cases.count - byCpuset, "event") bounded by a memory policy")
    }
    return [Recommendation("node-bound", .high, .certain, events: cases.numbers, reason: reason)]
  }
}
