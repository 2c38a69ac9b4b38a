internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// The cgroup of an event: whose limit was hit, what it was used for, and who was in it.
struct CgroupAnswer {
  private let number: Int
  private let report: OOMReport
  private let memcg: MemcgState
  private let units: SizeUnits
  private let ledger: CgroupLedger?
  private let limitPath: Cited<LogText>?

  /// Nil where the report says nothing of a cgroup.
  init?(_ number: Int, _ report: OOMReport, _ memcg: MemcgState, _ units: SizeUnits) {
    guard memcg.memory != nil || memcg.limitPath != nil || memcg.taskPath != nil else { return nil }
    self.number = number
    self.report = report
    self.memcg = memcg
    self.units = units
    ledger = CgroupLedger(report)
    limitPath = report.boundary == .memcg ? memcg.limitPath ?? memcg.statsPath : nil
  }

  var document: Document {
    var blocks: [Block] = [.heading(heading)]
    blocks.append(.fields(Fields(key: "cgroup", title: "whose", fields)))
    blocks += memoryBlocks
    if let holders { blocks.append(.table(holders)) }
    if let tasks {
      blocks.append(.table(tasks))
      if let note = report.keptRowsNote { blocks.append(.note(.warning, note)) }
    }
    return Document(blocks, record: record)
  }

  private var heading: String {
    guard report.boundary == .memcg else { return "Event \(number): no cgroup was at its limit" }
    let path =
      limitPath.map { path in
        " of \(reading(path.value) ?? Visible.text(path.value.description))"
      } ?? ""
    return "Event \(number): the limit\(path)"
  }

  /// What `mem` shows of it too: figures and ledger.
  var memoryBlocks: [Block] {
    guard memcg.memory != nil || !memcg.stats.isEmpty else { return [] }
    var blocks: [Block] = [.table(usageTable)]
    guard let ledger else { return blocks }
    if !ledger.lines.isEmpty {
      blocks.append(
        .table(
          LedgerBlocks(ledger.lines, ledger.gap, of: ledger.usage)
            .table(title: "what its memory was used for", part: "of usage", usual: "below 1 %")))
    }
    if let note = gapNote(ledger) { blocks.append(.note(.info, note)) }
    return blocks
  }

  private func gapNote(_ ledger: CgroupLedger) -> String? {
    let hidden =
      ledger.notPrinted.isEmpty
      ? "" : "; this kernel prints none of \(ledger.notPrinted.joined(separator: ", ")) here"
    switch ledger.gap {
    case .known(let amount):
      return (ledger.share(amount) ?? 0) > 0.01
        ? "unaccounted: each processor charges up to 64 pages in advance\(hidden)" : nil
    case .atMost(_, let because):
      return "unaccounted is at most so much: \(units.words(because))\(hidden)"
    case .unknown(let because): return "unaccounted cannot be told: \(units.words(because))"
    }
  }

  private var usageTable: Table {
    let resources: [(String, Cited<MemcgUsage>?)] = [
      ("memory", memcg.memory), ("memory+swap", memcg.memorySwap), ("swap", memcg.swap),
      ("kernel memory", memcg.kmem),
    ]
    let path = memcg.limitPath ?? memcg.statsPath
    let title = path.map { "cgroup \(Visible.text($0.value.description))" } ?? "cgroup"
    return Table(
      key: "usage", title: title,
      columns: [
        Column("what", "what"), Column("usage", "usage", .right),
        Column("limit", "limit", .right), Column("failcnt", "failcnt", .right, dropOrder: 1),
        Column("line", "line", .right, dropOrder: 2),
      ],
      rows: resources.compactMap { name, value in
        value.map {
          [
            .text(name), .bytes($0.value.usage.count),
            $0.value.limit.map { .bytes($0.count) } ?? .text("no limit"),
            .integer($0.value.failcnt), .integer(Int64($0.line)),
          ]
        }
      })
  }

