internal import KernelLog

extension AdviceRule {
  /// `vm.min_free_kbytes` far from what any kernel chooses by itself.
  static let minFree = AdviceRule("min-free", texts: ["min-free-low", "min-free-high"]) {
    evidence in
    let name = "vm.min_free_kbytes"
    guard let host = evidence.host, let value = host.integer(name), value >= 0 else { return [] }
    let events = evidence.machineShortages.numbers
    switch SysctlMeanings.reserve(value, host) {
    case "low":
      return [
        Recommendation(
          "min-free", text: "min-free-low", .high, .certain, events: events, settings: [name],
          reason: ["vm.min_free_kbytes is \(value), less than 1024"])
      ]
    case "high":
      let share = SysctlMeanings.shareOfRAM(value, host) ?? 0
      return [
        Recommendation(
          "min-free", text: "min-free-high", .medium, .likely, events: events, settings: [name],
          reason: ["vm.min_free_kbytes is \(value), \(share: share) of RAM"])
      ]
    default:
      return []
    }
  }
}
