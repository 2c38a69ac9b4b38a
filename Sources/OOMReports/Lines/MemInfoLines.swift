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
      guard let ends = lastCounters.first(where: { message.starts(with: $0.first) })?.last else {
        return .other
      }
      var counters: [String: Pages] = [:]
      let isComplete = message.pairs(from: 0) { pair in
        let name = pair.key.lowercased()
        // Units are those of a node or zone. Where no kernel ends the line, digits may be cut off.
        guard !pair.hasUnit, !pair.isLast || ends.contains(name) else { return false }
        guard counters[name] == nil else { return false }
        if let pages = Pages(printed: pair.value) { counters[name] = pages }
        return true
      }
      guard !counters.isEmpty || isComplete else { return .torn }
      report.section = .memory
      report.hasBody = true
      report.withMemory(line) { memory in
        for (name, pages) in counters where memory.counters[name] == nil {
          memory.counters[name] = Cited(pages, line: line)
        }
      }
      return isComplete ? .read : .torn
    })

  /// Whether a message is a line of them; all but the first begin with a blank.
  static func isCounters(_ message: Span<UInt8>) -> Bool {
    lastCounters.contains { message.starts(with: $0.first) }
  }

  /// Whether a message begins as a line of them and is none: in kB they are a zone's or a node's, whose
  /// line was broken before them.
  static func isOfPlace(_ message: Span<UInt8>) -> Bool {
    guard let first = lastCounters.first(where: { message.starts(with: $0.first) })?.first else {
      return false
    }
    var figure = first.utf8CodeUnitCount
    return message.integer(at: &figure) != nil && message.byte(at: figure) == UInt8(ascii: "k")
  }

  /// What a line of counters begins with, and the counters that some kernel ends it with; one that
  /// holds several lines may end with the last of any.
  private static let lastCounters: [(first: StaticString, last: Set<String>)] = [
    ("active_anon:", ["isolated_anon", "inactive_anon", "free_cma", "bounce"]),
    ("Active_anon:", ["inactive_anon", "bounce"]),
    ("Active:", ["pagetables", "unstable", "bounce"]), ("active_file:", ["isolated_file"]),
    ("inactive_file:", ["unstable"]), ("unevictable:", ["unstable", "writeback"]),
    ("free:", ["slab_unreclaimable", "bounce", "free_cma", "pagetables"]),
    ("slab_reclaimable:", ["slab_unreclaimable"]), ("mapped:", ["bounce", "pagetables"]),
    ("sec_pagetables:", ["bounce"]), ("kernel_misc_reclaimable:", ["kernel_misc_reclaimable"]),
    ("free_cma:", ["free_cma"]), ("slab:", ["pagetables", "bounce"]),
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
      let figures = PlaceFigures(message, from: place.end)
      report.withMemory(line) { memory in
        var node = NodeState(node: place.node ?? 0, line: line)
        node.counters = figures.counters
        node.pagesScanned = figures.pagesScanned
        node.allUnreclaimable = figures.allUnreclaimable
        if memory.nodes.last?.node != node.node { memory.nodes.append(node) }
      }
      return figures.isComplete ? .read : .torn
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
      let figures = PlaceFigures(message, from: place.end)
      var reserves = report.reservesOfZone
      report.withMemory(line) { memory in
        var zone = ZoneState(node: place.node, name: name, line: line)
        zone.counters = figures.counters
        zone.pagesScanned = figures.pagesScanned
        zone.allUnreclaimable = figures.allUnreclaimable
        let last = memory.zones.last
        guard last?.name != name || last?.node != place.node else { return }
        memory.zones.append(zone)
        reserves = 0
      }
      report.reservesOfZone = reserves
      return figures.isComplete ? .read : .torn
    })

  /// `lowmem_reserve[]: 0 1 2`, in pages; it belongs to the zone line above.
  static let lowmemReserve = LineGrammar(
    name: "lowmem_reserve",
    printedBy: "all; show_free_areas()",
    samples: ["lowmem_reserve[]: 0 1952 1952 1952 1952"],
    read: { message, line, report in
      guard message.starts(with: "lowmem_res") else { return .other }
      var reserves = report.reservesOfZone
      guard let start = message.end(of: "lowmem_reserve[]:", at: 0),
        let pages = reserve(message, from: start)
      else {
        report.reservesOfZone = reserves + 1
        return .torn
      }
      report.withMemory(line) { memory in
        guard let last = memory.zones.indices.last, memory.zones[last].lowmemReserve != pages else {
          return
        }
        reserves += 1
        if reserves == 1 {
          memory.zones[last].lowmemReserve = pages
        } else if memory.zones[..<last].contains(where: \.lowmemReserve.isEmpty) {
          // Behind two of them, the first may be that of the zone before.
          memory.zones[last].lowmemReserve = []
        }
      }
      report.reservesOfZone = reserves
      return .read
    },
    aside: { message in
      message.end(of: "lowmem_reserve[]: ", at: 0).map {
        [LineFigure(name: "lowmem_reserve_pages", text: message.text($0..<message.count))]
      } ?? []
    })

  /// The pages kept back, of which the kernel keeps no fewer for a higher zone than for a lower
  /// one: where the last are fewer, digits are cut off.
  private static func reserve(_ message: Span<UInt8>, from start: Int) -> [Pages]? {
    var pages: [Pages] = []
    var cursor = message.skippingBlanks(from: start)
    while cursor < message.count {
      guard let value = message.integer(at: &cursor).flatMap(Pages.init(printed:)),
        message.byte(at: cursor) ?? .space == .space, value.count >= pages.last?.count ?? 0
      else { return nil }
      pages.append(value)
      cursor = message.skippingBlanks(from: cursor)
    }
    return pages
  }

  /// `Node 0 DMA: 1*4kB (U) 0*8kB … = 36kB`: free blocks of each order.
  static let buddy = LineGrammar(
    name: "buddy",
    printedBy: "all; show_free_areas()",
    samples: [
      "Node 0 DMA: 1*4kB (U) 0*8kB 2*16kB (UM) = 36kB", "HighMem: 0*4kB 1*8kB = 8kB",
      "DMA32: empty",
    ],
    read: { message, line, report in
      if namesZone(message), message.starts(with: ": empty", at: message.count - 7) {
        return .known
      }
      guard let place = place(message), let name = place.zone,
        let star = message.first(UInt8(ascii: "*")),
        star - place.end < 10, message.byte(at: place.end)?.isDigit == true
      else { return .other }
      report.hasBody = true
      let (blocks, total) = freeBlocks(message, from: place.end)
      report.withMemory(line) { memory in
        let index = memory.zones.lastIndex { $0.name == name && $0.node == place.node }
        guard let index, memory.zones[index].buddyLine == nil else { return }
        memory.zones[index].freeBlocks = blocks
        memory.zones[index].freeInBlocks = total
        memory.zones[index].buddyLine = line
      }
      return total == nil ? .torn : .read
    },
    aside: { message in
      guard let place = place(message) else { return [] }
      let sum = message.first(" = ", from: place.end)
      return [
        place.node.map { LineFigure(name: "node", text: LogText("\($0)")) },
        place.zone.map { LineFigure(name: "zone", text: LogText($0)) },
        LineFigure(name: "free_blocks", text: message.text(place.end..<(sum ?? message.count))),
        sum.map { LineFigure(name: "free_in_blocks", text: message.text($0 + 3..<message.count)) },
      ].compactMap(\.self)
    })

  /// The blocks of each order, and what the line adds them up to; nil where it broke off before that.
  private static func freeBlocks(
    _ message: Span<UInt8>, from start: Int
  ) -> (blocks: [FreeBlocks], total: Bytes?) {
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
      if message.byte(at: cursor) == .openParenthesis {
        guard let close = message.first(.closeParenthesis, from: cursor, within: 16) else { break }
        types = message.ascii(cursor + 1..<close)
        cursor = message.skippingBlanks(from: close + 1)
      } else if message.byte(at: cursor)?.isDigit != true, message.byte(at: cursor) != .equals {
        // The letters that go with it are cut.
        break
      }
      blocks.append(FreeBlocks(count: count, size: size, types: types))
    }
    guard message.byte(at: cursor) == .equals else { return (blocks, nil) }
    cursor = message.skippingBlanks(from: cursor + 1)
    guard let total = message.integer(at: &cursor), message.starts(with: "kB", at: cursor) else {
      return (blocks, nil)
    }
    return (blocks, Bytes(kB: total))
  }

  static let hugePages = LineGrammar(
    name: "hugepages",
    printedBy: "3.9 and later; hugetlb_show_meminfo()",
    samples: ["Node 0 hugepages_total=60 hugepages_free=5 hugepages_surp=0 hugepages_size=2048kB"],
    read: { message, line, report in
      guard let start = message.first("hugepages_total="), start < 16 else { return .other }
      // A kernel that numbers its nodes does so in each line.
      let isNumbered = report.report.memory?.zones.last.map { $0.node != nil } ?? false
      guard !isNumbered || message.starts(with: "Node ") else { return .torn }
      var cursor = start
      guard let total = message.integer(behind: "hugepages_total=", at: &cursor),
        let free = message.integer(behind: " hugepages_free=", at: &cursor),
        let surplus = message.integer(behind: " hugepages_surp=", at: &cursor),
        let size = message.integer(behind: " hugepages_size=", at: &cursor).flatMap({
          Bytes(kB: $0)
        }), message.starts(with: "kB", at: cursor)
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
    },
    aside: { $0.figures([(", race ", "race")]) })

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
    // What was found was looked up: where it is more, digits are cut off.
    guard let lookups = message.integer(at: &cursor), lookups >= found,
      cursor == message.count || message.byte(at: cursor) == .comma
    else { return .torn }
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
    let sign = message.skippingBlanks(from: message.first(" swap").map { $0 + 5 } ?? 0)
    guard message.byte(at: sign) == .equals || message.byte(at: sign) == .colon else {
      return .torn
    }
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
    },
    aside: { message in
      let lists: [(mark: StaticString, name: String)] = [
        ("hi:", "hi"), ("high ", "hi"), ("btch:", "btch"), ("batch ", "btch"), ("usd:", "usd"),
        ("used:", "usd"),
      ]
      let cold = message.first("Cold:") ?? message.count
      return message.extracting(0..<cold).figures([("Node ", "node")])
        + message.extracting(0..<cold).figures([("CPU ", "cpu"), ("cpu ", "cpu")] + lists)
        + message.figures(lists, from: cold)
        + message.figures([
          ("Free pages:", "free"), ("kB (", "HighMem"), ("memory allocated,", "hugetlb"),
        ])
    })

  /// Whether a message begins with the name of one of the kernel's zones.
  static func namesZone(_ message: Span<UInt8>) -> Bool {
    guard let zone = place(message)?.zone else { return false }
    return ["DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"].contains(zone)
  }

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
