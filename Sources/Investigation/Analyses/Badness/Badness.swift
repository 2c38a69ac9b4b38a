package import OOMReports

/// The scores of a report's tasks, recomputed by the rule of its kernel.
package struct Badness: Sendable, Equatable {
  package let rule: BadnessRule
  /// Nil where the log does not tell it and no task is adjusted, so that nothing hangs on it.
  package let total: MemoryTotal?
  /// Every task of the table, highest score first; tasks that could not be chosen come last.
  package let candidates: [Candidate]

  /// A task with its score.
  package struct Candidate: Sendable, Equatable {
    package let row: TaskRow
    /// Pages in RAM, in swap and of page tables, as far as the table has columns for them.
    package let pages: Int64
    /// What the rule compares: pages, or thousandths of all memory.
    package let score: Int64
    /// The score if all memory is as large as it may be.
    package let scoreAtMost: Int64
    /// 1 for the highest; tasks with equal scores share a rank. Nil for one that is excluded.
    package var rank: Int?
    package let exclusion: Exclusion?
  }

  /// Why a task cannot be chosen.
  package enum Exclusion: Sendable, Equatable {
    /// `oom_score_adj` -1000.
    case protected
    /// Process 1.
    case initProcess
    /// An event just before killed it, and its memory was being taken.
    case alreadyKilled(event: Int)
  }

  /// Scores a report's tasks.
  ///
  /// - Parameters:
  ///   - report: A whole report.
  ///   - total: All memory, where the report itself does not tell it.
  ///   - killedBefore: The events that killed processes just before, by pid.
  /// - Throws: Why there is nothing to compute from.
  package init(
    _ report: OOMReport, total: MemoryTotal? = nil, killedBefore: [Int64: Int] = [:]
  ) throws(BadnessRule.Obstacle) {
    let rule = try BadnessRule(report)
    let total = MemoryTotal(report) ?? total
    let rows = report.tasks?.rows ?? []
    let needsTotal = rule.scale == .perMille || rows.contains { ($0.oomScoreAdj ?? 0) != 0 }
    guard total != nil || !needsTotal else { throw .noTotal }
    self.init(
      rows: rows, rule: rule, total: total, page: report.pageSize.bytes.count,
      killedBefore: killedBefore)
  }

  init(
    rows: [TaskRow], rule: BadnessRule, total: MemoryTotal?, page: Int64,
    killedBefore: [Int64: Int] = [:]
  ) {
    self.rule = rule
    self.total = total
    let low = total?.low ?? 1
    let high = total?.high ?? 1
    let candidates = rows.compactMap { row -> Candidate? in
      guard let pages = row.badnessPages(page) else { return nil }
      let adj = row.oomScoreAdj ?? 0
      let isRoot = row.uid == 0
      let exclusion: Exclusion? =
        row.isProtected
        ? .protected
        : row.pid == 1 ? .initProcess : killedBefore[row.pid].map { .alreadyKilled(event: $0) }
      return Candidate(
        row: row, pages: pages, score: rule.score(pages, adj: adj, isRoot: isRoot, of: low),
        scoreAtMost: rule.score(pages, adj: adj, isRoot: isRoot, of: high), exclusion: exclusion)
    }
    let order = candidates.indices.sorted { left, right in
      let (first, second) = (candidates[left], candidates[right])
      if (first.exclusion == nil) != (second.exclusion == nil) { return first.exclusion == nil }
      if first.score != second.score { return first.score > second.score }
      return rule.tie == .first ? left < right : left > right
    }
    var ranked = order.map { candidates[$0] }
    for index in ranked.indices where ranked[index].exclusion == nil {
      let isTied = index > 0 && ranked[index - 1].score == ranked[index].score
      ranked[index].rank = isTied ? ranked[index - 1].rank : index + 1
    }
    self.candidates = ranked
  }

  /// The task that the rule takes; nil where none could be chosen.
  package var first: Candidate? { candidates.first { $0.exclusion == nil } }

  /// The task of a pid, or of a thread group.
  package func candidate(_ pid: Int64) -> Candidate? {
    candidates.first { $0.row.pid == pid } ?? candidates.first { $0.row.tgid == pid }
  }

  /// How many tasks have the highest score.
  package var tiedAtTop: Int {
    guard let first else { return 0 }
    return candidates.count { $0.exclusion == nil && $0.score == first.score }
  }

  /// The highest `oom_score_adj` with which a task would not have been chosen; nil where another
  /// task scores higher anyhow, no value would do, or nothing bounds what a point counts for.
  package func sparingAdjustment(_ candidate: Candidate) -> Int64? {
    guard let total, total.isBounded, candidate.rank == 1,
      let rival = candidates.first(where: {
        $0.exclusion == nil && $0.row.pid != candidate.row.pid
      })
    else { return nil }
    let isRoot = candidate.row.uid == 0
    // A damaged row may print any number.
    let printed = min(max(Int64(candidate.row.oomScoreAdj ?? 0), -1000), 1000)
    let adjustments = stride(from: printed, through: -999, by: -1)
    return adjustments.first {
      rule.score(candidate.pages, adj: $0, isRoot: isRoot, of: total.low) < rival.score
    }
  }
}

extension Badness {
  /// The lowest `oom_score_adj` above -1000 with which a task would have been chosen before all
  /// others; nil where none up to 0 would do, or all memory is not known.
  package func exposingAdjustment(_ candidate: Candidate) -> Int64? {
    guard let total, total.isBounded else { return nil }
    let rival = candidates.filter { $0.exclusion == nil && $0.row.pid != candidate.row.pid }
      .map { max($0.score, $0.scoreAtMost) }.max()
    let isRoot = candidate.row.uid == 0
    return (-999...0).first { adj in
      // The more memory there is, the more a protection takes off.
      let score = rule.score(candidate.pages, adj: adj, isRoot: isRoot, of: total.high)
      return rival.map { score > $0 } ?? true
    }
  }
}

extension BadnessRule {
  /// Which of two tasks with equal scores it takes.
  func takes(_ row: TaskRow, before other: TaskRow) -> Bool {
    tie == .first ? row.line < other.line : row.line > other.line
  }

  /// The score of a task (`oom_badness()`).
  func score(_ pages: Int64, adj: Int64, isRoot: Bool, of total: Int64) -> Int64 {
    let adj = min(max(adj, -1000), 1000)
    switch scale {
    case .perMille:
      // A figure of the log is below 2^45 pages.
      var points = pages * 1000 / total
      if isRoot, rootBonus == .applies { points -= 30 }
      return min(max(points + adj, 1), 1000)
    case .pages:
      var points = pages
      if isRoot, rootBonus == .applies { points -= points * 3 / 100 }
      let thousandth = total / 1000
      points += thousandth * adj
      return isFloored ? max(points, 1) : points
    }
  }
}

extension TaskRow {
  /// What the rule counts of a task; nil where its row does not print its rss.
  func badnessPages(_ page: Int64) -> Int64? {
    guard let rss, rss.count >= 0 else { return nil }
    let swapped = max(0, swap?.count ?? 0)
    let tables = max(0, pageTablePages?.count ?? (pageTables?.count ?? 0) / page)
    // More than any machine addresses: thousand times as much has to fit.
    guard max(rss.count, swapped, tables) < 1 << 50 else { return nil }
    return rss.count + swapped + tables
  }
}
