internal import KernelLog

/// The machine's memory state, from `Mem-Info:` on. Global counters are pages; those of nodes and
/// zones are kB.
enum MemInfoLines {
  static let header = LineGrammar(
    name: "Mem-Info",
    printedBy: "all (Mem-info before 2.6.27); __show_mem()",
    samples: ["Mem-Info:", "Mem-info:"],
    read: { message, line, report in
      guard message.starts(with: "Mem-Info:") || message.starts(with: "Mem-info:") else {
        return .other
      }
      // A second state is another report's, but a header may stand twice.
      if let memory = report.report.memory, memory.lastLine > memory.firstLine {
        report.isMemoryForeign = true
      }
      report.section = .memory
      report.hasBody = true
      if report.report.memory == nil { report.withMemory(line) { _ in } }
      return .read
    })

  /// `active_anon:75759 inactive_anon:0 …`, up to seven lines of them.
  static let counters = LineGrammar(
    name: "global counters",
    printedBy: "all; __show_mem()",
    samples: [
      "active_anon:75759 inactive_anon:0 isolated_anon:0", " free:1156 free_pcp:0 free_cma:0",
      "Active:123 inactive:4 dirty:0 writeback:0 unstable:0 free:5 slab:6 mapped:7 pagetables:8",
    ],
    read: { message, line, report in
      guard let first = firstCounters.first(where: { message.starts(with: $0) }) else {
        return .other
      }
      // In kB they are a zone's or a node's, whose line was broken before them.
      var figure = first.utf8CodeUnitCount
      guard message.integer(at: &figure) == nil || message.byte(at: figure) != UInt8(ascii: "k")
      else { return .other }
      report.section = .memory
      report.hasBody = true
      report.withMemory(line) { memory in
        message.pairs(from: 0) { pair in
          let name = pair.key.lowercased()
          // Where no kernel ends the line, digits may be cut off.
          guard !pair.hasUnit, !pair.isLast || lastCounters.contains(name) else { return }
          guard memory.counters[name] == nil, let pages = Pages(printed: pair.value) else { return }
          memory.counters[name] = Cited(pages, line: line)
        }
      }
      return .read
    })

  /// The counters that some kernel ends a line with.
  private static let lastCounters: Set<String> = [
    "pagetables", "bounce", "isolated_anon", "isolated_file", "inactive_anon", "unstable",
    "writeback", "slab_unreclaimable", "kernel_misc_reclaimable", "free_cma",
  ]

  private static let firstCounters: [StaticString] = [
    "active_anon:", "Active_anon:", "Active:", "active_file:", "inactive_file:", "unevictable:",
    "free:", "slab_reclaimable:", "mapped:", "sec_pagetables:", "kernel_misc_reclaimable:",
    "free_cma:", "slab:",
  ]

  /// `Node 0 active_anon:303036kB …`
  static let node = LineGrammar(
    name: "node",
    printedBy: "4.8 and later; show_free_areas()",
    samples: ["Node 0 active_anon:303036kB inactive_anon:0kB shmem_thp: 0kB all_unreclaimable? no"],
    read: { message, line, report in
      guard let place = place(message), place.zone == nil,
        message.starts(with: "active_anon:", at: place.end)
      else { return .other }
      report.hasBody = true
      report.withMemory(line) { memory in
        var node = NodeState(node: place.node ?? 0, line: line)
        message.pairs(from: place.end) { pair in
          if pair.hasUnit { node.counters[pair.key] = Bytes(kB: pair.value) }
          if pair.isScanned { node.pagesScanned = pair.value }
        }
        node.allUnreclaimable = allUnreclaimable(message, place.end)
        if memory.nodes.last?.node != node.node { memory.nodes.append(node) }
      }
      return .read
    })

