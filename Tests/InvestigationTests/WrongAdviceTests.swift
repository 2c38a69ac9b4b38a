import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// Situations in which an advice that lies near would be wrong, each with the reason.
@Suite struct WrongAdviceTests {
  /// One row of the table.
  struct Row: Sendable, CustomTestStringConvertible {
    let situation: String
    let evidence: Evidence
    /// What shows that the situation was understood.
    let must: Set<String>
    let mustNot: Set<String>
    let because: String

    init(
      _ situation: String, _ evidence: Evidence, must: Set<String>, mustNot: Set<String>,
      because: String
    ) {
      self.situation = situation
      self.evidence = evidence
      self.must = must
      self.mustNot = mustNot
      self.because = because
    }

    var testDescription: String { situation }
  }

  private static let moreMemory: Set<String> = ["machine-ram", "add-swap"]
  private static let ofTheMachine = moreMemory.union([
    "swap-free", "early-action", "min-free", "overcommit", "fragmentation", "lowmem",
  ])

  static let rows: [Row] = cgroups + swap + holders + kinds + victims + settings + logs

  private static let cgroups: [Row] = [
    Row(
      "a cgroup at its limit", Evidence([.memcg()]), must: ["memcg-limit"], mustNot: ofTheMachine,
      because: "the machine's memory did not run out"),
    Row(
      "a real cgroup at its limit", .capture("memcg-v2-6.12.117-cloud.dmesg.log"),
      must: ["memcg-limit"], mustNot: ofTheMachine.union(["container", "worker-pool"]),
      because: "the machine's memory did not run out"),
    Row(
      "a cgroup of version 1 at its limit", .capture("memcg-v1-6.1.0-56-cloud.dmesg.log"),
      must: ["memcg-limit"], mustNot: ofTheMachine, because: "the machine's memory did not run out"),
    Row(
      "a cgroup's limit on a machine with a large reserve",
      Evidence([.memcg()], host: HostFacts(["vm.min_free_kbytes": "900000"])),
      must: ["memcg-limit"], mustNot: ["min-free"],
      because: "the limit of a cgroup knows nothing of the machine's reserve"),
    Row(
      "four pages at a cgroup's limit",
      Evidence([Sample.memcg().changed { $0.event.order = 2 }]), must: ["memcg-limit"],
      mustNot: ["fragmentation"], because: "the limit counts pages, not where they lie"),
    Row(
      "files of a tmpfs fill a cgroup",
      Evidence([
        Sample.memcg().with(rows: [Sample.row(200, "node", share: 0.002)]).changed {
          $0.report.memcg?.stats["shmem"] = Cited(450 << 20, line: 1)
          $0.report.memcg?.stats["file"] = Cited(460 << 20, line: 1)
          $0.report.memcg?.stats["anon"] = Cited(20 << 20, line: 1)
        }
      ]), must: ["shmem", "memcg-limit"],
      mustNot: moreMemory.union(["growth", "watch-largest", "worker-pool"]),
      because: "no heap dump shows files, and no kill frees them"),
    Row(
      "a whole cgroup is killed", .capture("memcg-v2-group-6.12.117-cloud.dmesg-T.log"),
      must: ["group-kill", "memcg-limit"], mustNot: ["protect-service", "growth", "worker-pool"],
      because: "they died together by a setting, not by their own size"),
    Row(
      "nothing to kill in a cgroup, again and again",
      Evidence(
        (1...4).map { number in
          Sample.memcg(number).with(rows: [Sample.row(2, "hog", share: 0.06, adj: -1000)]).changed {
            $0.event.outcome = .noVictim
            $0.event.victim = nil
            $0.event.killCount = 0
            $0.report.outcome = .noVictim
            $0.report.victims = []
          }
        }), must: ["no-killable"],
      mustNot: moreMemory.union(["growth", "systemd-unit", "dump-tasks", "protect-service"]),
      because: "one shortage makes many reports, and nobody died"),
  ]

