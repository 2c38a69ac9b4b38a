internal import OOMReports

/// Which zones a request may take its pages from, by its GFP flags (`gfp_zone()`).
package struct RequestZones: Sendable, Equatable {
  /// The highest zone that it may use; nil where it may use all, or the flags are not known.
  package let ceiling: Int?
  /// Whether its pages can be moved, so that it may use CMA; nil where the flags are not known.
  package let isMovable: Bool?

  package init(flags: [String]) {
    guard !flags.isEmpty else {
      (ceiling, isMovable) = (nil, nil)
      return
    }
    let reachesHighMem = flags.contains {
      $0.contains("HIGHUSER") || $0.contains("HIGHMEM") || $0.contains("TRANSHUGE")
    }
    let isMovable = flags.contains { $0.contains("MOVABLE") || $0.contains("TRANSHUGE") }
    self.isMovable = isMovable
    ceiling =
      if flags.contains(where: { $0 == "GFP_DMA" || $0 == "__GFP_DMA" }) {
        Self.rank("DMA")
      } else if flags.contains(where: { $0 == "GFP_DMA32" || $0 == "__GFP_DMA32" }) {
        Self.rank("DMA32")
      } else if !reachesHighMem {
        Self.rank("Normal")
      } else {
        isMovable ? nil : Self.rank("HighMem")
      }
  }

  /// Whether the request could use a zone of that name.
  package func includes(_ zone: String) -> Bool {
    guard zone != "Device" else { return false }
    return ceiling.map { (Self.rank(zone) ?? 0) <= $0 } ?? true
  }

  /// The position of a zone among all, from low addresses to high; nil for an unknown one.
  package static func rank(_ zone: String) -> Int? { ranks[zone] }

  private static let ranks = ["DMA": 0, "DMA32": 1, "Normal": 2, "HighMem": 3, "Movable": 4]
}
