internal import OOMReports

extension AdviceRule {
  /// A daemon that acts before the kernel, for shortages of the whole machine only, and where it is
  /// processes that fill it: no daemon frees a tmpfs or kernel memory.
  static let earlyAction = AdviceRule("early-action") { evidence in
    let cases = evidence.machineShortages.filter { candidate in
      candidate.isOfWholeMachine && (candidate.report == nil || candidate.isFilledByProcesses)
    }
    guard !cases.isEmpty else { return [] }
    var reason: [Sentence] = ["the whole machine ran out in \(cases.count, "event")"]
    if let full = evidence.host?.pressure?.full {
      reason.append("tasks stood still for \(share: full.last300) of the last 300 s (PSI full)")
    }
    return [
      Recommendation(
        "early-action", .low, .possible, events: cases.numbers, reason: reason,
        snippets: Array(cases).last.map(earlyoom) ?? [])
    ]
  }

  /// Twice the zones' high watermarks, at which kswapd rests, as whole percents of RAM; earlyoom's own
  /// value is 10.
  private static func earlyoom(_ candidate: Evidence.Case) -> [Snippet] {
    guard let ram = candidate.ledger?.managed, let zones = candidate.memory?.zones,
      let high = Bytes.sum(zones.map { $0.counters["high"] }), high.count > 0
    else { return [] }
    let percent = max(4, (Double(high.count) * 200 / Double(ram.count)).rounded(.up))
    guard percent <= 20 else { return [] }
    return [
      Snippet(
        .earlyoom, .file("/etc/default/earlyoom"), ["EARLYOOM_ARGS=\"-m \(Int(percent))\""],
        [
          """
          twice the \(high) that the zones' high watermarks make up, as a share of \(ram) RAM, and \
          not below 4 %: where the kernel still has room to act
          """
        ])
    ]
  }
}
