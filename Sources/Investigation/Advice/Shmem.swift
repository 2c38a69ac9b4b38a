internal import OOMReports

extension AdviceRule {
  /// Shared memory or tmpfs dominates: a third of RAM, or half of a cgroup's usage.
  static let shmem = AdviceRule("shmem") { evidence in
    let machine = evidence.machineShortages.measured { $0.shmem }.filter { $0.share >= 1.0 / 3 }
    let cgroups = evidence.limitHits.filter { ($0.memcgShare("shmem") ?? 0) >= 0.5 }
    let events = (machine.map(\.event) + cgroups.numbers).sorted()
    guard !events.isEmpty else { return [] }
    var reason: [Sentence] = []
    if let worst = machine.max(by: { $0.share < $1.share }) {
      reason.append(
        "shmem was \(worst.amount), \(share: worst.share) of RAM, in event \(worst.event)")
    }
    if let last = cgroups.last {
      reason.append(
        """
        shmem was \(share: last.memcgShare("shmem") ?? 0) of the cgroup's usage in event \
        \(last.event.number)
        """
      )
    }
    return [Recommendation("shmem", .high, .likely, events: events, reason: reason)]
  }
}
