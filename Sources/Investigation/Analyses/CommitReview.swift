package import OOMReports

/// Promised memory against what may be promised.
package struct CommitReview: Sendable, Equatable {
  /// `vm.overcommit_memory`; nil where it is missing or invalid.
  package let mode: Int64?
  /// CommitLimit as the kernel says it.
  package let limit: Bytes?
  /// Committed_AS.
  package let committed: Bytes?
  /// CommitLimit computed from the settings, RAM, huge pages and swap.
  package let recomputed: Bytes?
  /// What the fixed part of the recomputed limit rests on.
  package let basis: Basis?
  /// What the two figures mean in this mode.
  package let meaning: String
  package let remark: SysctlReview.Remark?

  /// Which setting the limit is computed from.
  package enum Basis: Sendable, Equatable {
    case ratio(Int64)
    case fixed(Bytes)
  }

  /// Committed_AS as a share of CommitLimit.
  package var share: Double? {
    guard let limit, let committed, limit.count > 0 else { return nil }
    return Double(committed.count) / Double(limit.count)
  }

  /// Whether the kernel's limit is the recomputed one, but for rounding to pages; nil where either
  /// is not known. Where not, the facts are of different moments.
  package var agrees: Bool? {
    guard let limit, let recomputed else { return nil }
    let difference = limit.count.subtractingReportingOverflow(recomputed.count)
    guard !difference.overflow else { return false }
    return difference.partialValue.magnitude <= 256 * 1024
  }

  init(_ host: HostFacts) {
    let mode = host.integer("vm.overcommit_memory").flatMap { (0...2).contains($0) ? $0 : nil }
    self.mode = mode
    limit = host.meminfo["CommitLimit"]
    committed = host.meminfo["Committed_AS"]
    (recomputed, basis) = Self.recompute(host)
    meaning =
      Prose.text(.sysctl, "commit.mode-" + (mode.map { "\($0)" } ?? "unknown")) ?? ""
    if mode == 2, let limit, let committed, limit.count > 0 {
      let share = Double(committed.count) / Double(limit.count)
      remark =
        share < 0.9
        ? nil
        : SysctlReview.Remark(
          concern: share < 1 ? .warning : .critical,
          text: "\(share: share) of what may be promised is promised: malloc and fork soon fail")
    } else {
      remark = nil
    }
  }

  private static func recompute(_ host: HostFacts) -> (Bytes?, Basis?) {
    guard let swap = host.meminfo["SwapTotal"], swap.count >= 0 else { return (nil, nil) }
    if let fixed = host.integer("vm.overcommit_kbytes").flatMap(Bytes.init(kB:)), fixed.count > 0 {
      let sum = fixed.count.addingReportingOverflow(swap.count)
      return (sum.overflow ? nil : Bytes(sum.partialValue), .fixed(fixed))
    }
    guard let ratio = host.integer("vm.overcommit_ratio"), ratio >= 0,
      let ram = host.meminfo["MemTotal"], let pooled = hugePagePool(host),
      pooled.count <= ram.count
    else { return (nil, nil) }
    let product = (ram.count - pooled.count).multipliedReportingOverflow(by: ratio)
    let sum = (product.partialValue / 100).addingReportingOverflow(swap.count)
    return (product.overflow || sum.overflow ? nil : Bytes(sum.partialValue), .ratio(ratio))
  }

  /// Memory in huge-page pools: of all sizes where the kernel tells (4.16+), else of the usual one.
  private static func hugePagePool(_ host: HostFacts) -> Bytes? {
    if let all = host.meminfo["Hugetlb"] { return all }
    guard let count = host.meminfoCounts["HugePages_Total"], count > 0 else { return Bytes(0) }
    guard let size = host.meminfo["Hugepagesize"] else { return nil }
    let product = size.count.multipliedReportingOverflow(by: count)
    return product.overflow ? nil : Bytes(product.partialValue)
  }
}
