/// Why a printed report came to be.
package enum Scenario: String, Sendable, CaseIterable {
  case global, memcgV1, memcgV2, cpuset, mempolicy, sysrq, group, noVictim, panic
  case allocatingTask, slab, reaped

  package var isMemcg: Bool {
    switch self {
    case .memcgV1, .memcgV2, .group, .noVictim: true
    default: false
    }
  }

  /// Whether a kernel has what the scenario needs.
  package func happens(on kernel: Kernel) -> Bool {
    let printsOneLine = kernel.intent == nil
    return switch self {
    case .global, .panic: true
    case .memcgV1: kernel.memcg != nil
    case .memcgV2: kernel.memcg == .record || kernel.memcg == .records
    case .cpuset, .mempolicy: kernel.hasDecision || kernel.intent == .child
    case .group, .noVictim: kernel.memcg != nil && printsOneLine
    case .sysrq, .allocatingTask: kernel.hasDecision
    case .slab: printsOneLine
    case .reaped: kernel.hasDecision
    }
  }
}
