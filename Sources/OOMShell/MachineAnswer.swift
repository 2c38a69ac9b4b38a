internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// The machine's memory at an event: its ledger, swap, tasks and zones.
struct MachineAnswer {
  private let memory: MemoryState
  private let report: OOMReport
  private let units: SizeUnits
  private let ledger: MemoryLedger?
  private let rooms: [ZoneRoom]
  private let tasks: TaskMemory?

  init(_ memory: MemoryState, _ report: OOMReport, _ units: SizeUnits) {
    self.memory = memory
    self.report = report
    self.units = units
    ledger = MemoryLedger(memory, pageSize: report.pageSize)
    rooms = ZoneRoom.rooms(report)
    tasks = TaskMemory(machine: report, ledger)
  }

  var blocks: [Block] {
    var blocks: [Block] = [.fields(Fields(key: "machine", title: "machine", fields))]
    blocks += ledgerBlocks
    if !rooms.isEmpty { blocks += ZoneAnswer(rooms, report, units).blocks }
    if memory.hugePools.contains(where: { $0.total > 0 }) { blocks.append(.table(hugeTable)) }
    if !memory.slabCaches.isEmpty { blocks.append(.table(slabTable)) }
    if let profile = memory.allocations, !profile.sites.isEmpty {
      blocks.append(.table(Self.siteTable(profile)))
    }
    if let note = report.keptRowsNote {
      blocks.append(.note(.warning, "\(note): what tasks hold together cannot be told"))
    }
    if let doubt = report.pageSize.doubt { blocks.append(.note(.info, doubt)) }
    return blocks
  }

  private var fields: [Field] {
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
    pages("mapped", "mapped", memory.counters["mapped"], "of it, pages that processes map")
    return fields + swapFields + taskFields
  }

  private var swapFields: [Field] {
    guard let total = memory.totalSwap else { return [] }
    guard total.value.count != 0 else {
      return [Field("swap_total", "swap", .bytes(0), meaning: "no swap", line: total.line)]
    }
    var fields = [Field("swap_total", "swap", .bytes(total.value.count), line: total.line)]
    if let used = memory.swapUsed {
      fields.append(Field("swap_used", "swap used", .bytes(used.value.count), line: used.line))
    }
    if let free = memory.freeSwap {
      fields.append(
        Field(
          "swap_free", "swap free", .bytes(free.value.count),
          meaning: free.value.count == 0 ? "swap was exhausted" : nil, line: free.line))
    }
    if let cache = memory.swapCache, let bytes = cache.value.bytes(report.pageSize) {
      fields.append(
        Field(
          "swap_cache", "swap cache", .bytes(bytes.count), meaning: "in RAM and in swap at once",
          line: cache.line))
    }
    return fields
  }

  /// Never a sum of resident sizes: tasks share pages.
  private var taskFields: [Field] {
    guard let tasks else { return [] }
    let meaning =
      switch tasks.basis {
      case .split: "their own pages and one share of common ones, and all that they may map"
      case .whole: "the largest alone, and all together if they share nothing"
      }
    return [
      Field(
        "tasks", "\(tasks.count) tasks",
        .text(tasks.words(units)),
        meaning: meaning)
    ]
  }

  private var ledgerBlocks: [Block] {
    guard let ledger else {
      return [
        .note(
          .warning,
          "no ledger: the report does not say, or contradicts itself about, how much RAM "
            + "there is; see 'trust'")
      ]
    }
    var blocks: [Block] = [
      .table(
        LedgerBlocks(ledger.lines, ledger.gap, of: ledger.managed)
          .table(title: "where managed RAM was", part: "of managed", usual: usual(ledger)))
    ]
    switch ledger.gap {
    case .known(let amount):
      guard let hidden = ledger.hidden else { return blocks }
      let range = units.interval(hidden.lowerBound.count, hidden.upperBound.count)
      blocks.append(
        .note(
          ledger.share(amount) ?? 0 >= 0.1 ? .warning : .info,
          "\(range) more than usual are unaccounted: memory that the kernel does not count"))
      blocks.append(.table(suspectTable(amount)))
    case .atMost(let amount, let because):
      blocks.append(.note(.info, "unaccounted is at most so much: \(units.words(because))"))
      if ledger.hidden != nil { blocks.append(.table(suspectTable(amount))) }
    case .unknown(let because):
      blocks.append(.note(.info, "unaccounted cannot be told: \(units.words(because))"))
    }
    return blocks
  }

