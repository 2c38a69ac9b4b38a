internal import OOMReports

extension AdviceRule {
  /// Memory that reclaim cannot touch dominates: the largest part of RAM, or a quarter of it.
  static let mlock = AdviceRule("mlock") { evidence in
    let judged = Set(evidence.machineShortages.filter { $0.consumer == .mlocked }.numbers)
    let found = evidence.machineShortages.measured { $0.unevictable }
      .filter { $0.share >= 0.25 || judged.contains($0.event) }
    guard let worst = found.max(by: { $0.share < $1.share }) else { return [] }
    return [
      Recommendation(
        "mlock", .high, .likely, events: found.map(\.event),
        reason: [
          "\(worst.amount), \(share: worst.share) of RAM, was unevictable in event \(worst.event)"
        ])
    ]
  }
}
