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
          ]))
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
          ]))
    }
    return found
  }

  private static func isContainer(_ path: LogText) -> Bool {
    switch Workload(path: path) {
    case .kubernetes?, .container?: true
    case .service?, nil: false
    }
  }
}
