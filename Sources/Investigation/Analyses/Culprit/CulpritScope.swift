internal import KernelLog
internal import OOMReports

/// What ran out.
extension Culprit {
  static func scope(of report: OOMReport) -> Answer<Scope> {
    let isNamed = report.decision?.value.constraint != nil
    let printed = report.constraint.map { constraint in
      let name = LogText(constraint.value.rawValue)
      return Evidence(
        constraint.line,
        isNamed
          ? "the kernel printed the constraint \(name)" : "only constraint \(name) prints this")
    }
    if report.trigger == .sysrq {
      return Answer(
        .manual, .certain, [sysrq(report)], refutedBy: "nothing: only SysRq prints this")
    }
    switch report.boundary {
    case .memcg?:
      let usage = report.memcg.flatMap(nearestToLimit)
      let proof = printed ?? frame(of: report)
      return Answer(
        .cgroup, proof == nil ? .likely : .certain, [proof, usage].compactMap { $0 },
        refutedBy: Refuter(
          "usage well below the limit", .broken(["limit", "constraint"], in: report)))
    case .cpuset?, .mempolicy?:
      return nodes(report, printed)
    case Constraint.none?: return machine(report, printed)
    case nil:
      return lost(report)
    }
  }

  /// Of a report that lost whatever tells what ran out.
  private static func lost(_ report: OOMReport) -> Answer<Scope> {
    let refuter: Refuter = "the rest of the report, which this log does not hold"
    // For a cgroup's limit the kernel panics where it is to do so always, and says that.
    if report.outcome == .panic, let ending = report.ending,
      ending.value.bytes.span.first("ompulsory") == nil
    {
      return Answer(
        .machine, .likely,
        [Evidence(ending.line, "the kernel panics of this for the whole machine's memory only")],
        refutedBy: refuter)
    }
    let victim = report.victims.first
    // The line that chooses names a cgroup's limit, and so does a kill line that has these fields.
    // Up to 5.0 the kill line is the same for the machine and for a cgroup.
    let isNamed = victim.map { $0.oomScoreAdj != nil || $0.pageTables != nil } ?? false
    let line = report.intent?.line ?? (isNamed ? victim?.line : nil)
    if let line {
      return Answer(
        .machine, .possible, [Evidence(line, "the kill line names no cgroup")], refutedBy: refuter)
    }
    return Answer(
      .unknown, .possible,
      victim.map { [Evidence($0.line, "the kill line says nothing of what ran out")] } ?? [],
      refutedBy: refuter)
  }

  /// The frame that shows the limit of a cgroup, where no line names the constraint.
  private static func frame(of report: OOMReport) -> Evidence? {
    report.memcgFrame.map { frame in
      let name = LogText(String(frame.functionName))
      return Evidence(frame.line, "\(name) is called only for the limit of a cgroup")
    }
  }

  /// The usage of a cgroup that is nearest to its limit: version 1 has three, each with its own.
  private static func nearestToLimit(_ memcg: MemcgState) -> Evidence? {
    let resources: [(name: Sentence, figure: Cited<MemcgUsage>?)] = [
      ("usage", memcg.memory), ("usage of memory and swap", memcg.memorySwap),
      ("usage of kernel memory", memcg.kmem),
    ]
    func room(_ usage: MemcgUsage) -> Int64 {
      usage.limit.map { $0.count - usage.usage.count } ?? .max
    }
    let known = resources.compactMap { item in item.figure.map { (name: item.name, figure: $0) } }
    return known.min { room($0.figure.value) < room($1.figure.value) }.map { name, figure in
      let limit: Sentence = figure.value.limit.map { ", limit \($0)" } ?? ""
      return Evidence(figure.line, "\(name) \(figure.value.usage)\(limit)")
    }
  }

  /// What says that SysRq asked for a kill: `order=-1` since 4.3, its own line before the report.
  static func sysrq(_ report: OOMReport) -> Evidence {
    report.invocation?.value.order == -1
      ? Evidence(report.invocation?.line, "order=-1: the request came from SysRq")
      : Evidence(report.sysrqLine, "SysRq asked for a kill")
  }

  /// The request within the nodes that it was bound to, or within the machine.
  private static func request(_ report: OOMReport) -> Investigation.Evidence.Case {
    let event = Event(report, input: 0, boot: 0, byteRange: 0..<0)
    return Investigation.Evidence.Case(
      event: event, report: report, scope: Investigation.Evidence.Scope(event, report))
  }

  /// Why the request could use none of the zones of its nodes; nil where it could use one.
  private static func prohibition(_ report: OOMReport) -> Evidence? {
    let zones = request(report).forbiddenZones
    let names = Set(zones.map(\.name)).sorted().map { Sentence([.logText(LogText($0))]) }
    return zones.first.map {
      Evidence($0.line, "the allowed nodes have only \(.list(names)), which it may not use")
    }
  }

