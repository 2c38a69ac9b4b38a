internal import KernelLog

/// Where each host's last report ended: nothing before it is the head of another.
struct ReportEnds: Sendable {
  private var ends: [LogText?: Int] = [:]
  /// The host of the last report, which is not among the others.
  private var recent: (host: LogText?, end: Int)?

  mutating func note(_ host: LogText?, _ end: Int) {
    if let recent, recent.host != host {
      ends[recent.host] = recent.end
      self.recent = (host, max(last(of: host), end))
    } else {
      recent = (host, max(recent?.end ?? 0, end))
    }
  }

  func last(of host: LogText?) -> Int {
    if let recent, recent.host == host { return recent.end }
    return ends[host] ?? 0
  }
}
