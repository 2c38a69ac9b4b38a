internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What a recomputed selection comes to, in sentences.
struct SelectionWords {
  private let page: PageSize
  private let units: SizeUnits

  init(_ report: OOMReport, _ units: SizeUnits) {
    page = report.pageSize
    self.units = units
  }

  static func text(_ obstacle: BadnessRule.Obstacle) -> String {
    switch obstacle {
    case .rowsDropped(let kept, let count):
      "The scores cannot be recomputed: the event's record keeps \(kept) of \(count) rows of the "
        + "task table. Load the log itself, or records made with --tasks=all."
    case .noTable:
      "The scores cannot be recomputed: the log holds no task table for this event "
        + "(vm.oom_dump_tasks=0, a rate limit, or lost lines)."
    case .oldRule:
      "The scores cannot be recomputed: kernels to 2.6.35 weigh address space, run time, nice value "
        + "and children, which no log prints."
    case .unknownColumns:
      "The scores cannot be recomputed: the task table's header is lost and its columns could be "
        + "one or another."
    case .noTotal:
      "The scores cannot be recomputed: oom_score_adj counts in thousandths of all memory, and the "
        + "log does not print how much that was."
    }
  }

  static func rule(_ rule: BadnessRule) -> String {
    let bonus =
      switch rule.rootBonus {
      case .applies: rule.scale == .pages ? "; root is let off 3 %" : "; root is let off 30"
      case .none: ""
      case .unknown: "; root may be let off 3 %"
      }
    return switch rule.scale {
    case .pages: "rss + swap + page tables + adj thousandths of all memory\(bonus)"
    case .perMille: "(rss + swap) in whole thousandths of all memory + adj\(bonus)"
    }
  }

  static func source(_ total: MemoryTotal) -> String {
    let what =
      switch total.source {
      case .machine: "managed RAM and swap"
      case .cgroup: "the cgroup's limit"
      case .nodes: "the allowed nodes' memory, and swap"
      case .asked: "as asked"
      case .event(let number): "managed RAM and swap, as event \(number) of this boot prints them"
      }
    return total.isExact ? what : "\(what); more with the swap that it may use"
  }

  static func short(_ exclusion: Badness.Exclusion) -> String {
    switch exclusion {
    case .protected: "never: adj -1000"
    case .initProcess: "never: process 1"
    case .alreadyKilled(let event): "killed already, event \(event)"
    }
  }

  func size(_ pages: Int64) -> String {
    Pages(pages).bytes(page).map { units.text(bytes: $0.count) } ?? "\(pages) pages"
  }

  private func name(_ candidate: Badness.Candidate) -> String {
    "\(Visible.text(candidate.row.name.description)) (\(candidate.row.pid))"
  }

  private func score(_ score: Int64, _ rule: BadnessRule) -> String {
    rule.scale == .pages ? size(score) : "\(score) ‰"
  }

  private func others(_ count: Int) -> String { count == 1 ? "1 other" : "\(count) others" }

  func verdict(_ selection: Selection, _ report: OOMReport) -> String {
    let badness = selection.badness
    let count = badness.candidates.count { $0.rank != nil }
    let chosen = selection.chosen.map(name) ?? "the chosen task"
    let first = badness.first.map(name) ?? "no task"
    let tasks = count == 1 ? "the only task that could be chosen" : "\(count) tasks"
    switch selection.verdict {
    case .reproduced(let tied), .childSacrificed(let tied):
      var text =
        count == 1
        ? "Reproduced: \(chosen) was \(tasks)."
        : tied == 0
          ? "Reproduced: \(chosen) has the highest score of \(tasks)."
          : "Reproduced: \(chosen) shares the highest score with \(others(tied)), and the kernel "
            + "takes the \(badness.rule.tie == .first ? "first" : "last") of them in its list."
      if case .childSacrificed = selection.verdict, let victim = report.victims.first {
        text +=
          " It then killed a child in its place: \(Visible.text(victim.comm.description)) "
          + "(\(victim.pid)), as kernels to 5.0 do."
      }
      if report.groupKill != nil {
        text += " memory.oom.group then had the whole cgroup killed with it."
      }
      if selection.printed?.hidden != nil {
        text += " It needs the printed score: part of its memory is in no column of the table."
      }
      return text
    case .allocatingTask:
      return
        "vm.oom_kill_allocating_task was set: the kernel killed the task that asked for memory, "
        + "without comparing scores. By its scores it would have been \(first)."
    case .notInTable:
      return "Not reproduced: the chosen task stands in no row of the table, so lines of it are "
        + "lost, or it is a thread whose process is listed under another pid. The highest score in "
        + "the table is that of \(first)."
    case .withinError(let above, let pages):
      return "Reproduced within the counters' error: \(others(above)) score up to \(size(pages)) "
        + "more than \(chosen), which is no more than what processors keep back uncounted."
    case .tiedOtherwise(let count):
      return
        "Nearly reproduced: \(chosen) shares the highest score with \(others(count)), of which "
        + "the rule would take \(first). "
        + (badness.rule.scale == .perMille
          ? "Scores are whole thousandths, so memory that the table does not show decides."
          : "A page more or less since the kernel compared them decides.")
    case .vforkAbove(let pid):
      return "Reproduced but for one: process \(pid) scores higher and has the same memory as its "
        + "parent, so it stood between vfork() and exec(), where the kernel passes a task over."
    case .unexplained(let above, let pages):
      return "Not reproduced: \(others(above)) score higher than \(chosen), the first of them, "
        + "\(first), by \(size(pages)). The log does not say why it was passed over: it may have "
        + "been exiting or already reaped, or hold a capability; or the log was edited."
    case .lost:
      return "The log ends before it says whom the kernel chose."
        + (badness.first == nil ? "" : " The highest score is that of \(first).")
    case .nothingChosen:
      return badness.first == nil
        ? "No task could be chosen: every one in the table is protected by oom_score_adj -1000 or "
          + "already killed."
        : "The kernel chose nothing, so there is no choice to explain. The highest score is that of "
          + "\(first)."
    }
  }

