internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// A low zone was exhausted while memory above it was free.
  static let lowmem = AdviceRule("lowmem", texts: ["lowmem", "lowmem-movable"]) { evidence in
    let found = evidence.shortages.filter { !$0.isRefuted }.compactMap(LowZone.init)
    return [found.filter { !$0.isBelowMovable }, found.filter(\.isBelowMovable)]
      .compactMap(recommendation)
  }

  private static func recommendation(_ found: [LowZone]) -> Recommendation? {
    guard let last = found.last else { return nil }
    let free: Sentence = last.zone.counters["free"].map { " with \($0) free" } ?? ""
    let higher = Set(last.roomy.map(\.name)).sorted().map { Sentence([.logText(LogText($0))]) }
    return Recommendation(
      "lowmem", text: last.isBelowMovable ? "lowmem-movable" : "lowmem", .high, .likely,
      events: found.map(\.event),
      reason: [
        """
        zone \(LogText(last.zone.name)) was exhausted\(free), while \(.list(higher)) was above its \
        low watermark, in event \(last.event)
        """
      ])
  }
}

/// A zone that the request could use and that was exhausted, with those beyond it that were not.
private struct LowZone {
  let event: Int
  let zone: ZoneState
  let roomy: [ZoneState]
  /// Whether nothing but memory for pages that can be moved was free: then no device's needs, but how
  /// memory is divided, left the kernel short.
  var isBelowMovable: Bool { roomy.allSatisfy { $0.name == "Movable" } }

  init?(_ candidate: Evidence.Case) {
    guard let zone = candidate.lowZone else { return nil }
    (event, self.zone, roomy) = (candidate.event.number, zone, candidate.roomyZones)
  }
}
