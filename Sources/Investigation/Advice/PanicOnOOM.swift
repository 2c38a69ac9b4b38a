internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// The machine panics, or did, where a kill would do.
  static let panicOnOOM = AdviceRule("panic-on-oom") { evidence in
    let name = "vm.panic_on_oom"
    let panics = evidence.shortages.filter { candidate in
      candidate.event.outcome == .panic
        && candidate.report?.ending?.value.bytes.contains(Array("panic_on_oom".utf8)) == true
    }
    let setting = evidence.host?.integer(name).flatMap { (1...2).contains($0) ? $0 : nil }
    guard !panics.isEmpty || setting != nil else { return [] }
    var reason: [Sentence] = []
    if !panics.isEmpty {
      reason.append("panic_on_oom made the kernel panic in \(panics.count, "event")")
    }
    if let setting {
      reason.append("vm.panic_on_oom is \(setting)")
    }
    return [
      Recommendation(
        "panic-on-oom", !panics.isEmpty || setting == 2 ? .critical : .high, .certain,
        events: panics.numbers, settings: setting == nil ? [] : [name], reason: reason,
        snippets: [.sysctl(name, 0, "0, the kernel's own value, kills one process instead")])
    ]
  }
}
