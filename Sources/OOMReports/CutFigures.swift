internal import KernelLog

/// Figures that end a line, and of which another line of the report shows that digits are cut off:
/// the line itself cannot tell. They are left out, and the line is named.
enum CutFigures {
  /// Leaves out figures, once all of the report has been read.
  static func leaveOut(of report: inout OOMReport) {
    leaveOutTasks(&report)
    leaveOutCounters(&report)
    guard let swap = report.memcg?.swap, let other = report.memcg?.memorySwap ?? report.memcg?.kmem
    else { return }
    // Of cgroup v1, "swap: usage" is what is left of "memory+swap: usage".
    report.memcg?.swap = nil
    note("swap alone is not limited where line \(other.line) is printed", swap.line, &report)
  }

  private static func leaveOutTasks(_ report: inout OOMReport) {
    let rows = report.tasks?.rows ?? []
    if let (invocation, line) = report.invocation.map({ ($0.value, $0.line) }),
      let pid = report.system?.value.pid, let row = rows.first(where: { $0.pid == pid })
    {
      var whole = invocation
      if isCut(invocation.oomScoreAdj, row.oomScoreAdj) { whole.oomScoreAdj = nil }
      if isCut(invocation.oomAdj, row.oomAdj) { whole.oomAdj = nil }
      if whole != invocation {
        report.invocation = Cited(whole, line: line)
        note("line \(row.line) has more digits of the adjustment", line, &report)
      }
    }
    for (index, victim) in report.victims.enumerated() {
      let row = rows.first { $0.pid == victim.pid }
      if let row, isCut(victim.oomScoreAdj, row.oomScoreAdj) {
        report.victims[index].oomScoreAdj = nil
        note("line \(row.line) has more digits of oom_score_adj", victim.line, &report)
      }
      if let decision = report.decision, decision.value.pid == victim.pid,
        isCut(decision.value.uid, victim.uid ?? row?.uid)
      {
        var whole = decision.value
        whole.uid = nil
        report.decision = Cited(whole, line: decision.line)
        note("line \(victim.line) has more digits of the uid", decision.line, &report)
      }
    }
  }

  /// Whether a figure is the beginning of another one that should be the same.
  private static func isCut(_ figure: Int64?, _ whole: Int64?) -> Bool {
    guard let figure, let whole, figure != whole else { return false }
    return whole.description.hasPrefix(figure.description)
  }

  /// The counters that end a line, and what nodes and zones call them.
  private static let counters = [
    "isolated_anon": "isolated(anon)", "isolated_file": "isolated(file)",
    "writeback": "writeback", "unstable": "unstable", "pagetables": "pagetables",
    "bounce": "bounce", "free_cma": "free_cma", "slab_unreclaimable": "slab_unreclaimable",
    "inactive_anon": "inactive_anon",
  ]

  /// A counter of the machine is no less than those of its nodes or zones together; of a cut one,
  /// a tenth is left at the most.
  private static func leaveOutCounters(_ report: inout OOMReport) {
    guard let memory = report.memory, report.pageSize.proof != .assumed else { return }
    for (name, key) in counters {
      guard let counter = memory.counters[name], counter.value.count > 0 else { continue }
      let nodes = memory.nodes.compactMap { $0.counters[key] }
      let places = nodes.isEmpty ? memory.zones.compactMap { $0.counters[key] } : nodes
      let sum = places.reduce(Int64(0)) { $0 &+ $1.count } / report.pageSize.bytes.count
      guard sum / 10 >= counter.value.count else { continue }
      report.memory?.counters[name] = nil
      note("nodes and zones have more \(name) than the machine", counter.line, &report)
    }
  }

  /// Leaves out the path of the cgroup at its limit where the other paths show that it is cut: the
  /// victim lived in it, and the first statistics are its own.
  static func leaveOutPaths(of report: inout OOMReport) {
    guard let memcg = report.memcg, let limit = memcg.limitPath else { return }
    let others = [memcg.taskPath, memcg.statsPath].compactMap(\.self)
    guard let other = others.first(where: { !$0.value.lies(in: limit.value) }) else { return }
    report.memcg?.limitPath = nil
    note("the cgroup of line \(other.line) does not lie in this one", limit.line, &report)
  }

  private static func note(_ text: String, _ line: Int, _ report: inout OOMReport) {
    report.diagnostics.append(
      Diagnostic(line: line, kind: .contradiction, text: LogText(Array(text.utf8).span)))
  }
}

extension LogText {
  /// Whether a cgroup's path is another than the root's.
  var isBelowRoot: Bool { bytes.count > 1 }

  /// Whether the path of a cgroup is that of another one or lies below it. The root has no limit.
  func lies(in other: LogText) -> Bool { bytes.span.lies(in: other.bytes.span) }
}

extension Span where Element == UInt8 {
  /// Whether the path of a cgroup is that of another one or lies below it. The root has no limit.
  func lies(in parent: Span<UInt8>) -> Bool {
    guard parent.count > 1, count >= parent.count,
      parent.indices.allSatisfy({ self[$0] == parent[$0] })
    else { return false }
    return count == parent.count || self[parent.count] == UInt8(ascii: "/")
  }
}
