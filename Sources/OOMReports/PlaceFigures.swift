internal import KernelLog

/// The figures of a node's or a zone's line, up to where another line was printed into it.
struct PlaceFigures {
  private(set) var counters: [String: Bytes] = [:]
  private(set) var pagesScanned: Int64?
  /// `all_unreclaimable? yes`; nil where the line does not end as it should.
  private(set) var allUnreclaimable: Bool?
  /// Whether the line ends as the kernel ends one.
  private(set) var isComplete = false

  init(_ message: Span<UInt8>, from start: Int) {
    var counters: [String: Bytes] = [:]
    var scanned: Int64?
    let isComplete = message.pairs(from: start) { pair in
      if pair.hasUnit {
        // The kernel prints no figure twice.
        guard counters[pair.key] == nil else { return false }
        counters[pair.key] = Bytes(kB: pair.value)
        return true
      }
      // A count among sizes, behind which the kernel always prints more.
      guard pair.key == "pages_scanned", !pair.isLast, scanned == nil else { return false }
      scanned = pair.value
      return true
    }
    (self.counters, pagesScanned, self.isComplete) = (counters, scanned, isComplete)
    guard isComplete,
      let answer = message.first("all_unreclaimable? ", from: start).map({ $0 + 19 })
    else { return }
    if message.starts(with: "yes", at: answer) { allUnreclaimable = true }
    if message.starts(with: "no", at: answer) { allUnreclaimable = false }
  }
}