  private static let swap: [Row] = [
    Row(
      "all swap is free",
      Evidence([Sample.machine().with(swap: 2 * Sample.gib, free: 2 * Sample.gib)]),
      must: ["swap-free"], mustNot: moreMemory, because: "what is there was not used"),
    Row(
      "zram is full", Evidence([exhausted], host: zram), must: ["watch-largest"],
      mustNot: ["add-swap", "swap-free"], because: "more swap in RAM takes the RAM"),
    Row(
      "memory in no counter, and as much in swap", Evidence([compressed]),
      must: ["compressed-swap"],
      mustNot: moreMemory.union(["swap-free", "unaccounted", "early-action"]),
      because: "the swap is in RAM: it is what fills it"),
    Row(
      "as much in swap, which is full, and in RAM by the machine's own list",
      Evidence([compressed.with(swap: 6 * Sample.gib, free: 0)], host: zram),
      must: ["compressed-swap"], mustNot: moreMemory.union(["unaccounted"]),
      because: "full swap in RAM is what fills it"),
    Row(
      "as much in swap, which is full",
      Evidence([compressed.with(swap: 6 * Sample.gib, free: 0)]),
      must: ["unaccounted"], mustNot: moreMemory.union(["compressed-swap"]),
      because: "a full disk tells of want of memory alone"),
    Row(
      "as much in swap, but on a disk",
      Evidence(
        [compressed],
        host: HostFacts([:]).with(.partition)), must: ["unaccounted"],
      mustNot: moreMemory.union(["compressed-swap"]), because: "a disk takes no RAM"),
    Row(
      "swap figures are lost",
      Evidence([Sample.machine().changed { $0.report.memory?.freeSwap = nil }]),
      must: ["watch-largest"], mustNot: moreMemory.union(["swap-free"]),
      because: "nobody knows whether swap was used"),
  ]

