internal import KernelLog

extension AdviceRule {
  /// `vm.min_free_kbytes` far from what any kernel chooses by itself.
  static let minFree = AdviceRule("min-free", texts: ["min-free-low", "min-free-high"]) {
    evidence in
    let name = "vm.min_free_kbytes"
    guard let host = evidence.host, let value = host.integer(name), value >= 0 else { return [] }
    let events = evidence.machineShortages.numbers
    let own = host.meminfo["MemTotal"].flatMap { MinFreeBand.kernelChoice(ofRAM: $0) }
    let snippets = own.map { choice -> [Snippet] in
      [
        .sysctl(
          name, choice,
          "what the kernel chooses at boot for this RAM: the root of 16 times MemTotal in kB")
      ]
    }
    switch SysctlMeanings.reserve(value, host) {
    case "low":
      return [
        Recommendation(
          "min-free", text: "min-free-low", .high, .certain, events: events, settings: [name],
          reason: ["vm.min_free_kbytes is \(value), less than 1024"], snippets: snippets ?? [])
      ]
    // The limit of a cgroup knows nothing of it.
    case "high" where evidence.events.isEmpty || !events.isEmpty:
      let share = SysctlMeanings.shareOfRAM(value, host) ?? 0
      return [
        Recommendation(
          "min-free", text: "min-free-high", .medium, .likely, events: events, settings: [name],
          reason: ["vm.min_free_kbytes is \(value), \(share: share) of RAM"],
          snippets: snippets ?? [])
      ]
    default:
      return []
    }
  }
}
