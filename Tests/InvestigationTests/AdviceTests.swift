import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// What each situation must and must not be advised: the second column is the reason to have it.
struct Situation: Sendable, CustomTestStringConvertible {
  let name: String
  let evidence: Evidence
  let must: Set<String>
  let mustNot: Set<String>

  init(_ name: String, _ evidence: Evidence, must: Set<String>, mustNot: Set<String>) {
    self.name = name
    self.evidence = evidence
    self.must = must
    self.mustNot = mustNot
  }

  var testDescription: String { name }
}

@Suite struct AdviceTests {
  static let situations: [Situation] = [
    Situation(
      "machine full of anonymous memory, no swap", Evidence([.machine()]),
      must: ["machine-ram", "add-swap", "watch-largest", "early-action", "monitoring"],
      mustNot: ["swap-free", "memcg-limit", "shmem", "slab", "unaccounted", "log-collection"]),
    Situation(
      "swap exhausted",
      Evidence([Sample.machine().with(swap: 2 * Sample.gib, free: 10 * Sample.mib)]),
      must: ["machine-ram", "add-swap"], mustNot: ["swap-free"]),
    Situation(
      "swap free", Evidence([Sample.machine().with(swap: 2 * Sample.gib, free: 2 * Sample.gib)]),
      must: ["swap-free"], mustNot: ["add-swap", "machine-ram"]),
    Situation(
      "swap neither used up nor unused",
      Evidence([Sample.machine().with(swap: 2 * Sample.gib, free: Sample.gib / 5)]),
      must: ["watch-largest"], mustNot: ["add-swap", "machine-ram", "swap-free"]),
    Situation(
      "swap figures lost",
      Evidence([Sample.machine().changed { $0.report.memory?.totalSwap = nil }]),
      must: ["watch-largest", "early-action"], mustNot: ["add-swap", "machine-ram", "swap-free"]),
    Situation(
      "cgroup at its limit", Evidence([.memcg()]),
      must: ["memcg-limit", "systemd-unit", "watch-largest", "monitoring"],
      mustNot: [
        "machine-ram", "add-swap", "swap-free", "early-action", "container", "overcommit",
        "protect-service",
      ]),
    Situation(
      "cgroup limit known by the event alone", Evidence([.memcg()], hasReports: false),
      must: ["memcg-limit", "systemd-unit"],
      mustNot: ["machine-ram", "add-swap", "growth", "watch-largest"]),
    Situation(
      "cgroup of an old kernel that names no constraint",
      Evidence([
        Sample.memcg().changed {
          $0.event.constraint = nil
          $0.report.constraint = nil
          $0.report.memory = Sample.machine().report.memory
        }
      ]),
      must: ["memcg-limit"], mustNot: ["machine-ram", "add-swap", "early-action"]),
    Situation(
      "pod at its limit",
      Evidence([
        .memcg(limit: "/kubepods.slice/kubepods-pod1.slice", task: "/kubepods.slice/x/cri-1.scope")
      ]),
      must: ["memcg-limit", "container"], mustNot: ["systemd-unit", "machine-ram", "add-swap"]),
    Situation(
      "tmpfs fills a cgroup",
      Evidence([
        // shmem is a part of what `file` counts.
        Sample.memcg().changed {
          let stats: [String: Int64] = ["anon": 100, "file": 410, "shmem": 400]
          $0.report.memcg?.stats = stats.mapValues { Cited($0 << 20, line: 1) }
        }
      ]),
      must: ["shmem", "memcg-limit"], mustNot: ["add-swap", "machine-ram"]),
    Situation(
      "tmpfs fills the machine",
      Evidence([Sample.machine().with(shares: ["inactive_anon": 0.92, "shmem": 0.6])]),
      must: ["shmem", "add-swap"], mustNot: ["machine-ram"]),
    Situation(
      "mlocked memory fills the machine",
      Evidence([Sample.machine().with(shares: ["inactive_anon": 0.03, "unevictable": 0.89])]),
      must: ["mlock"], mustNot: ["machine-ram", "add-swap", "unaccounted"]),
    Situation(
      "kernel objects fill the machine",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.24, "slab_unreclaimable": 0.7])
      ]),
      must: ["slab"], mustNot: ["machine-ram", "add-swap", "unaccounted", "shmem"]),
    Situation(
      "memory that no counter shows",
      Evidence([Sample.machine().with(shares: ["inactive_anon": 0.3])]),
      must: ["unaccounted"], mustNot: ["machine-ram", "add-swap", "slab"]),
    Situation(
      "a counter is lost, so nothing is called unaccounted",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.3]).changed {
          $0.report.memory?.counters["pagetables"] = nil
        }
      ]),
      must: [], mustNot: ["unaccounted"]),
    Situation(
      "idle huge pages",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.32]).changed {
          $0.report.memory?.hugePools = [
            HugePool(
              node: 0, total: 2400, free: 2400, surplus: 0, size: Bytes(2 * Sample.mib), line: 2)
          ]
        }
      ]),
      must: ["hugepages"], mustNot: ["machine-ram", "add-swap", "unaccounted"]),
    Situation(
      "huge pages in use",
      Evidence([
        Sample.machine().with(shares: ["inactive_anon": 0.32]).changed {
          $0.report.memory?.hugePools = [
            HugePool(
              node: 0, total: 2400, free: 5, surplus: 0, size: Bytes(2 * Sample.mib), line: 2)
          ]
        }
      ]),
      must: ["hugepages"], mustNot: ["machine-ram", "add-swap", "watch-largest"]),
    Situation(
      "DMA32 exhausted, Normal free",
      Evidence([
        Sample.machine().changed {
          $0.report.invocation = Cited(request(["GFP_KERNEL", "GFP_DMA32"]), line: 1)
          $0.report.memory?.zones = [
            Sample.zone("DMA32", free: 1 << 20, low: 8 << 20),
            Sample.zone("Normal", free: 900 << 20, low: 50 << 20),
          ]
        }
      ]),
      must: ["lowmem"],
      mustNot: ["machine-ram", "add-swap", "early-action", "fragmentation"]),
    Situation(
      "a DMA32 request when all is exhausted",
      Evidence([
        Sample.machine().changed {
          $0.report.invocation = Cited(request(["GFP_DMA32"]), line: 1)
          $0.report.memory?.zones = [
            Sample.zone("DMA32", free: 1 << 20, low: 8 << 20),
            Sample.zone("Normal", free: 9 << 20, low: 50 << 20),
          ]
        }
      ]),
      must: ["machine-ram"], mustNot: ["lowmem"]),
    Situation(
      "order 3 in free memory of single pages",
      Evidence([fragmented(blocks: [(50_000, 4096), (0, 32768)])]),
      must: ["fragmentation"], mustNot: ["machine-ram", "add-swap", "swap-free", "early-action"]),
    Situation(
      "order 3 with a block that is large enough",
      Evidence([fragmented(blocks: [(50_000, 4096), (3, 65536)])]),
      must: [], mustNot: ["fragmentation"]),
    Situation(
      "order 3, free memory within the lowmem reserve",
      Evidence([fragmented(blocks: [(50_000, 4096)], reserve: 60_000)]),
      must: ["machine-ram"], mustNot: ["fragmentation"]),
    Situation(
      "usage far below the limit",
      Evidence([
        Sample.memcg().changed {
          $0.report.memcg?.memory = Cited(
            MemcgUsage(usage: Bytes(Sample.gib), limit: Bytes(4 * Sample.gib), failcnt: 0), line: 1)
        }
      ]),
      must: [], mustNot: ["memcg-limit"]),
    Situation(
      "more shmem than RAM",
      Evidence([Sample.machine().with(shares: ["shmem": 5])]), must: [], mustNot: ["shmem"]),
    Situation(
      "a zone with much free memory",
      Evidence([
        Sample.machine().changed {
          var zone = Sample.zone("Normal", free: Sample.gib, low: Sample.mib, reserve: [0])
          for mark in ["min", "high"] { zone.counters[mark] = Bytes(Sample.mib) }
          $0.report.memory?.zones = [zone]
          $0.report.memory?.pagesRAM = nil
          var invocation = Invocation()
          (invocation.order, invocation.gfpMask) = (0, "0x201da")
          $0.report.invocation = Cited(invocation, line: 1)
        }
      ]),
      must: [], mustNot: ["machine-ram", "add-swap", "early-action"]),
    Situation(
      "a forged order", Evidence([fragmented(blocks: [(1, 4096)], order: .max)]),
      must: [], mustNot: ["fragmentation"]),
    Situation(
      "a cpuset's nodes", Evidence([Sample.machine().changed { $0.event.constraint = .cpuset }]),
      must: ["node-bound"], mustNot: ["machine-ram", "add-swap", "swap-free", "early-action"]),
    Situation(
      "a kill by SysRq",
      Evidence([
        Sample.machine().changed {
          $0.event.trigger = .sysrq
          $0.event.order = -1
        }
      ]),
      must: ["sysrq"],
      mustNot: [
        "machine-ram", "add-swap", "swap-free", "growth", "early-action", "monitoring",
        "protect-service",
      ]),
    Situation(
      "the hog is protected",
      Evidence([
        Sample.machine().with(rows: [
          Sample.row(1, "hog", share: 0.7, adj: -1000), Sample.row(2, "innocent", share: 0.01),
        ])
      ]),
      must: ["protected-hog"], mustNot: ["no-killable"]),
    Situation(
      "nothing to kill in a cgroup",
      Evidence([
        Sample.memcg().changed {
          $0.event.outcome = .noVictim
          $0.event.victim = nil
          $0.event.killCount = 0
          $0.report.outcome = .noVictim
          $0.report.victims = []
        }
      ]),
      must: ["no-killable", "memcg-limit"], mustNot: ["systemd-unit", "panic-on-oom"]),
    Situation(
      "panic by setting, as the log says",
      Evidence([panicked("Out of memory: system-wide panic_on_oom is enabled")]),
      must: ["panic-on-oom"], mustNot: ["no-killable"]),
    Situation(
      "panic with nothing to kill", Evidence([panicked("System is deadlocked on memory")]),
      must: ["no-killable"], mustNot: ["panic-on-oom"]),
    Situation(
      "database killed at 0",
      Evidence([
        Sample.machine().with(rows: [
          Sample.row(7, "batch", share: 0.5, adj: -500), Sample.row(8, "mysqld", share: 0.3),
        ]).with(victim: 8, "mysqld")
      ]),
      must: ["protect-service", "protected-hog"], mustNot: ["no-killable"]),
    Situation(
      "database killed at an unknown adjustment",
      Evidence([Sample.machine().with(victim: 999, "mysqld", adj: nil)]),
      must: [], mustNot: ["protect-service"]),
    Situation(
      "a nameless victim needs no protection", Evidence([.machine()]),
      must: [], mustNot: ["protect-service"]),
    Situation(
      "whole group killed",
      Evidence([
        Sample.memcg().changed { $0.report.groupKill = Cited(LogText("/system.slice/x"), line: 1) }
      ]),
      must: ["group-kill"], mustNot: []),
    Situation(
      "report without a task table",
      Evidence([Sample.machine().changed { $0.report.tasks = nil }]),
      must: ["dump-tasks"], mustNot: ["growth", "watch-largest"]),
    Situation(
      "task table cut off with the rest of the report",
      Evidence([
        Sample.machine().changed {
          $0.report.tasks = nil
          $0.report.status = .headless
          $0.event.status = .headless
        }
      ]),
      must: ["log-collection"], mustNot: ["dump-tasks"]),
    Situation(
      "kill lines only, without a time of day",
      Evidence(
        [
          Sample.machine().changed {
            $0.event.status = .killOnly
            $0.event.constraint = nil
            $0.event.time.wallMicros = nil
          }
        ], hasReports: false),
      must: ["log-collection", "monitoring"],
      mustNot: ["machine-ram", "add-swap", "memcg-limit", "growth", "dump-tasks", "early-action"]),
    Situation(
      "mode 1 on a machine that ran out",
      Evidence([.machine()], host: HostFacts(["vm.overcommit_memory": "1"])),
      must: ["overcommit"], mustNot: []),
    Situation(
      "mode 0 is no matter of a cgroup limit",
      Evidence([.memcg()], host: HostFacts(["vm.overcommit_memory": "0"])),
      must: [], mustNot: ["overcommit"]),
    Situation(
      "settings without events",
      Evidence(
        [],
        host: HostFacts([
          "vm.panic_on_oom": "2", "vm.oom_kill_allocating_task": "1", "vm.oom_dump_tasks": "0",
          "vm.min_free_kbytes": "900",
        ])),
      must: ["panic-on-oom", "kill-allocating-task", "dump-tasks", "min-free"],
      mustNot: ["monitoring", "growth", "early-action", "machine-ram", "overcommit"]),
    Situation(
      "harmless settings without events",
      Evidence(
        [],
        host: HostFacts([
          "vm.panic_on_oom": "0", "vm.oom_kill_allocating_task": "0", "vm.oom_dump_tasks": "1",
          "vm.min_free_kbytes": "67584", "vm.overcommit_memory": "0", "vm.swappiness": "60",
        ])),
      must: [], mustNot: Set(Advice.rules.map(\.id))),
    Situation(
      "invalid settings conclude nothing",
      Evidence(
        [],
        host: HostFacts(["vm.panic_on_oom": "7", "vm.overcommit_memory": "yes"])),
      must: [], mustNot: Set(Advice.rules.map(\.id))),
    Situation(
      "the allocating task died while others held far more",
      Evidence([
        Sample.machine().with(victim: 101, "bash").changed {
          var system = SystemLine()
          system.pid = 101
          $0.report.system = Cited(system, line: 1)
        }
      ]),
      must: [], mustNot: ["kill-allocating-task"]),
    Situation(
      "nothing at all", Evidence([Sample]()), must: [], mustNot: Set(Advice.rules.map(\.id))),
  ]

  @Test(arguments: situations) func adviceFitsTheSituation(_ situation: Situation) {
    let given = Set(Advice.recommendations(for: situation.evidence).map(\.ruleID))
    #expect(situation.must.subtracting(given).isEmpty, "missing; given were \(given.sorted())")
    #expect(situation.mustNot.intersection(given).isEmpty)
  }

  /// Whatever is said rests on something, says why, and what would refute it.
  @Test(arguments: situations) func everyAdviceIsFounded(_ situation: Situation) {
    let numbers = Set(situation.evidence.events.map(\.number))
    let given = Advice.recommendations(for: situation.evidence)
    for advice in given {
      #expect(!advice.events.isEmpty || !advice.settings.isEmpty, "\(advice.ruleID)")
      #expect(numbers.isSuperset(of: advice.events))
      #expect(advice.events == Set(advice.events).sorted(), "\(advice.ruleID)")
      #expect(!advice.reason.isEmpty && !advice.action.isEmpty && !advice.wouldRefute.isEmpty)
      #expect(!advice.check.isEmpty, "\(advice.ruleID)")
    }
    #expect(given.map(\.severity) == given.map(\.severity).sorted())
    if let general = given.firstIndex(where: { $0.ruleID == "monitoring" }) {
      #expect(general == given.count - 1)
    }
  }

  @Test func growthOfOneProcessIsToldFromACount() throws {
    let grows = (1...3).map { number in
      Sample.machine(number).with(rows: [
        Sample.row(9, "leaky", share: 0.1 * Double(number)), Sample.row(100, "java", share: 0.3),
      ]).with(victim: Int64(200 + number), "java")
    }
    let first = try #require(Advice.recommendations(for: Evidence(grows)).first { $0.isGrowth })
    #expect(first.severity == .high && first.certainty == .likely)
    #expect(first.text.contains("leaky (pid 9) grew over 3 reports"))

    let counts = (1...5).map { Sample.machine($0).with(victim: Int64($0), "java") }
    let given = Advice.recommendations(for: Evidence(counts, hasReports: false))
    #expect(!given.contains { $0.isGrowth })
    let second = try #require(given.first { $0.ruleID == "watch-largest" })
    #expect(second.certainty == .possible)
    #expect(second.text.contains("a count, which shows no growth"))
    #expect(second.text.contains("growth cannot be seen"))
  }

  /// Hundreds of workers that each grow a little are a pool, not a leak.
  @Test func aPoolOfWorkersIsNotCalledALeak() throws {
    let samples = (1...4).map { number in
      let workers = (0..<40).map { pid in
        Sample.row(Int64(pid), "php-fpm", share: 0.02 + 0.002 * Double(number))
      }
      return Sample.machine(number).with(rows: workers)
        .with(victim: Int64(900 + number), "php-fpm", anon: 100 << 20)
    }
    let given = Advice.recommendations(for: Evidence(samples))
    #expect(!given.contains { $0.isGrowth })
    let advice = try #require(given.first { $0.ruleID == "watch-largest" })
    #expect(advice.certainty == .possible)
    #expect(advice.text.contains("40 processes named php-fpm ran at once in event 4"))
    #expect(advice.text.contains("each at about the same size"))
    #expect(advice.text.contains("no process grew much"))
  }

  @Test func limitsAreNamedWithTheirSizes() throws {
    let hits = [Sample.memcg(1), Sample.memcg(2), Sample.memcg(3, limit: "/other")]
    let advice = try #require(
      Advice.recommendations(for: Evidence(hits)).first { $0.ruleID == "memcg-limit" })
    let sentences = advice.reason.map { $0.text { "\($0.count >> 20)M" } }
    #expect(
      sentences == [
        "/system.slice/web.service reached its limit of 512M in 2 events; "
          + "most of it is anonymous memory, 98 %",
        "/other reached its limit of 512M in 1 event; most of it is anonymous memory, 98 %",
      ])
    #expect(advice.events == [1, 2, 3])
  }

  @Test func recentEventsAreCountedBeforeTheAnchor() throws {
    let old = Sample.machine(1).changed { $0.event.time.wallMicros = 0 }
    let new = Sample.machine(2)
    let evidence = Evidence(
      events: [old.event, new.event], anchorMicros: new.event.time.wallMicros)
    let advice = try #require(Advice.recommendations(for: evidence).last)
    #expect(advice.text.contains("1 of these in the last 24 hours of the data"))
  }

  private static func request(_ flags: [String]) -> Invocation {
    var invocation = Invocation()
    invocation.gfpFlags = flags
    return invocation
  }

  private static func fragmented(
    blocks: [(Int64, Int64)], reserve: Int64 = 0, order: Int64 = 3
  ) -> Sample {
    Sample.machine().changed {
      $0.event.order = order
      $0.report.memory?.zones = [
        Sample.zone(
          "Normal", free: 200 << 20, low: 50 << 20, reserve: [reserve], blocks: blocks)
      ]
    }
  }

  private static func panicked(_ words: String) -> Sample {
    Sample.machine().changed {
      $0.event.outcome = .panic
      $0.event.victim = nil
      $0.event.killCount = 0
      $0.report.outcome = .panic
      $0.report.victims = []
      $0.report.ending = Cited(LogText(words), line: 1)
    }
  }
}

extension Recommendation {
  fileprivate var isGrowth: Bool { ruleID == "growth" }
  fileprivate var text: String {
    reason.map { $0.text { "\($0.count)" } }.joined(separator: "\n")
  }
}
