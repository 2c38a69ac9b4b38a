internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// The largest process was kept from killing by its `oom_score_adj`, wholly or far enough, which
  /// left others or nobody to kill.
  static let protectedHog = AdviceRule(
    "protected-hog", texts: ["protected-hog", "protected-hog-partly"]
  ) { evidence in
    let found = evidence.shortages.compactMap { candidate in
      candidate.protectedHog.map { (candidate: candidate, hog: $0) }
    }
    guard let worst = found.max(by: { $0.hog.footprint < $1.hog.footprint }) else { return [] }
    let isExempt = found.contains { $0.hog.row.isProtected }
    let state: Sentence =
      worst.hog.row.isProtected
      ? "is never killed" : "has oom_score_adj \(worst.hog.row.oomScoreAdj ?? 0)"
    return [
      Recommendation(
        "protected-hog", text: isExempt ? nil : "protected-hog-partly", .high, .likely,
        events: found.map(\.candidate.event.number),
        reason: [
          """
          \(worst.hog.row.name) (pid \(worst.hog.row.pid)) \(state) and held \
          \(worst.hog.footprint)\(.part(worst.hog.share, of: "what there is")) in event \
          \(worst.candidate.event.number)
          """
        ], snippets: lessProtection(found.map { ($0.candidate, $0.hog.row) }))
    ]
  }

  /// The most protection with which the kernel would have chosen it in all of these events.
  private static func lessProtection(_ found: [(candidate: Evidence.Case, row: TaskRow)])
    -> [Snippet]
  {
    guard let last = found.last else { return [] }
    let same = found.filter { $0.row.name == last.row.name }
    let needed = same.compactMap { item in
      item.candidate.scores.flatMap { scores in
        scores.badness.candidate(item.row.pid).flatMap(scores.badness.exposingAdjustment)
      }
    }
    guard needed.count == same.count, let adjustment = needed.max() else { return [] }
    // Rounded towards 0.
    let value = adjustment / 10 * 10
    let computedFrom: Sentence = """
      with \(adjustment) or more the kernel would have chosen \(last.row.name) in \
      \(same.count, "event"), before whom it killed; rounded to tens
      """
    let settings = ["OOMScoreAdjust=\(value)"]
    if last.candidate.scope == .memcg, let path = last.candidate.limitPath,
      let unit = UnitPlace(of: path), unit.isService
    {
      return [unit.snippet(settings, [computedFrom])]
    }
    return [
      Snippet(
        .systemd,
        .byHand(
          "oom-score-adj-\(PlainName.fileName(last.row.name)).conf",
          """
          a drop-in of the unit that starts \(last.row.name), which no report names (systemctl status \
          \(last.row.pid) does, while it runs)
          """),
        ["[Service]"] + settings, [computedFrom])
    ]
  }
}

extension Evidence.Case {
  /// The largest row, where it is protected, or spared for its setting as the verdict says, and holds
  /// at least a fifth of what there is.
  fileprivate var protectedHog: (row: TaskRow, footprint: Bytes, share: Double)? {
    // A row that says so of the task that was killed contradicts the kill line.
    guard let largest = report?.largestTasks().first,
      report?.victims.contains(where: { $0.pid == largest.row.pid }) == false,
      largest.row.isProtected
        || culprit?.selection.value == .protectedCulprit && (largest.row.oomScoreAdj ?? 0) < 0,
      let all = availableWithSwap, all.count > 0
    else { return nil }
    let share = Double(largest.footprint.count) / Double(all.count)
    return share >= 0.2 ? (largest.row, largest.footprint, share) : nil
  }
}
