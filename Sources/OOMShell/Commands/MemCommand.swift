internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let mem = Command(
    "mem", aliases: ["memory"], .look, "show the memory that an event's report prints",
    parameters: [Parameter("EVENT", .events, .optional, "an event; the newest where left out")],
    examples: [
      Example("mem", "RAM, swap, zones and watermarks of the newest event, or its cgroup's memory")
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    let blocks = MemoryAnswer(report).blocks
    guard !blocks.isEmpty else {
      let reason = report.status == .killOnly ? ": its kill line alone is in the log" : ""
      return Document([
        .note(
          .info,
          "event \(number) prints no memory figures\(reason); 'raw \(number)' shows what there is")
      ])
    }
    return Document([.heading("Memory at event \(number)")] + blocks)
  }
}

private struct MemoryAnswer {
  private let report: OOMReport

  init(_ report: OOMReport) {
    self.report = report
  }

  var blocks: [Block] {
    var blocks: [Block] = []
    if let memcg = report.memcg, memcg.memory != nil || !memcg.stats.isEmpty {
      blocks += cgroupBlocks(memcg)
    }
    if let memory = report.memory { blocks += machineBlocks(memory) }
    return blocks
  }

  private func cgroupBlocks(_ memcg: MemcgState) -> [Block] {
    var rows: [[Cell]] = []
    func usage(_ name: String, _ value: Cited<MemcgUsage>?) {
      guard let value else { return }
      rows.append([
        .text(name), .bytes(value.value.usage.count),
        value.value.limit.map { .bytes($0.count) } ?? .text("no limit"),
        .integer(value.value.failcnt), .integer(Int64(value.line)),
      ])
    }
    usage("memory", memcg.memory)
    usage("memory+swap", memcg.memorySwap)
    usage("swap", memcg.swap)
    usage("kernel memory", memcg.kmem)
    let path = memcg.limitPath ?? memcg.statsPath
    let title = path.map { "cgroup \(Visible.text($0.value.description))" } ?? "cgroup"
    var blocks: [Block] = [
      .table(
        Table(
          key: "cgroup", title: title,
          columns: [
            Column("what", "what"), Column("usage", "usage", .right),
            Column("limit", "limit", .right), Column("failcnt", "failcnt", .right, dropOrder: 1),
            Column("line", "line", .right, dropOrder: 2),
          ], rows: rows))
    ]
    let stats = memcg.stats.filter { CgroupStat.isSize($0.key) && $0.value.value > 0 }
      .sorted { ($1.value.value, $0.key) < ($0.value.value, $1.key) }
    if !stats.isEmpty {
      let whole = memcg.memory?.value.usage.count ?? 0
      blocks.append(
        .table(
          Table(
            key: "stats", title: "statistics, largest first (they overlap)",
            columns: [
              Column("name", "name"), Column("size", "size", .right),
              Column("share", "of usage", .right), Column("bar", ""),
            ],
            rows: stats.map { stat in
              let share = whole > 0 ? Double(stat.value.value) / Double(whole) : 0
              return [
                .text(stat.key), .bytes(stat.value.value), whole > 0 ? .share(share) : .missing,
                .bar(min(share, 1)),
              ]
            })))
    }
    return blocks
  }

  private func machineBlocks(_ memory: MemoryState) -> [Block] {
    var blocks: [Block] = [.fields(Fields(key: "machine", title: "machine", machineFields(memory)))]
    if !memory.counters.isEmpty { blocks.append(.table(counterTable(memory))) }
    if !memory.zones.isEmpty { blocks.append(.table(zoneTable(memory))) }
    if memory.hugePools.contains(where: { $0.total > 0 }) {
      blocks.append(.table(hugeTable(memory)))
    }
    if !memory.slabCaches.isEmpty { blocks.append(.table(slabTable(memory))) }
    if report.pageSize.proof == .assumed {
      blocks.append(
        .note(.info, "sizes assume pages of 4 KiB: nothing in this report tells the page size"))
    }
    return blocks
  }

  private func machineFields(_ memory: MemoryState) -> [Field] {
    var fields: [Field] = []
    func pages(_ key: String, _ label: String, _ value: Cited<Pages>?, _ meaning: String) {
      guard let value, let bytes = value.value.bytes(report.pageSize) else { return }
      fields.append(Field(key, label, .bytes(bytes.count), meaning: meaning, line: value.line))
    }
    pages("ram", "RAM", memory.pagesRAM, "all that is present")
    pages("reserved", "reserved", memory.pagesReserved, "never managed by the page allocator")
    if let managed = memory.managed?.bytes(report.pageSize) {
      fields.append(
        Field("managed", "managed", .bytes(managed.count), meaning: "RAM less reserved"))
    }
    pages("pagecache", "page cache", memory.pagecache, "file pages, with shared memory and tmpfs")
    if let total = memory.totalSwap {
      let isNone = total.value.count == 0
      fields.append(
        Field(
          "swap_total", "swap", .bytes(total.value.count), meaning: isNone ? "no swap" : nil,
          line: total.line))
    }
    if let free = memory.freeSwap, memory.totalSwap?.value.count != 0 {
      fields.append(
        Field(
          "swap_free", "swap free", .bytes(free.value.count),
          meaning: free.value.count == 0 ? "swap was exhausted" : nil, line: free.line))
    }
    return fields
  }