  private static let holders: [Row] = [
    Row(
      "idle huge pages", .capture("hugepages-reserved-6.12.117-cloud.dmesg.log"),
      must: ["hugepages"], mustNot: moreMemory.union(["unaccounted", "watch-largest", "growth"]),
      because: "there is RAM enough, but put away"),
    Row(
      "huge pages in use",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.32]).changed {
          $0.report.memory?.hugePools = [
            HugePool(node: 0, total: 2400, free: 5, surplus: 0, size: Bytes(2 << 20), line: 2)
          ]
        }
      ]), must: ["hugepages"], mustNot: moreMemory.union(["early-action", "watch-largest"]),
      because: "the pool is the largest part, and no kill frees it"),
    Row(
      "more kernel objects than processes, without swap",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.42, "slab_unreclaimable": 0.5])
      ]), must: ["slab"], mustNot: moreMemory.union(["early-action"]),
      because: "swap would only postpone what the kernel's own memory does"),
    Row(
      "kernel objects", .capture("slab-dentries-6.12.117-cloud.dmesg.log"), must: ["slab"],
      mustNot: moreMemory.union(["swap-free", "early-action", "growth", "watch-largest"]),
      because: "kernel memory is not swapped and dies with nobody"),
    Row(
      "memory that no counter shows, with swap free",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.3])
          .with(swap: 2 * Sample.gib, free: 2 * Sample.gib)
      ]), must: ["unaccounted"], mustNot: moreMemory.union(["swap-free", "early-action"]),
      because: "swappiness moves no kernel memory"),
    Row(
      "mlocked memory, with swap free",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.03, "unevictable": 0.89])
          .with(swap: 2 * Sample.gib, free: 2 * Sample.gib)
      ]), must: ["mlock"], mustNot: moreMemory.union(["swap-free"]),
      because: "locked memory cannot be swapped"),
    Row(
      "files of a tmpfs fill the machine", .capture("tmpfs-files-6.12.117-cloud.dmesg.log"),
      must: ["shmem"],
      mustNot: ["machine-ram", "early-action", "growth", "watch-largest", "worker-pool"],
      because: "killing processes early frees no file"),
    Row(
      "workers beside a full tmpfs",
      Evidence(
        (1...4).map { number in
          treadmill(number).with(shares: ["inactive_anon": 0.9, "shmem": 0.6])
        }), must: ["shmem"], mustNot: ["worker-pool", "machine-ram"],
      because: "fewer workers leave the files where they are"),
  ]

  private static let kinds: [Row] = [
    Row(
      "memory in one piece",
      Evidence([
        Sample.machine().changed {
          $0.event.order = 3
          $0.report.memory?.zones = [
            Sample.zone(
              "Normal", free: 200 << 20, low: 50 << 20, blocks: [(50_000, 4096), (0, 32768)])
          ]
        }
      ]), must: ["fragmentation"], mustNot: moreMemory.union(["swap-free", "early-action"]),
      because: "there was memory, in pieces that were too small"),
    Row(
      "a low zone", Evidence([lowZone]), must: ["lowmem"],
      mustNot: moreMemory.union(["swap-free", "early-action", "fragmentation"]),
      because: "other memory was free, which the request could not use"),
    Row(
      "a kill by SysRq", .capture("sysrq-f-6.12.117-cloud.kmsg.log"), must: ["sysrq"],
      mustNot: Set(Advice.rules.map(\.id)).subtracting(["sysrq", "log-collection", "dump-tasks"]),
      because: "memory need not have been short"),
    Row(
      "the nodes of a cpuset", .capture("cpuset-v2-6.12.117-cloud.dmesg.log"), must: ["node-bound"],
      mustNot: ofTheMachine, because: "other nodes may have had room"),
    Row(
      "the nodes of a memory policy",
      Evidence([Sample.machine().changed { $0.event.constraint = .mempolicy }]),
      must: ["node-bound"], mustNot: ofTheMachine, because: "other nodes may have had room"),
    Row(
      "a panic by setting", .capture("panic-on-oom-1-6.12.117-cloud.console.log"),
      must: ["panic-on-oom"],
      mustNot: ["dump-tasks", "no-killable", "growth", "systemd-unit", "protect-service"],
      because: "nobody was killed, and the table is there or needs not be"),
    Row(
      "a cgroup's limit where panic_on_oom is 1",
      .capture("panic-on-oom-1-memcg-6.12.117-cloud.dmesg.log"), must: ["memcg-limit"],
      mustNot: ofTheMachine.union(["panic-on-oom"]), because: "1 spares the limits of cgroups"),
  ]

  private static let victims: [Row] = [
    Row(
      "killed twenty times",
      Evidence(
        (1...20).map { Sample.machine($0).with(victim: Int64(200 + $0), "java") }, hasReports: false
      ),
      must: ["watch-largest"], mustNot: ["growth", "worker-pool"],
      because: "a count shows no growth"),
    Row(
      "killed at the same size each time",
      Evidence(
        (1...6).map { number in
          Sample.memcg(number).with(rows: [Sample.row(Int64(300 + number), "node", share: 0.06)])
            .with(victim: Int64(300 + number), "node", anon: 500 << 20)
        }), must: ["watch-largest", "memcg-limit"], mustNot: ["growth"],
      because: "they all die at the limit, whether they leak or not"),
    Row(
      "one service that is started again after each kill",
      Evidence(
        (1...6).map { number in
          Sample.memcg(number).with(rows: [Sample.row(Int64(300 + number), "node", share: 0.06)])
            .with(victim: Int64(300 + number), "node", anon: 500 << 20)
        }), must: ["memcg-limit"], mustNot: ["worker-pool"], because: "one process is no pool"),
    Row(
      "a burst: one process grows within seconds",
      Evidence(
        (1...6).map { number in
          Sample.machine(number).with(rows: [Sample.row(9, "burst", share: 0.1 * Double(number))])
            .with(victim: Int64(200 + number), "other")
            .changed { $0.event.time = LogTime(uptimeMicros: Int64(number) * 2_000_000) }
        }), must: ["watch-largest"], mustNot: ["growth"], because: "a start grows too"),
    Row(
      "one process grows until it is most of the machine",
      Evidence(
        (1...6).map { number in
          Sample.machine(number).with(rows: [Sample.row(9, "leaky", share: 0.12 * Double(number))])
            .with(victim: Int64(200 + number), "other")
        }), must: ["growth"], mustNot: moreMemory.union(["worker-pool", "watch-largest"]),
      because: "more memory only lets it grow for longer"),
    Row(
      "a pool whose workers grow a little",
      Evidence((1...4).map { pool($0, size: 0.02 + 0.002 * Double($0)) }), must: ["watch-largest"],
      mustNot: ["growth"], because: "none of hundreds is the cause"),
    Row(
      "a pool that is filled again after each kill", Evidence((1...4).map(treadmill)),
      must: ["worker-pool"], mustNot: ["growth", "protected-hog", "protect-service"],
      because: "none of them grows; there are too many"),
    Row(
      "a child was killed in its parent's place",
      Evidence([
        database.changed {
          $0.report.intent = Cited(
            Intent(pid: 7, comm: LogText("postmaster"), score: 900), line: 8)
        }
      ]), must: ["watch-largest"], mustNot: ["protect-service"],
      because: "the child's own setting did not choose it"),
    Row(
      "a database dies with all its group",
      Evidence([database.changed { $0.report.groupKill = Cited(LogText("/db"), line: 8) }]),
      must: ["group-kill"], mustNot: ["protect-service"],
      because: "its own setting spares nobody of a group"),
    Row(
      "the task that asked was killed", .capture("kill-allocating-task-6.12.117-cloud.dmesg.log"),
      must: ["kill-allocating-task"], mustNot: ["protect-service", "growth"],
      because: "oom_score_adj had no part in the choice"),
    Row(
      "the largest is protected", .capture("protected-hog-6.12.117-cloud.dmesg.log"),
      must: ["protected-hog"], mustNot: ["no-killable", "growth", "worker-pool"],
      because: "others could be killed, and were"),
  ]

  private static let settings: [Row] = [
    Row(
      "mode 2, little of it promised",
      Evidence([.machine()], host: strict(limit: 8 * Sample.gib, committed: 2 * Sample.gib)),
      must: ["machine-ram"], mustNot: ["overcommit"],
      because: "what was never promised to processes is not theirs"),
    Row(
      "mode 2, its limit far below RAM",
      Evidence([.machine()], host: strict(limit: 4 * Sample.gib, committed: 4 * Sample.gib)),
      must: ["machine-ram"], mustNot: ["overcommit"],
      because: "a lower limit takes memory from processes that the kernel does not need"),
    Row(
      "the task table is switched on by now",
      Evidence([.machine()], host: HostFacts(["vm.oom_dump_tasks": "1"])), must: ["machine-ram"],
      mustNot: ["dump-tasks"], because: "there is nothing to set"),
  ]

  private static let logs: [Row] = [
    Row(
      "no task table", .capture("dump-tasks-0-6.12.117-cloud.dmesg.log"), must: ["dump-tasks"],
      mustNot: ["growth", "watch-largest", "worker-pool", "protected-hog"],
      because: "nobody's size is known"),
    Row(
      "a report without its beginning",
      Evidence([
        Sample.machine().changed {
          $0.report.tasks = nil
          $0.report.status = .headless
          $0.event.status = .headless
        }
      ]), must: ["log-collection"], mustNot: ["dump-tasks"],
      because: "the table may have stood in the lost part"),
    Row(
      "kill lines only",
      Evidence(
        [
          Sample.machine().changed {
            $0.event.status = .killOnly
            $0.event.constraint = nil
          }
        ], hasReports: false), must: ["log-collection"],
      mustNot: ofTheMachine.union(["memcg-limit", "growth", "dump-tasks"]),
      because: "nothing tells what ran out"),
  ]

  @Test(arguments: rows) func theyAreNotAdvised(_ row: Row) {
    let given = Set(Advice.recommendations(for: row.evidence).map(\.ruleID))
    #expect(row.must.isSubset(of: given), "not understood; given were \(given.sorted())")
    let wrong = row.mustNot.intersection(given)
    #expect(wrong.isEmpty, "wrong, because \(row.because)")
  }

  @Test func theTableIsLargeAndItsIdsAreThere() {
    #expect(Self.rows.count >= 25)
    let ids = Set(Advice.rules.map(\.id))
    for row in Self.rows {
      #expect(row.must.union(row.mustNot).isSubset(of: ids) && !row.mustNot.isEmpty)
      #expect(row.must.isDisjoint(with: row.mustNot) && !row.because.isEmpty)
    }
  }

  // MARK: Reports

  private static let exhausted = Sample.machine().with(swap: 2 * Sample.gib, free: 10 * Sample.mib)
  private static let compressed = Sample.machine().with(shares: ["inactive_anon": 0.3])
    .with(swap: 8 * Sample.gib, free: 3 * Sample.gib)
  private static let zram = HostFacts([:]).with(.zram)

  private static let lowZone = Sample.machine().changed {
    var invocation = Invocation()
    invocation.gfpFlags = ["GFP_KERNEL", "GFP_DMA32"]
    $0.report.invocation = Cited(invocation, line: 1)
    $0.report.memory?.zones = [
      Sample.zone("DMA32", free: 1 << 20, low: 8 << 20),
      Sample.zone("Normal", free: 900 << 20, low: 50 << 20),
    ]
  }

  private static let database = Sample.machine().with(rows: [
    Sample.row(7, "postmaster", share: 0.5), Sample.row(8, "postgres", share: 0.3),
  ]).with(victim: 8, "postgres")

  private static func pool(_ number: Int, size: Double) -> Sample {
    let workers = (0..<40).map { Sample.row(Int64($0), "php-fpm", share: size) }
    return Sample.machine(number).with(rows: workers)
      .with(victim: Int64(900 + number), "php-fpm", anon: 100 << 20)
  }

  /// Each worker that dies is replaced.
  private static func treadmill(_ number: Int) -> Sample {
    Sample.machine(number).with(
      rows: (0..<40).map { Sample.row(Int64(1_000 * number + $0), "php-fpm", share: 0.03) }
    ).with(victim: Int64(1_000 * number), "php-fpm")
  }

  private static func strict(limit: Int64, committed: Int64) -> HostFacts {
    var host = HostFacts(["vm.overcommit_memory": "2"])
    host.meminfo["CommitLimit"] = Bytes(limit)
    host.meminfo["Committed_AS"] = Bytes(committed)
    return host
  }
}

extension HostFacts {
  /// The same machine with 2 GiB of such swap.
  func with(_ kind: SwapDevice.Kind) -> HostFacts {
    var host = self
    host.swapDevices = [
      SwapDevice(
        name: LogText("/dev/swap"), kind: kind, size: Bytes(2 * Sample.gib), used: Bytes(0),
        priority: nil)
    ]
    return host
  }
}
