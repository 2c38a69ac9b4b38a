/// An amount of memory in bytes.
package struct Bytes: Sendable, Hashable, Comparable {
  package let count: Int64

  package init(_ count: Int64) { self.count = count }

  /// A figure that the kernel printed in kB (or KB), which it always means as KiB.
  ///
  /// Returns nil for more than a machine can address, as a counter that wrapped below zero shows.
  package init?(kB: Int64) {
    guard kB.magnitude < Self.addressable.magnitude / 1024 else { return nil }
    self.count = kB * 1024
  }

  /// A figure that the kernel printed in bytes; nil for more than a machine can address.
  init?(printed count: Int64) {
    guard count.magnitude < Self.addressable.magnitude else { return nil }
    self.count = count
  }

  /// Five levels of page tables reach this far. Figures below may be added and multiplied by page
  /// sizes, whatever a log says.
  static let addressable: Int64 = 1 << 57

  package var kB: Int64 { count / 1024 }

  package static func < (left: Bytes, right: Bytes) -> Bool { left.count < right.count }
}

/// An amount of memory in pages; what a page is depends on the machine (`PageSize`).
package struct Pages: Sendable, Hashable, Comparable {
  package let count: Int64

  package init(_ count: Int64) { self.count = count }

  /// A figure that the kernel printed; nil for more than a machine can address.
  init?(printed count: Int64) {
    guard count.magnitude < Bytes.addressable.magnitude / 4096 else { return nil }
    self.count = count
  }

  package static func < (left: Pages, right: Pages) -> Bool { left.count < right.count }

  /// Nil where the product does not fit.
  package func bytes(_ pageSize: PageSize) -> Bytes? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: pageSize.bytes.count)
    return overflow ? nil : Bytes(bytes)
  }
}

/// The size of a page, which no report states, and what it was inferred from.
package struct PageSize: Sendable, Hashable {
  package let bytes: Bytes
  package let proof: Proof

  /// What a page size was inferred from.
  package enum Proof: Sendable, Hashable {
    /// The first size of a buddy line, which is the page size.
    case buddyLine(line: Int)
    /// The victim's total-vm in kB (its kill line) against its pages (its row of the task table).
    case victimRow(line: Int, killLine: Int)
    /// The sum of the zones' `present` against `pages RAM`.
    case zonesPresent(line: Int, zones: [Int])
    /// Registers that only x86 has, where a page is always 4 KiB.
    case registers(line: Int)
    /// The sizes of page tables, each of which takes a page on most machines: they are multiples of it.
    /// That smaller pages are not the case is a matter of odds.
    case pageTables(line: Int)
    /// The kernel's value for "no limit" of a cgroup, which is a number of whole pages.
    case noLimit(line: Int)
    /// Nothing in the report tells; 4 KiB is only the usual size.
    case assumed
  }

  package init(_ bytes: Bytes, _ proof: Proof) {
    self.bytes = bytes
    self.proof = proof
  }

  /// The lines that prove it, in the order of the log.
  package var lines: [Int] {
    switch proof {
    case .buddyLine(let line), .registers(let line), .pageTables(let line), .noLimit(let line):
      [line]
    case .victimRow(let line, let killLine): [line, killLine]
    case .zonesPresent(let line, let zones): zones + [line]
    case .assumed: []
    }
  }

  package static let assumed = PageSize(Bytes(4096), .assumed)
}

/// A value and the 1-based line of the source that states it.
package struct Cited<Value: Sendable>: Sendable {
  package let value: Value
  package let line: Int

  package init(_ value: Value, line: Int) {
    self.value = value
    self.line = line
  }
}

extension Cited: Equatable where Value: Equatable {}

