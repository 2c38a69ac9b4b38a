internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Processes of one name that together need more than there is, or come back as fast as they die.
  static let workerPool = AdviceRule("worker-pool") { evidence in
    let pools = evidence.pools.prefix(3)
    guard !pools.isEmpty else { return [] }
    var reason: [Sentence] = []
    var snippets: [Snippet] = []
    for pool in pools {
      let comm = pool.population.comm
      reason.append("\(comm): \(pool.verdict.reason)")
      guard let limit = WorkerLimit(pool.population, in: evidence) else { continue }
      reason.append("\(limit.workers) of them would have fitted: \(limit.computedFrom)")
      if let snippet = limit.snippet(of: comm) { snippets.append(snippet) }
    }
    return [
      Recommendation(
        "worker-pool", .high,
        pools.allSatisfy { $0.verdict.certainty == .certain } ? .certain : .likely,
        events: Set(pools.flatMap { $0.population.samples.map(\.event) }).sorted(), reason: reason,
        snippets: snippets)
    ]
  }
}
