package import OOMReports

/// How much of a zone's free memory a request could have had (`__zone_watermark_ok()`).
package struct ZoneRoom: Sendable, Equatable {
  package let zone: ZoneState
  /// Whether the request could use the zone at all: by its address, and by the nodes allowed.
  package let isAllowed: Bool
  /// What the zone keeps back from this request, which would rather have had a higher one.
  package let reserve: Bytes?
  /// Free memory of devices (CMA) that pages which cannot be moved must not use; 0 where they may.
  package let contiguous: Bytes
  /// Free memory for requests that cannot wait.
  package let highAtomic: Bytes
  /// Free memory above the `min` watermark and all that is kept back; nil where a figure is missing.
  package let usable: Bytes?
  /// The largest free block that the request could take, in pages of `order`; nil where the report
  /// prints no blocks.
  package let largestBlock: Bytes?

  /// Whether reserve and blocks were judged without knowing the request's flags.
  package let isGuess: Bool

  /// The zones of a report, in its order.
  package static func rooms(_ report: OOMReport) -> [ZoneRoom] {
    guard let memory = report.memory else { return [] }
    let zones = RequestZones(flags: report.invocation?.value.gfpFlags ?? [])
    let nodes =
      report.boundary == .cpuset || report.boundary == .mempolicy
      ? report.allowedNodes : nil
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
    isAllowed = isOnAllowedNode && request.includes(zone.name)
    self.reserve = reserve
    let mayUseCMA = request.isMovable ?? true
    contiguous = mayUseCMA ? Bytes(0) : zone.counters["free_cma"] ?? Bytes(0)
    highAtomic =
      zone.counters["free_highatomic"] ?? zone.counters["reserved_highatomic"] ?? Bytes(0)
    isGuess = request.isMovable == nil
    if !isAllowed {
      usable = Bytes(0)
    } else if let free = zone.counters["free"], let min = zone.counters["min"],
      let kept = Bytes.sum([min, reserve ?? Bytes(0), contiguous, highAtomic])
    {
      usable = Bytes(max(0, free.count - kept.count))
    } else {
      usable = nil
    }
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
