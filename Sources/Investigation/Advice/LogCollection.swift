internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Reports that are incomplete or have no time of day.
  static let logCollection = AdviceRule("log-collection") { evidence in
    let kinds: [(Sentence, (Evidence.Case) -> Bool)] = [
      ("without its beginning", { $0.event.status == .headless }),
      ("without its end", { $0.event.status == .truncated }),
      ("with a kill line only", { $0.event.status == .killOnly }),
      ("without a time of day", { $0.event.time.wallMicros == nil }),
    ]
    var cited: Set<Int> = []
    var reason: [Sentence] = []
    for (words, isOfKind) in kinds {
      let numbers = evidence.cases.filter(isOfKind).numbers
      guard !numbers.isEmpty else { continue }
      cited.formUnion(numbers)
      reason.append("\(numbers.count, "event") \(words)")
    }
    guard !cited.isEmpty else { return [] }
    return [
      Recommendation("log-collection", .low, .certain, events: cited.sorted(), reason: reason)
    ]
  }
}
