internal import KernelLog

/// Where each host's last report ended: nothing before it is the head of another.
struct ReportEnds: Sendable {
  private var ends: [LogText?: Int] = [:]
  /// The host of the last report, which is not among the others, and its end.
  private var recent: LogText?
  private var recentEnd = 0

  mutating func note(_ host: LogText?, _ end: Int) {
    if recent != host {
      ends[recent] = recentEnd
      (recent, recentEnd) = (host, ends[host] ?? 0)
    }
    recentEnd = max(recentEnd, end)
  }

  func last(of host: LogText?) -> Int { recent == host ? recentEnd : ends[host] ?? 0 }
}
