internal import OOMReports

extension AdviceRule {
  /// Swap was free when the machine as a whole ran out.
  static let swapFree = AdviceRule("swap-free") { evidence in
    let found = evidence.machineShortages.compactMap { candidate -> Found? in
      guard candidate.isOfWholeMachine, candidate.couldUseSwap,
        case .free(let free, let total)? = candidate.swap
      else {
        return nil
      }
      return Found(event: candidate.event.number, free: free, total: total)
    }
    guard let last = found.last else { return [] }
    var reason: [Sentence] = [
      "\(last.free) of \(last.total) swap were free in event \(last.event)"
    ]
    var settings: [String] = []
    var snippets: [Snippet] = []
    if evidence.host?.swapDevices?.contains(where: { $0.kind == .zram }) == true {
      reason.append("swap is on zram, whose pool takes RAM")
    }
    if let swappiness = evidence.host?.integer("vm.swappiness"), (0...10).contains(swappiness) {
      reason.append("vm.swappiness is \(swappiness)")
      settings.append("vm.swappiness")
      snippets = [.sysctl("vm.swappiness", 60, "60 is the kernel's own value; it is \(swappiness)")]
    }
    let locked = evidence.machineShortages.measured { $0.unevictable }.last {
      $0.event == last.event && $0.share >= 0.1
    }
    if let locked {
      reason.append("\(locked.amount), \(share: locked.share) of RAM, could not be reclaimed")
    }
    return [
      Recommendation(
        "swap-free", .medium, .certain, events: found.map(\.event), settings: settings,
        reason: reason, snippets: snippets)
    ]
  }

  private struct Found {
    let event: Int
    let free: Bytes
    let total: Bytes
  }
}

extension Evidence.Case {
  /// Whether what filled the machine could have gone to swap: not kernel memory, huge pages, locked
  /// memory, nor what is in swap in RAM already.
  fileprivate var couldUseSwap: Bool {
    switch consumer {
    case .process, .processes, .shmem, .pageCacheBound, .unknown, nil: true
    case .hugepages, .slab, .pagetables, .mlocked, .swapBacked, .kernelUnaccounted: false
    }
  }
}
