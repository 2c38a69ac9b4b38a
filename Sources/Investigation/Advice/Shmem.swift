internal import OOMReports

extension AdviceRule {
  /// Shared memory or tmpfs dominates: the largest part of RAM or of a cgroup's usage, a third of
  /// RAM, or half of the usage.
  static let shmem = AdviceRule("shmem", texts: ["shmem", "shmem-mapped"]) { evidence in
    let judged = Set(evidence.shortages.filter { $0.consumer == .shmem }.numbers)
    let machine = evidence.machineShortages.measured { $0.shmem }
      .filter { $0.share >= 1.0 / 3 || judged.contains($0.event) && $0.share >= 0.1 }
    let cgroups = evidence.limitHits.filter { candidate in
      let share = candidate.memcgShare("shmem") ?? 0
      return share >= 0.5 || judged.contains(candidate.event.number) && share >= 0.1
    }
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
    let cited = Set(events)
    let mappers = evidence.shortages.filter { cited.contains($0.event.number) }
      .compactMap { $0.shmemMapper }
    // Where the victims did not map it, something holds it without any process.
    guard let mapper = mappers.last, mappers.count == events.count else {
      return [Recommendation("shmem", .high, .likely, events: events, reason: reason)]
    }
    reason.append(
      "\(mapper.victim.comm) (pid \(mapper.victim.pid)), which was killed, mapped \(mapper.amount)")
    return [
      Recommendation(
        "shmem", text: "shmem-mapped", .high, .likely, events: events, reason: reason)
    ]
  }
}

extension Evidence.Case {
  /// The victim that had mapped at least half of the machine's or the cgroup's shmem.
  fileprivate var shmemMapper: (victim: Victim, amount: Bytes)? {
    guard let whole = shmem, whole.count > 0 else { return nil }
    return victims.compactMap { victim in victim.shmemRSS.map { (victim: victim, amount: $0) } }
      .max { $0.amount < $1.amount }
      .flatMap { $0.amount.count >= whole.count / 2 ? $0 : nil }
  }
}
