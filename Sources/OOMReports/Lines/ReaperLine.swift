internal import KernelLog

/// The OOM reaper takes a victim's memory before the victim has exited. A victim that exits by
/// itself in time has no such line, so its absence says nothing.
enum ReaperLine {
  static let grammar = LineGrammar(
    name: "oom_reaper",
    printedBy: "4.6 and later; oom_reap_task()",
    samples: [
      "oom_reaper: reaped process 77 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
      "oom_reaper: unable to reap pid:77 (java)",
    ],
    read: { message, line, report in
      guard let start = message.end(of: "oom_reaper: ", at: 0) else { return .other }
      guard var cursor = message.end(of: "reaped process ", at: start) else { return .known }
      guard let pid = message.integer(at: &cursor) else { return .torn }
      guard let index = report.report.victims.firstIndex(where: { $0.pid == pid }) else {
        return .other
      }
      guard report.report.victims[index].reapedLine == nil else { return .known }
      report.report.victims[index].reapedLine = line
      // The name before them may hold anything.
      guard let figures = message.last("), now anon-rss:", before: message.count) else {
        return .read
      }
      let rest = message.extracting(figures..<message.count)
      report.report.victims[index].reaped = ReaperResult(
        anonRSS: rest.kB("anon-rss:"), fileRSS: rest.kB("file-rss:"),
        shmemRSS: rest.kB("shmem-rss:"))
      return .read
    })
}
