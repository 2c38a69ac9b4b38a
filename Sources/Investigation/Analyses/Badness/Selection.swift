package import OOMReports

/// Whether the recomputed scores lead to the task that the kernel chose, and why where not.
package struct Selection: Sendable, Equatable {
  package let badness: Badness
  /// What the kernel chose, which need not be what it killed.
  package let chosen: Badness.Candidate?
  package let verdict: Verdict
  /// The chosen task's score as the kernel printed it (2.6.36–5.0), against the recomputed one.
  package let printed: PrintedScore?

  /// Where the recomputed scores lead.
  package enum Verdict: Sendable, Equatable {
    /// The chosen task has the highest score; `tied` others have the same.
    case reproduced(tied: Int)
    /// As before, but the kernel killed a child of the chosen task in its place (to 5.0).
    case childSacrificed(tied: Int)
    /// The task that allocated was killed, whatever its score (`vm.oom_kill_allocating_task`).
    case allocatingTask
    /// The chosen task stands in no row: lines of the table are lost, or it is no group leader.
    case notInTable
    /// Others have the same score, and the rule for ties would have taken one of them.
    case tiedOtherwise(with: Int)
    /// Tasks above it differ by less than the counters' own error.
    case withinError(above: Int, pages: Int64)
    /// Tasks above it share the chosen one's memory size: a vfork() in its middle is passed over.
    case vforkAbove(pid: Int64)
    /// Nothing in the log tells why others were passed over.
    case unexplained(above: Int, pages: Int64)
    /// Nothing was chosen: the kernel panicked, or found no task that it may kill.
    case nothingChosen
    /// The log ends before it says whom the kernel chose.
    case lost
  }

  /// A score as the kernel printed it.
  package struct PrintedScore: Sendable, Equatable {
    /// Thousandths of all memory, the adjustment included.
    package let score: Int64
    /// What the table's columns amount to in the same scale.
    package let computed: Int64
    package let fit: Fit
    package let line: Int

    /// How a printed score goes with the task's row.
    package enum Fit: Sendable, Equatable {
      case agrees
      /// The row shows less: so many pages are in swap or in page tables, for which this kernel's
      /// table has no columns.
      case hidden(ClosedRange<Int64>)
      /// The row shows all that counts, and comes to another score.
      case contradicts
    }

    /// Memory of the task that the table does not show, in pages.
    package var hidden: ClosedRange<Int64>? {
      if case .hidden(let pages) = fit { pages } else { nil }
    }
  }

  /// The counters of a task are exact to so much: each processor keeps back up to 64 pages, for
  /// each thread on older kernels.
  static func tolerance(_ pages: Int64) -> Int64 { max(512, pages / 50) }

  package init(
    _ report: OOMReport, total: MemoryTotal? = nil, killedBefore: [Int64: Int] = [:]
  ) throws(BadnessRule.Obstacle) {
    let badness = try Badness(report, total: total, killedBefore: killedBefore)
    let target =
      report.intent?.value.pid ?? report.victims.first?.pid ?? report.decision?.value.pid
    let found = target.flatMap { badness.candidate($0) }
    self.badness = badness
    chosen = found
    printed = found.flatMap { Self.printed(report, $0, badness) }
    verdict = Self.verdict(report, target, found, badness, printed)
  }

  private static func verdict(
    _ report: OOMReport, _ target: Int64?, _ chosen: Badness.Candidate?, _ badness: Badness,
    _ printed: PrintedScore?
  ) -> Verdict {
    if report.isAllocatingTaskKill { return .allocatingTask }
    guard target != nil else { return report.outcome == .unknown ? .lost : .nothingChosen }
    guard let chosen else { return .notInTable }
    let others = badness.candidates.filter {
      $0.exclusion == nil && $0.row.pid != chosen.row.pid
    }
    // The kernel's own figure counts what the table does not show.
    let score = printed?.hidden == nil ? chosen.score : max(chosen.score, printed?.score ?? .min)
    let rivals = others.filter { $0.score > score && $0.scoreAtMost > chosen.scoreAtMost }
    let equals = others.filter { $0.score == score }
    guard !rivals.isEmpty else {
      guard equals.allSatisfy({ badness.rule.takes(chosen.row, before: $0.row) }) else {
        return .tiedOtherwise(with: equals.count)
      }
      let isChild = report.intent.map { intent in
        report.victims.first.map { $0.pid != intent.value.pid } ?? false
      }
      return isChild ?? false
        ? .childSacrificed(tied: equals.count) : .reproduced(tied: equals.count)
    }
    let ahead = (rivals.map(\.score).max() ?? chosen.score) - chosen.score
    let unit = badness.rule.scale == .perMille ? (badness.total?.low ?? 0) / 1000 : 1
    if ahead * unit <= tolerance(chosen.pages) || badness.rule.scale == .perMille && ahead <= 1 {
      return .withinError(above: rivals.count, pages: ahead * unit)
    }
    if rivals.count == 1, let rival = rivals.first, isVfork(rival.row, badness) {
      return .vforkAbove(pid: rival.row.pid)
    }
    return .unexplained(above: rivals.count, pages: ahead * unit)
  }

  /// Between vfork() and exec() two processes share one memory, so their rows agree.
  private static func isVfork(_ row: TaskRow, _ badness: Badness) -> Bool {
    badness.candidates.contains { other in
      other.row.pid != row.pid && other.row.totalVM == row.totalVM && other.row.rss == row.rss
        && (row.rss?.count ?? 0) > 0
    }
  }

  private static func printed(
    _ report: OOMReport, _ chosen: Badness.Candidate, _ badness: Badness
  ) -> PrintedScore? {
    guard let intent = report.intent, let score = intent.value.score, let total = badness.total,
      total.isExact, chosen.row.pid == intent.value.pid || chosen.row.tgid == intent.value.pid
    else { return nil }
    let isPages = badness.rule.scale == .pages
    let computed = isPages ? chosen.score * 1000 / total.low : chosen.score
    // A task that was killed since it allocated has no score.
    let agrees = score == computed || report.isAllocatingTaskKill
    return PrintedScore(
      score: score, computed: computed,
      fit: agrees ? .agrees : fit(score, chosen, badness.rule, total, report), line: intent.line)
  }

  /// A printed score is a whole number, cut off: it stands for all that is less than one more.
  private static func fit(
    _ score: Int64, _ chosen: Badness.Candidate, _ rule: BadnessRule, _ total: MemoryTotal,
    _ report: OOMReport
  ) -> PrintedScore.Fit {
    let visible = chosen.pages
    // Pages are thousandths of all memory at the most, and so is what an adjustment adds.
    guard (-2000...2000).contains(score) else { return .contradicts }
    let points = score - min(max(chosen.row.oomScoreAdj ?? 0, -1000), 1000)
    let low = points * total.low / 1000 - visible
    let high = max(low, (points + 1) * total.low / 1000 - visible)
    let error = tolerance(visible)
    // Root was let off a part, if it had the capability.
    let bonus =
      rule.rootBonus == .none || chosen.row.uid != 0
      ? 0 : rule.scale == .pages ? visible * 3 / 100 : total.low * 30 / 1000
    if high < -error - bonus { return .contradicts }
    guard low > 0 else { return .agrees }
    let columns = Set(report.tasks?.columns ?? [])
    let hasTables = columns.contains("nr_ptes") || columns.contains("pgtables_bytes")
    guard hasTables, columns.contains("swapents") else {
      return report.memory?.mostHidden(report.pageSize).map { low - error > $0 } ?? false
        ? .contradicts : .hidden(low...high)
    }
    return low > error ? .contradicts : .agrees
  }
}

extension MemoryState {
  /// All that tasks can have in swap and in page tables together, in pages.
  fileprivate func mostHidden(_ page: PageSize) -> Int64? {
    guard let swapped = swapUsed, let tables = counters["pagetables"] else { return nil }
    return swapped.value.count / page.bytes.count + tables.value.count
  }
}