  /// `Node 0 DMA32 free:1156kB boost:0kB min:108kB low:132kB high:156kB …`
  static let zone = LineGrammar(
    name: "zone",
    printedBy: "all; show_free_areas()",
    samples: [
      "Node 0 DMA32 free:1156kB boost:0kB min:108kB low:132kB high:156kB reserved_highatomic:0KB",
      "Normal free:7212kB min:72kB low:88kB high:108kB active:0kB present:16384kB",
    ],
    read: { message, line, report in
      guard let place = place(message), let name = place.zone,
        message.starts(with: "free:", at: place.end)
      else { return .other }
      report.hasBody = true
      report.withMemory(line) { memory in
        var zone = ZoneState(node: place.node, name: name, line: line)
        message.pairs(from: place.end) { pair in
          if pair.hasUnit { zone.counters[pair.key] = Bytes(kB: pair.value) }
          if pair.isScanned { zone.pagesScanned = pair.value }
        }
        zone.allUnreclaimable = allUnreclaimable(message, place.end)
        let last = memory.zones.last
        if last?.name != name || last?.node != place.node { memory.zones.append(zone) }
      }
      return .read
    })

  /// `all_unreclaimable? yes`; nil where the line breaks off before the answer.
  private static func allUnreclaimable(_ message: Span<UInt8>, _ start: Int) -> Bool? {
    guard let answer = message.first("all_unreclaimable? ", from: start).map({ $0 + 19 }) else {
      return nil
    }
    if message.starts(with: "yes", at: answer) { return true }
    return message.starts(with: "no", at: answer) ? false : nil
  }

  /// `lowmem_reserve[]: 0 1 2`, in pages; it belongs to the zone line above.
  static let lowmemReserve = LineGrammar(
    name: "lowmem_reserve",
    printedBy: "all; show_free_areas()",
    samples: ["lowmem_reserve[]: 0 1952 1952 1952 1952"],
    read: { message, line, report in
      guard let start = message.end(of: "lowmem_reserve[]:", at: 0) else { return .other }
      report.withMemory(line) { memory in
        guard let last = memory.zones.indices.last, memory.zones[last].lowmemReserve.isEmpty else {
          return
        }
        var cursor = message.skippingBlanks(from: start)
        while let pages = message.integer(at: &cursor).flatMap(Pages.init(printed:)) {
          memory.zones[last].lowmemReserve.append(pages)
          cursor = message.skippingBlanks(from: cursor)
        }
      }
      return .read
    })

  /// `Node 0 DMA: 1*4kB (U) 0*8kB … = 36kB`: free blocks of each order.
  static let buddy = LineGrammar(
    name: "buddy",
    printedBy: "all; show_free_areas()",
    samples: ["Node 0 DMA: 1*4kB (U) 0*8kB 2*16kB (UM) = 36kB", "HighMem: 0*4kB 1*8kB = 8kB"],
    read: { message, line, report in
      guard let place = place(message), let name = place.zone,
        let star = message.first(UInt8(ascii: "*")),
        star - place.end < 10, message.byte(at: place.end)?.isDigit == true
      else { return .other }
      report.hasBody = true
      report.withMemory(line) { memory in
        var blocks = blocks(message, from: place.end)
        // Of a line that broke off behind a figure, the letters that go with it are cut.
        if message.starts(with: "kB", at: message.count - 2), blocks.last?.types.isEmpty == true,
          message.first(" = ", from: place.end) == nil
        {
          blocks.removeLast()
        }
        let index = memory.zones.lastIndex { $0.name == name && $0.node == place.node }
        guard let index else { return }
        memory.zones[index].freeBlocks = blocks
        if let sum = message.first(" = ", from: place.end) {
          var cursor = sum + 3
          let total = message.integer(at: &cursor)
          if message.starts(with: "kB", at: cursor) {
            memory.zones[index].freeInBlocks = total.flatMap { Bytes(kB: $0) }
          }
        }
        memory.zones[index].buddyLine = line
      }
      return .read
    })

