internal import KernelLog
internal import OOMReports

/// Follows processes from one task table to the next.
///
/// A pid stands for one process within a boot only: the same host and input, the uptime not running
/// backwards, the same name, and not killed in between.
struct ProcessSizes {
  /// One process, and what it held in the tables that list it.
  struct Followed {
    let pid: Int64
    let comm: LogText
    let host: LogText?
    var sizes: [ProcessGrowth.Size] = []
    /// The event that killed it.
    var killedIn: Int?
  }

  private var boots = BootCount()
  private var open: [Key: Followed] = [:]
  private var closed: [Followed] = []

  /// All that were followed, in no order.
  var all: [Followed] { closed + open.values }

  /// Takes the next event, in the order of time, and of its report the rows that are wanted.
  mutating func take(
    _ event: Event, _ report: OOMReport?, where isWanted: (TaskRow) -> Bool = { _ in true }
  ) {
    let boot = boots.count(event)
    guard let report else { return }
    for row in report.tasks?.rows ?? [] where isWanted(row) {
      guard let footprint = row.footprint(report.pageSize) else { continue }
      let key = Key(boot: boot, pid: row.pid, comm: row.name)
      var process = open[key] ?? Followed(pid: row.pid, comm: row.name, host: event.host)
      // A log that repeats a line has one size all the same.
      if process.sizes.last?.event == event.number { process.sizes.removeLast() }
      process.sizes.append(
        ProcessGrowth.Size(event: event.number, footprint: footprint, time: event.time))
      open[key] = process
    }
    for victim in report.victims {
      let key = Key(boot: boot, pid: victim.pid, comm: victim.comm)
      guard var process = open.removeValue(forKey: key) else { continue }
      process.killedIn = event.number
      closed.append(process)
    }
  }

  private struct Key: Hashable {
    let boot: Run
    let pid: Int64
    let comm: LogText
  }

  private struct Run: Hashable {
    let host: LogText?
    let input: Int
    let number: Int
  }

  /// Tells boots apart by uptimes that run backwards within a host's events of one input.
  private struct BootCount {
    private struct Source: Hashable {
      let host: LogText?
      let input: Int
    }
    private var newest: [Source: (uptime: Int64, boot: Int)] = [:]

    mutating func count(_ event: Event) -> Run {
      let source = Source(host: event.host, input: event.input)
      var state = newest[source] ?? (0, 0)
      if let uptime = event.time.uptimeMicros {
        if uptime < state.uptime { state.boot += 1 }
        state.uptime = uptime
      }
      newest[source] = state
      return Run(host: event.host, input: event.input, number: state.boot)
    }
  }
}
