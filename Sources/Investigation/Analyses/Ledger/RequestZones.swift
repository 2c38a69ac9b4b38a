package import OOMReports

/// Which zones a request may take its pages from, by its GFP flags (`gfp_zone()`), or by its mask
/// where the kernel prints no names (to 4.5).
package struct RequestZones: Sendable, Equatable {
  /// The highest zone that it may use; nil where it may use all, or the flags are not known.
  package let ceiling: Int?
  /// Whether its pages can be moved, so that it may use CMA; nil where the flags are not known.
  package let isMovable: Bool?

  package init(_ invocation: Invocation?) {
    let flags = invocation?.gfpFlags ?? []
    if flags.isEmpty, let bits = invocation?.gfpMask.flatMap(Self.bits) {
      self.init(
        isDMA: bits & 1 != 0, isDMA32: bits & 4 != 0, reachesHighMem: bits & 2 != 0,
        isMovable: bits & 8 != 0)
    } else {
      self.init(flags: flags)
    }
  }

  package init(flags: [String]) {
    guard !flags.isEmpty else {
      self.init()
      return
    }
    self.init(
      isDMA: flags.contains { $0 == "GFP_DMA" || $0 == "__GFP_DMA" },
      isDMA32: flags.contains { $0 == "GFP_DMA32" || $0 == "__GFP_DMA32" },
      reachesHighMem: flags.contains {
        $0.contains("HIGHUSER") || $0.contains("HIGHMEM") || $0.contains("TRANSHUGE")
      },
      isMovable: flags.contains { $0.contains("MOVABLE") || $0.contains("TRANSHUGE") })
  }

  /// Nothing is known of the request.
  private init() { (ceiling, isMovable) = (nil, nil) }

  private init(isDMA: Bool, isDMA32: Bool, reachesHighMem: Bool, isMovable: Bool) {
    self.isMovable = isMovable
    ceiling =
      if isDMA {
        Self.rank("DMA")
      } else if isDMA32 {
        Self.rank("DMA32")
      } else if !reachesHighMem {
        Self.rank("Normal")
      } else {
        isMovable ? nil : Self.rank("HighMem")
      }
  }

  /// A mask as a number. Its four lowest bits choose the zone in all kernels since 2.6.31, all but
  /// that of movable pages before; the others were given new meanings again and again.
  private static func bits(_ mask: String) -> UInt64? {
    mask.hasPrefix("0x") ? UInt64(mask.dropFirst(2), radix: 16) : nil
  }

  /// Whether the request could use a zone of that name.
  package func includes(_ zone: String) -> Bool {
    guard zone != "Device" else { return false }
    return ceiling.map { (Self.rank(zone) ?? 0) <= $0 } ?? true
  }

  /// The position of a zone among all, from low addresses to high; nil for an unknown one.
  package static func rank(_ zone: String) -> Int? { ranks[zone] }

  /// The position of the first zone that is not for devices.
  static let normal = 2

  private static let ranks = ["DMA": 0, "DMA32": 1, "Normal": 2, "HighMem": 3, "Movable": 4]
}
