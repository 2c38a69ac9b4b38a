internal import KernelLog
internal import OOMReports

/// Checks of the task table, the decision and the kill lines against each other.
enum TaskChecks {
  static let rows = [
    Trust.Row(
      "rss", "rss is the sum of its parts",
      tolerance: "1 %, or 64 pages: they are read one after the other", parts),
    Trust.Row(
      "total_vm", "resident is within mapped",
      tolerance: "256 pages: threads count apart for a while", mapped),
    Trust.Row(
      "swapents", "tasks' swap is within swap in use",
      tolerance: "5 %, or 16 MiB: the table is printed behind it", swapped),
    Trust.Row(
      "victim", "victim's sizes agree",
      tolerance: "total-vm 5 %, resident 5 % or 8 MiB: it went on running", victim),
    Trust.Row("bounds", "adjustments and order are in bounds", bounds),
    Trust.Row("decision", "the chosen task was killed", decision),
    Trust.Row("rows", "no process is listed twice", doubles),
  ]

  private static func tasks(_ scene: Trust.Scene) -> [TaskRow] { scene.report.tasks?.rows ?? [] }

  private static let noTable: Sentence = "the log holds no task table"

  private static let parts: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let rows = tasks(scene)
    guard !rows.isEmpty else { return .notPossible(noTable) }
    let split = rows.compactMap { row -> (row: TaskRow, rss: Int64, sum: Int64)? in
      guard let rss = row.rss, let anon = row.rssAnon, let file = row.rssFile,
        let shmem = row.rssShmem
      else { return nil }
      let sum = anon.count &+ file.count &+ shmem.count
      return (row, rss.count, sum)
    }
    guard !split.isEmpty else {
      return .notPossible("the table has no parts of rss, which come with 6.8")
    }
    let wrong = split.filter { abs($0.rss &- $0.sum) > max(64, $0.rss / 100) }
    guard let first = wrong.first else { return .passed("\(split.count, "row")") }
    return .failed(
      "process \(first.row.pid) has rss \(first.rss), and parts of \(first.sum) pages",
      wrong.map(\.row.line))
  }

  private static let mapped: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let rows = tasks(scene).filter { $0.totalVM != nil && $0.rss != nil }
    guard !rows.isEmpty else { return .notPossible(noTable) }
    let wrong = rows.filter { ($0.rss?.count ?? 0) &- 256 > $0.totalVM?.count ?? 0 }
    guard let first = wrong.first else { return .passed("\(rows.count, "row")") }
    return .failed(
      """
      process \(first.pid) has \(first.rss?.count ?? 0) pages resident of \
      \(first.totalVM?.count ?? 0)
      """, wrong.map(\.line))
  }

  /// Tasks that forked count the pages that they share in swap once each, so that only one task alone
  /// can have too many: their sum proves nothing. While swap is being switched off, what lies there is
  /// in use no longer.
  private static let swapped: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let rows = tasks(scene).compactMap { row in
      scene.size(row.swap).map { (row: row, swap: $0) }
    }
    guard let largest = rows.max(by: { $0.swap < $1.swap }) else {
      return .notPossible("the log holds no task table with swapents")
    }
    guard let used = scene.memory?.swapUsed else {
      return .notPossible("the log does not hold how much swap was in use")
    }
    guard scene.page.proof != .assumed else {
      return .notPossible("nothing in the report tells the page size")
    }
    let cited = [used.line, largest.row.line]
    guard largest.swap.count - used.value.count <= max(16 << 20, used.value.count / 20) else {
      return .failed(
        "process \(largest.row.pid) has \(largest.swap) in swap, of which \(used.value) is in use",
        cited)
    }
    let sum = Bytes.sum(rows.map(\.swap)) ?? largest.swap
    let shared: Sentence = sum > used.value ? ", which they share" : ""
    return .passed("\(sum) of tasks\(shared), \(used.value) in use", cited)
  }

  private static let victim: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let victim = scene.report.victims.first else {
      return .notPossible("the log holds no kill")
    }
    guard let row = tasks(scene).first(where: { $0.pid == victim.pid }) else {
      return .notPossible("the victim has no row in the log")
    }
    let cited = [row.line, victim.line]
    guard scene.page.proof != .assumed else {
      return .notPossible("nothing in the report tells the page size")
    }
    var compared = 0
    if let vm = scene.size(row.totalVM), let killed = victim.totalVM {
      compared += 1
      guard abs(vm.count - killed.count) <= max(vm.count, killed.count) / 20 else {
        return .failed("total-vm \(vm) in the table, \(killed) in the kill line", cited)
      }
    }
    if let rss = scene.size(row.rss),
      let killed = Bytes.sum([
        victim.anonRSS, victim.fileRSS, victim.shmemRSS ?? Bytes(0),
      ])
    {
      compared += 1
      guard abs(rss.count - killed.count) <= max(8 << 20, max(rss.count, killed.count) / 20) else {
        return .failed("\(rss) resident in the table, \(killed) in the kill line", cited)
      }
    }
    return compared == 0
      ? .notPossible("the kill line prints no sizes")
      : .passed("\(victim.comm) (\(victim.pid))", cited)
  }

  /// `oom_score_adj` is from -1000 to 1000 (2.6.36 and later), `oom_adj` was from -17 to 15. For a request
  /// of more than 8 pages together (PAGE_ALLOC_COSTLY_ORDER) kernels of the first kind do not kill.
  private static let bounds: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let invocation = scene.report.invocation
    var figures: [(name: Sentence, value: Int64, range: ClosedRange<Int64>, line: Int)] = []
    func add(_ name: Sentence, _ value: Int64?, _ range: ClosedRange<Int64>, _ line: Int?) {
      if let value, let line { figures.append((name, value, range, line)) }
    }
    add("oom_score_adj", invocation?.value.oomScoreAdj, -1000...1000, invocation?.line)
    add("oom_adj", invocation?.value.oomAdj, -17...15, invocation?.line)
    if invocation?.value.oomScoreAdj != nil {
      add("order", invocation?.value.order, -1...3, invocation?.line)
    }
    for row in tasks(scene) {
      add("oom_score_adj", row.oomScoreAdj, -1000...1000, row.line)
      add("oom_adj", row.oomAdj, -17...15, row.line)
    }
    for victim in scene.report.victims {
      add("oom_score_adj", victim.oomScoreAdj, -1000...1000, victim.line)
    }
    guard !figures.isEmpty else { return .notPossible("the log holds no adjustment and no order") }
    let wrong = figures.filter { !$0.range.contains($0.value) }
    guard let first = wrong.first else { return .passed("\(figures.count, "figure")") }
    return .failed(
      """
      \(first.name) is \(first.value), which is not from \(first.range.lowerBound) to \
      \(first.range.upperBound)
      """, wrong.map(\.line))
  }

  private static let decision: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let report = scene.report
    guard let decision = report.decision, let pid = decision.value.pid else {
      return .notPossible("the log holds no `oom-kill:` line, which comes with 5.0")
    }
    guard let first = report.victims.first else { return .notPossible("the log holds no kill") }
    let cited = [decision.line, first.line]
    // Kernels to 5.0 killed a child in its place, and say first whom they chose.
    let isChosen = report.intent?.value.pid == pid
    guard isChosen || report.victims.contains(where: { $0.pid == pid }) else {
      return .failed("process \(pid) was chosen, \(first.pid) killed", cited)
    }
    return .passed("process \(pid)", cited)
  }

  private static let doubles: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let rows = tasks(scene)
    guard !rows.isEmpty else { return .notPossible(noTable) }
    var seen: [Int64: Int] = [:]
    for row in rows {
      if let before = seen.updateValue(row.line, forKey: row.pid) {
        return .failed("process \(row.pid) is there twice", [before, row.line])
      }
    }
    return .passed("\(rows.count, "row")")
  }
}
