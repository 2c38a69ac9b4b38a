package import OOMReports

/// The machine's swap, and what compresses it.
package struct SwapReview: Sendable, Equatable {
  package let total: Bytes?
  package let free: Bytes?
  /// Nil where it is not known whether there are any.
  package let devices: [SwapDevice]?
  package let zram: Switch
  package let zswap: Switch
  package let remark: SysctlReview.Remark?

  /// Whether a feature is on, as far as it can be known.
  package enum Switch: String, Sendable, CaseIterable {
    case on, off, unknown
  }

  init(_ host: HostFacts) {
    total = host.meminfo["SwapTotal"]
    free = host.meminfo["SwapFree"]
    devices = host.swapDevices
    zram = Switch(host.swapDevices.map { $0.contains { $0.kind == .zram } })
    zswap = Switch(host.isZswapEnabled)
    let isOnlyZram = host.swapDevices.map { !$0.isEmpty && $0.allSatisfy { $0.kind == .zram } }
    remark =
      if zswap == .on, isOnlyZram == true {
        SysctlReview.Remark(
          concern: .warning, text: "zswap in front of zram compresses the same pages twice")
      } else if zram == .on {
        SysctlReview.Remark(
          concern: .note, text: "zram's size counts uncompressed data; what it holds takes RAM")
      } else {
        nil
      }
  }
}

extension SwapReview.Switch {
  fileprivate init(_ isOn: Bool?) {
    self = isOn.map { $0 ? .on : .off } ?? .unknown
  }
}
