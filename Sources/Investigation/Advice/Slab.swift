internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Kernel objects dominate: the largest part of RAM or of a cgroup, a quarter of RAM, or more than
  /// user memory.
  static let slab = AdviceRule("slab") { evidence in
    let judged = Set(evidence.machineShortages.filter { $0.consumer == .slab }.numbers)
    let machine = evidence.machineShortages.measured { $0.slabUnreclaimable }
      .filter { $0.share >= 0.25 || judged.contains($0.event) && $0.share >= 0.1 }
    let listed = evidence.machineShortages.filter { $0.listsLargeSlab }
    let cgroups = evidence.limitHits.filter { candidate in
      candidate.consumer == .slab || (candidate.memcgShare("slab_unreclaimable") ?? 0) >= 0.5
    }
    let events = Set(machine.map(\.event) + listed.numbers + cgroups.numbers).sorted()
    guard !events.isEmpty else { return [] }
    var reason: [Sentence] = []
    if let worst = machine.max(by: { $0.share < $1.share }) {
      reason.append(
        """
        unreclaimable slab was \(worst.amount), \(share: worst.share) of RAM, in event \
        \(worst.event)
        """
      )
    }
    if let last = listed.last {
      reason.append("the kernel itself listed its slab caches in event \(last.event.number)")
      if let largest = last.memory?.slabCaches.max(by: { $0.total < $1.total }) {
        reason.append("the largest is \(LogText(largest.name)) with \(largest.total)")
      }
    }
    if !cgroups.isEmpty {
      reason.append("slab was the most of a cgroup's usage in \(cgroups.count, "event")")
    }
    return [
      Recommendation(
        "slab", .high, listed.isEmpty ? .likely : .certain, events: events, reason: reason)
    ]
  }
}

extension Evidence.Case {
  /// Whether the kernel listed its slab caches and they matter.
  ///
  /// It lists them where user memory is less than unreclaimable slab, which on a machine that
  /// something else fills may be next to nothing: a tenth of RAM is asked for, where it is known.
  fileprivate var listsLargeSlab: Bool {
    guard memory?.slabCaches.isEmpty == false else { return false }
    return ledger.flatMap { $0.share($0.slabUnreclaimable) }.map { $0 >= 0.1 } ?? true
  }
}
