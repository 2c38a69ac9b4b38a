internal import OOMReports

extension AdviceRule {
  /// There was memory that only swap could have taken, and no swap left. Swap in RAM is no cure for
  /// the want of it.
  static let addSwap = AdviceRule("add-swap") { evidence in
    guard evidence.host?.swapsToRAMOnly != true else { return [] }
    let found = evidence.machineShortages.filter { !evidence.isOutgrown($0) }.compactMap {
      candidate in
      candidate.swapWanted.map { (event: candidate.event.number, wanted: $0) }
    }
    guard let last = found.last else { return [] }
    let state: Sentence =
      switch last.wanted.swap {
      case .exhausted(let total): "swap of \(total) was full"
      default: "the machine had no swap"
      }
    return [
      Recommendation(
        "add-swap", .medium, .possible, events: found.map(\.event),
        reason: [
          "\(state) in event \(last.event), with \(last.wanted.amount) of swappable memory in RAM"
        ])
    ]
  }
}

extension Evidence.Case {
  /// Swappable memory of two fifths of RAM or more, with no swap or none left. Where there is less,
  /// something else fills the RAM, and swap would only postpone the end.
  fileprivate var swapWanted: (amount: Bytes, swap: SwapState)? {
    guard isOfWholeMachine, isFilledByProcesses || consumer == .shmem, let swap, let ledger,
      let amount = ledger.swappable,
      let share = ledger.share(amount), share >= 0.4
    else { return nil }
    switch swap {
    case .none, .exhausted: return (amount, swap)
    case .nearlyFull, .free: return nil
    }
  }
}

extension HostFacts {
  /// Whether there is swap, and all of it is compressed memory; nil where that is not known.
  var swapsToRAMOnly: Bool? {
    swapDevices.map { !$0.isEmpty && $0.allSatisfy { $0.kind == .zram } }
  }
}
