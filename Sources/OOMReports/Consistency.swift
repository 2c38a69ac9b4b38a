internal import KernelLog

/// Facts of one report that cannot all be true: it was edited, stitched or damaged.
enum Consistency {
  /// What is wrong, each with the line to look at.
  static func contradictions(in report: OOMReport) -> [Diagnostic] {
    [zones(report), pageSizes(report)].compactMap(\.self)
  }

  /// Leaves out, or puts where it belongs, what the whole report shows to be misplaced.
  static func settle(_ report: inout OOMReport) {
    leaveOutCutReserves(&report)
    CutFigures.leaveOutPaths(of: &report)
    guard var memcg = report.memcg, let limit = memcg.limitPath,
      memcg.statsPath?.value != limit.value
    else { return }
    // The line of the cgroup at its limit is lost, so the first one is of a cgroup below.
    if let path = memcg.statsPath { memcg.loseOwnStats(at: path) }
    // Or the two lines came the wrong way round.
    if let own = memcg.descendants.firstIndex(where: { $0.path == limit.value }) {
      let stats = memcg.descendants.remove(at: own)
      memcg.statsPath = Cited(stats.path, line: stats.line)
      memcg.stats = stats.stats.mapValues { Cited($0, line: stats.line) }
    }
    report.memcg = memcg
  }

  /// All zones keep pages back from as many kinds of requests. A list with fewer of them was cut,
  /// perhaps within its last figure, and is left out.
  private static func leaveOutCutReserves(_ report: inout OOMReport) {
    let zones = report.memory?.zones ?? []
    let whole = zones.map(\.lowmemReserve.count).max() ?? 0
    for (index, zone) in zones.enumerated()
    where (1..<max(whole, 1)).contains(zone.lowmemReserve.count) {
      report.memory?.zones[index].lowmemReserve = []
      report.diagnostics.append(
        diagnostic(zone.line, "other zones keep pages back from more kinds of requests"))
    }
  }

  /// All zones together are no more than all of RAM (exact since 3.10; before, RAM counts holes
  /// too). Less is no contradiction: nodes outside the request's are not printed.
  private static func zones(_ report: OOMReport) -> Diagnostic? {
    guard let memory = report.memory, let ram = memory.pagesRAM,
      let bytes = ram.value.bytes(report.pageSize), report.pageSize.proof != .assumed
    else { return nil }
    let present = PageSizeInference.present(memory)
    guard present > bytes else { return nil }
    return diagnostic(
      ram.line, "pages RAM are \(bytes.kB) kB, but the zones have \(present.kB) kB present")
  }

  private static func pageSizes(_ report: OOMReport) -> Diagnostic? {
    guard let blocks = PageSizeInference.fromBuddyLine(report),
      let victim = PageSizeInference.fromVictim(report), blocks.bytes != victim.bytes
    else { return nil }
    return diagnostic(
      victim.lines.last ?? report.firstLine,
      "pages of \(victim.bytes.kB) kB by the victim's total-vm, of \(blocks.bytes.kB) kB by the "
        + "free blocks")
  }

  private static func diagnostic(_ line: Int, _ text: String) -> Diagnostic {
    Diagnostic(line: line, kind: .contradiction, text: LogText(Array(text.utf8).span))
  }
}
