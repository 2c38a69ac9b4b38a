extension AdviceRule {
  /// Kills that somebody ordered.
  static let sysrq = AdviceRule("sysrq") { evidence in
    let manual = evidence.cases.filter { $0.isManual }.numbers
    guard !manual.isEmpty else { return [] }
    return [
      Recommendation(
        "sysrq", .low, .certain, events: manual,
        reason: ["\(manual.count, "event") with order=-1 or a SysRq line"])
    ]
  }
}
