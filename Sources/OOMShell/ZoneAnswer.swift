internal import Investigation
internal import OOMReports
internal import Presentation

/// The zones of a report, against the request that failed.
struct ZoneAnswer {
  private let rooms: [ZoneRoom]
  private let report: OOMReport
  private let units: SizeUnits

  init(_ rooms: [ZoneRoom], _ report: OOMReport, _ units: SizeUnits) {
    self.rooms = rooms
    self.report = report
    self.units = units
  }

  var blocks: [Block] {
    [.table(table), .fields(Fields(key: "request", title: "what this request could use", fields))]
  }

  private var table: Table {
    func size(_ zone: ZoneState, _ name: String) -> Cell {
      zone.counters[name].map { .bytes($0.count) } ?? .missing
    }
    return Table(
      key: "zones", title: "zones: this request needs free above min and what is kept back",
      columns: [
        Column("node", "node", .right, dropOrder: 1), Column("zone", "zone"),
        Column("free", "free", .right), Column("min", "min", .right),
        Column("reserve", "kept", .right, dropOrder: 4),
        Column("usable", "usable", .right, dropOrder: 3),
        Column("low", "low", .right, dropOrder: 6), Column("high", "high", .right, dropOrder: 7),
        Column("managed", "managed", .right, dropOrder: 5),
        Column("largest", "block", .right, dropOrder: 8), Column("state", "free is"),
        Column("line", "line", .right, dropOrder: 2),
      ],
      rows: rooms.map { room in
        let zone = room.zone
        return [
          zone.node.map { .integer(Int64($0)) } ?? .missing, .text(zone.name), size(zone, "free"),
          size(zone, "min"), kept(room).map { .bytes($0) } ?? .missing,
          room.usable.map { .bytes($0.count) } ?? .missing, size(zone, "low"), size(zone, "high"),
          size(zone, "managed"), room.largestBlock.map { .bytes($0.count) } ?? .missing,
          state(room).map(Cell.text) ?? .missing, .integer(Int64(zone.line)),
        ]
      })
  }

  /// The reserve for higher requests, CMA that must not be used and blocks for urgent requests.
  private func kept(_ room: ZoneRoom) -> Int64? {
    guard room.isAllowed else { return nil }
    return (room.reserve?.count ?? 0) + room.contiguous.count + room.highAtomic.count
  }

  private func state(_ room: ZoneRoom) -> String? {
    guard room.isAllowed else { return "not allowed" }
    guard let free = room.zone.counters["free"], let min = room.zone.counters["min"] else {
      return nil
    }
    if free <= min { return "below min" }
    return room.usable?.count == 0 ? "kept back" : "above"
  }

  /// Nil where a zone's line is torn.
  private var usable: OOMReports.Bytes? {
    let allowed = rooms.filter(\.isAllowed).map(\.usable)
    return allowed.contains(nil)
      ? nil : OOMReports.Bytes(allowed.reduce(0) { $0 + ($1?.count ?? 0) })
  }

  private var largest: OOMReports.Bytes? {
    rooms.filter { $0.isAllowed && $0.zone.name != "DMA" }.compactMap(\.largestBlock).max()
  }

  /// What the request asked for in one piece; nil for one by hand, or where the log lost it.
  private var wanted: OOMReports.Bytes? {
    guard let order = report.invocation?.value.order, (0...20).contains(order) else { return nil }
    return Pages(1 << order).bytes(report.pageSize)
  }

  private var fields: [Field] {
    var fields: [Field] = []
    if let wanted {
      fields.append(
        Field(
          "wanted", "asked for", .bytes(wanted.count),
          meaning: wanted > report.pageSize.bytes ? "in one piece" : "one page",
          line: report.invocation?.line))
    }
    let isGuess = rooms.contains { $0.isAllowed && $0.isGuess }
    fields.append(
      Field(
        "usable", "free above min", usable.map { .bytes($0.count) } ?? .missing,
        meaning: isGuess
          ? "in zones that an ordinary request may use: its flags are not known"
          : "in the zones and nodes that it may use"))
    if let wanted, wanted > report.pageSize.bytes, let largest {
      fields.append(
        Field(
          "largest_block", "largest block", .bytes(largest.count),
          meaning: largest < wanted
            ? "too small: free memory is in smaller pieces" : "large enough, if it was usable"))
    }
    return fields
  }

  var record: JSONValue {
    .object([
      .init("wanted_kb", .kB(wanted)), .init("usable_kb", .kB(usable)),
      .init(
        "zones",
        .array(
          rooms.map { room in
            let zone = room.zone
            return .object([
              .init("node", .int(zone.node.map(Int64.init))), .init("zone", .string(zone.name)),
              .init("line", .int(Int64(zone.line))), .init("free_kb", .kB(zone.counters["free"])),
              .init("min_kb", .kB(zone.counters["min"])),
              .init("low_kb", .kB(zone.counters["low"])),
              .init("high_kb", .kB(zone.counters["high"])),
              .init("managed_kb", .kB(zone.counters["managed"])),
              .init("reserve_kb", .kB(room.reserve)), .init("cma_kb", .kB(room.contiguous)),
              .init("highatomic_kb", .kB(room.highAtomic)), .init("allowed", .bool(room.isAllowed)),
              .init("usable_kb", .kB(room.usable)),
              .init("largest_block_kb", .kB(room.largestBlock)),
              .init("state", state(room).map { .string($0) } ?? .null),
            ])
          })),
    ])
  }
}
