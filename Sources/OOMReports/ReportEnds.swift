internal import KernelLog

/// Where each host's last report ended: nothing before it is the head of another.
struct ReportEnds: Sendable {
  private var ends: [LogText?: Int] = [:]
  /// The host of the last report, which is not among the others.
  private var recent: (host: LogText?, end: Int)?

  mutating func note(_ host: LogText?, _ end: Int) {
    if recent?.host == host, let last = recent?.end {
      recent?.end = max(last, end)
      return
    }
    let last = last(of: host)
    if let recent { ends[recent.host] = recent.end }
    recent = (host, max(last, end))
  }

  func last(of host: LogText?) -> Int {
    if let recent, recent.host == host { return recent.end }
    return ends[host] ?? 0
  }
}
