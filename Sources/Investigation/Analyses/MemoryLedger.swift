package import OOMReports

/// Where a report's RAM was, class by class, in bytes.
///
/// Figures that the report does not print are missing; figures from a log can be forged, so sums
/// that do not fit are missing too.
package struct MemoryLedger: Sendable, Equatable {
  /// RAM that the kernel hands out. Always more than 0.
  package let managed: Bytes
  /// Heaps, stacks and the like on the LRU lists, without shmem.
  package let anonymous: Bytes?
  /// tmpfs and shared memory.
  package let shmem: Bytes?
  package let file: Bytes?
  /// mlocked and other memory that reclaim cannot touch.
  package let unevictable: Bytes?
  /// What swap could take: anonymous memory and shmem that are not locked.
  package let swappable: Bytes?
  package let slabReclaimable: Bytes?
  package let slabUnreclaimable: Bytes?
  /// Pools of huge pages, used or not.
  package let hugePages: Bytes?
  package let hugePagesFree: Bytes?
  package let free: Bytes?
  /// What is in none of the report's counters. Nil where a counter is missing; 1 or 2 % are usual.
  package let unaccounted: Bytes?

  /// Nil where the report does not tell how much RAM there is.
  package init?(_ memory: MemoryState, pageSize: PageSize) {
    guard let pages = memory.managed, pages.count > 0, let managed = pages.bytes(pageSize)
    else { return nil }
    func counter(_ names: String...) -> Bytes? {
      sum(names.map { memory.counters[$0]?.value.bytes(pageSize) })
    }
    func optional(_ name: String) -> Bytes { counter(name) ?? Bytes(0) }
    self.managed = managed
    shmem = counter("shmem")
    file = sum([counter("active_file", "inactive_file"), optional("isolated_file")])
    unevictable = counter("unevictable")
    swappable = sum([counter("active_anon", "inactive_anon"), optional("isolated_anon")])
    // shmem is counted on the lists of anonymous pages.
    if let swappable, let shmem {
      anonymous = Bytes(max(0, swappable.count - shmem.count))
    } else {
      anonymous = nil
    }
    slabReclaimable = counter("slab_reclaimable")
    slabUnreclaimable = counter("slab_unreclaimable")
    hugePages = Self.pool(memory) { $0.total }
    hugePagesFree = Self.pool(memory) { $0.free }
    free = sum([counter("free"), optional("free_pcp")])
    let known = sum([
      swappable, file, unevictable, slabReclaimable, slabUnreclaimable, counter("pagetables"),
      optional("sec_pagetables"), Self.kernelStacks(memory), hugePages, free,
    ])
    unaccounted = known.map { Bytes(max(0, managed.count - $0.count)) }
  }

  /// A class as a share of managed RAM.
  package func share(_ amount: Bytes?) -> Double? {
    amount.map { Double($0.count) / Double(managed.count) }
  }

  /// Memory in pools of huge pages; nil where the kernel prints none of its pools.
  private static func pool(
    _ memory: MemoryState, _ pages: (HugePool) -> Int64
  ) -> Bytes? {
    guard !memory.hugePools.isEmpty else { return nil }
    return sum(
      memory.hugePools.map { pool in
        let product = pages(pool).multipliedReportingOverflow(by: pool.size.count)
        return product.overflow ? nil : Bytes(product.partialValue)
      })
  }

  /// Printed per node since 5.8, per zone before.
  private static func kernelStacks(_ memory: MemoryState) -> Bytes? {
    let ofNodes = memory.nodes.compactMap { $0.counters["kernel_stack"] }
    let ofZones = memory.zones.compactMap { $0.counters["kernel_stack"] }
    let figures = ofNodes.isEmpty ? ofZones : ofNodes
    return figures.isEmpty ? nil : sum(figures)
  }
}

/// The sum; nil where a summand is missing, below 0, or the sum does not fit.
private func sum(_ figures: [Bytes?]) -> Bytes? {
  var total: Int64 = 0
  for figure in figures {
    guard let figure, figure.count >= 0 else { return nil }
    let sum = total.addingReportingOverflow(figure.count)
    guard !sum.overflow else { return nil }
    total = sum.partialValue
  }
  return Bytes(total)
}
