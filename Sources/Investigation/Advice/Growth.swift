internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Whom to watch: processes that grew, names killed again and again, the largest of the last
  /// report.
  static let growth = AdviceRule("growth") { evidence in
    let events = evidence.shortages.map(\.event)
    let growing = ProcessGrowth.find(in: events, reports: evidence.reports)
      .filter { $0.trend == .sizesGrow && $0.isLarge }
    let repeated = RepeatedVictim.find(in: events, reports: evidence.reports)
    let largest = evidence.shortages.compactMap { candidate in
      candidate.largestTask.map { (event: candidate.event.number, task: $0) }
    }
    guard !growing.isEmpty || !repeated.isEmpty || !largest.isEmpty else { return [] }

    var reason = growing.prefix(3).map { sentence($0) }
    reason += repeated.prefix(3).map { sentence($0) }
    if let last = largest.last {
      reason.append(
        """
        \(last.task.row.name) (pid \(last.task.row.pid)) was the largest in event \(last.event) \
        with \(last.task.footprint), \(share: last.task.share) of the memory
        """
      )
    }
    if growing.isEmpty { reason.append("no process is seen to grow in three reports or more") }
    let cited =
      growing.prefix(3).flatMap { $0.sizes.map(\.event) }
      + repeated.prefix(3).flatMap(\.events) + (largest.last.map { [$0.event] } ?? [])
    return [
      Recommendation(
        "growth", growing.isEmpty ? .medium : .high, growing.isEmpty ? .possible : .likely,
        events: Set(cited).sorted(), reason: reason)
    ]
  }

  private static func sentence(_ growth: ProcessGrowth) -> Sentence {
    let sizes = Sentence.list(growth.sizes.suffix(5).map { "\($0.footprint)" })
    return "\(growth.comm) (pid \(growth.pid)) grew over \(growth.sizes.count, "report"): \(sizes)"
  }

  private static func sentence(_ victim: RepeatedVictim) -> Sentence {
    let place: Sentence =
      switch victim.place {
      case .limit(let path, _): " at the limit of \(path)"
      case .host(let host): host.map { " on \($0)" } ?? ""
      }
    let trend: Sentence =
      switch victim.trend {
      case .onlyCounts: "a count, which shows no growth"
      case .sizesSteady: "each at about the same size"
      case .sizesGrow: "each larger than the one before"
      case .sizesVary: "at sizes without a trend"
      }
    return
      """
      \(victim.comm) was killed \(victim.kills, "time")\(place) (\(victim.distinctPIDs, "pid")), \
      \(trend)
      """
  }
}

extension ProcessGrowth {
  /// Growth of less than 16 MiB explains no OOM.
  fileprivate var isLarge: Bool {
    guard let first = sizes.first, let last = sizes.last else { return false }
    return last.footprint.count - first.footprint.count >= 16 << 20
  }
}

extension Evidence.Case {
  /// The largest task, where it holds a quarter of what there is.
  fileprivate var largestTask: (row: TaskRow, footprint: Bytes, share: Double)? {
    guard let largest = report?.largestTasks().first, let available, available.count > 0 else {
      return nil
    }
    let share = Double(largest.footprint.count) / Double(available.count)
    return share >= 0.25 ? (largest.row, largest.footprint, share) : nil
  }
}