  /// What the chosen task's score is ahead by, and of whom.
  func margin(_ selection: Selection) -> (cell: Cell, rival: String)? {
    guard let chosen = selection.chosen,
      let rival = selection.badness.candidates.first(where: {
        $0.exclusion == nil && $0.row.pid != chosen.row.pid
      }), chosen.score >= rival.score
    else { return nil }
    let ahead = chosen.score - rival.score
    let cell: Cell =
      selection.badness.rule.scale == .perMille
      ? .integer(ahead) : Pages(ahead).bytes(page).map { .bytes($0.count) } ?? .missing
    return (cell, name(rival))
  }

  /// What the ranking takes for granted.
  func doubts(_ selection: Selection) -> [String] {
    var doubts: [String] = []
    let badness = selection.badness
    if let printed = selection.printed, printed.fit == .contradicts {
      doubts.append(
        "the printed score, \(printed.score), does not fit the task's row, which comes to "
          + "\(printed.computed) and shows all that counts: the kernel may have counted against "
          + "other memory (a cpuset's), or not by size (a task that swapoff or KSM had it kill), the "
          + "task may have changed since, or the log was edited")
    }
    if badness.rule.rootBonus != .none, badness.candidates.contains(where: { $0.row.uid == 0 }) {
      doubts.append("uid 0 is taken for CAP_SYS_ADMIN, which no log prints")
    }
    if let doubt = totalDoubt(badness) { doubts.append(doubt) }
    if let doubt = page.doubt { doubts.append(doubt) }
    doubts.append("the table is written after the choice: a task may have grown in between")
    return doubts
  }

  /// What adjustments count for where the report does not tell; nil where it does, or no task has any.
  func totalDoubt(_ badness: Badness) -> String? {
    guard let total = badness.total, !total.isExact,
      badness.candidates.contains(where: { ($0.row.oomScoreAdj ?? 0) != 0 })
    else { return nil }
    let whose = total.source == .cgroup ? "the cgroup could use" : "there was"
    return "the report does not print how much swap \(whose): adjustments count for "
      + (total.isBounded
        ? "\(SizeUnits.interval(size(total.low / 1000), size(total.high / 1000))) a point"
        : "\(size(total.low / 1000)) a point or more")
  }

  func fate(
    of candidate: Badness.Candidate, _ selection: Selection, _ report: OOMReport
  ) -> String {
    let badness = selection.badness
    if report.victims.contains(where: { $0.pid == candidate.row.pid }) {
      return "It was killed. \(verdict(selection, report))"
    }
    switch candidate.exclusion {
    case .protected:
      return "It could not be chosen: its oom_score_adj is -1000. Without that its score would be "
        + "\(size(candidate.pages))."
    case .initProcess: return "It could not be chosen: the kernel never kills process 1."
    case .alreadyKilled(let event):
      return "Event \(event) had killed it already, and its memory was being taken."
    case nil: break
    }
    guard let rank = candidate.rank, let chosen = selection.chosen else {
      let choice =
        selection.verdict == .lost
        ? "whom the kernel chose is not in the log" : "the kernel chose nothing"
      return "It has rank \(candidate.rank ?? 0); \(choice)."
    }
    guard chosen.row.pid != candidate.row.pid else {
      let end = report.victims.isEmpty ? " How that ended is not in the log." : ""
      return "It was chosen.\(end) \(verdict(selection, report))"
    }
    let behind = chosen.score - candidate.score
    let count = badness.candidates.count { $0.rank != nil }
    var text =
      "It was spared with rank \(rank) of \(count): its score, "
      + "\(score(candidate.score, badness.rule)), is "
      + (behind >= 0
        ? "\(score(behind, badness.rule)) below that of \(name(chosen))."
        : "\(score(-behind, badness.rule)) above that of \(name(chosen)), which was chosen.")
    let adj = candidate.row.oomScoreAdj ?? 0
    if adj != 0, badness.rule.scale == .pages {
      text +=
        " oom_score_adj \(adj) moves it by "
        + "\(adj < 0 ? "-" : "+")\(size(abs(candidate.score - candidate.pages)))."
    }
    return text
  }
}

extension BadnessRule.Obstacle {
  /// The word for it in records.
  var key: String {
    switch self {
    case .noTable: "no-table"
    case .rowsDropped: "rows-dropped"
    case .oldRule: "old-rule"
    case .unknownColumns: "unknown-columns"
    case .noTotal: "no-total"
    }
  }
}

extension Selection.Verdict {
  /// The word for it in records.
  var key: String {
    switch self {
    case .reproduced: "reproduced"
    case .childSacrificed: "child-sacrificed"
    case .allocatingTask: "allocating-task"
    case .notInTable: "not-in-table"
    case .withinError: "within-error"
    case .tiedOtherwise: "tied-otherwise"
    case .vforkAbove: "vfork-above"
    case .unexplained: "not-reproduced"
    case .nothingChosen: "nothing-chosen"
    case .lost: "choice-lost"
    }
  }

  /// How many others have the chosen task's score.
  var tied: Int? {
    switch self {
    case .reproduced(let tied), .childSacrificed(let tied), .tiedOtherwise(let tied): tied
    default: nil
    }
  }
}
