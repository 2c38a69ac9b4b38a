internal import OOMReports

extension AdviceRule {
  /// Huge pages lay idle in their pool: a twentieth of RAM or more.
  static let hugePages = AdviceRule("hugepages") { evidence in
    let found = evidence.machineShortages.measured { $0.hugePagesFree }.filter { $0.share >= 0.05 }
    guard let worst = found.max(by: { $0.share < $1.share }) else { return [] }
    return [
      Recommendation(
        "hugepages", .high, .likely, events: found.map(\.event),
        reason: [
          """
          \(worst.amount) of huge pages, \(share: worst.share) of RAM, were free in event \
          \(worst.event)
          """
        ])
    ]
  }
}
