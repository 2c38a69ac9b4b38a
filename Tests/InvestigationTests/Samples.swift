import KernelLog
import OOMReports

@testable import Investigation

/// Reports as values, in the sizes of a machine with 8 GiB of RAM.
struct Sample {
  var event: Event
  var report: OOMReport

  static let gib: Int64 = 1 << 30
  static let mib: Int64 = 1 << 20
  static let pages: Int64 = 8 * gib / 4096

  init(_ number: Int, constraint: Constraint? = Constraint.none) {
    let line = number * 100
    let seconds = Int64(number) * 60_000_000
    let time = LogTime(
      uptimeMicros: seconds, wallMicros: 1_800_000_000_000_000 + seconds, errorMicros: 0,
      basis: .live)
    report = OOMReport(firstLine: line, time: time)
    report.status = .complete
    report.outcome = .killed
    report.constraint = constraint.map { Cited($0, line: line) }
    report.pageSize = .assumed
    event = Event(
      number: number, time: time, status: .complete, outcome: .killed, constraint: constraint,
      order: 0, firstLine: line, lastLine: line + 50)
  }

  /// A machine without swap whose RAM is full of anonymous memory.
  static func machine(_ number: Int = 1) -> Sample {
    Sample(number).with(shares: ["inactive_anon": 0.92]).with(swap: 0, free: 0)
      .with(rows: [row(100, "java", share: 0.5), row(101, "bash", share: 0.001)])
      .with(victim: 100, "java")
  }

  /// A cgroup at its limit of 512 MiB.
  static func memcg(
    _ number: Int = 1, limit: String = "/system.slice/web.service", task: String? = nil
  ) -> Sample {
    var sample = Sample(number, constraint: .memcg)
      .with(rows: [row(200, "node", share: 0.06)]).with(victim: 200, "node")
    var memcg = MemcgState()
    memcg.limitPath = Cited(LogText(limit), line: 1)
    memcg.taskPath = Cited(LogText(task ?? limit), line: 1)
    memcg.memory = Cited(
      MemcgUsage(usage: Bytes(512 * mib), limit: Bytes(512 * mib), failcnt: 91), line: 1)
    memcg.stats = [
      "anon": Cited(500 * mib, line: 1), "file": Cited(0, line: 1), "shmem": Cited(0, line: 1),
    ]
    sample.report.memcg = memcg
    sample.event.limitPath = LogText(limit)
    sample.event.taskPath = LogText(task ?? limit)
    return sample
  }

  /// A request for pages that cannot be moved, bounded by a cpuset to nodes with these zones, of which
  /// a thousandth is free, or all of one that is Movable.
  static func boundToNodes(
    _ zones: [(node: Int, name: String, managed: Int64)], allowed: String,
    flags: [String] = ["GFP_HIGHUSER"]
  ) -> Sample {
    Sample.machine().changed { sample in
      sample.event.constraint = .cpuset
      sample.report.constraint = Cited(.cpuset, line: 8)
      var decision = Decision()
      (decision.constraint, decision.memsAllowed) = (.cpuset, allowed)
      sample.report.decision = Cited(decision, line: 8)
      var invocation = Invocation()
      (invocation.order, invocation.gfpFlags) = (0, flags)
      sample.report.invocation = Cited(invocation, line: 1)
      sample.report.memory?.zones = zones.map { node, name, managed in
        var zone = ZoneState(node: node, name: name, line: 6)
        let free = name == "Movable" ? managed : managed / 1000
        zone.counters = [
          "free": Bytes(free), "min": Bytes(managed / 500), "low": Bytes(managed / 400),
          "high": Bytes(managed / 300), "present": Bytes(managed), "managed": Bytes(managed),
        ]
        zone.lowmemReserve = [Pages(0)]
        return zone
      }
      sample.report.memory?.nodes = Set(zones.map(\.node)).sorted().map { node in
        var state = NodeState(node: node, line: 6)
        let lists = ["active_anon": 0, "inactive_anon": Int64(1), "active_file": 0]
        state.counters = lists.mapValues { Bytes($0 * zones[0].managed / 10 * 9) }
        return state
      }
    }
  }

