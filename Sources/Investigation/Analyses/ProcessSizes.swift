internal import KernelLog
internal import OOMReports

/// Follows processes from one task table to the next.
///
/// A pid stands for one process within a boot only: the same host and input, the uptime not running
/// backwards. The same pid is another process after a kill, with another name or uid, and where the
/// order of the table proves it.
struct ProcessSizes {
  /// One process, and what it held in the tables that list it.
  struct Followed {
    let pid: Int64
    let comm: LogText
    let uid: Int64?
    let host: LogText?
    var sizes: [ProcessGrowth.Size] = []
    /// The event that killed it.
    var killedIn: Int?

    func isOf(_ row: TaskRow) -> Bool { comm == row.name && uid == row.uid }
  }

  private var boots = BootCount()
  /// The process that a pid stood for at last.
  private var open: [Key: Followed] = [:]
  private var closed: [Followed] = []
  /// The pids of the newest table of a boot that listed every process.
  private var listed: [Run: Set<Int64>] = [:]

  /// All that were followed, in no order.
  var all: [Followed] { closed + open.values }

  /// Takes the next event, in the order of time, and of its report the rows that are wanted.
  mutating func take(
    _ event: Event, _ report: OOMReport?, where isWanted: (TaskRow) -> Bool = { _ in true }
  ) {
    let boot = boots.count(event)
    let rows = report?.tasks?.rows ?? []
    let born = bornSince(listed[boot], in: report)
    for row in rows where isWanted(row) {
      guard let footprint = report.flatMap({ row.footprint($0.pageSize) }) else { continue }
      let key = Key(boot: boot, pid: row.pid)
      // A log that repeats a line has one size all the same.
      let isDoubled = open[key]?.sizes.last?.event == event.number
      if let known = open[key], !known.isOf(row) || born.contains(row.pid) && !isDoubled {
        close(key)
      }
      var process =
        open[key] ?? Followed(pid: row.pid, comm: row.name, uid: row.uid, host: event.host)
      if isDoubled { process.sizes.removeLast() }
      process.sizes.append(
        ProcessGrowth.Size(event: event.number, footprint: footprint, time: event.time))
      open[key] = process
    }
    for victim in RepeatedVictim.victims(of: event, report) {
      let key = Key(boot: boot, pid: victim.pid)
      open[key]?.killedIn = event.number
      close(key)
    }
    if let report, report.listsAllInOrder { listed[boot] = Set(rows.map(\.pid)) }
  }

  private mutating func close(_ key: Key) {
    if let process = open.removeValue(forKey: key) { closed.append(process) }
  }

  /// The pids of processes that began after another table: those that it did not list, and those
  /// behind such a one, for the kernel's list of tasks is in the order in which they were made.
  private func bornSince(_ before: Set<Int64>?, in report: OOMReport?) -> Set<Int64> {
    guard let before, let report, report.listsAllInOrder else { return [] }
    let leaders = (report.tasks?.rows ?? []).filter { $0.tgid == nil || $0.tgid == $0.pid }
    // The order of rows that stand there twice proves nothing.
    guard Set(leaders.map(\.pid)).count == leaders.count else { return [] }
    return Set(leaders.drop { before.contains($0.pid) }.map(\.pid))
  }

  private struct Key: Hashable {
    let boot: Run
    let pid: Int64
  }

  private struct Run: Hashable {
    let source: BootCount.Source
    let number: Int
  }

  /// Tells boots apart as the log does, and by uptimes that run backwards within the events of a
  /// host in one input.
  private struct BootCount {
    struct Source: Hashable {
      let host: LogText?
      let input: Int
      let boot: Int
    }
    private var newest: [Source: (uptime: Int64, boot: Int)] = [:]

    mutating func count(_ event: Event) -> Run {
      let source = Source(host: event.host, input: event.input, boot: event.boot)
      var state = newest[source] ?? (0, 0)
      if let uptime = event.time.uptimeMicros {
        if uptime < state.uptime { state.boot += 1 }
        state.uptime = uptime
      }
      newest[source] = state
      return Run(source: source, number: state.boot)
    }
  }
}

extension OOMReport {
  /// Whether the task table lists every process of the machine, in the order in which they were
  /// made: those of a cgroup come in another, and kernels to 5.2 left out who could not use the
  /// nodes in question.
  fileprivate var listsAllInOrder: Bool { hasWholeTable && boundary == Constraint.none }
}