  private static func blocks(_ message: Span<UInt8>, from start: Int) -> [FreeBlocks] {
    var blocks: [FreeBlocks] = []
    var cursor = start
    while let count = message.integer(at: &cursor), message.byte(at: cursor) == UInt8(ascii: "*") {
      cursor += 1
      guard let size = message.integer(at: &cursor).flatMap({ Bytes(kB: $0) }),
        message.starts(with: "kB", at: cursor)
      else { break }
      // A line that was wrapped here has its letters right behind the size.
      cursor = message.skippingBlanks(from: cursor + 2)
      var types = ""
      if message.byte(at: cursor) == .openParenthesis,
        let close = message.first(.closeParenthesis, from: cursor)
      {
        types = message.ascii(cursor + 1..<close)
        cursor = message.skippingBlanks(from: close + 1)
      }
      blocks.append(FreeBlocks(count: count, size: size, types: types))
    }
    return blocks
  }

  static let hugePages = LineGrammar(
    name: "hugepages",
    printedBy: "3.9 and later; hugetlb_show_meminfo()",
    samples: ["Node 0 hugepages_total=60 hugepages_free=5 hugepages_surp=0 hugepages_size=2048kB"],
    read: { message, line, report in
      guard let start = message.first("hugepages_total="), start < 16 else { return .other }
      guard let total = message.figure("hugepages_total="),
        let free = message.figure("hugepages_free="),
        let surplus = message.figure("hugepages_surp="),
        let size = message.kB("hugepages_size=")
      else { return .torn }
      report.withMemory(line) { memory in
        let node = message.figure("Node ").map(Int.init)
        guard !memory.hugePools.contains(where: { $0.node == node && $0.size == size }) else {
          return
        }
        memory.hugePools.append(
          HugePool(
            node: node, total: total, free: free, surplus: surplus, size: size, line: line))
      }
      return .read
    })

  /// The lines at the end that count one thing each.
  static let totals = LineGrammar(
    name: "totals",
    printedBy: "2.6.27 and later, some before; __show_mem()",
    samples: [
      "2097151 pages RAM", "0 pages HighMem/MovableOnly", "42049 pages reserved",
      "8192 total pagecache pages", "0 pages in swap cache", "Free swap  = 0kB",
      "Total swap = 2097148kB", "0 pages cma reserved", "0 pages hwpoisoned",
      "Swap cache stats: add 0, delete 0, find 0/0",
      "Swap cache: add 0, delete 0, find 0/0, race 0+0",
      "1234 pages shared", "5678 pages non-shared", "9 pages in pagetable cache",
    ],
    read: { message, line, report in
      if message.starts(with: "Swap cache") { return swapCacheStats(message, line, &report) }
      if message.starts(with: "Free swap") {
        return swap(message, line, \.freeSwap, &report)
      }
      if message.starts(with: "Total swap") {
        return swap(message, line, \.totalSwap, &report)
      }
      var cursor = 0
      guard let pages = message.integer(at: &cursor).flatMap(Pages.init(printed:)),
        message.byte(at: cursor) == .space
      else { return .other }
      guard let total = totalNames.first(where: { message.starts(with: $0.words, at: cursor + 1) })
      else { return .other }
      report.hasBody = true
      report.withMemory(line) { memory in
        guard memory[keyPath: total.part] == nil else { return }
        memory[keyPath: total.part] = Cited(pages, line: line)
      }
      return .read
    })

  private static func swapCacheStats(
    _ message: Span<UInt8>, _ line: Int, _ report: inout ReportBuilder
  ) -> LineGrammar.Reading {
    guard let added = message.figure(" add "), let deleted = message.figure(", delete "),
      let find = message.first(", find ")
    else { return .torn }
    var cursor = find + 7
    guard let found = message.integer(at: &cursor), message.byte(at: cursor) == UInt8(ascii: "/")
    else { return .torn }
    cursor += 1
    guard let lookups = message.integer(at: &cursor) else { return .torn }
    report.withMemory(line) { memory in
      guard memory.swapCacheStats == nil else { return }
      memory.swapCacheStats = Cited(
        SwapCacheStats(added: added, deleted: deleted, found: found, lookups: lookups), line: line)
    }
    return .read
  }

