internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// A process that grew from report to report: the one thing in a log that looks like a leak.
  ///
  /// A number of kills shows no growth, and a large process need not be one that grows.
  static let growth = AdviceRule("growth") { evidence in
    let growing = evidence.growing.prefix(3)
    guard !growing.isEmpty else { return [] }
    return [
      Recommendation(
        "growth", .high, .likely,
        events: Set(growing.flatMap { $0.sizes.map(\.event) }).sorted(),
        reason: growing.map { sentence($0) })
    ]
  }

  private static func sentence(_ growth: ProcessGrowth) -> Sentence {
    var shown = growth.sizes.map { size -> Sentence in "\(size.footprint)" }
    if shown.count > 5 { shown = [shown[0], "…"] + shown.suffix(4) }
    let sizes = Sentence.list(shown)
    return "\(growth.comm) (pid \(growth.pid)) grew over \(growth.sizes.count, "report"): \(sizes)"
  }
}
