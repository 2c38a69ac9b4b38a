internal import KernelLog
package import OOMReports

/// What may hold the memory that is in none of a report's counters. A suspect is named only where
/// nothing in the report refutes it, which proves nothing.
package struct LedgerSuspect: Sendable, Equatable {
  /// Its name in data.
  package let key: String
  package let text: Sentence
  /// The lines that speak for it; empty where it is just not refuted.
  package let lines: [Int]

  init(_ key: String, _ text: Sentence, lines: [Int] = []) {
    self.key = key
    self.text = text
    self.lines = lines
  }

  /// The suspects of a machine's gap, the likelier ones first.
  package static func suspects(of gap: Bytes, in report: OOMReport) -> [LedgerSuspect] {
    guard let memory = report.memory else { return [] }
    let scene = Scene(gap: gap, memory: memory, report: report)
    return rows.compactMap { $0(scene) }
  }

  /// What the rows below look at.
  private struct Scene {
    let gap: Bytes
    let memory: MemoryState
    let report: OOMReport
  }

  private static let rows: [@Sendable (Scene) -> LedgerSuspect?] = [
    profiled, compressedSwap, hugePages, contiguous, driver, buffers, balloon, vmalloc, perCPULists,
  ]

  /// Allocation profiling names the places in the code (6.10 and later).
  private static let profiled: @Sendable (Scene) -> LedgerSuspect? = { scene in
    let sites = (scene.memory.allocations?.sites ?? []).filter { site in
      guard let size = site.size, size.count * 5 >= scene.gap.count else { return false }
      let place = site.place.description
      return !countedPlaces.contains { place.hasPrefix($0) }
    }
    guard !sites.isEmpty else { return nil }
    let named = sites.prefix(3).map { site -> Sentence in
      "\(site.place) (\(site.function)) with \(site.size ?? Bytes(0))"
    }
    return LedgerSuspect(
      "profiled", "allocated at \(.list(Array(named)))", lines: sites.prefix(3).map(\.line))
  }

  /// Where the kernel allocates what it counts: pages of processes and files, slab, tables.
  private static let countedPlaces = [
    "mm/memory.c:", "mm/filemap.c:", "mm/shmem.c:", "mm/slub.c:", "mm/slab.c:", "mm/readahead.c:",
    "mm/huge_memory.c:", "mm/swap_state.c:", "mm/hugetlb.c:", "mm/khugepaged.c:", "mm/migrate.c:",
    "mm/mempolicy.c:", "mm/page_alloc.c:", "kernel/fork.c:", "mm/page-writeback.c:",
    "arch/x86/mm/pgtable.c:",
  ]

  /// zram and zswap keep swapped pages in RAM, in a counter only since 6.18.
  private static let compressedSwap: @Sendable (Scene) -> LedgerSuspect? = { scene in
    guard let used = scene.memory.swapUsed, used.value.count > 0, !scene.memory.countsZspages
    else { return nil }
    return LedgerSuspect(
      "compressed_swap",
      "zram or zswap, if swap is compressed in RAM: \(used.value) is swapped out",
      lines: [used.line])
  }

  private static let hugePages: @Sendable (Scene) -> LedgerSuspect? = { scene in
    guard scene.memory.hugePools.isEmpty else { return nil }
    return LedgerSuspect(
      "hugepages", "huge pages, gigantic ones too: this report prints none of its pools")
  }

  /// Memory of the contiguous allocator that a device took is in no counter.
  private static let contiguous: @Sendable (Scene) -> LedgerSuspect? = { scene in
    guard let total = scene.memory.pagesCMA, total.value.count > 0,
      let whole = total.value.bytes(scene.report.pageSize)
    else { return nil }
    let free = scene.memory.counters["free_cma"]?.value.bytes(scene.report.pageSize) ?? Bytes(0)
    guard whole > free else { return nil }
    return LedgerSuspect(
      "cma",
      "devices that took contiguous memory (CMA), \(Bytes(whole.count - free.count)) at most",
      lines: [total.line])
  }

  /// A hypervisor may take memory back, which 6.18 and later count.
  private static let balloon: @Sendable (Scene) -> LedgerSuspect? = { scene in
    guard !scene.memory.nodes.contains(where: { $0.counters["Balloon"] != nil }) else { return nil }
    guard let hardware = scene.report.hardware else {
      return LedgerSuspect("balloon", "the balloon of a hypervisor, if this is a virtual machine")
    }
    let name = hardware.value.description
    guard let machine = virtualMachines.first(where: { name.contains($0) }) else { return nil }
    return LedgerSuspect(
      "balloon",
      "the hypervisor's balloon: this is a virtual machine (\(Sentence([.text(machine)])))",
      lines: [hardware.line])
  }

  /// How virtual machines call their hardware.
  private static let virtualMachines = [
    "QEMU", "KVM", "VMware", "VirtualBox", "Xen", "Virtual Machine", "Bochs", "OpenStack",
    "Google Compute Engine", "Amazon EC2", "Alibaba Cloud", "Parallels", "BHYVE", "oVirt", "RHEV",
  ]

  private static let perCPULists: @Sendable (Scene) -> LedgerSuspect? = { scene in
    guard scene.memory.counters["free_pcp"] == nil else { return nil }
    return LedgerSuspect(
      "per_cpu_lists", "free pages on per-CPU lists, which this kernel does not add up")
  }

  private static let driver: @Sendable (Scene) -> LedgerSuspect? = { scene in
    let foreign = scene.report.system?.value.taintLetters?.filter { "POE".contains($0) } ?? ""
    guard !foreign.isEmpty, let line = scene.report.system?.line else {
      return LedgerSuspect("driver", "a driver or a GPU that takes whole pages")
    }
    return LedgerSuspect(
      "driver",
      """
      a driver or a GPU that takes whole pages: modules from outside the kernel are loaded \
      (taint \(Sentence([.text(foreign)])))
      """, lines: [line])
  }

  private static let buffers: @Sendable (Scene) -> LedgerSuspect? = { _ in
    LedgerSuspect("buffers", "data waiting in sockets and pipes")
  }

  private static let vmalloc: @Sendable (Scene) -> LedgerSuspect? = { _ in
    LedgerSuspect("vmalloc", "vmalloc and per-CPU data of the kernel")
  }
}

extension MemoryState {
  /// How much swap is used, with the line that says how much is free.
  package var swapUsed: Cited<Bytes>? {
    guard let total = totalSwap, let free = freeSwap, free.value <= total.value else { return nil }
    return Cited(Bytes(total.value.count - max(0, free.value.count)), line: free.line)
  }

  /// The swap in use, where so much memory in no counter may be swap that is compressed in RAM: zram
  /// makes it smaller, and 6.18 and later count its pages.
  func swapUsed(for gap: Bytes) -> Cited<Bytes>? {
    guard !countsZspages, gap.count > 0, let used = swapUsed else { return nil }
    return used.value.count / 7 >= gap.count / 10 ? used : nil
  }

  /// Whether the kernel counts what compressed swap takes (6.18 and later).
  fileprivate var countsZspages: Bool { zones.contains { $0.counters["zspages"] != nil } }
}

extension MemoryLedger {
  /// Whether the gap may be swap that is compressed in RAM: what was swapped out is as large or
  /// larger, and swap was not full. A disk that is full tells of want of memory alone.
  package func isCompressedSwap(_ memory: MemoryState) -> Bool {
    guard let gap = unaccounted, let used = memory.swapUsed(for: gap), let total = memory.totalSwap
    else { return false }
    return total.value.count - used.value.count > total.value.count / 20
  }
}
