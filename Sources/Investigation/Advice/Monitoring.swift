internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Alerts to have before the next time, once for all events.
  static let monitoring = AdviceRule("monitoring") { evidence in
    let shortages = evidence.shortages.filter { !$0.isRefuted && $0.forbiddenZones.isEmpty }.numbers
    guard !shortages.isEmpty else { return [] }
    // A request that finds nothing to kill is made again and again: one shortage, many reports.
    let isLoop = evidence.shortages.allSatisfy { $0.event.outcome == .noVictim }
    var reason: [Sentence] = [
      isLoop
        ? "memory was short, with nothing to kill, in \(shortages.count, "report")"
        : "memory ran out in \(shortages.count, "event")"
    ]
    let unknown = evidence.shortages.filter { $0.culprit?.scope.value == .unknown }.numbers
    if !isLoop, !unknown.isEmpty {
      reason.append("in \(unknown.count, "event") the log does not tell whose")
    }
    if let recent = recent(evidence), recent > 0 {
      reason.append("\(recent) of these in the last 24 hours of the data")
    }
    return [
      Recommendation("monitoring", .general, .certain, events: shortages, reason: reason)
    ]
  }

  /// Shortages within a day before the anchor; nil where there is no anchor.
  private static func recent(_ evidence: Evidence) -> Int? {
    guard let anchor = evidence.anchorMicros else { return nil }
    let day: Int64 = 86_400_000_000
    let start = anchor.subtractingReportingOverflow(day)
    guard !start.overflow else { return nil }
    return evidence.shortages.filter { candidate in
      candidate.event.time.wallMicros.map { (start.partialValue...anchor).contains($0) } ?? false
    }.count
  }
}
