internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Nothing could be killed: the request failed for ever, or the kernel panicked.
  static let noKillable = AdviceRule("no-killable") { evidence in
    let cases = evidence.shortages.filter { $0.foundNothingToKill }
    guard !cases.isEmpty else { return [] }
    let panics = cases.filter { $0.event.outcome == .panic }.count
    var reason: [Sentence] = [
      "the kernel found no process that it may kill in \(cases.count, "event")"
    ]
    if panics > 0 { reason.append("\(panics) of these ended in a panic") }
    if let hog = cases.compactMap({ $0.largestProtected }).max(by: { $0.footprint < $1.footprint })
    {
      reason.append("\(hog.row.name) (pid \(hog.row.pid)) is protected and held \(hog.footprint)")
    }
    return [
      Recommendation("no-killable", .critical, .certain, events: cases.numbers, reason: reason)
    ]
  }
}

extension Evidence.Case {
  fileprivate var foundNothingToKill: Bool {
    if event.outcome == .noVictim { return true }
    guard event.outcome == .panic, let ending = report?.ending?.value.bytes else { return false }
    return ["no killable processes", "deadlocked on memory"].contains { words in
      ending.contains(Array(words.utf8))
    }
  }

  /// The largest row of the task table that the kernel may not choose.
  var largestProtected: (row: TaskRow, footprint: Bytes)? {
    report?.largestTasks().first { $0.row.isProtected }
  }
}
