internal import OOMReports

extension AdviceRule {
  /// Memory of processes filled the machine and swap could take no more.
  ///
  /// Silent where something else holds the memory, or most of it is locked: then more RAM would only
  /// hide it. So it is where one process grew to be most of it.
  static let machineRAM = AdviceRule("machine-ram") { evidence in
    let cases = evidence.machineShortages.filter { candidate in
      candidate.isFullOfUserMemory && !evidence.isOutgrown(candidate)
    }
    guard let last = cases.last, let ledger = last.ledger, let amount = ledger.userMemory else {
      return []
    }
    var reason: [Sentence] = [
      """
      memory of processes was \(amount), \(share: ledger.share(amount) ?? 0) of \(ledger.managed) \
      RAM, in event \(last.event.number)
      """
    ]
    switch last.swap {
    case .exhausted(let total): reason.append("swap of \(total) was full")
    default: reason.append("the machine had no swap")
    }
    return [
      Recommendation(
        "machine-ram", .high, cases.count >= 3 ? .likely : .possible, events: cases.numbers,
        reason: reason)
    ]
  }
}

extension Evidence.Case {
  fileprivate var isFullOfUserMemory: Bool {
    guard isOfWholeMachine, isFilledByProcesses, let ledger,
      let share = ledger.share(ledger.userMemory)
    else {
      return false
    }
    let isSwapGone =
      switch swap {
      case SwapState.none?, .exhausted?: true
      default: false
      }
    let unaccounted = ledger.share(ledger.unaccounted) ?? 0
    let isMostlyLocked = (ledger.unevictable ?? Bytes(0)) > (ledger.anonymous ?? Bytes(0))
    return isSwapGone && share >= 0.5 && unaccounted < 0.1 && !isMostlyLocked
  }
}

extension MemoryLedger {
  /// What processes hold for themselves: anonymous and locked memory.
  fileprivate var userMemory: Bytes? {
    guard let anonymous else { return nil }
    let sum = anonymous.count.addingReportingOverflow(unevictable?.count ?? 0)
    return sum.overflow ? nil : Bytes(sum.partialValue)
  }
}
