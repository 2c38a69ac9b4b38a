internal import OOMReports

extension AdviceRule {
  /// Swap in compressed RAM takes what it should have freed.
  static let compressedSwap = AdviceRule("compressed-swap") { evidence in
    let found = evidence.machineShortages.filter { evidence.hasCompressedSwap($0) }
    guard let last = found.last, let ledger = last.ledger, let used = last.memory?.swapUsed else {
      return []
    }
    let pool: Sentence =
      last.culprit?.consumer.value.amount
      .map { ", while \($0) of RAM are held by no other counter" } ?? ""
    // That swap is in RAM the machine itself says, or a counter of its pages (6.18 and later).
    let isKnown =
      evidence.host?.swapDevices != nil
      || last.culprit.map { $0.consumer.certainty > .possible } ?? false
    return [
      Recommendation(
        "compressed-swap", .high, isKnown ? .likely : .possible, events: found.numbers,
        reason: ["\(used.value) lay in swap in event \(last.event.number)\(pool)"],
        snippets: smallerDevice(last, ledger))
    ]
  }

  /// Half of RAM, which a device of incompressible data takes whole; none where it is no larger.
  private static func smallerDevice(_ candidate: Evidence.Case, _ ledger: MemoryLedger) -> [Snippet]
  {
    guard let total = candidate.memory?.totalSwap?.value, total.count > ledger.managed.count / 2
    else { return [] }
    let half = Bytes(ledger.managed.count / 2)
    return [
      Snippet(
        .zram, .file("/etc/systemd/zram-generator.conf.d/60-oomsh.conf"),
        ["[zram0]", "zram-size = \(half.mebibytes)"],
        [
          """
          in MiB: half of \(ledger.managed) RAM, since data that does not compress takes all of its \
          size; swap was \(total)
          """
        ])
    ]
  }
}

extension Evidence {
  /// Whether what filled the machine is likely swap in RAM, as far as the machine's own list of its
  /// swap does not refute it. Where swap is full only that list tells it from a full disk.
  func hasCompressedSwap(_ candidate: Case) -> Bool {
    let listed = host?.swapDevices?.contains { $0.kind == .zram }
    return switch candidate.consumer {
    case .swapBacked: listed != false
    case .kernelUnaccounted: listed == true && candidate.hasAsMuchInSwap
    default: false
    }
  }
}

extension Evidence.Case {
  /// Whether what is in no counter may be what was swapped out.
  fileprivate var hasAsMuchInSwap: Bool {
    guard let memory, let gap = ledger?.unaccounted else { return false }
    return memory.swapUsed(for: gap) != nil
  }
}