  private static func nodes(_ report: OOMReport, _ printed: Evidence?) -> Answer<Scope> {
    let grounds = [printed, allowed(by: report)].compactMap(\.self)
    if let prohibition = prohibition(report) {
      return Answer(
        .noZone, .likely, grounds + [flags(of: report.invocation), prohibition].compactMap(\.self),
        refutedBy: "a zone of these nodes that the request may use, and the log has lost")
    }
    return zone(request(report), report, grounds)
      ?? Answer(
        .node, .certain, grounds,
        refutedBy: Refuter(
          "free memory above the watermarks on the allowed nodes",
          roomLeft(in: report) + .broken(["constraint"], in: report)))
  }

  private static func allowed(by report: OOMReport) -> Evidence? {
    guard let decision = report.decision else { return nil }
    let text =
      decision.value.constraint == .mempolicy
      ? decision.value.nodemask : decision.value.memsAllowed
    return text.map { Evidence(decision.line, "only nodes \(LogText($0)) were allowed") }
  }

  /// Zones that were exhausted while others had room; nil where the request had no such bounds.
  private static func zone(
    _ candidate: Investigation.Evidence.Case, _ report: OOMReport, _ grounds: [Evidence] = []
  ) -> Answer<Scope>? {
    (candidate.lowZone ?? candidate.contiguousZone).map { zone in
      Answer(
        .zone, .likely,
        grounds + [flags(of: report.invocation), exhaustion(of: zone, report)].compactMap(\.self),
        refutedBy: "free memory above the low watermark in a zone that the request could use")
    }
  }

  private static func machine(_ report: OOMReport, _ printed: Evidence?) -> Answer<Scope> {
    let candidate = request(report)
    let request = report.invocation
    if let zone = zone(candidate, report) { return zone }
    if candidate.isFragmented, let request {
      return Answer(
        .order, .likely,
        [Evidence(request.line, "order=\(request.value.order ?? 0): pages in one piece")],
        refutedBy: Refuter(
          "a free block of that size, or free memory below the watermarks", roomLeft(in: report)))
    }
    // Kernels before 5.0 do not print it.
    let inferred = report.memory.map {
      Evidence($0.firstLine, "the report holds the machine's memory, and no cgroup's limit")
    }
    let isLost = report.invocation == nil
    let lost = Refuter.Objection(
      .doubts, nil, "the log has lost the line of the request, which may have been SysRq's")
    return Answer(
      .machine, printed == nil ? .likely : .certain, [printed ?? inferred].compactMap(\.self),
      refutedBy: Refuter(
        "free memory above the watermarks in a zone that the request could use",
        roomLeft(in: report) + boundToNodes(report) + (isLost ? [lost] : [])
          + .broken(["constraint"], in: report)))
  }

  /// Kernels to 4.20 do not say that a task was bound to nodes, but leave the others out (2.6.39 and
  /// later).
  static func boundToNodes(_ report: OOMReport) -> [Refuter.Objection] {
    guard report.constraint == nil, let memory = report.memory,
      MemoryLedger.isPartial(memory, report.pageSize)
    else { return [] }
    return [
      Refuter.Objection(
        .refutes, memory.pagesRAM?.line,
        "the zones do not hold all RAM: the others are those of nodes that were not allowed, or lost"
      )
    ]
  }

  private static func flags(of request: Cited<Invocation>?) -> Evidence? {
    request.map { request in
      let flags = request.value.gfpFlags.joined(separator: "|")
      return Evidence(
        request.line,
        "the request was \(LogText(flags.isEmpty ? "gfp_mask=\(request.value.gfpMask ?? "")" : flags))"
      )
    }
  }

  private static func exhaustion(of zone: ZoneState, _ report: OOMReport) -> Evidence {
    let free: Sentence = zone.counters["free"].map { " with \($0) free" } ?? ""
    let room = ZoneRoom.rooms(report).first { $0.zone.line == zone.line }
    let contiguous = room?.contiguous ?? Bytes(0)
    let kept: Sentence =
      contiguous.count > 0 ? ", of which \(contiguous) are for pages that can be moved (CMA)" : ""
    return Evidence(zone.line, "zone \(LogText(zone.name)) was exhausted\(free)\(kept)")
  }

  /// Zones that could have given the request its pages. A little more than the `min` watermark may
  /// have come free since the kernel looked; above `high`, where it looks once more before it kills,
  /// there was no shortage. A request of which the log does not tell how much it asked for is one for a
  /// page at least: it may have been none at all (SysRq).
  private static func roomLeft(in report: OOMReport) -> [Refuter.Objection] {
    let order = report.invocation?.value.order ?? 0
    func objections(_ weight: Refuter.Objection.Weight, _ watermark: ZoneRoom.Watermark)
      -> [Refuter.Objection]
    {
      ZoneRoom.rooms(report)
        .filter { $0.serves(order: order, report.pageSize, above: watermark) }
        .map { room in
          Refuter.Objection(
            weight, room.zone.line,
            """
            zone \(LogText(room.zone.name)) has \(room.free(above: watermark) ?? Bytes(0)) free \
            above its \(LogText(watermark.rawValue)) watermark and what it keeps back
            """)
        }
    }
    let refuting = objections(.refutes, .high)
    return refuting.isEmpty ? objections(.doubts, .min) : refuting
  }
}
