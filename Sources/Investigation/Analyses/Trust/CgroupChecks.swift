internal import KernelLog
internal import OOMReports

/// Checks of a cgroup's figures.
enum CgroupChecks {
  static let rows = [
    Trust.Row(
      "limit", "usage is at the limit",
      tolerance: "a tenth below, or 1 MiB above", limit),
    Trust.Row(
      "statistics", "statistics do not exceed usage",
      tolerance: "2 %, and 1 MiB: they are counted apart", statistics),
    Trust.Row("paths", "victim lived below the limit", paths),
    Trust.Row("constraint", "constraint fits what ran out", constraint),
  ]

  private static let noCgroup: Sentence = "no cgroup was at its limit"

  private static let limit: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let memcg = scene.report.memcg, let memory = memcg.memory else {
      return .notPossible(noCgroup)
    }
    let resources = [memcg.memory, memcg.memorySwap, memcg.kmem].compactMap(\.self)
    let cited = resources.map(\.line)
    let limited = resources.filter { $0.value.limit != nil }
    guard !limited.isEmpty else { return .failed("there is no limit", cited) }
    func room(_ resource: Cited<MemcgUsage>) -> Int64 {
      (resource.value.limit?.count ?? 0) - resource.value.usage.count
    }
    if let beyond = limited.first(where: { room($0) < -(1 << 20) }) {
      return .failed(
        "usage \(beyond.value.usage) of \(beyond.value.limit ?? Bytes(0))", [beyond.line])
    }
    let near = limited.first { room($0) <= max(1 << 20, ($0.value.limit?.count ?? 0) / 10) }
    guard let near else {
      return .failed("usage \(memory.value.usage), far below every limit", cited)
    }
    return .passed("usage \(near.value.usage) of \(near.value.limit ?? Bytes(0))", [near.line])
  }

  private static let statistics: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let ledger = CgroupLedger(scene.report) else { return .notPossible(noCgroup) }
    guard !ledger.lines.isEmpty else { return .notPossible("the log holds no statistics") }
    let cited = ledger.lines.flatMap(\.lines) + [ledger.usageLine]
    guard let sum = Bytes.sum(ledger.lines.map { $0.amount ?? Bytes(0) }) else {
      return .failed("a figure is larger than any machine's memory", cited)
    }
    let words: Sentence = "statistics \(sum), usage \(ledger.usage)"
    return sum.count - ledger.usage.count <= ledger.usage.count / 50 + (1 << 20)
      ? .passed(words, cited) : .failed(words, cited)
  }

  private static let paths: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let memcg = scene.report.memcg, let limit = memcg.limitPath ?? memcg.statsPath else {
      return .notPossible(noCgroup)
    }
    guard let task = memcg.taskPath, scene.report.boundary == .memcg else {
      return .notPossible("the log does not say where the victim lived")
    }
    let cited = [limit.line, task.line]
    return CgroupPath(limit.value).depth(above: CgroupPath(task.value)) == nil
      ? .failed("\(task.value) is not below \(limit.value)", cited)
      : .passed("\(task.value)", cited)
  }

  /// CONSTRAINT_MEMCG, `oom_memcg=`, a cgroup's usage and "Memory cgroup out of memory" are printed
  /// where a cgroup's limit was hit, and nowhere else (5.0 and later).
  private static let constraint: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let report = scene.report
    guard let decision = report.decision, let constraint = decision.value.constraint else {
      return .notPossible("the log holds no `oom-kill:` line, which comes with 5.0")
    }
    let isMemcg = constraint == .memcg
    if isMemcg, hasLostConstraint(scene, decision.line) {
      return .failed("CONSTRAINT_NONE with oom_memcg", [decision.line])
    }
    var signs: [(words: Sentence, isMemcg: Bool, line: Int)] = []
    if let isGlobal = decision.value.isGlobal {
      signs.append((isGlobal ? "global_oom" : "oom_memcg", !isGlobal, decision.line))
    }
    if let usage = report.memcg?.memory { signs.append(("a cgroup's usage", true, usage.line)) }
    let kills = Set(report.victims.map(\.line))
    for message in scene.text.messages where kills.contains(message.line) {
      for (words, isMemcg) in [("Memory cgroup out of memory", true), ("Out of memory", false)]
      where message.text.bytes.starts(with: "\(words): ".utf8) {
        signs.append((Sentence([.text("\"\(words)\"")]), isMemcg, message.line))
      }
    }
    guard !signs.isEmpty else { return .notPossible("the kernel has no memory cgroups") }
    let name: Sentence = isMemcg ? "CONSTRAINT_MEMCG" : "another constraint than CONSTRAINT_MEMCG"
    guard let wrong = signs.first(where: { $0.isMemcg != isMemcg }) else {
      return .passed(
        isMemcg ? "a cgroup's limit" : "no cgroup's limit", [decision.line] + signs.map(\.line))
    }
    return .failed("\(name) with \(wrong.words)", [decision.line, wrong.line])
  }

  /// Whether the line prints no constraint for a cgroup, on a kernel that is known not to do that: 5.0
  /// and 5.1 do.
  private static func hasLostConstraint(_ scene: Trust.Scene, _ line: Int) -> Bool {
    let release = scene.report.system?.value.kernelRelease.flatMap(KernelRelease.init)
    guard let release, release >= KernelRelease(5, 2) else { return false }
    return scene.text.messages.contains {
      $0.line == line && $0.text.bytes.starts(with: "oom-kill:constraint=CONSTRAINT_NONE,".utf8)
    }
  }
}
