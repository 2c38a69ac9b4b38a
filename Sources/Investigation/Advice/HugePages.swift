internal import OOMReports

extension AdviceRule {
  /// Huge pages lay idle in their pool, a twentieth of RAM or more; or a pool in use is the largest
  /// part of RAM.
  static let hugePages = AdviceRule("hugepages", texts: ["hugepages", "hugepages-used"]) {
    evidence in
    let found = evidence.machineShortages.measured { $0.hugePagesFree }.filter { $0.share >= 0.05 }
    guard let worst = found.max(by: { $0.share < $1.share }) else { return used(evidence) }
    return [
      Recommendation(
        "hugepages", .high, .likely, events: found.map(\.event),
        reason: [
          """
          \(worst.amount) of huge pages, \(share: worst.share) of RAM, were free in event \
          \(worst.event)
          """
        ], snippets: smallerPool(evidence, found.map(\.event)))
    ]
  }

  private static func used(_ evidence: Evidence) -> [Recommendation] {
    let found = evidence.machineShortages.filter { $0.consumer == .hugepages }
    let pools = found.measured { $0.hugePages }
    guard let worst = pools.max(by: { $0.share < $1.share }) else { return [] }
    return [
      Recommendation(
        "hugepages", text: "hugepages-used", .high, .likely, events: found.numbers,
        reason: [
          """
          pools of huge pages were \(worst.amount), \(share: worst.share) of RAM, and mostly in use, \
          in event \(worst.event)
          """
        ])
    ]
  }

  /// As many pages as were in use, where the pool is of one size, so that it is clear which setting
  /// it comes from. The kernel never frees pages that are promised.
  private static func smallerPool(_ evidence: Evidence, _ events: [Int]) -> [Snippet] {
    let pools = events.compactMap {
      evidence.reports[$0]?.memory?.hugePools.filter { $0.total > 0 }
    }
    guard let last = pools.last, let size = last.first?.size, size.count == 2 << 20,
      pools.joined().allSatisfy({ $0.size == size })
    else { return [] }
    // As sizes, since a forged count may be larger than what can be added up.
    let counts = pools.compactMap { pool in
      Bytes.sum(pool.map { size.times($0.total) }).flatMap { total in
        Bytes.sum(pool.map { size.times($0.free) }).map {
          (total: total.count / size.count, free: $0.count / size.count)
        }
      }
    }
    guard let most = counts.max(by: { $0.total - $0.free < $1.total - $1.free }),
      most.free >= 0, most.free <= most.total
    else { return [] }
    let promised = evidence.host?.meminfoCounts["HugePages_Rsvd"].map { max(0, $0) }
    guard promised ?? 0 < most.free else { return [] }
    let pages = most.total - most.free + (promised ?? 0)
    let rest: Sentence =
      promised.map { "; \($0) more are promised (HugePages_Rsvd)" }
      ?? "; HugePages_Rsvd of /proc/meminfo, which no report prints, goes in by hand"
    return [
      Snippet(
        .sysctl, .sysctl,
        // The kernel refuses what is no number, so that the missing one cannot be forgotten.
        ["vm.nr_hugepages = \(pages)" + (promised == nil ? "+HugePages_Rsvd" : "")],
        [
          """
          \(most.total) pages of \(size) less \(most.free) free were in use\(rest); the setting \
          counts pages of the size that /proc/meminfo calls Hugepagesize, which has to be this one
          """
        ])
    ]
  }
}
