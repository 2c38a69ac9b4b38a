internal import KernelLog
internal import OOMReports

/// Why the kernel killed whom it killed.
extension Culprit {
  static func selection(of report: OOMReport, _ scores: Selection?) -> Answer<Choice> {
    if let ending = report.ending { return ended(ending, report) }
    if report.trigger == .sysrq {
      return Answer(
        .manual, .certain,
        [sysrq(report)] + (first(scores).map { [$0] } ?? []),
        refutedBy: "nothing: only SysRq prints this")
    }
    if report.isAllocatingTaskKill {
      return Answer(
        .allocatingTask, .certain,
        [
          Evidence(
            report.victims.first?.line, "the kill line names oom_kill_allocating_task")
        ], refutedBy: "nothing: no other kill line has these words")
    }
    if let group = report.groupKill {
      return Answer(
        .group, .certain,
        [Evidence(group.line, "memory.oom.group of \(group.value) had all of it killed")],
        refutedBy: "nothing: the kernel says so")
    }
    guard let victim = report.victims.first else {
      return Answer(
        .unknown, .possible, [], refutedBy: "a kill line, which this log does not hold")
    }
    if let intent = report.intent, intent.value.pid != victim.pid,
      !areThreads(intent.value.pid, victim.pid, report)
    {
      return Answer(
        .childSacrifice, .certain,
        [
          Evidence(intent.line, "\(intent.value.comm) (\(intent.value.pid)) was chosen"),
          Evidence(victim.line, "\(victim.comm) (\(victim.pid)) was killed"),
        ],
        refutedBy: "both being threads of one process")
    }
    return byScore(report, victim, scores)
  }

  /// The kernel panicked or found nobody.
  private static func ended(_ ending: Cited<LogText>, _ report: OOMReport) -> Answer<Choice> {
    let words = ending.value.description
    let isPanic = words.contains("panic_on_oom")
    return Answer(
      isPanic ? .panic : .noCandidate, .certain, [Evidence(ending.line, "\(ending.value)")],
      refutedBy: Refuter(
        "a kill line behind it",
        report.victims.filter { $0.line > ending.line }.map {
          Refuter.Objection(.refutes, $0.line, "\($0.comm) (\($0.pid)) was killed")
        }))
  }

  /// Whether two pids are of one process: the table lists it once, with both.
  private static func areThreads(_ first: Int64, _ second: Int64, _ report: OOMReport) -> Bool {
    (report.tasks?.rows ?? []).contains { row in
      row.pid != row.tgid && Set([row.pid, row.tgid]) == [first, second]
    }
  }

  private static func first(_ scores: Selection?) -> Evidence? {
    scores?.badness.first.map {
      Evidence($0.row.line, "\($0.row.name) (\($0.row.pid)) has the highest score")
    }
  }

  private static func byScore(
    _ report: OOMReport, _ victim: Victim, _ scores: Selection?
  ) -> Answer<Choice> {
    let adj = victim.oomScoreAdj ?? scores?.chosen?.row.oomScoreAdj
    guard let scores, let chosen = scores.chosen else {
      let raised = (adj ?? 0) > 0
      return Answer(
        raised ? .raisedAdj : .highestBadness, .possible,
        [Evidence(victim.line, "killed as the kernel's choice; the ranking is not in the log")],
        refutedBy: Refuter(TaskSearch(report).absence))
    }
    let larger = scores.badness.candidates.filter {
      $0.row.pid != chosen.row.pid && $0.pages > chosen.pages
    }
    let ranked = scores.badness.candidates.count { $0.rank != nil }
    let ranking = Evidence(
      chosen.row.line,
      chosen.rank.map { "rank \($0) of the \(ranked, "task") that could be chosen" }
        ?? "the table's row of it may not be chosen")
    let certainty: Certainty = scores.verdict.isReproduced ? .certain : .likely
    let refutation = Refuter(
      "a task with a higher score that nothing excludes",
      objections(scores, chosen) + TaskSearch(report).missing)
    let kept = larger.filter { $0.exclusion == .protected || ($0.row.oomScoreAdj ?? 0) < 0 }
    if let largest = kept.max(by: { $0.pages < $1.pages }),
      Double(largest.pages) > 1.1 * Double(chosen.pages)
    {
      return Answer(
        .protectedCulprit, certainty,
        [
          ranking,
          Evidence(
            largest.row.line,
            """
            \(largest.row.name) (\(largest.row.pid)) was larger, with oom_score_adj \
            \(largest.row.oomScoreAdj ?? 0)
            """),
        ], refutedBy: refutation)
    }
    if let adj, adj > 0, let largest = larger.max(by: { $0.pages < $1.pages }) {
      return Answer(
        .raisedAdj, certainty,
        [
          ranking, Evidence(chosen.row.line, "its oom_score_adj was \(adj)"),
          Evidence(
            largest.row.line, "\(largest.row.name) (\(largest.row.pid)) was larger"),
        ], refutedBy: refutation)
    }
    if case .unexplained = scores.verdict {
      return Answer(
        .unknown, .possible, [ranking],
        refutedBy: "what the table does not show: a task that was exiting, or a capability")
    }
    return Answer(.highestBadness, certainty, [ranking], refutedBy: refutation)
  }
}

extension Culprit {
  /// What the recomputed scores hold against the choice, though they explain it.
  private static func objections(
    _ scores: Selection, _ chosen: Badness.Candidate
  ) -> [Refuter.Objection] {
    let above = scores.badness.candidates.filter {
      $0.exclusion == nil && $0.row.pid != chosen.row.pid && $0.score > chosen.score
    }
    let highest = above.first.map {
      Refuter.Objection(
        .doubts, $0.row.line, "\($0.row.name) (\($0.row.pid)) has a higher score by the table")
    }
    let printed = scores.printed.flatMap { printed in
      printed.fit == .agrees
        ? nil
        : Refuter.Objection(
          .doubts, printed.line,
          "the kernel printed the score \(printed.score), the table comes to \(printed.computed)")
    }
    // An event before may have killed it already, and in vain; the others are never chosen.
    let excluded: Refuter.Objection? =
      switch chosen.exclusion {
      case .protected, .initProcess:
        Refuter.Objection(
          .refutes, chosen.row.line, "by its row \(chosen.row.name) is never chosen")
      case .alreadyKilled, nil: nil
      }
    return [highest, printed, excluded].compactMap(\.self)
  }
}

extension Selection.Verdict {
  /// Whether the recomputed ranking leads to the choice.
  package var isReproduced: Bool {
    switch self {
    case .reproduced, .childSacrificed, .withinError, .vforkAbove: true
    default: false
    }
  }
}
