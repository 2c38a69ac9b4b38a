internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// A low zone was exhausted while memory above it was free.
  static let lowmem = AdviceRule("lowmem") { evidence in
    let found = evidence.machineShortages.compactMap { candidate in
      candidate.lowZone.map { (candidate: candidate, zone: $0) }
    }
    guard let last = found.last else { return [] }
    let free: Sentence = last.zone.counters["free"].map { " with \($0) free" } ?? ""
    return [
      Recommendation(
        "lowmem", .high, .likely, events: found.map(\.candidate.event.number),
        reason: [
          """
          zone \(LogText(last.zone.name)) was exhausted\(free), while a higher zone was above its \
          low watermark, in event \(last.candidate.event.number)
          """
        ])
    ]
  }
}
