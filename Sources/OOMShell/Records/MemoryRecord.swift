internal import KernelLog
internal import OOMReports
internal import Presentation

/// The memory part of the event record.
extension MemoryState {
  /// Page counts become kB only where the page size is known from the report.
  func json(_ pageSize: PageSize) -> JSONValue {
    let isKnown = pageSize.proof != .assumed
    func kB(_ pages: Cited<Pages>?) -> JSONValue {
      .kB(isKnown ? pages?.value.bytes(pageSize) : nil)
    }
    return .object([
      .init("first_line", .int(Int64(firstLine))),
      .init("counters_pages", .counts(counters.mapValues(\.value.count))),
      .init("ram_pages", .int(pagesRAM?.value.count)), .init("ram_kb", kB(pagesRAM)),
      .init("reserved_pages", .int(pagesReserved?.value.count)),
      .init("reserved_kb", kB(pagesReserved)),
      .init("pagecache_pages", .int(pagecache?.value.count)), .init("pagecache_kb", kB(pagecache)),
      .init("swap_cache_pages", .int(swapCache?.value.count)),
      .init("swap_cache_kb", kB(swapCache)),
      .init("highmem_pages", .int(pagesHighMem?.value.count)),
      .init("highmem_kb", kB(pagesHighMem)),
      .init("cma_reserved_pages", .int(pagesCMA?.value.count)),
      .init("cma_reserved_kb", kB(pagesCMA)),
      .init("hwpoisoned_pages", .int(pagesHWPoisoned?.value.count)),
      .init("hwpoisoned_kb", kB(pagesHWPoisoned)),
      .init("shared_pages", .int(pagesShared?.value.count)),
      .init("non_shared_pages", .int(pagesNonShared?.value.count)),
      .init("pagetable_cache_pages", .int(pagetableCache?.value.count)),
      .init("swap_cache_stats", swapCacheStats.map(\.value.json) ?? .null),
      .init("swap_total_kb", .kB(totalSwap?.value)),
      .init("swap_free_kb", .kB(freeSwap?.value)),
      .init("nodes", .array(nodes.map(\.json))),
      .init("zones", .array(zones.map(\.json))),
      .init("hugepages", .array(hugePools.map(\.json))),
      .init("slab", .array(slabCaches.map(\.json))),
      .init("allocations", allocations.map(\.json) ?? .null),
    ])
  }
}

extension SwapCacheStats {
  fileprivate var json: JSONValue {
    .object([
      .init("add", .int(added)), .init("delete", .int(deleted)), .init("find", .int(found)),
      .init("lookups", .int(lookups)),
    ])
  }
}

extension AllocationProfile {
  fileprivate var json: JSONValue {
    .object([
      .init("is_on", isOn.map { .bool($0) } ?? .null), .init("line", .int(Int64(line))),
      .init(
        "sites",
        .array(
          sites.map { site in
            .object([
              .init("size", .string(site.sizeText)), .init("calls", .int(site.calls)),
              .init("place", .text(site.place)), .init("module", .text(site.module)),
              .init("function", .text(site.function)), .init("line", .int(Int64(site.line))),
            ])
          })),
    ])
  }
}

extension CgroupStats {
  var json: JSONValue {
    .object([
      .init("path", .text(path)), .init("line", .int(Int64(line))), .init("stats", .counts(stats)),
    ])
  }
}

extension PageSize {
  /// What it was inferred from, and the lines that say so; null where it is only assumed.
  var json: JSONValue {
    guard let word = proofWord else { return .null }
    return .object([
      .init("from", .string(word)), .init("lines", .array(lines.map { .int(Int64($0)) })),
    ])
  }

  private var proofWord: String? {
    switch proof {
    case .buddyLine: "free blocks"
    case .victimRow: "victim's total-vm"
    case .zonesPresent: "zones present"
    case .registers: "x86 registers"
    case .pageTables: "page tables"
    case .noLimit: "value for no limit"
    case .assumed: nil
    }
  }
}

extension NodeState {
  fileprivate var json: JSONValue {
    .object([
      .init("node", .int(Int64(node))), .init("line", .int(Int64(line))),
      .init("counters_kb", .sizes(counters)),
      .init("pages_scanned", .int(pagesScanned)),
      .init("all_unreclaimable", allUnreclaimable.map { .bool($0) } ?? .null),
    ])
  }
}

extension ZoneState {
  fileprivate var json: JSONValue {
    .object([
      .init("node", .int(node.map(Int64.init))),
      .init("zone", .string(name)), .init("line", .int(Int64(line))),
      .init("buddy_line", .int(buddyLine.map(Int64.init))),
      .init("counters_kb", .sizes(counters)),
      .init("pages_scanned", .int(pagesScanned)),
      .init("all_unreclaimable", allUnreclaimable.map { .bool($0) } ?? .null),
      .init("lowmem_reserve_pages", .array(lowmemReserve.map { .int($0.count) })),
      .init("free_blocks", .array(freeBlocks.map(\.json))),
      .init("free_in_blocks_kb", .kB(freeInBlocks)),
    ])
  }
}

extension FreeBlocks {
  fileprivate var json: JSONValue {
    .object([
      .init("count", .int(count)), .init("size_kb", .int(size.kB)), .init("types", .string(types)),
    ])
  }
}

extension HugePool {
  fileprivate var json: JSONValue {
    .object([
      .init("node", .int(node.map(Int64.init))), .init("total", .int(total)),
      .init("free", .int(free)), .init("surplus", .int(surplus)), .init("size_kb", .int(size.kB)),
      .init("line", .int(Int64(line))),
    ])
  }
}

extension SlabCache {
  fileprivate var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("used_kb", .int(used.kB)),
      .init("total_kb", .int(total.kB)), .init("line", .int(Int64(line))),
    ])
  }
}
