internal import KernelLog
internal import OOMReports

/// Counts the commands of the tables of one place, table by table.
struct PopulationCount {
  struct Key: Hashable {
    let comm: LogText
    let uid: Int64?
  }

  /// Samples of each command, one for every table since the one before it was first listed.
  private(set) var series: [Key: [Population.Sample]] = [:]
  private(set) var tables = 0
  private var pids: [Key: Set<Int64>] = [:]
  /// Those of them that nothing killed since.
  private var living: [Key: Set<Int64>] = [:]
  /// What the table before tells of a command that it does not list.
  private var nobody: Population.Sample?

  /// What one table tells of a command.
  private struct Members {
    var pids: Set<Int64> = []
    var rss: Int64 = 0
    var largest: Int64 = 0
    var anonymous: Int64? = 0
    var shared: Int64 = 0
    var knowsRSS = true

    mutating func add(_ row: TaskRow) {
      guard pids.insert(row.pid).inserted else { return }
      guard let own = PopulationCount.pages(row.rss) else {
        knowsRSS = false
        return
      }
      rss += own
      largest = max(largest, own)
      if let sum = anonymous, let rssAnon = PopulationCount.pages(row.rssAnon) {
        anonymous = sum + rssAnon
        shared = max(shared, PopulationCount.pages(row.rssShmem) ?? 0)
      } else {
        anonymous = nil
      }
    }
  }

  mutating func take(_ event: Event, _ report: OOMReport, _ name: LogText?) {
    tables += 1
    // Kernels of the 2.6 series list threads of a group too.
    let rows = (report.tasks?.rows ?? []).filter { $0.tgid == nil || $0.tgid == $0.pid }
    var members: [Key: Members] = [:]
    for row in rows where name == nil || row.name == name {
      members[Key(comm: row.name, uid: row.uid), default: Members()].add(row)
    }
    for key in series.keys where members[key] == nil { members[key] = Members() }
    let table = Table(
      event: event, report: report, count: rows.count,
      rss: rows.reduce(Int64(0)) { $0 + (Self.pages($1.rss) ?? 0) },
      isMostlyAnonymous: Self.isMostlyAnonymous(report))
    for (key, found) in members {
      let before = pids[key] ?? (nobody == nil ? nil : [])
      series[key, default: nobody.map { [$0] } ?? []].append(table.sample(found, before))
      pids[key] = found.pids
    }
    living = pids
    nobody = table.sample(Members(), tables > 1 ? [] : nil)
  }

  /// A figure of a row; nil where it is missing or more than 4 PiB, which no machine has. As many of
  /// them as there can be processes still add up.
  private static func pages(_ figure: Pages?) -> Int64? {
    figure.flatMap { (0...1 << 40).contains($0.count) ? $0.count : nil }
  }

  /// Counts processes that an event killed, with a table or without one, among those that the newest
  /// table lists.
  mutating func kill(_ killed: Set<Int64>) {
    for (key, own) in living {
      let dead = own.intersection(killed)
      guard !dead.isEmpty, let last = series[key]?.indices.last else { continue }
      series[key]?[last].killed += dead.count
      living[key]?.subtract(dead)
    }
  }

  /// What is the same for all commands of a table.
  private struct Table {
    let event: Event
    let report: OOMReport
    let count: Int
    let rss: Int64
    let isMostlyAnonymous: Bool?

    func sample(_ found: Members, _ before: Set<Int64>?) -> Population.Sample {
      let fresh = before.map { found.pids.subtracting($0) }
      let low = found.anonymous.map { $0 + found.shared } ?? found.largest
      return Population.Sample(
        event: event.number, time: event.time, count: found.pids.count, tasks: count,
        fresh: fresh?.count, isFreshDense: fresh.map(Self.isDense) ?? false,
        killed: 0,
        low: found.knowsRSS ? Pages(low).bytes(report.pageSize) : nil,
        high: found.knowsRSS ? Pages(found.rss).bytes(report.pageSize) : nil,
        whole: report.exhausted, isMostlyAnonymous: isMostlyAnonymous,
        hasMostRSS: found.rss * 2 > rss)
    }

    private static func isDense(_ pids: Set<Int64>) -> Bool {
      let sorted = pids.sorted()
      let close = zip(sorted, sorted.dropFirst()).count { $1 - $0 <= 2 }
      return sorted.count > 1 && close * 2 >= sorted.count
    }
  }

  /// Whether anonymous memory outside shmem was more than half of what ran out.
  private static func isMostlyAnonymous(_ report: OOMReport) -> Bool? {
    if report.boundary == .memcg {
      guard let usage = report.memcg?.memory?.value.usage.count, usage > 0,
        let anonymous = report.memcg?.stats["anon"] ?? report.memcg?.stats["rss"]
      else { return nil }
      return Double(anonymous.value) > 0.5 * Double(usage)
    }
    guard let memory = report.memory,
      let ledger = MemoryLedger(memory, pageSize: report.pageSize),
      let share = ledger.share(ledger.anonymous)
    else { return nil }
    return share > 0.5
  }
}
