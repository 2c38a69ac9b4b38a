internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Nothing could be killed: the request failed for ever, or the kernel panicked.
  static let noKillable = AdviceRule("no-killable", texts: ["no-killable", "no-killable-left"]) {
    evidence in
    let cases = evidence.shortages.filter { $0.foundNothingToKill }
    let excluded = cases.filter { $0.candidates.isEmpty }
    let left = cases.filter { !$0.candidates.isEmpty }
    var found: [Recommendation] = []
    if !excluded.isEmpty {
      var reason = summary(of: Array(excluded))
      let hogs = excluded.compactMap { $0.largestProtected }
      if let hog = hogs.max(by: { $0.footprint < $1.footprint }) {
        reason.append("\(hog.row.name) (pid \(hog.row.pid)) is protected and held \(hog.footprint)")
      }
      found.append(
        Recommendation(
          "no-killable", .critical, .certain, events: excluded.numbers, reason: reason,
          snippets: killable(Array(excluded))))
    }
    if let last = left.last {
      var reason = summary(of: Array(left))
      reason.append(
        """
        yet the task table of event \(last.event.number) has \(last.candidates.count, "row") that \
        oom_score_adj does not exclude
        """)
      if let dropped = last.report?.droppedRowCount, dropped > 0 {
        reason.append("its record leaves out \(dropped, "further row")")
      }
      if let largest = last.candidates.first {
        reason.append("the largest of them is \(largest.row.name) with \(largest.footprint)")
      }
      found.append(
        Recommendation(
          "no-killable", text: "no-killable-left", .critical, .likely, events: left.numbers,
          reason: reason))
    }
    return found
  }

  /// For the service whose limit it is: everything in it that is protected is the unit's.
  private static func killable(_ cases: [Evidence.Case]) -> [Snippet] {
    guard let last = cases.last(where: { $0.limitPath != nil && $0.largestProtected != nil }),
      let path = last.limitPath, let unit = UnitPlace(of: path), unit.isService
    else { return [] }
    return [
      unit.snippet(
        ["OOMScoreAdjust=-900"],
        [
          """
          -1000 alone excludes a process; with -900 the kernel can choose it at this limit, and still \
          leaves 900 thousandths of all memory to it when the machine runs out
          """
        ])
    ]
  }

  private static func summary(of cases: [Evidence.Case]) -> [Sentence] {
    let panics = cases.filter { $0.event.outcome == .panic }.count
    var reason: [Sentence] = [
      "the kernel found no process that it may kill in \(cases.count, "event")"
    ]
    if panics > 0 { reason.append("\(panics) of these ended in a panic") }
    return reason
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

  /// The rows that the kernel might have chosen, largest first. Init is listed, but never chosen.
  fileprivate var candidates: [(row: TaskRow, footprint: Bytes)] {
    (report?.largestTasks() ?? []).filter { !$0.row.isProtected && $0.row.pid != 1 }
  }

  /// The largest row of the task table that the kernel may not choose.
  var largestProtected: (row: TaskRow, footprint: Bytes)? {
    report?.largestTasks().first { $0.row.isProtected }
  }
}
