internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// What the overcommit mode has to do with machine-wide shortages.
  static let overcommit = AdviceRule(
    "overcommit", texts: ["overcommit-always", "overcommit-heuristic", "overcommit-strict"]
  ) { evidence in
    guard let host = evidence.host, let mode = CommitReview(host).mode else { return [] }
    let review = CommitReview(host)
    let cases = evidence.machineShortages.filter { $0.isOfWholeMachine }.numbers
    var reason: [Sentence] = ["vm.overcommit_memory is \(mode)"]
    if let committed = review.committed, let limit = review.limit, let share = review.share {
      let enforces: Sentence = mode == 2 ? "enforces" : "would enforce"
      reason.append(
        """
        Committed_AS is \(committed), \(share: share) of the CommitLimit of \(limit) that mode 2 \
        \(enforces)
        """)
    }
    switch mode {
    case 1:
      return [advice("overcommit-always", cases.isEmpty ? .low : .medium, .likely, cases, reason)]
    case 0 where !cases.isEmpty && review.share != nil:
      if let share = review.share, share > 1 {
        reason.append("with the present ratio, mode 2 would refuse memory at once")
      }
      return [advice("overcommit-heuristic", .low, .possible, cases, reason)]
    case 2 where !cases.isEmpty:
      guard let limit = review.limit, let ram = host.meminfo["MemTotal"],
        let swap = host.meminfo["SwapTotal"],
        Double(limit.count) >= 0.95 * (Double(ram.count) + Double(swap.count))
      else { return [] }
      return [advice("overcommit-strict", .medium, .likely, cases, reason)]
    default:
      return []
    }
  }

  private static func advice(
    _ text: String, _ severity: Recommendation.Severity, _ certainty: Recommendation.Certainty,
    _ events: [Int], _ reason: [Sentence]
  ) -> Recommendation {
    Recommendation(
      "overcommit", text: text, severity, certainty, events: events,
      settings: ["vm.overcommit_memory"], reason: reason)
  }
}
