package import OOMReports

/// How much of a zone's free memory a request could have had (`__zone_watermark_ok()`).
package struct ZoneRoom: Sendable, Equatable {
  package let zone: ZoneState
  /// Whether the request could use the zone at all: by its address, and by the nodes allowed.
  package let isAllowed: Bool
  /// Whether a cpuset or a memory policy allowed the zone's node, or neither bounded the request.
  let isOnAllowedNode: Bool
  /// What the zone keeps back from this request, which would rather have had a higher one.
  package let reserve: Bytes?
  /// Free memory of devices (CMA) that pages which cannot be moved must not use; 0 where they may.
  package let contiguous: Bytes
  /// Free memory for requests that cannot wait.
  package let highAtomic: Bytes
  /// The largest free block that the request could take, in pages of `order`; nil where the report
  /// prints no blocks.
  package let largestBlock: Bytes?

  /// Whether reserve and blocks were judged without knowing the request's flags.
  package let isGuess: Bool

  /// Free memory of an allowed zone above the `min` watermark and all that is kept back.
  package var usable: Bytes? { free(above: .min) }

  /// Up to which of its watermarks the zone's free memory is spent.
  enum Watermark: String {
    /// Requests that waited for reclaim may go down to it.
    case min
    /// Below it reclaim begins.
    case low
    /// Up to it reclaim goes; before it kills anybody the kernel looks once more for so much.
    case high
  }

  /// Free memory of an allowed zone above a watermark and all that is kept back; 0 in other zones,
  /// nil where a figure is missing.
  func free(above watermark: Watermark) -> Bytes? {
    guard isAllowed else { return Bytes(0) }
    guard let free = zone.counters["free"], let mark = zone.counters[watermark.rawValue],
      let kept = Bytes.sum([mark, reserve ?? Bytes(0), contiguous, highAtomic])
    else { return nil }
    return Bytes(max(0, free.count - kept.count))
  }

  /// Whether the zone could give a request its pages without going below a watermark; `false` where
  /// the report does not tell.
  func serves(order: Int64, _ page: PageSize, above watermark: Watermark) -> Bool {
    let size = page.bytes.count << max(0, min(order, 30))
    // Without its list of reserves nothing tells what the zone keeps back.
    guard reserve != nil, let free = free(above: watermark), free.count >= size else {
      return false
    }
    return order <= 0 || largestBlock.map { $0.count >= size } ?? false
  }

  /// The zones of a report, in its order.
  package static func rooms(_ report: OOMReport) -> [ZoneRoom] {
    guard let memory = report.memory else { return [] }
    let zones = RequestZones(report.invocation?.value)
    let nodes = report.isBoundToNodes ? report.allowedNodes : nil
    return memory.zones.map { zone in
      ZoneRoom(
        zone, zones,
        isOnAllowedNode: nodes.map { nodes in zone.node.map(nodes.contains) ?? true } ?? true,
        reserve: zone.reserve(for: zones, among: memory.zones).flatMap {
          $0.bytes(report.pageSize)
        })
    }
  }

  private init(
    _ zone: ZoneState, _ request: RequestZones, isOnAllowedNode: Bool, reserve: Bytes?
  ) {
    self.zone = zone
    self.isOnAllowedNode = isOnAllowedNode
    isAllowed = isOnAllowedNode && request.includes(zone.name)
    self.reserve = reserve
    let mayUseCMA = request.isMovable ?? true
    contiguous = mayUseCMA ? Bytes(0) : zone.counters["free_cma"] ?? Bytes(0)
    highAtomic =
      zone.counters["free_highatomic"] ?? zone.counters["reserved_highatomic"] ?? Bytes(0)
    isGuess = request.isMovable == nil
    largestBlock =
      zone.buddyLine == nil
      ? nil
      : zone.freeBlocks.filter { $0.count > 0 && $0.isUsable(mayUseCMA: mayUseCMA) }
        .map(\.size).max() ?? Bytes(0)
  }
}

extension FreeBlocks {
  /// Whether any block of the order is of a type that an ordinary request takes. Kernels before 3.8
  /// print no types.
  fileprivate func isUsable(mayUseCMA: Bool) -> Bool {
    types.isEmpty
      || types.contains { $0 != "H" && $0 != "I" && (mayUseCMA || $0 != "C") }
  }
}

extension ZoneState {
  /// What the zone keeps from a request, of its `lowmem_reserve[]`: the entry of the highest zone
  /// that the request may use.
  ///
  /// Which entry is a zone's depends on the kernel's configuration, but a zone keeps nothing from
  /// itself and those below: the first entry above 0 is behind its own.
  fileprivate func reserve(for request: RequestZones, among zones: [ZoneState]) -> Pages? {
    guard !lowmemReserve.isEmpty else { return nil }
    guard let ceiling = request.ceiling else { return lowmemReserve.max() }
    guard let own = RequestZones.rank(name), own < ceiling else { return Pages(0) }
    let isAnyHigher = zones.contains { (RequestZones.rank($0.name) ?? 0) > ceiling }
    guard isAnyHigher else { return lowmemReserve.max() }
    let position = zones.lazy.filter { RequestZones.rank($0.name) == ceiling }.compactMap { zone in
      zone.lowmemReserve.firstIndex { $0.count > 0 }.map { $0 - 1 }
    }.first
    guard let position, lowmemReserve.indices.contains(position) else {
      return lowmemReserve.max()
    }
    return lowmemReserve[position]
  }
}
