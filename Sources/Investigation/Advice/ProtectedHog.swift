internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// The largest process was exempt from killing, which left others or nobody to kill.
  static let protectedHog = AdviceRule("protected-hog") { evidence in
    let found = evidence.shortages.compactMap { candidate in
      candidate.protectedHog.map { (candidate: candidate, hog: $0) }
    }
    guard let worst = found.max(by: { $0.hog.footprint < $1.hog.footprint }) else { return [] }
    return [
      Recommendation(
        "protected-hog", .high, .likely, events: found.map(\.candidate.event.number),
        reason: [
          """
          \(worst.hog.row.name) (pid \(worst.hog.row.pid)) is never killed and held \
          \(worst.hog.footprint)\(.part(worst.hog.share, of: "what there is")) in event \
          \(worst.candidate.event.number)
          """
        ])
    ]
  }
}

extension Evidence.Case {
  /// The largest row, where it is protected and holds at least a fifth of what there is.
  fileprivate var protectedHog: (row: TaskRow, footprint: Bytes, share: Double)? {
    guard let largest = report?.largestTasks().first, largest.row.isProtected,
      let available, available.count > 0
    else { return nil }
    let share = Double(largest.footprint.count) / Double(available.count)
    return share >= 0.2 ? (largest.row, largest.footprint, share) : nil
  }
}
