internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Whom to watch where nothing is seen to grow: names killed again and again, and the largest of
  /// the last report, as far as processes hold the memory. Events of a process that grew are told
  /// there.
  static let watchLargest = AdviceRule("watch-largest") { evidence in
    let grown = Set(evidence.growing.flatMap { $0.sizes.map(\.event) })
    let blameless = evidence.shortages.filter { $0.report != nil && !$0.isFilledByProcesses }
      .numbers
    let told = grown.union(blameless)
    let repeated = RepeatedVictim.find(
      in: evidence.shortages.map(\.event), reports: evidence.reports
    ).filter { !told.isSuperset(of: $0.events) }
    let largest = evidence.shortages.filter { !grown.contains($0.event.number) }
      .compactMap(\.largestTask).last
    guard !repeated.isEmpty || largest != nil else { return [] }

    var reason: [Sentence] = []
    for victim in repeated.prefix(3) {
      reason.append(sentence(victim))
      if let crowd = evidence.crowd(of: victim.comm) { reason.append(crowd) }
    }
    if let largest { reason.append(largest.sentence) }
    let tables = evidence.shortages.filter { $0.report?.tasks != nil }.count
    if tables < 3 {
      reason.append("growth cannot be seen in fewer than three reports with a task table")
    } else if grown.isEmpty {
      reason.append("no process grew much over three reports or more and a minute")
    }
    let cited = repeated.prefix(3).flatMap(\.events) + (largest.map { [$0.event] } ?? [])
    return [
      Recommendation(
        "watch-largest", .medium, .possible, events: Set(cited).sorted(), reason: reason)
    ]
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
    guard let largest = report?.largestTasks().first, let all = availableWithSwap, all.count > 0
    else { return nil }
    // What lies in swap is no part of RAM or of the limit.
    let hasSwap = (largest.row.swap?.count ?? 0) > 0
    let share = Double(largest.footprint.count) / Double(all.count)
    guard share >= 0.25, !isOutweighed(largest.row, largest.footprint) else { return nil }
    let part = Double(largest.footprint.count) / Double(max(1, available?.count ?? 1))
    return LargestTask(
      event: event.number,
      sentence: """
        \(largest.row.name) (pid \(largest.row.pid)) was the largest in event \(event.number) \
        with \(largest.footprint) in RAM and swap\(hasSwap ? "" : .part(part, of: availableName))
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
