internal import KernelLog
internal import OOMReports

extension AdviceRule {
  /// Victims in containers: their own limit, or a node that is too full.
  static let container = AdviceRule("container", texts: ["container", "container-node"]) {
    evidence in
    let limited = evidence.limitHits.filter { candidate in
      candidate.limitPath.map(isContainer) ?? false
    }
    let crowded = evidence.machineShortages.filter { candidate in
      candidate.isOfWholeMachine && candidate.taskPath.map(isContainer) ?? false
    }
    var found: [Recommendation] = []
    if let last = limited.last, let path = last.limitPath {
      found.append(
        Recommendation(
          "container", .medium, .certain, events: limited.numbers,
          reason: [
            "\(limited.count, "event") at the limit of a container or its pod, the last in \(path)"
          ], snippets: largerLimits(Array(limited), evidence)))
    }
    if let last = crowded.last, let path = last.taskPath {
      found.append(
        Recommendation(
          "container", text: "container-node", .medium, .likely, events: crowded.numbers,
          reason: [
            """
            the whole node ran out in \(crowded.count, "event") and a container's process died, \
            the last in \(path)
            """
          ], snippets: eviction(Array(crowded))))
    }
    return found
  }

  /// For the five that were met last.
  private static func largerLimits(_ limited: [Evidence.Case], _ evidence: Evidence) -> [Snippet] {
    var paths: [LogText] = []
    for path in limited.reversed().compactMap(\.limitPath) where !paths.contains(path) {
      paths.append(path)
    }
    return paths.prefix(5).compactMap { path in
      (try? LimitRaise(limited.filter { $0.limitPath == path }, in: evidence)).flatMap { raise in
        ContainerPlace(of: path)?.snippet(raise)
      }
    }
  }

  /// A twentieth of the node's RAM, at least the kubelet's own 100 MiB. Naming one threshold undoes
  /// the kubelet's others, so these are named with their own values.
  private static func eviction(_ crowded: [Evidence.Case]) -> [Snippet] {
    guard
      let last = crowded.last(where: { $0.taskPath.map { CgroupPath($0).isKubernetes } ?? false }),
      let ram = last.ledger?.managed
    else { return [] }
    let threshold = max(100, Bytes(ram.count / 20).roundedUpToMebibyte.mebibytes)
    guard threshold * 4 <= ram.mebibytes else { return [] }
    return [
      Snippet(
        .kubelet, .kubelet,
        [
          "evictionHard:", "  memory.available: \"\(threshold)Mi\"", "  nodefs.available: \"10%\"",
          "  nodefs.inodesFree: \"5%\"", "  imagefs.available: \"15%\"",
        ],
        [
          "memory.available is 5 % of the node's RAM, \(ram), and not below the kubelet's own 100 MiB",
          "the other lines are the kubelet's own values, which naming one threshold would undo",
        ])
    ]
  }

  private static func isContainer(_ path: LogText) -> Bool {
    switch Workload(path: path) {
    case .kubernetes?, .container?: true
    case .service?, nil: false
    }
  }
}
