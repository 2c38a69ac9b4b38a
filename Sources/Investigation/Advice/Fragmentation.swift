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
        ], snippets: order <= 3 ? reserve(last) : [])
    ]
  }

  /// Twice the reserve that the zones' own watermarks show. For larger orders than 3 the kernel does
  /// not kill but fail, and nothing is kept for these.
  private static func reserve(_ candidate: Evidence.Case) -> [Snippet] {
    let zones = (candidate.memory?.zones ?? []).filter {
      !["HighMem", "Movable"].contains($0.name)
    }
    // `min` has the boost in it, which reclaim adds for a while.
    let marks = zones.map { zone in
      zone.counters["min"].map { Bytes(max(0, $0.count - (zone.counters["boost"]?.count ?? 0))) }
    }
    guard let ram = candidate.ledger?.managed, let sum = Bytes.sum(marks), sum.count > 0,
      let doubled = MinFreeBand.allowed(sum.kB * 2, ofRAM: ram)
    else { return [] }
    return [
      .sysctl(
        "vm.min_free_kbytes", doubled,
        "twice the \(sum) that the zones' min watermarks make up, and less than 2 % of \(ram) RAM")
    ]
  }
}