  private func counterTable(_ memory: MemoryState) -> Table {
    let whole = memory.managed?.count ?? 0
    let counters = memory.counters.sorted {
      ($1.value.value.count, $0.key) < ($0.value.value.count, $1.key)
    }.filter { $0.value.value.count > 0 }
    return Table(
      key: "counters", title: "counters, largest first (some overlap)",
      columns: [
        Column("name", "name"), Column("size", "size", .right),
        Column("share", "of managed", .right), Column("bar", ""),
        Column("line", "line", .right, dropOrder: 1),
      ],
      rows: counters.map { name, pages in
        let share = whole > 0 ? Double(pages.value.count) / Double(whole) : 0
        return [
          .text(name), pages.value.bytes(report.pageSize).map { .bytes($0.count) } ?? .missing,
          whole > 0 ? .share(share) : .missing, .bar(min(share, 1)), .integer(Int64(pages.line)),
        ]
      })
  }

  private func zoneTable(_ memory: MemoryState) -> Table {
    func size(_ zone: ZoneState, _ name: String) -> Cell {
      zone.counters[name].map { .bytes($0.count) } ?? .missing
    }
    return Table(
      key: "zones", title: "zones: an ordinary request needs free above min + reserve",
      columns: [
        Column("node", "node", .right, dropOrder: 1), Column("zone", "zone"),
        Column("free", "free", .right), Column("min", "min", .right),
        Column("reserve", "reserve", .right, dropOrder: 3),
        Column("low", "low", .right, dropOrder: 5), Column("high", "high", .right, dropOrder: 6),
        Column("managed", "managed", .right, dropOrder: 4), Column("state", "free is"),
        Column("line", "line", .right, dropOrder: 2),
      ],
      rows: memory.zones.map { zone in
        [
          zone.node.map { .integer(Int64($0)) } ?? .missing, .text(zone.name), size(zone, "free"),
          size(zone, "min"), reserve(of: zone).map { .bytes($0.count) } ?? .missing,
          size(zone, "low"), size(zone, "high"), size(zone, "managed"),
          state(of: zone).map(Cell.text) ?? .missing, .integer(Int64(zone.line)),
        ]
      })
  }

  /// What the zone keeps from requests that any zone would do for.
  private func reserve(of zone: ZoneState) -> OOMReports.Bytes? {
    zone.lowmemReserve.max().flatMap { $0.bytes(report.pageSize) }
  }

  private func state(of zone: ZoneState) -> String? {
    guard let free = zone.counters["free"], let min = zone.counters["min"] else { return nil }
    if free <= min { return "below min" }
    let reserve = reserve(of: zone)?.count ?? 0
    return free.count - min.count <= reserve ? "in reserve" : "above"
  }

  private func hugeTable(_ memory: MemoryState) -> Table {
    Table(
      key: "hugepages", title: "huge pages: set aside, used or not",
      columns: [
        Column("node", "node", .right), Column("size", "size", .right),
        Column("total", "total", .right), Column("free", "free", .right),
        Column("set_aside", "memory", .right),
      ],
      rows: memory.hugePools.filter { $0.total > 0 }.map { pool in
        let bytes = pool.size.count.multipliedReportingOverflow(by: pool.total)
        return [
          pool.node.map { .integer(Int64($0)) } ?? .missing, .bytes(pool.size.count),
          .integer(pool.total), .integer(pool.free),
          bytes.overflow ? .missing : .bytes(bytes.partialValue),
        ]
      })
  }

  private func slabTable(_ memory: MemoryState) -> Table {
    Table(
      key: "slab", title: "unreclaimable slab: printed because it outweighs user memory",
      columns: [
        Column("name", "cache", canShrink: true), Column("total", "total", .right),
        Column("used", "used", .right), Column("line", "line", .right, dropOrder: 1),
      ],
      rows: memory.slabCaches.sorted { $1.total < $0.total }.prefix(20).map { cache in
        [
          .text(cache.name), .bytes(cache.total.count), .bytes(cache.used.count),
          .integer(Int64(cache.line)),
        ]
      })
  }
}

/// Which statistics of a cgroup are sizes; the rest count events.
private enum CgroupStat {
  private static let counts = [
    "pgfault", "pgmajfault", "pgrefill", "pgscan", "pgsteal", "pgactivate", "pgdeactivate",
    "pglazy", "pgpgin", "pgpgout", "pgdemote", "pgpromote", "workingset_", "thp_", "numa_", "swpin",
    "swpout", "zswpin", "zswpout", "zswpwb", "total_pg", "hierarchical_", "oom_", "allocstall",
  ]

  static func isSize(_ name: String) -> Bool { !counts.contains { name.hasPrefix($0) } }
}
