internal import KernelLog
internal import OOMReports

/// What the events show together.
extension Evidence {
  /// Processes of one name that are too many.
  struct Pool: Sendable {
    let population: Population
    let verdict: Population.Verdict
  }

  /// The RAM of the machine that an event is of, as other reports of the same log or host tell it, or
  /// the machine itself; the least, where it changed.
  func ram(of event: Event) -> Bytes? {
    let same = shortages.filter { other in
      other.event.host == event.host && (event.host != nil || other.event.input == event.input)
    }
    return (same.compactMap { $0.ledger?.managed } + [host?.meminfo["MemTotal"]].compactMap { $0 })
      .filter { $0.count > 0 }.min()
  }

  /// Growth needs three tables and a minute, and a twentieth of what there is.
  func findGrowing() -> [ProcessGrowth] {
    let available = Dictionary(
      shortages.compactMap { candidate in
        candidate.available.map { (candidate.event.number, $0) }
      }
    ) { first, _ in first }
    return ProcessGrowth.find(in: shortages.map(\.event), reports: reports)
      .filter { $0.trend == .sizesGrow && $0.takesTime && $0.matters(among: available) }
  }

  /// Whether a process of this event grew until it held half of what there was: more memory would only
  /// have made it larger.
  func isOutgrown(_ candidate: Case) -> Bool {
    guard let available = candidate.availableWithSwap else { return false }
    return growing.contains { growth in
      growth.sizes.contains { $0.event == candidate.event.number }
        && (growth.sizes.last?.footprint.count ?? 0) >= available.count / 2
    }
  }

  /// Four or more of a name that have most of the memory, and cannot all live or are replaced as
  /// they die. One service that is started again after each kill is no pool.
  func findPools() -> [Pool] {
    let found = Population.find(nil, in: shortages.map(\.event), reports: reports)
    let filled = Set(shortages.filter { $0.isFilledByProcesses }.numbers)
    guard case .success(let populations) = found else { return [] }
    return populations.compactMap { population in
      guard let last = population.samples.last, last.count >= 4, last.hasMostRSS,
        filled.contains(last.event)
      else { return nil }
      let verdict = population.verdicts.first { verdict in
        switch verdict.kind {
        case .treadmill, .poolTooLarge: verdict.certainty != .possible
        case .restarted, .growing, .renewed, .forkBomb: false
        }
      }
      return verdict.map { Pool(population: population, verdict: $0) }
    }
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