  private static func swap(
    _ message: Span<UInt8>, _ line: Int, _ part: WritableKeyPath<MemoryState, Cited<Bytes>?>,
    _ report: inout ReportBuilder
  ) -> LineGrammar.Reading {
    guard let sign = message.first(UInt8(ascii: "=")) ?? message.first(.colon) else { return .torn }
    var cursor = message.skippingBlanks(from: sign + 1)
    guard let size = message.integer(at: &cursor).flatMap({ Bytes(kB: $0) }),
      message.starts(with: "kB", at: cursor)
    else { return .torn }
    report.withMemory(line) { memory in
      guard memory[keyPath: part] == nil else { return }
      memory[keyPath: part] = Cited(size, line: line)
    }
    return .read
  }

  private static var totalNames:
    [(words: StaticString, part: WritableKeyPath<MemoryState, Cited<Pages>?>)]
  {
    [
      ("pages RAM", \.pagesRAM), ("pages of RAM", \.pagesRAM),
      ("pages HighMem", \.pagesHighMem), ("pages of HIGHMEM", \.pagesHighMem),
      ("pages reserved", \.pagesReserved), ("reserved pages", \.pagesReserved),
      ("pages cma reserved", \.pagesCMA), ("pages hwpoisoned", \.pagesHWPoisoned),
      ("total pagecache pages", \.pagecache), ("pages in swap cache", \.swapCache),
      ("pages swap cached", \.swapCache), ("pages shared", \.pagesShared),
      ("pages non-shared", \.pagesNonShared), ("pages in pagetable cache", \.pagetableCache),
    ]
  }

  /// The per-processor lists of kernels up to 4.0, of which nothing is kept.
  static let perCPU = LineGrammar(
    name: "per-cpu lists",
    printedBy: "2.6.18 to 4.0; show_free_areas()",
    samples: [
      "Node 0 DMA per-cpu:", "CPU    0: hi:    0, btch:   1 usd:   0",
      "CPU    0: Hot: hi:  186, btch:  31 usd:   0   Cold: hi:   62, btch:  15 usd:   0",
      "cpu 0 hot: high 186, batch 31 used:30", "Free pages:       12345kB (0kB HighMem)",
      "Total HugeTLB memory allocated, 0",
    ],
    read: { message, _, _ in
      if let found = message.last(" per-cpu:", before: message.count), found < 32 { return .known }
      if message.starts(with: "CPU "), message.first(": hi:") ?? message.first(": Hot: hi:") != nil
      {
        return .known
      }
      if message.starts(with: "Free pages: "), message.first("HighMem)") != nil { return .known }
      if message.starts(with: "Total HugeTLB memory allocated, ") { return .known }
      return message.starts(with: "cpu ") && message.first(", batch ") != nil ? .known : .other
    })

  /// `Node 0 DMA32 ` or `DMA32: ` or `Node 0 ` ahead of a line's figures.
  private static func place(_ message: Span<UInt8>) -> (node: Int?, zone: String?, end: Int)? {
    var cursor = 0
    var node: Int?
    if let number = message.end(of: "Node ", at: 0) {
      cursor = number
      guard let value = message.integer(at: &cursor), message.byte(at: cursor) == .space else {
        return nil
      }
      node = Int(value)
      cursor += 1
    }
    let nameStart = cursor
    while let byte = message.byte(at: cursor), byte.isLetter || byte.isDigit { cursor += 1 }
    let isName = message.byte(at: nameStart)?.isLetter == true && cursor - nameStart <= 16
    guard isName else { return node.map { ($0, nil, nameStart) } }
    if message.byte(at: cursor) == .space {
      return (node, message.ascii(nameStart..<cursor), cursor + 1)
    }
    if message.starts(with: ": ", at: cursor) {
      return (node, message.ascii(nameStart..<cursor), cursor + 2)
    }
    return node.map { ($0, nil, nameStart) }
  }
}

extension Pair {
  /// `pages_scanned:12`, a count among sizes; behind it the kernel always prints more.
  fileprivate var isScanned: Bool { !hasUnit && !isLast && key == "pages_scanned" }
}
