internal import OOMReports

extension AdviceRule {
  /// A request for several pages failed although as much was free in smaller pieces.
  static let fragmentation = AdviceRule("fragmentation") { evidence in
    let cases = evidence.machineShortages.filter { $0.isFragmented }
    guard let last = cases.last, let order = last.event.order else { return [] }
    return [
      Recommendation(
        "fragmentation", .high, .likely, events: cases.numbers,
        reason: [
          """
          order=\(order) failed in event \(last.event.number), with free memory above the low \
          watermark and no free block of that size
          """
        ])
    ]
  }
}
