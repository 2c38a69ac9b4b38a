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
      let usage = report.memcg?.memory.map { memory in
        Evidence(
          memory.line,
          memory.value.limit.map { "usage \(memory.value.usage), limit \($0)" }
            ?? "usage \(memory.value.usage)")
      }
      return Answer(
        .cgroup, printed == nil ? .likely : .certain, [printed, usage].compactMap { $0 },
        refutedBy: "usage well below the limit")
    case .cpuset?, .mempolicy?:
      return Answer(
        .node, .certain, [printed, nodes(of: report)].compactMap { $0 },
        refutedBy: "free memory above the watermarks on the allowed nodes")
    case Constraint.none?: return machine(report, printed)
    case nil:
      return Answer(
        .machine, .possible,
        report.victims.first.map { [Evidence($0.line, "the kill line names no cgroup")] } ?? [],
        refutedBy: "the rest of the report, which this log does not hold")
    }
  }

  /// What says that SysRq asked for a kill: `order=-1` since 4.3, its own line before the report.
  static func sysrq(_ report: OOMReport) -> Evidence {
    report.invocation?.value.order == -1
      ? Evidence(report.invocation?.line, "order=-1: the request came from SysRq")
      : Evidence(report.sysrqLine, "SysRq asked for a kill")
  }

  private static func nodes(of report: OOMReport) -> Evidence? {
    guard let decision = report.decision else { return nil }
    let text =
      decision.value.constraint == .mempolicy
      ? decision.value.nodemask : decision.value.memsAllowed
    return text.map { Evidence(decision.line, "only nodes \(LogText($0)) were allowed") }
  }

  private static func machine(_ report: OOMReport, _ printed: Evidence?) -> Answer<Scope> {
    let event = Event(report, input: 0, boot: 0, byteRange: 0..<0)
    let candidate = Investigation.Evidence.Case(event: event, report: report, scope: .machine)
    let request = report.invocation
    if let zone = candidate.lowZone {
      let free: Sentence = zone.counters["free"].map { " with \($0) free" } ?? ""
      let flags = request.map {
        Evidence(
          $0.line, "the request was \(LogText($0.value.gfpFlags.joined(separator: "|")))")
      }
      return Answer(
        .zone, .likely,
        [flags, Evidence(zone.line, "zone \(LogText(zone.name)) was exhausted\(free)")]
          .compactMap { $0 },
        refutedBy: "free memory above the low watermark in a zone that the request could use")
    }
    if candidate.isFragmented, let request {
      return Answer(
        .order, .likely,
        [Evidence(request.line, "order=\(request.value.order ?? 0): pages in one piece")],
        refutedBy: "a free block of that size, or free memory below the watermarks")
    }
    return Answer(
      .machine, printed == nil ? .likely : .certain, [printed].compactMap { $0 },
      refutedBy: "free memory above the watermarks in every zone")
  }
}
