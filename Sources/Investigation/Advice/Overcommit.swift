internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// What the overcommit mode has to do with machine-wide shortages.
  static let overcommit = AdviceRule(
    "overcommit", texts: ["overcommit-always", "overcommit-heuristic", "overcommit-strict"]
  ) { evidence in
    guard let host = evidence.host, let mode = CommitReview(host).mode else { return [] }
    let review = CommitReview(host)
    let cases = evidence.machineShortages.filter { $0.isOfWholeMachine }.numbers
    var reason: [Sentence] = ["vm.overcommit_memory is \(mode)"]
    if let committed = review.committed, let limit = review.limit, let share = review.share {
      let enforces: Sentence = mode == 2 ? "enforces" : "would enforce"
      reason.append(
        """
        Committed_AS is \(committed), \(share: share) of the CommitLimit of \(limit) that mode 2 \
        \(enforces)
        """)
    }
    switch mode {
    case 1:
      return [
        advice(
          "overcommit-always", cases.isEmpty ? .low : .medium, .likely, cases, reason,
          [.sysctl("vm.overcommit_memory", 0, "0 is the kernel's own value")])
      ]
    case 0 where !cases.isEmpty && review.share != nil:
      if let share = review.share, share > 1 {
        reason.append("with the present ratio, mode 2 would refuse memory at once")
      }
      return [
        advice("overcommit-heuristic", .low, .possible, cases, reason, strictMode(host, review))
      ]
    case 2 where !cases.isEmpty:
      guard let limit = review.limit, let ram = host.meminfo["MemTotal"],
        let swap = host.meminfo["SwapTotal"],
        Double(limit.count) >= 0.95 * (Double(ram.count) + Double(swap.count)),
        // What was never promised to processes is not theirs.
        let share = review.share, share >= 0.5
      else { return [] }
      return [
        advice("overcommit-strict", .medium, .likely, cases, reason, lowerLimit(host, review))
      ]
    default:
      return []
    }
  }

  private static func advice(
    _ text: String, _ severity: Recommendation.Severity, _ certainty: Recommendation.Certainty,
    _ events: [Int], _ reason: [Sentence], _ snippets: [Snippet]
  ) -> Recommendation {
    Recommendation(
      "overcommit", text: text, severity, certainty, events: events,
      settings: ["vm.overcommit_memory"], reason: reason, snippets: snippets)
  }

  /// Mode 2 with a limit that a quarter more than what is promised today fits in; none where RAM and
  /// swap could not keep that promise.
  private static func strictMode(_ host: HostFacts, _ review: CommitReview) -> [Snippet] {
    guard let committed = review.committed else { return [] }
    return limit(
      host, review, Double(committed.count) * 1.25, mode: ["vm.overcommit_memory = 2"],
      "Committed_AS of \(committed) × 1.25, less the swap")
  }

  /// A limit that leaves a tenth of RAM and swap to the kernel; none where more is promised already.
  private static func lowerLimit(_ host: HostFacts, _ review: CommitReview) -> [Snippet] {
    guard let ram = host.meminfo["MemTotal"], let swap = host.meminfo["SwapTotal"] else {
      return []
    }
    return limit(
      host, review, (Double(ram.count) + Double(swap.count)) * 0.9, mode: [],
      "90 % of RAM and swap, \(ram) and \(swap), less the swap")
  }

  /// `vm.overcommit_kbytes` for a CommitLimit, which stands before the mode that it is for.
  ///
  /// The limit must exceed what is promised by a tenth, so that no fork fails at once, and leave a
  /// tenth of RAM to the kernel.
  private static func limit(
    _ host: HostFacts, _ review: CommitReview, _ target: Double, mode: [String],
    _ computedFrom: Sentence
  ) -> [Snippet] {
    guard let ram = host.meminfo["MemTotal"], let swap = host.meminfo["SwapTotal"],
      let committed = review.committed, swap.count >= 0, ram.count > 0,
      target >= Double(committed.count) * 1.1
    else { return [] }
    let fixed = target - Double(swap.count)
    guard fixed >= Double(1 << 20), fixed <= Double(ram.count) * 0.9 else { return [] }
    return [
      Snippet(
        .sysctl, .sysctl, ["vm.overcommit_kbytes = \(Int64(fixed) / 1024)"] + mode,
        ["\(computedFrom), which CommitLimit counts on top"])
    ]
  }
}
