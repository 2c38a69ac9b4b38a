internal import OOMReports

/// Which zones could have served a request, and why they did not.
extension Evidence.Case {
  /// The zone that the request was bound to and that was exhausted while a higher one was not.
  var lowZone: ZoneState? {
    guard scope == .machine, let memory, let ceiling = ceiling(memory),
      let pageSize = report?.pageSize
    else { return nil }
    let eligible = memory.zones.filter { (RequestZones.rank($0.name) ?? .max) <= ceiling }
    let higher = memory.zones.filter { (RequestZones.rank($0.name) ?? 0) > ceiling }
    guard let exhausted = eligible.last, !eligible.contains(where: \.isAboveLow),
      higher.contains(where: { $0.isAboveLow(pageSize) })
    else { return nil }
    return exhausted
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

  /// The highest zone that the request may use; nil where it may use all.
  private func ceiling(_ memory: MemoryState) -> Int? {
    guard let flags = report?.invocation?.value.gfpFlags,
      let ceiling = RequestZones(flags: flags).ceiling
    else { return nil }
    return memory.zones.contains { (RequestZones.rank($0.name) ?? 0) > ceiling } ? ceiling : nil
  }
}

extension ZoneState {
  /// Free memory above the low watermark: requests for this very zone are served without reclaim.
  fileprivate var isAboveLow: Bool { isAboveLow(keeping: Bytes(0)) }

  /// The same for requests that could have used higher zones, from which this one keeps a reserve.
  fileprivate func isAboveLow(_ pageSize: PageSize) -> Bool {
    guard let reserve = (lowmemReserve.max() ?? Pages(0)).bytes(pageSize) else { return false }
    return isAboveLow(keeping: reserve)
  }

  private func isAboveLow(keeping reserve: Bytes) -> Bool {
    guard let free = counters["free"], let low = counters["low"] else { return false }
    let floor = low.count.addingReportingOverflow(reserve.count)
    return !floor.overflow && free.count > floor.partialValue
  }
}
