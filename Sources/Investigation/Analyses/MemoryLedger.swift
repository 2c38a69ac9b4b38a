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
  /// Kernels without pools of huge pages print none; those that only do not print them have the
  /// pools in this figure.
  package let unaccounted: Bytes?

  /// Nil where the report does not tell how much RAM there is, or contradicts itself about it.
  package init?(_ memory: MemoryState, pageSize: PageSize) {
    guard let pages = memory.managed, pages.count > 0, let managed = pages.bytes(pageSize),
      !Self.zonesContradict(memory, pageSize)
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
      optional("sec_pagetables"), Self.kernelStacks(memory), hugePages ?? Bytes(0), free,
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

  /// Whether the zones, all of them, amount to another size of RAM than the report's total, or
  /// cannot be added up since one of their lines is torn.
  ///
  /// Reports of bound tasks leave zones out, and a log may lose some. All are there if their free
  /// memory makes up the total of it.
  private static func zonesContradict(_ memory: MemoryState, _ pageSize: PageSize) -> Bool {
    guard !memory.zones.isEmpty, let total = memory.pagesRAM?.value.bytes(pageSize) else {
      return false
    }
    guard let present = sum(memory.zones.map { $0.counters["present"] }) else { return true }
    guard let free = memory.counters["free"]?.value.bytes(pageSize),
      let ofZones = sum(memory.zones.map { $0.counters["free"] })
    else { return false }
    func differ(_ left: Bytes, _ right: Bytes, by share: Double) -> Bool {
      abs(Double(left.count) - Double(right.count)) > share * Double(max(left, right).count)
    }
    return !differ(ofZones, free, by: 0.1) && differ(present, total, by: 0.05)
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