  /// Shares of RAM by counter. What is not named is a small usual value, so that only 2 % of RAM
  /// are unaccounted for where the named ones amount to 92 %.
  func with(shares: [String: Double]) -> Sample {
    var sample = self
    var memory = sample.report.memory ?? Self.emptyMemory()
    for (name, share) in shares {
      memory.counters[name] = Cited(Pages(Int64(Double(Self.pages) * share)), line: 2)
    }
    sample.report.memory = memory
    return sample
  }

  func with(swap total: Int64, free: Int64) -> Sample {
    var sample = self
    var memory = sample.report.memory ?? Self.emptyMemory()
    memory.totalSwap = Cited(Bytes(total), line: 3)
    memory.freeSwap = Cited(Bytes(free), line: 3)
    sample.report.memory = memory
    return sample
  }

  func with(rows: [TaskRow]) -> Sample {
    var sample = self
    sample.report.tasks = TaskTable(
      headerLine: 4, columns: ["pid", "uid", "rss", "swapents", "oom_score_adj", "name"])
    sample.report.tasks?.rows = rows
    return sample
  }

  func with(victim pid: Int64, _ comm: String, adj: Int64? = 0, anon: Int64? = nil) -> Sample {
    var sample = self
    var victim = Victim(pid: pid, comm: LogText(comm), line: 9)
    victim.oomScoreAdj = adj
    victim.anonRSS = anon.map { Bytes($0) }
    sample.report.victims = [victim]
    sample.event.victim = victim
    sample.event.killCount = 1
    return sample
  }

  func changed(_ change: (inout Sample) -> Void) -> Sample {
    var sample = self
    change(&sample)
    return sample
  }

  /// A row that holds a share of the 8 GiB.
  static func row(_ pid: Int64, _ name: String, share: Double, adj: Int64 = 0) -> TaskRow {
    var row = TaskRow(line: 5, pid: pid, name: LogText(name))
    row.rss = Pages(Int64(Double(pages) * share))
    row.swap = Pages(0)
    row.oomScoreAdj = adj
    return row
  }

  static func zone(
    _ name: String, free: Int64, low: Int64, reserve: [Int64] = [], blocks: [(Int64, Int64)] = []
  ) -> ZoneState {
    var zone = ZoneState(node: 0, name: name, line: 6)
    zone.counters = ["free": Bytes(free), "low": Bytes(low), "present": Bytes(4 * gib)]
    zone.lowmemReserve = reserve.map { Pages($0) }
    zone.freeBlocks = blocks.map { FreeBlocks(count: $0.0, size: Bytes($0.1), types: "") }
    zone.buddyLine = 7
    return zone
  }

  private static func emptyMemory() -> MemoryState {
    var memory = MemoryState(firstLine: 2)
    memory.pagesRAM = Cited(Pages(pages + 1000), line: 2)
    memory.pagesReserved = Cited(Pages(1000), line: 2)
    let usual: [String: Double] = [
      "active_anon": 0, "inactive_anon": 0, "active_file": 0, "inactive_file": 0,
      "unevictable": 0, "slab_reclaimable": 0.01, "slab_unreclaimable": 0.02, "pagetables": 0.01,
      "shmem": 0, "free": 0.01,
    ]
    for (name, share) in usual {
      memory.counters[name] = Cited(Pages(Int64(Double(pages) * share)), line: 2)
    }
    var node = NodeState(node: 0, line: 2)
    node.counters["kernel_stack"] = Bytes(80 * mib)
    memory.nodes = [node]
    memory.hugePools = [
      HugePool(node: 0, total: 0, free: 0, surplus: 0, size: Bytes(2 * mib), line: 2)
    ]
    return memory
  }
}

extension Evidence {
  init(_ samples: [Sample], host: HostFacts? = nil, hasReports: Bool = true) {
    self.init(
      events: samples.map(\.event),
      reports: hasReports
        ? Dictionary(samples.map { ($0.event.number, $0.report) }) { first, _ in first } : [:],
      host: host)
  }
}

extension HostFacts {
  /// A live machine with 8 GiB of RAM and these settings.
  init(_ settings: [String: String]) {
    self.init(isLive: true)
    sysctls = settings.mapValues { LogText($0) }
    meminfo = [
      "MemTotal": Bytes(8 * Sample.gib), "SwapTotal": Bytes(0),
      "CommitLimit": Bytes(4 * Sample.gib), "Committed_AS": Bytes(5 * Sample.gib),
    ]
  }
}