/// The machine's memory as `show_mem()` printed it ("Mem-Info:").
package struct MemoryState: Sendable, Equatable {
  package var firstLine: Int
  package var lastLine: Int
  /// The global counters by their kernel names (`active_anon`, `slab_unreclaimable`, …), in pages.
  package var counters: [String: Cited<Pages>] = [:]
  package var nodes: [NodeState] = []
  package var zones: [ZoneState] = []
  package var hugePools: [HugePool] = []
  package var pagecache: Cited<Pages>?
  package var swapCache: Cited<Pages>?
  package var freeSwap: Cited<Bytes>?
  package var totalSwap: Cited<Bytes>?
  /// All present pages ("pages RAM").
  package var pagesRAM: Cited<Pages>?
  package var pagesHighMem: Cited<Pages>?
  /// Pages that the page allocator does not manage ("pages reserved").
  package var pagesReserved: Cited<Pages>?
  /// "pages shared" and "pages non-shared" (2.6.27 to 3.10).
  package var pagesShared: Cited<Pages>?
  package var pagesNonShared: Cited<Pages>?
  /// "pages in pagetable cache" (2.6.27 to 5.3).
  package var pagetableCache: Cited<Pages>?
  package var swapCacheStats: Cited<SwapCacheStats>?
  package var pagesCMA: Cited<Pages>?
  package var pagesHWPoisoned: Cited<Pages>?
  /// "Unreclaimable slab info:", which is printed only where that slab outweighs all user memory.
  package var slabCaches: [SlabCache] = []
  /// "Memory allocations:" (6.10 and later, where the kernel profiles them).
  package var allocations: AllocationProfile?

  package init(firstLine: Int) {
    self.firstLine = firstLine
    self.lastLine = firstLine
  }

  /// RAM that the page allocator manages: "pages RAM" less "pages reserved".
  package var managed: Pages? {
    guard let present = pagesRAM, let reserved = pagesReserved else { return nil }
    return Pages(present.value.count - reserved.value.count)
  }
}

/// One NUMA node's counters, in the kernel's names (4.8 and later).
package struct NodeState: Sendable, Equatable {
  package let node: Int
  package let line: Int
  package var counters: [String: Bytes] = [:]
  /// How many pages reclaim has looked at since it last freed one (4.8 to 4.11).
  package var pagesScanned: Int64?
  package var allUnreclaimable: Bool?

  package init(node: Int, line: Int) {
    self.node = node
    self.line = line
  }
}

/// One memory zone: watermarks, counters, what lower zones it keeps back, and its free blocks.
package struct ZoneState: Sendable, Equatable {
  /// Nil on kernels without NUMA, which print no node.
  package let node: Int?
  package let name: String
  package let line: Int
  /// `free`, `min`, `low`, `high`, `present`, `managed`, `free_cma`, … in the kernel's names.
  package var counters: [String: Bytes] = [:]
  /// How many pages reclaim has looked at since it last freed one (up to 4.7).
  package var pagesScanned: Int64?
  /// Up to 4.7; later kernels print it for a whole node.
  package var allUnreclaimable: Bool?
  /// `lowmem_reserve[]`, in pages, one per zone type.
  package var lowmemReserve: [Pages] = []
  /// Free blocks by order, from the buddy line.
  package var freeBlocks: [FreeBlocks] = []
  /// What the buddy line adds its blocks up to.
  package var freeInBlocks: Bytes?
  package var buddyLine: Int?

  package init(node: Int?, name: String, line: Int) {
    self.node = node
    self.name = name
    self.line = line
  }
}

/// The free blocks of one order in a zone.
package struct FreeBlocks: Sendable, Equatable {
  package let count: Int64
  package let size: Bytes
  /// Migrate types as printed, such as `UME`; empty where the kernel prints none.
  package let types: String

  package init(count: Int64, size: Bytes, types: String) {
    self.count = count
    self.size = size
    self.types = types
  }
}

/// The huge pages of one size on one node.
package struct HugePool: Sendable, Equatable {
  package let node: Int?
  package let total: Int64
  package let free: Int64
  package let surplus: Int64
  package let size: Bytes
  package let line: Int

  package init(node: Int?, total: Int64, free: Int64, surplus: Int64, size: Bytes, line: Int) {
    self.node = node
    self.total = total
    self.free = free
    self.surplus = surplus
    self.size = size
    self.line = line
  }
}

/// "Swap cache stats: add a, delete d, find f/t": events since boot (up to 5.19).
package struct SwapCacheStats: Sendable, Equatable {
  package let added: Int64
  package let deleted: Int64
  package let found: Int64
  package let lookups: Int64

  package init(added: Int64, deleted: Int64, found: Int64, lookups: Int64) {
    self.added = added
    self.deleted = deleted
    self.found = found
    self.lookups = lookups
  }
}

/// One row of "Unreclaimable slab info:".
package struct SlabCache: Sendable, Equatable {
  package let name: String
  package let used: Bytes
  package let total: Bytes
  package let line: Int

  package init(name: String, used: Bytes, total: Bytes, line: Int) {
    self.name = name
    self.used = used
    self.total = total
    self.line = line
  }
}
