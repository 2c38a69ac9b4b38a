internal import KernelLog

/// The OOM reaper takes a victim's memory before the victim has exited. A victim that exits by
/// itself in time has no such line, so its absence says nothing.
enum ReaperLine {
  static let grammar = LineGrammar(
    name: "oom_reaper",
    printedBy: "4.6 and later; oom_reap_task() (giving up: 4.8; no reaper: 4.6 to 4.14)",
    samples: [
      "oom_reaper: reaped process 77 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
      "oom_reaper: unable to reap pid:77 (java)", "oom_reaper: giving up pid:77 (java)",
      "Unable to start OOM reaper -12. Continuing regardless",
    ],
    read: { message, line, report in
      if message.starts(with: "Unable to start OOM reaper") {
        report.remark(.noReaper, pid: nil, message, line)
        return .known
      }
      guard let start = message.end(of: "oom_reaper: ", at: 0) else { return .other }
      let gaveUp =
        message.end(of: "unable to reap pid:", at: start)
        ?? message.end(of: "giving up pid:", at: start)
      if var cursor = gaveUp {
        report.remark(.notReaped, pid: message.integer(at: &cursor), message, line)
        return .known
      }
      guard var cursor = message.end(of: words, at: start) else { return .known }
      guard let pid = message.integer(at: &cursor), message.starts(with: " (", at: cursor) else {
        return .torn
      }
      guard let index = report.report.victims.firstIndex(where: { $0.pid == pid }) else {
        return keep(message, line, in: &report) ? .known : .other
      }
      guard report.report.victims[index].reapedLine == nil else { return .known }
      report.report.victims[index].reapedLine = line
      guard let result = result(of: message) else { return .torn }
      report.report.victims[index].reaped = result
      let figures = [result.anonRSS, result.fileRSS, result.shmemRSS]
      return figures.contains(nil) ? .torn : .read
    })

  /// What was left of the process's memory; nil where the line broke off before that.
  private static func result(of message: Span<UInt8>) -> ReaperResult? {
    // The name before the figures may hold anything.
    guard let figures = message.last("), now anon-rss:", before: message.count) else { return nil }
    let rest = message.extracting(figures..<message.count)
    return ReaperResult(
      anonRSS: rest.kB("anon-rss:"), fileRSS: rest.kB("file-rss:"), shmemRSS: rest.kB("shmem-rss:"))
  }

  /// Keeps who was reaped though the log does not hold its kill: whether that is this report's is known
  /// at its end.
  private static func keep(
    _ message: Span<UInt8>, _ line: Int, in report: inout ReportBuilder
  ) -> Bool {
    guard report.report.invocation != nil, !report.isDecided,
      var victim = victim(of: message, line: line)
    else { return false }
    victim.reapedLine = line
    victim.reaped = result(of: message)
    report.reaped.append(victim)
    report.remark(.reaped, pid: victim.pid, message, line)
    return true
  }

  /// Whether a message says that the memory of a process was taken.
  static func isReaped(_ message: Span<UInt8>, pid: Int64) -> Bool {
    guard var cursor = message.end(of: "oom_reaper: reaped process ", at: 0) else { return false }
    return message.integer(at: &cursor) == pid && message.starts(with: " (", at: cursor)
  }

  private static let words: StaticString = "reaped process "

  /// The process that such a line says was reaped; nil where it is another line.
  static func victim(of message: Span<UInt8>, line: Int) -> Victim? {
    guard let start = message.end(of: "oom_reaper: ", at: 0),
      var cursor = message.end(of: words, at: start), let pid = message.integer(at: &cursor),
      let name = message.end(of: " (", at: cursor),
      let end = message.last("), now anon-rss:", before: message.count), end >= name
    else { return nil }
    return Victim(pid: pid, comm: message.text(name..<end), line: line)
  }
}
