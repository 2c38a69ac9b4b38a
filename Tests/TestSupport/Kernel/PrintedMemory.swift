internal import KernelLog

/// The memory state, as `show_mem()` prints it.
extension KernelPrinter {
  mutating func printMemory() {
    let layout = kernel.memory
    report.print("\(layout.header)")
    let zones = layout.hasNodes ? ["DMA", "DMA32", "Normal"] : ["DMA", "Normal", "HighMem"]
    let places = PrintedPlaces(
      node: sizes(layout.node, 0...1_000_000),
      zones: zones.map { _ in sizes(layout.zone, 1...90_000) })
    if layout.hasPerCPU { printPerCPU(layout) }
    printCounters(layout, places)
    if !layout.node.isEmpty { printNode(layout, places.node) }
    var present = 0
    for (zone, sizes) in zip(zones, places.zones) { present += printZone(zone, layout, sizes) }
    for zone in zones { printBuddy(zone, layout) }
    if layout.hasHugePages {
      for size in [1_048_576, 2048] { printHugePages(size) }
    }
    printTail(layout, ramPages: present / pageKB)
    if scenario == .slab { printSlab() }
    if layout.hasAllocations { printAllocations() }
  }

  private mutating func printAllocations() {
    report.print("Memory allocations (profiling is currently turned on):", level: 5)
    report.facts.add("allocations.isOn", true)
    for (place, module) in [("mm/filemap.c:1951", nil), ("drivers/x.c:12", "x_net")] {
      let (size, calls) = (random.number(1...900), random.number(1...99_999))
      let name = module.map { " [\($0)]" } ?? ""
      report.print(
        "\(size, width: 8) MiB \(calls, width: 8) \(LogText(place))\(LogText(name)) func:alloc_it",
        level: 5)
      report.facts.add("allocations.\(place)", "\(size) MiB \(calls)")
      report.facts.add("allocations.name.\(place)", "\(module ?? "-") alloc_it")
    }
  }

  private mutating func printPerCPU(_ layout: Kernel.MemoryLayout) {
    report.print("\(layout.hasNodes ? "Node 0 " : "")DMA per-cpu:")
    if layout.tail == .old {
      report.print("cpu 0 hot: high 186, batch 31 used:30")
      report.print("Free pages:       12345kB (0kB HighMem)")
    } else {
      report.print("CPU    0: hi:  186, btch:  31 usd:   0")
    }
  }

  /// One record of several lines; all but the first begin with a blank.
  private mutating func printCounters(
    _ layout: Kernel.MemoryLayout, _ places: PrintedPlaces
  ) {
    var lines: [String] = []
    for keys in layout.counters {
      let pairs = keys.map { key in
        let pages = places.sum(of: key).map { $0 / pageKB } ?? random.number(0...900_000)
        report.facts.add("memory.\(key.lowercased())", "\(pages)p")
        return "\(key):\(pages)"
      }
      lines.append(pairs.joined(separator: " "))
    }
    report.print("\(lines.joined(separator: "\n "))")
  }

  /// Sizes in kB of whole pages, one for each key.
  private mutating func sizes(_ keys: [String], _ pages: ClosedRange<Int>) -> [String: Int] {
    Dictionary(
      keys.map { ($0.counterName, random.number(pages) * pageKB) }, uniquingKeysWith: { $1 })
  }

  private mutating func printNode(_ layout: Kernel.MemoryLayout, _ sizes: [String: Int]) {
    let pairs = layout.node.map { key in
      let size = sizes[key.counterName] ?? 0
      let name = key.split(separator: ":").first ?? ""
      report.facts.add("node.0.\(name)", "\(size)kB")
      return key.hasSuffix(" ") ? "\(key)\(size)kB" : "\(key):\(size)kB"
    }
    let isStuck = Bool.random(using: &random)
    report.facts.add("node.0.allUnreclaimable", isStuck)
    var scanned = ""
    if layout.nodeScans {
      let pages = random.number(0...99_999)
      scanned = " pages_scanned:\(pages)"
      report.facts.add("node.0.scanned", pages)
    }
    report.print(
      "Node 0 \(pairs.joined(separator: " "))\(scanned) all_unreclaimable? \(isStuck ? "yes" : "no")"
    )
  }

  /// Prints a zone and says how much of it is present, in kB.
  private mutating func printZone(
    _ zone: String, _ layout: Kernel.MemoryLayout, _ sizes: [String: Int]
  ) -> Int {
    let key = "zone.\(layout.hasNodes ? "0" : "-").\(zone)"
    var present = 0
    let pairs = layout.zone.map { name in
      let size = sizes[name.counterName] ?? 0
      let parts = name.split(separator: " ")
      let unit = parts.count > 1 ? "KB" : "kB"
      if name == "present" { present = size }
      report.facts.add("\(key).\(parts[0])", "\(size)kB")
      return "\(parts[0]):\(size)\(unit)"
    }
    let place = layout.hasNodes ? "Node 0 \(zone)" : zone
    var tail = ""
    if layout.zoneScans {
      let pages = random.number(0...99_999)
      tail = " pages_scanned:\(pages) all_unreclaimable? no"
      report.facts.add("\(key).scanned", pages)
      report.facts.add("\(key).allUnreclaimable", false)
    }
    report.print("\(place) \(pairs.joined(separator: " "))\(tail)")
    let reserve = (0..<4).map { _ in random.number(0...9_999) }.sorted().map(\.description)
    report.facts.add("\(key).reserve", reserve.joined(separator: " "))
    report.print("lowmem_reserve[]: \(reserve.joined(separator: " "))")
    return present
  }

