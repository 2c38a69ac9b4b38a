internal import OOMReports

extension AdviceRule {
  /// Much RAM is in none of the report's counters.
  static let unaccounted = AdviceRule("unaccounted") { evidence in
    let found = evidence.machineShortages.filter { !evidence.hasCompressedSwap($0) }
      .measured { $0.unaccounted }.filter { $0.share >= 0.1 }
    guard let worst = found.max(by: { $0.share < $1.share }) else { return [] }
    var reason: [Sentence] = [
      """
      \(worst.amount), \(share: worst.share) of RAM, is in no counter of the report of event \
      \(worst.event)
      """
    ]
    let showsPools = evidence.reports[worst.event]?.memory?.hugePools.isEmpty == false
    if !showsPools { reason.append("pools of huge pages, if there were any, are not printed") }
    return [
      Recommendation(
        "unaccounted", .high, showsPools ? .likely : .possible, events: found.map(\.event),
        reason: reason)
    ]
  }
}

extension Sequence<Evidence.Case> {
  /// A class of the memory ledger by event, where it is known.
  func measured(
    _ amount: (MemoryLedger) -> Bytes?
  ) -> [(event: Int, amount: Bytes, share: Double)] {
    compactMap { candidate in
      guard let ledger = candidate.ledger, let amount = amount(ledger),
        let share = ledger.share(amount)
      else { return nil }
      return (candidate.event.number, amount, share)
    }
  }
}
