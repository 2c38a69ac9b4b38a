internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Only the nodes of a cpuset or of a memory policy were exhausted, or had no zone for the request.
  static let nodeBound = AdviceRule("node-bound", texts: ["node-bound", "node-bound-zone"]) {
    evidence in
    let cases = evidence.shortages.filter { $0.scope == .cpuset || $0.scope == .mempolicy }
    let forbidden = cases.filter { !$0.forbiddenZones.isEmpty }
    let exhausted = cases.filter { $0.forbiddenZones.isEmpty && !$0.isRefuted }
    return [
      recommendation(forbidden, text: "node-bound-zone", .likely, zones(of: forbidden)),
      recommendation(exhausted, text: "node-bound", .certain, []),
    ].compactMap(\.self)
  }

  private static func recommendation(
    _ cases: [Evidence.Case], text: String, _ certainty: Recommendation.Certainty,
    _ more: [Sentence]
  ) -> Recommendation? {
    guard !cases.isEmpty else { return nil }
    let byCpuset = cases.filter { $0.scope == .cpuset }.count
    var reason: [Sentence] = []
    if byCpuset > 0 { reason.append("\(byCpuset, "event") bounded by a cpuset") }
    if byCpuset < cases.count {
      reason.append("\(cases.count - byCpuset, "event") bounded by a memory policy")
    }
    return Recommendation(
      "node-bound", text: text, .high, certainty, events: cases.numbers, reason: reason + more)
  }

  private static func zones(of cases: [Evidence.Case]) -> [Sentence] {
    guard let last = cases.last else { return [] }
    let names = Set(last.forbiddenZones.map(\.name)).sorted().map {
      Sentence([.logText(LogText($0))])
    }
    let free = Bytes.sum(last.forbiddenZones.map { $0.counters["free"] })
    let amount: Sentence = free.map { ", \($0) of it free" } ?? ""
    return [
      """
      in event \(last.event.number) these nodes had only memory of zone \(.list(names))\(amount), \
      which the request may not use
      """
    ]
  }
}
