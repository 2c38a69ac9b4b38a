internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Whom to watch: processes that grew, names killed again and again, the largest of the last
  /// report.
  static let growth = AdviceRule("growth") { evidence in
    let events = evidence.shortages.map(\.event)
    let available = Dictionary(
      evidence.shortages.compactMap { candidate in
        candidate.available.map { (candidate.event.number, $0) }
      }
    ) { first, _ in first }
    let growing = ProcessGrowth.find(in: events, reports: evidence.reports)
      .filter { $0.trend == .sizesGrow && $0.takesTime && $0.matters(among: available) }
    let repeated = RepeatedVictim.find(in: events, reports: evidence.reports)
    let largest = evidence.shortages.compactMap(\.largestTask).last
    guard !growing.isEmpty || !repeated.isEmpty || largest != nil else { return [] }

    var reason = growing.prefix(3).map { sentence($0) }
    for victim in repeated.prefix(3) {
      reason.append(sentence(victim))
      if let crowd = evidence.crowd(of: victim.comm) { reason.append(crowd) }
    }
    if let largest { reason.append(largest.sentence) }
    if growing.isEmpty {
      let tables = evidence.shortages.filter { $0.report?.tasks != nil }.count
      reason.append(
        tables < 3
          ? "growth cannot be seen in fewer than three reports with a task table"
          : "no process grew much over three reports or more and a minute")
    }
    let cited =
      growing.prefix(3).flatMap { $0.sizes.map(\.event) }
      + repeated.prefix(3).flatMap(\.events) + (largest.map { [$0.event] } ?? [])
    return [
      Recommendation(
        "growth", growing.isEmpty ? .medium : .high, growing.isEmpty ? .possible : .likely,
        events: Set(cited).sorted(), reason: reason)
    ]
  }

  private static func sentence(_ growth: ProcessGrowth) -> Sentence {
    var shown = growth.sizes.map { size -> Sentence in "\(size.footprint)" }
    if shown.count > 5 { shown = [shown[0], "…"] + shown.suffix(4) }
    let sizes = Sentence.list(shown)
    return "\(growth.comm) (pid \(growth.pid)) grew over \(growth.sizes.count, "report"): \(sizes)"
  }

  private static func sentence(_ victim: RepeatedVictim) -> Sentence {
    let place: Sentence =
      switch victim.place {
      case .limit(let path, _): " at the limit of \(path)"
      case .someLimit: " at the limit of a cgroup that the log does not name"
      case .host(let host): host.map { " on \($0)" } ?? ""
      }
    let trend: Sentence =
      switch victim.trend {
      case .onlyCounts: "a count, which shows no growth"
      case .sizesSteady: "each at about the same size"
      case .sizesGrow: "larger from kill to kill"
      case .sizesFall: "smaller from kill to kill, so that something else took more"
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
  /// Whether a minute or more lies between the first and the last size: less shows a start or a
  /// burst. Without times nothing is known of it.
  fileprivate var takesTime: Bool { (spanMicros ?? 0) >= 60_000_000 }

  /// Whether it grew by a twentieth of RAM or of the limit: less than that explains no OOM.
  ///
  /// A worker of a pool grows a little in every report, and none of the hundreds is the cause.
  fileprivate func matters(among available: [Int: Bytes]) -> Bool {
    guard let first = sizes.first, let last = sizes.last, let whole = available[last.event] else {
      return false
    }
    return Double(last.footprint.count - first.footprint.count) >= 0.05 * Double(whole.count)
  }
}

extension Evidence {
  /// How many processes of a name the newest task table lists, where these are many.
  fileprivate func crowd(of comm: LogText) -> Sentence? {
    let newest = shortages.compactMap { candidate in
      candidate.report?.tasks.map { (event: candidate.event.number, rows: $0.rows) }
    }.last
    guard let newest else { return nil }
    let count = newest.rows.filter { $0.name == comm }.count
    return count < 8 ? nil : "\(count) processes named \(comm) ran at once in event \(newest.event)"
  }
}

/// The largest process of a report.
private struct LargestTask {
  let event: Int
  let sentence: Sentence
}

extension Evidence.Case {
  /// The largest task, where it holds a quarter of what there is, and no other holder has more.
  fileprivate var largestTask: LargestTask? {
    guard let largest = report?.largestTasks().first, let available, available.count > 0 else {
      return nil
    }
    let share = Double(largest.footprint.count) / Double(available.count)
    guard share >= 0.25, !isOutweighed(largest.row, largest.footprint) else { return nil }
    // What lies in swap is no part of RAM or of the limit.
    let hasSwap = (largest.row.swap?.count ?? 0) > 0
    let whole: Sentence = scope == .memcg ? "the limit" : "RAM"
    return LargestTask(
      event: event.number,
      sentence: """
        \(largest.row.name) (pid \(largest.row.pid)) was the largest in event \(event.number) \
        with \(largest.footprint) in RAM and swap\(hasSwap ? "" : .part(share, of: whole))
        """)
  }

  /// Whether something that is not the process's holds more than it does: files of a tmpfs, kernel
  /// objects, huge pages. Then the process is the victim, not the cause.
  private func isOutweighed(_ row: TaskRow, _ footprint: Bytes) -> Bool {
    let ofVictim = victims.first { $0.pid == row.pid }?.shmemRSS
    let mapped =
      row.rssShmem.flatMap { $0.bytes(report?.pageSize ?? .assumed) } ?? ofVictim ?? Bytes(0)
    let others = shmem.map { Bytes(max(0, $0.count) - min(max(0, mapped.count), max(0, $0.count))) }
    let ofMachine =
      scope == .memcg
      ? [] : [ledger?.slabUnreclaimable, ledger?.hugePages, ledger?.unaccounted]
    return (ofMachine + [others]).contains { holder in holder.map { $0 > footprint } ?? false }
  }
}