  private var fields: [Field] {
    var fields: [Field] = []
    if let limitPath {
      fields.append(
        Field(
          "limit_path", "limit of", .path(limitPath.value.description),
          meaning: reading(limitPath.value), line: limitPath.line))
    }
    if let task = memcg.taskPath {
      let isSame = task.value == limitPath?.value
      fields.append(
        Field(
          "task_path", "victim lived in", .path(task.value.description),
          meaning: isSame ? "the same" : reading(task.value), line: task.line))
    }
    if let level { fields.append(Field("level", "level", .text(level))) }
    if let ledger {
      let version = ledger.version.number.map { "version \($0)" } ?? "not to be told"
      fields.append(
        Field(
          "version", "interface", .text(version), meaning: units.words(ledger.version.because)))
    }
    if let protection = memcg.protection {
      fields.append(
        Field(
          "protection", "protected", .bytes(max(protection.value.min, protection.value.low).count),
          meaning: "memory.min or memory.low", line: protection.line))
    }
    return fields + kubeletFields
  }

  private func reading(_ path: LogText) -> String? {
    CgroupPath(path).words.map { Visible.text(units.words($0)) }
  }

  /// How many levels lie between the limit and the victim.
  private var depth: Int? {
    guard let limitPath, let task = memcg.taskPath else { return nil }
    return CgroupPath(limitPath.value).depth(above: CgroupPath(task.value))
  }

  private var level: String? {
    guard limitPath != nil, memcg.taskPath != nil else { return nil }
    switch depth {
    case 0?: return "the victim's own limit"
    case 1?: return "the level above the victim's cgroup: all of it counts, siblings too"
    case let depth?:
      return "\(depth) levels above the victim's cgroup: all that lies below counts"
    case nil: return "the victim's cgroup does not lie below the limit's: the paths contradict"
    }
  }

  private var kubelet: (adj: KubeletAdj, path: CgroupPath, line: Int)? {
    guard let victim = report.victims.first, let adj = victim.oomScoreAdj ?? row?.oomScoreAdj,
      let task = memcg.taskPath
    else { return nil }
    let path = CgroupPath(task.value)
    return KubeletAdj(adj, in: path).map { ($0, path, victim.line) }
  }

  private var row: TaskRow? {
    report.victims.first.flatMap { victim in report.tasks?.rows.first { $0.pid == victim.pid } }
  }

  private var nodeRAM: OOMReports.Bytes? { report.memory?.managed?.bytes(report.pageSize) }

