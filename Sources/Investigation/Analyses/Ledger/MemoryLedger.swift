package import OOMReports

/// Where a report's RAM was, class by class, in bytes.
///
/// Figures that the report does not print are missing; figures from a log can be forged, so sums
/// that do not fit are missing too.
package struct MemoryLedger: Sendable, Equatable {
  /// RAM that the kernel hands out. Always more than 0.
  package let managed: Bytes
  /// The classes, which do not overlap.
  package let lines: [LedgerLine]
  /// What is in none of the report's counters; up to 2 % are usual.
  ///
  /// Kernels without pools of huge pages print none; those that only do not print them have the
  /// pools in this figure.
  package let gap: LedgerGap
  /// tmpfs and shared memory, wherever it lies: locked shmem is on the unevictable list. Nil where it
  /// is more than the lists that it is on.
  package let shmem: Bytes?
  /// What swap could take: anonymous memory and shmem that are not locked.
  package let swappable: Bytes?
  /// Pools of huge pages, used or not; nil where the report prints none.
  package let hugePages: Bytes?
  package let hugePagesFree: Bytes?

  /// Nil where the report does not tell how much RAM there is, or contradicts itself about it.
  package init?(_ memory: MemoryState, pageSize: PageSize) {
    guard let pages = memory.managed, pages.count > 0, let managed = pages.bytes(pageSize),
      !Self.zonesContradict(memory, pageSize)
    else { return nil }
    let figures = LedgerFigures(memory, pageSize)
    self.managed = managed
    shmem = figures.shmem
    swappable = figures.counters(["active_anon", "inactive_anon"], and: ["isolated_anon"])
    hugePages = figures.pools { $0.total }
    hugePagesFree = figures.pools { $0.free }
    lines = figures.lines
    gap = LedgerGap(
      of: managed, lines: lines, slack: managed.count / 100,
      partial: Self.isPartial(memory, pageSize)
        ? "the report leaves out nodes, whose kernel stacks and huge pages are in it" : nil)
  }

  /// The class of a name; nil where it is not among the report's.
  package subscript(key: String) -> LedgerLine? { lines.first { $0.key == key } }

  /// Heaps, stacks and the like on the LRU lists, without shmem.
  package var anonymous: Bytes? { self["anonymous"]?.amount }
  package var file: Bytes? { self["file"]?.amount }
  /// mlocked and other memory that reclaim cannot touch.
  package var unevictable: Bytes? { self["unevictable"]?.amount }
  package var slabReclaimable: Bytes? { self["slab_reclaimable"]?.amount }
  package var slabUnreclaimable: Bytes? { self["slab_unreclaimable"]?.amount }
  package var free: Bytes? {
    Bytes.sum([self["free"]?.amount, self["free_pcp"]?.amount ?? Bytes(0)])
  }

  /// What is in no counter, where that can be told exactly.
  package var unaccounted: Bytes? { gap.amount }

  /// How much of managed RAM usually is in no counter: what the kernel took for itself without
  /// counting it.
  package static let usualGap = 0.005...0.02

  /// What a kernel takes so however small the machine is: its own tables, per-CPU data, modules.
  private static let usualBase = Bytes(8 << 20)

  /// The most that usually is in no counter of a machine of this size.
  package var mostUsual: Bytes {
    max(
      Bytes(Self.usualBase.count + managed.count / 100),
      Bytes(Int64(Double(managed.count) * Self.usualGap.upperBound)))
  }

  /// What was hidden from the kernel's counters: the gap less what usually is in it. Nil where the
  /// gap is a usual one, or not known.
  package var hidden: ClosedRange<Bytes>? {
    guard let bound = gap.bound, bound > mostUsual else { return nil }
    let least = Int64(Double(managed.count) * Self.usualGap.lowerBound)
    return Bytes(bound.count - mostUsual.count)...Bytes(bound.count - least)
  }

  /// A class as a share of managed RAM.
  package func share(_ amount: Bytes?) -> Double? {
    amount.map { Double($0.count) / Double(managed.count) }
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
    guard let present = Bytes.sum(memory.zones.map { $0.counters["present"] }) else { return true }
    guard let free = memory.counters["free"]?.value.bytes(pageSize),
      let ofZones = Bytes.sum(memory.zones.map { $0.counters["free"] })
    else { return false }
    return !differ(ofZones, free, by: 0.1) && differ(present, total, by: 0.05)
  }

  /// Whether zones are left out: the report is a bound task's, or the log has lost their lines.
  static func isPartial(_ memory: MemoryState, _ pageSize: PageSize) -> Bool {
    guard !memory.zones.isEmpty, let total = memory.pagesRAM?.value.bytes(pageSize),
      let present = Bytes.sum(memory.zones.map { $0.counters["present"] })
    else { return false }
    return present < total && differ(present, total, by: 0.05)
  }

  private static func differ(_ left: Bytes, _ right: Bytes, by share: Double) -> Bool {
    abs(Double(left.count) - Double(right.count)) > share * Double(max(left, right).count)
  }
}
