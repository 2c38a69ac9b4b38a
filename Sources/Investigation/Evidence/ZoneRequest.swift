internal import OOMReports

/// Which zones could have served a request, and why they did not.
extension Evidence.Case {
  /// The highest zone that the request could use, where all that it could use were exhausted and
  /// others, on the nodes that it was allowed, were not.
  var lowZone: ZoneState? {
    roomyZones.isEmpty
      ? nil : exhausted(rooms.filter { $0.isAllowed && $0.zone.name != "Device" })
  }

  /// Zones of the allowed nodes that the request could not use, and that had room.
  var roomyZones: [ZoneState] {
    guard let report else { return [] }
    return rooms.filter { !$0.isAllowed && $0.zone.name != "Device" }.map(\.zone)
      .filter { $0.isAboveLow(report.pageSize) }
  }

  /// The same where the zones had room, but only in contiguous memory that is kept for devices and
  /// for pages that can be moved (CMA).
  var contiguousZone: ZoneState? {
    guard let report else { return nil }
    let rooms = rooms.filter(\.isAllowed)
    let isOnlyContiguous = rooms.contains { room in
      room.contiguous.count > 0 && room.zone.isAboveLow(report.pageSize)
    }
    return isOnlyContiguous ? exhausted(rooms) : nil
  }

  /// The zones of the allowed nodes, where a cpuset or a policy allows none that the request may use:
  /// only a movable one for pages that cannot be moved. To 5.15 the kernel kills for these however much
  /// is free there; later it fails those of a cpuset.
  var forbiddenZones: [ZoneState] {
    guard scope == .cpuset || scope == .mempolicy, let nodes = report?.allowedNodes,
      let ceiling = RequestZones(report?.invocation?.value).ceiling
    else { return [] }
    let zones = rooms.map(\.zone)
    // A kernel without a zone for devices serves their requests from the next one.
    let areAllBeyond = zones.allSatisfy { $0.rank > max(ceiling, RequestZones.normal) }
    return areAllBeyond && nodes.isSubset(of: zones.compactMap(\.node)) ? zones : []
  }

  /// The zones of the nodes that the request was allowed, where no cgroup's limit bounded it.
  private var rooms: [ZoneRoom] {
    guard let scope, scope != .memcg, let report else { return [] }
    return ZoneRoom.rooms(report).filter { $0.isOnAllowedNode && !$0.zone.isEmpty }
  }

  private func exhausted(_ rooms: [ZoneRoom]) -> ZoneState? {
    rooms.allSatisfy { $0.free(above: .low) == Bytes(0) }
      ? rooms.max { $0.zone.rank < $1.zone.rank }?.zone : nil
  }

  /// Whether a request for several pages failed although a zone had enough memory in smaller ones.
  ///
  /// DMA is left out: it is kept from ordinary requests. Zones without a buddy line tell nothing.
  var isFragmented: Bool {
    guard scope == .machine, let order = event.order, (1...20).contains(order), let memory,
      let report
    else { return false }
    // `<<` yields 0 or less where it does not fit, which no block is smaller than.
    let size = report.pageSize.bytes.count << order
    let usable = memory.zones.filter {
      $0.name != "DMA" && $0.isAboveLow(report.pageSize) && $0.buddyLine != nil
    }
    return !usable.isEmpty
      && usable.allSatisfy { zone in
        !zone.freeBlocks.contains { $0.size.count >= size && $0.count > 0 }
      }
  }
}

extension ZoneState {
  /// Its position among all zones, from low addresses to high.
  fileprivate var rank: Int { RequestZones.rank(name) ?? -1 }

  /// Free memory above the low watermark, and above what the zone keeps from requests for others.
  fileprivate func isAboveLow(_ pageSize: PageSize) -> Bool {
    guard let free = counters["free"], let low = counters["low"],
      let reserve = (lowmemReserve.max() ?? Pages(0)).bytes(pageSize)
    else { return false }
    let floor = low.count.addingReportingOverflow(reserve.count)
    return !floor.overflow && free.count > floor.partialValue
  }

  /// Without a page to give: a machine whose memory lies elsewhere prints such zones too.
  var isEmpty: Bool { (counters["managed"] ?? counters["present"])?.count == 0 }
}