  /// The band of the last line: a share, or the kernel's own data where the machine is small.
  private func usual(_ ledger: MemoryLedger) -> String {
    let share = ledger.share(ledger.mostUsual) ?? 0
    return share <= MemoryLedger.usualGap.upperBound
      ? "0.5 to 2 %" : "up to \(units.text(bytes: ledger.mostUsual.count))"
  }

  private func suspectTable(_ gap: OOMReports.Bytes) -> Table {
    Table(
      key: "suspects", title: "what may hold it: nothing in the report refutes these",
      columns: [
        Column("suspect", "suspect", canWrap: true, readableWidth: 40),
        Column("lines", "lines", .right),
      ],
      rows: LedgerSuspect.suspects(of: gap, in: report).map { suspect in
        [
          .text(units.words(suspect.text)),
          suspect.lines.isEmpty ? .missing : .text(LineList.text(suspect.lines)),
        ]
      })
  }

  private var hugeTable: Table {
    Table(
      key: "hugepages", title: "huge pages: set aside, used or not",
      columns: [
        Column("node", "node", .right), Column("size", "size", .right),
        Column("total", "total", .right), Column("free", "free", .right),
        Column("surplus", "surplus", .right, dropOrder: 2),
        Column("set_aside", "memory", .right), Column("line", "line", .right, dropOrder: 1),
      ],
      rows: memory.hugePools.filter { $0.total > 0 }.map { pool in
        let bytes = pool.size.count.multipliedReportingOverflow(by: pool.total)
        return [
          pool.node.map { .integer(Int64($0)) } ?? .missing, .bytes(pool.size.count),
          .integer(pool.total), .integer(pool.free), .integer(pool.surplus),
          bytes.overflow ? .missing : .bytes(bytes.partialValue), .integer(Int64(pool.line)),
        ]
      })
  }

  private var slabTable: Table {
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

  private static func siteTable(_ profile: AllocationProfile) -> Table {
    Table(
      key: "allocations", title: "where the kernel allocated it, by its profile",
      columns: [
        Column("size", "size", .right), Column("calls", "calls", .right, dropOrder: 2),
        Column("place", "place", canShrink: true), Column("function", "function", canShrink: true),
        Column("line", "line", .right, dropOrder: 1),
      ],
      rows: profile.sites.map { site in
        [
          .text(site.sizeText), .integer(site.calls), .text(site.place.description),
          .text(site.function.description), .integer(Int64(site.line)),
        ]
      })
  }

  var record: JSONValue {
    let blocks = ledger.map { LedgerBlocks($0.lines, $0.gap, of: $0.managed) }
    let suspects = (ledger?.gap.bound).map { LedgerSuspect.suspects(of: $0, in: report) } ?? []
    let hidden = ledger?.hidden
    return .object([
      .init("managed_kb", .kB(ledger?.managed)),
      .init("ledger", blocks?.json ?? .null),
      .init("unaccounted", blocks?.gapJSON(units.words) ?? .null),
      .init(
        "hidden_kb",
        hidden.map { .array([.int($0.lowerBound.kB), .int($0.upperBound.kB)]) } ?? .null),
      .init(
        "suspects",
        .array(
          (hidden == nil ? [] : suspects).map { suspect in
            .object([
              .init("suspect", .string(suspect.key)),
              .init("text", .string(units.words(suspect.text))),
              .init("lines", .array(suspect.lines.map { .int(Int64($0)) })),
            ])
          })),
      .init("zones", ZoneAnswer(rooms, report, units).record),
      .init(
        "swap",
        .object([
          .init("total_kb", .kB(memory.totalSwap?.value)),
          .init("used_kb", .kB(memory.swapUsed?.value)),
          .init("free_kb", .kB(memory.freeSwap?.value)),
          .init("cache_kb", .kB(memory.swapCache?.value.bytes(report.pageSize))),
        ])),
      .init("tasks", tasks.map(\.json) ?? .null),
    ])
  }
}

extension TaskMemory {
  /// The interval, or one figure where both ends look the same.
  func words(_ units: SizeUnits) -> String { units.interval(low.count, high.count) }

  var json: JSONValue {
    .object([
      .init("count", .int(Int64(count))), .init("low_kb", .kB(low)), .init("high_kb", .kB(high)),
      .init("is_split", .bool(basis == .split)),
    ])
  }
}