  private var kubeletFields: [Field] {
    guard let kubelet else { return [] }
    let adj = kubelet.adj
    let doubt = adj.contradicts(kubelet.path) ? "; the path says another class" : ""
    var fields = [
      Field(
        "kubelet_adj", "oom_score_adj", .integer(adj.adj),
        meaning: (adj.qos.map { "the kubelet's for \($0.rawValue) pods" } ?? "not the kubelet's")
          + doubt, line: kubelet.line)
    ]
    if let request = adj.request {
      let shares = SizeUnits.interval(
        Self.percent(request.lowerBound), Self.percent(request.upperBound))
      let sizes = nodeRAM.flatMap { adj.request(ofNode: $0) }.map {
        units.interval($0.lowerBound.count, $0.upperBound.count)
      }
      fields.append(
        Field(
          "memory_request", "it requested", .text(sizes ?? "\(shares) % of the node's RAM"),
          meaning: "by the kubelet's formula: 1000 less thousandths of the node's RAM"))
    }
    return fields
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private var holders: Table? {
    guard let holders = ledger?.holders, !holders.isEmpty, let ledger else { return nil }
    return Table(
      key: "holders", title: "which cgroups held it, each without those below",
      columns: [
        Column("path", "cgroup", canShrink: true, readableWidth: 30),
        Column("size", "size", .right), Column("share", "of usage", .right), Column("bar", ""),
        Column("line", "line", .right, dropOrder: 1),
      ],
      rows: holders.prefix(20).map { holder in
        let share = ledger.share(holder.amount) ?? 0
        return [
          .path(holder.path.description), .bytes(holder.amount.count), .share(share),
          .bar(min(share, 1)), .integer(Int64(holder.line)),
        ]
      })
  }

  /// The largest tasks of the table, which lists those of the cgroup alone.
  private var tasks: Table? {
    guard report.boundary == .memcg, let rows = report.tasks?.rows, !rows.isEmpty else {
      return nil
    }
    let victims = Set(report.victims.map(\.pid))
    let largest = rows.sorted { ($1.rss?.count ?? 0, $0.line) < ($0.rss?.count ?? 0, $1.line) }
    let together = ledger?.tasks(report).map { ", together \($0.words(units))" }
    return Table(
      key: "tasks",
      title: "\(report.allRowCount) \(report.allRowCount == 1 ? "task" : "tasks") in it"
        + (together ?? ""),
      columns: [
        Column("pid", "pid", .right), Column("comm", "name", canShrink: true),
        Column("rss", "rss", .right), Column("swap", "swap", .right, dropOrder: 2),
        Column("oom_score_adj", "adj", .right, dropOrder: 3), Column("killed", "killed"),
        Column("line", "line", .right, dropOrder: 1),
      ],
      rows: largest.prefix(10).map { row in
        func size(_ pages: Pages?) -> Cell {
          pages.flatMap { $0.bytes(report.pageSize) }.map { .bytes($0.count) } ?? .missing
        }
        return [
          .integer(row.pid), .text(row.name.description), size(row.rss), size(row.swap),
          row.oomScoreAdj.map(Cell.integer) ?? .missing, .flag(victims.contains(row.pid)),
          .integer(Int64(row.line)),
        ]
      })
  }

  /// What `mem` and `cgroup` both say of the figures.
  var memoryRecord: JSONValue {
    func usage(_ value: Cited<MemcgUsage>?) -> JSONValue {
      value.map {
        .object([
          .init("usage_kb", .kB($0.value.usage)), .init("limit_kb", .kB($0.value.limit)),
          .init("failcnt", .int($0.value.failcnt)), .init("line", .int(Int64($0.line))),
        ])
      } ?? .null
    }
    let blocks = ledger.map { LedgerBlocks($0.lines, $0.gap, of: $0.usage) }
    return .object([
      .init("limit_path", .text(limitPath?.value)),
      .init("task_path", .text(memcg.taskPath?.value)),
      .init("memory", usage(memcg.memory)), .init("memory_swap", usage(memcg.memorySwap)),
      .init("swap", usage(memcg.swap)), .init("kernel", usage(memcg.kmem)),
      .init("version", .int(ledger?.version.number)),
      .init("ledger", blocks?.json ?? .null),
      .init("unaccounted", blocks?.gapJSON(units.words) ?? .null),
    ])
  }

  private var record: JSONValue {
    func path(_ path: LogText?) -> JSONValue { path.map { CgroupPath($0).json } ?? .null }
    return .object([
      .init("event", .int(Int64(number))), .init("figures", memoryRecord),
      .init("limit", path(limitPath?.value)), .init("task", path(memcg.taskPath?.value)),
      .init("levels_above_victim", .int(depth.map(Int64.init))),
      .init(
        "kubelet",
        kubelet.map { kubelet in
          .object([
            .init("oom_score_adj", .int(kubelet.adj.adj)),
            .init("qos", kubelet.adj.qos.map { .string($0.rawValue) } ?? .null),
            .init(
              "request_share",
              kubelet.adj.request.map {
                .array([.double($0.lowerBound), .double($0.upperBound)])
              } ?? .null),
          ])
        } ?? .null),
      .init(
        "holders",
        .array(
          (ledger?.holders ?? []).map {
            .object([
              .init("path", .text($0.path)), .init("kb", .kB($0.amount)),
              .init("line", .int(Int64($0.line))),
            ])
          })),
      .init("tasks", ledger?.tasks(report).map(\.json) ?? .null),
      .init("stats", .counts(memcg.stats.mapValues(\.value))),
    ])
  }
}

extension CgroupPath {
  /// The path, and what its components mean.
  var json: JSONValue {
    .object([
      .init("path", .text(path)), .init("qos", qos.map { .string($0.rawValue) } ?? .null),
      .init(
        "layers",
        .array(
          layers.map { layer in
            .object([
              .init("kind", .string(layer.kind.rawValue)), .init("name", .text(layer.name)),
              .init("maker", layer.maker.map { .string($0) } ?? .null),
            ])
          })),
    ])
  }
}