  private mutating func printBuddy(_ zone: String, _ layout: Kernel.MemoryLayout) {
    var printed: [String] = []
    var facts: [String] = []
    var total = 0
    for order in 0..<11 {
      let (count, size) = (random.pick(0, 0, 1, 17), pageKB << order)
      let types = layout.hasBuddyTypes && count > 0 ? random.pick("U", "UME", "M") : ""
      total += count * size
      printed.append("\(count)*\(size)kB" + (types.isEmpty ? "" : " (\(types))"))
      facts.append("\(count)*\(size)kB\(types)")
    }
    let key = "zone.\(layout.hasNodes ? "0" : "-").\(zone)"
    report.facts.add("\(key).blockSum", "\(total)kB")
    for (order, blocks) in facts.enumerated() { report.facts.add("\(key).blocks.\(order)", blocks) }
    let place = layout.hasNodes ? "Node 0 \(zone)" : zone
    report.print("\(place): \(printed.joined(separator: " ")) = \(total)kB")
    report.facts.add("pageSize", "\(pageKB)kB")
  }

  private mutating func printHugePages(_ size: Int) {
    let (total, free) = (random.number(0...60), random.number(0...9))
    report.facts.add("huge.0.\(size)", "\(total) \(free) 0")
    report.print(
      """
      Node 0 hugepages_total=\(total) hugepages_free=\(free) hugepages_surp=0 \
      hugepages_size=\(size)kB
      """)
  }

  private mutating func printTail(_ layout: Kernel.MemoryLayout, ramPages: Int) {
    let (swap, free) = (random.number(0...2_097_148), random.number(0...1_000))
    let (cached, reserved) = (random.number(0...9_000), random.number(0...90_000))
    report.facts.add("memory.freeSwap", "\(free)kB")
    report.facts.add("memory.totalSwap", "\(swap)kB")
    report.facts.add("memory.swapCache", "\(cached)p")
    report.facts.add("memory.pagesRAM", "\(ramPages)p")
    report.facts.add("memory.pagesReserved", "\(reserved)p")
    if layout.tail != .modern { report.facts.add("memory.swapCacheStats", "1 2 3 4") }
    if layout.tail == .old {
      report.facts.add("memory.pagesShared", "9p")
      report.print("Swap cache: add 1, delete 2, find 3/4, race 0+0")
      report.print("Free swap  = \(free)kB")
      report.print("Total swap = \(swap)kB")
      report.print("Free swap:       \(free)kB")
      report.print("\(ramPages) pages of RAM")
      report.print("294912 pages of HIGHMEM")
      report.facts.add("memory.pagesHighMem", "294912p")
      report.print("\(reserved) reserved pages")
      report.print("9 pages shared")
      report.print("\(cached) pages swap cached")
      return
    }
    let cache = random.number(0...90_000)
    report.facts.add("memory.totalPagecache", "\(cache)p")
    report.facts.add("memory.pagesHighMem", "0p")
    report.print("\(cache) total pagecache pages")
    report.print("\(cached) pages in swap cache")
    if layout.tail != .modern { report.print("Swap cache stats: add 1, delete 2, find 3/4") }
    report.print("Free swap  = \(free)kB")
    report.print("Total swap = \(swap)kB")
    report.print("\(ramPages) pages RAM")
    report.print("0 pages HighMem\(layout.tail == .middle ? "" : "/MovableOnly")")
    report.print("\(reserved) pages reserved")
    if layout.tail == .middle || layout.tail == .shared {
      report.facts.add("memory.pagesShared", "1234p")
      report.facts.add("memory.pagesNonShared", "5678p")
      report.print("1234 pages shared")
      report.print("5678 pages non-shared")
      return
    }
    if layout.tail == .cma {
      report.print("77 pages in pagetable cache")
      report.facts.add("memory.pagetableCache", "77p")
    }
    report.print("4096 pages cma reserved")
    report.facts.add("memory.pagesCMA", "4096p")
    report.print("1 pages hwpoisoned")
    report.facts.add("memory.pagesHWPoisoned", "1p")
  }

  private mutating func printSlab() {
    report.print("Unreclaimable slab info:")
    report.print("Name                      Used          Total")
    for name in ["dentry", "kmalloc-1k", "bio crypt: x"] {
      let (used, total) = (random.number(1...99_999), random.number(1...99_999))
      report.facts.add("slab.\(name)", "\(used)kB \(total)kB")
      let pad = String(repeating: " ", count: max(1, 22 - name.count))
      report.print("\(LogText(name))\(pad)\(used, width: 6)KB \(total, width: 8)KB")
    }
  }
}

/// What nodes and zones are printed with, in kB: the machine's counters are their sums.
private struct PrintedPlaces {
  let node: [String: Int]
  let zones: [[String: Int]]

  /// What a global counter is; nil where neither nodes nor zones have it.
  func sum(of counter: String) -> Int? {
    let name = counter.lowercased()
    let key = name.hasPrefix("isolated_") ? "isolated(\(name.dropFirst(9)))" : name
    if let size = node[key] { return size }
    let sizes = zones.compactMap { $0[key] }
    return sizes.isEmpty ? nil : sizes.reduce(0, +)
  }
}

extension String {
  /// The name of a counter in a layout, without what follows it.
  fileprivate var counterName: String {
    String(prefix { $0 != ":" && $0 != " " })
  }
}
