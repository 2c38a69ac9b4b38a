import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

/// What a scenario of known cause must come to. A file's name begins so, in every kernel.
struct KnownCause: Sendable, CustomTestStringConvertible {
  let name: String
  let scope: Culprit.Scope
  let kind: Culprit.Consumer.Kind
  let owner: String?
  let choice: Culprit.Choice

  init(
    _ name: String, _ scope: Culprit.Scope, _ kind: Culprit.Consumer.Kind, _ owner: String? = nil,
    _ choice: Culprit.Choice = .highestBadness
  ) {
    self.name = name
    self.scope = scope
    self.kind = kind
    self.owner = owner
    self.choice = choice
  }

  var testDescription: String { name }

  static let all = [
    KnownCause("cpuset-v2", .node, .process, "numa-pinned"),
    KnownCause("dump-tasks-0", .machine, .process, "quiet-leak"),
    KnownCause("global-noswap", .machine, .process, "leaky-app"),
    KnownCause("global-swap-disk", .machine, .process, "javaish"),
    KnownCause("hugepages-reserved", .machine, .hugepages),
    KnownCause("kill-allocating-task", .machine, .process, "bighold", .allocatingTask),
    KnownCause("memcg-v1-5", .cgroup, .process, "python3"),
    KnownCause("memcg-v1-6", .cgroup, .process, "python3"),
    KnownCause("memcg-v1-nested", .cgroup, .process, "node"),
    KnownCause("memcg-v1-nohierarchy", .machine, .process, "node"),
    KnownCause("memcg-v2-5", .cgroup, .process, "report-worker"),
    KnownCause("memcg-v2-6", .cgroup, .process, "report-worker"),
    KnownCause("memcg-v2-group", .cgroup, .process, "web-worker", .group),
    KnownCause("memcg-v2-nested-kube", .cgroup, .process, "java"),
    KnownCause("memcg-v2-nokill", .cgroup, .process, "protected-db", .noCandidate),
    KnownCause("memcg-v2-swap", .cgroup, .process, "batch"),
    KnownCause("mlock", .machine, .mlocked, "locker"),
    KnownCause("panic-on-oom-1-5", .machine, .process, "trigger", .panic),
    KnownCause("panic-on-oom-1-6", .machine, .process, "trigger", .panic),
    KnownCause("panic-on-oom-1-memcg", .cgroup, .process, "tinysvc"),
    KnownCause("protected-hog", .machine, .process, "vault", .protectedCulprit),
    // A sibling grows beside the leak, until both are of one size.
    KnownCause("repeat-leak", .cgroup, .process),
    KnownCause("shmem-mapped", .machine, .shmem),
    KnownCause("slab-dentries", .machine, .slab),
    KnownCause("sock-buffers", .machine, .kernelUnaccounted),
    KnownCause("sysrq-f", .manual, .process, "innocent-db", .manual),
    KnownCause("threads", .machine, .process, "rpcpool"),
    KnownCause("tmpfs-files", .machine, .shmem),
  ]

  /// What is wrong with the verdict on an event; nil where it agrees.
  func problem(_ report: OOMReport) -> String? {
    let culprit = Culprit(report, scores: try? Selection(report))
    let consumer = culprit.consumer.value
    let owner = consumer.name?.description
    guard culprit.scope.value == scope, consumer.kind == kind, culprit.selection.value == choice,
      self.owner == nil || self.owner == owner
    else {
      return "\(culprit.scope.value) \(consumer.kind) \(owner ?? "-") \(culprit.selection.value)"
    }
    return nil
  }
}

/// Expects that whatever is more than possible has evidence.
private func expectGrounds(_ report: OOMReport, _ name: String) {
  let culprit = Culprit(report, scores: try? Selection(report))
  let answers = [
    (culprit.scope.certainty, culprit.scope.evidence),
    (culprit.consumer.certainty, culprit.consumer.evidence),
    (culprit.selection.certainty, culprit.selection.evidence),
  ]
  #expect(answers.allSatisfy { $0.0 == .possible || !$0.1.isEmpty }, "\(name)")
}

@Suite struct CulpritTests {
  @Test func fixtures() throws {
    var seen: Set<String> = []
    for name in Places.files(in: "Tests/Fixtures/captures") {
      guard let cause = KnownCause.all.first(where: { name.hasPrefix($0.name) }) else { continue }
      let bytes = try #require(Places.bytes("Tests/Fixtures/captures/\(name)"))
      // A kill line that lost its report, as a rate limit leaves it, tells no cause.
      for event in Scan.events(in: bytes) where event.report.status == .complete {
        let problem = cause.problem(event.report)
        #expect(problem == nil, "\(name): \(problem ?? "")")
        seen.insert(cause.name)
      }
    }
    #expect(seen.count >= 14)
  }

  /// An answer that no line proves is a guess.
  @Test func nothingIsSureWithoutEvidence() {
    for name in Places.files(in: "Tests/Fixtures/captures") {
      guard let bytes = Places.bytes("Tests/Fixtures/captures/\(name)") else { continue }
      for event in Scan.events(in: bytes, isWhole: true) { expectGrounds(event.report, name) }
    }
  }

  private static func scope(_ messages: [String]) throws -> Culprit.Answer<Culprit.Scope> {
    let log = messages.map { "[  907.310000] \($0)\n" }.joined()
    let events = Scan.events(in: Array(log.utf8))
    try #require(events.count == 1)
    return Culprit(events[0].report, scores: nil).scope
  }

  /// Up to 5.0 the line that kills is the same whatever ran out.
  @Test func aKillLineAloneTellsNoScope() throws {
    let kill = "Killed process 4410 (indexd) total-vm:80124kB, anon-rss:61200kB, file-rss:16kB"
    let bare = try Self.scope([kill])
    #expect(bare.value == .unknown)
    #expect(bare.certainty == .possible)
    #expect(bare.evidence.map(\.line) == [1])
    let intent = "Kill process 4410 (indexd) score 730 or sacrifice child"
    #expect(try Self.scope(["Out of memory: \(intent)", kill]).value == .machine)
    #expect(try Self.scope(["Memory cgroup out of memory: \(intent)", kill]).value == .cgroup)
    let newer = "Out of memory: \(kill), shmem-rss:0kB, UID:90 pgtables:180kB oom_score_adj:0"
    #expect(try Self.scope([newer]).value == .machine)
  }

  @Test(arguments: [
    ("mem_cgroup_out_of_memory+0x131/0x150", Culprit.Scope.cgroup),
    ("try_charge_memcg+0x6d1/0x7a0", .cgroup), ("__mem_cgroup_try_charge+0x1b3/0x2c0", .cgroup),
    ("mem_cgroup_oom_synchronize.part.12+0x133/0x150", .cgroup),
    ("? mem_cgroup_out_of_memory+0x131/0x150", .unknown),
    ("__alloc_pages_may_oom+0x10/0x110", .unknown),
  ])
  func theTraceOfATornReport(_ frame: String, _ wanted: Culprit.Scope) throws {
    let head = [
      "indexd invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
      "CPU: 2 PID: 4410 Comm: indexd Not tainted 5.15.0-91-generic #1", "Call Trace:",
      " dump_header+0x53/0x230", " \(frame)",
    ]
    let scope = try Self.scope(head)
    #expect(scope.value == wanted)
    #expect(scope.certainty == (wanted == .cgroup ? .certain : .possible))
    #expect(scope.evidence.map(\.line) == (wanted == .cgroup ? [5] : []))
  }

  @Test(arguments: [
    ("Out of memory: system-wide panic_on_oom is enabled", Culprit.Scope.machine),
    ("System is deadlocked on memory", .machine),
    ("Out of memory: compulsory panic_on_oom is enabled", .unknown),
  ])
  func aPanicAlone(_ reason: String, _ wanted: Culprit.Scope) throws {
    #expect(try Self.scope(["Kernel panic - not syncing: \(reason)"]).value == wanted)
  }

  private static func report(_ sample: Sample) -> Culprit {
    Culprit(sample.report, scores: try? Selection(sample.report))
  }

  @Test func compressedSwapTakesRAM() {
    // 60 % of RAM is in no counter, and as much lies in swap, which is not full.
    let gib = Sample.gib
    var sample = Sample(1).with(shares: ["inactive_anon": 0.1]).with(swap: 16 * gib, free: 10 * gib)
    var row = Sample.row(100, "cache", share: 0.001)
    row.swap = Pages(5 * gib / 4096)
    sample = sample.with(rows: [row, Sample.row(101, "bash", share: 0.01)])
    let consumer = Self.report(sample).consumer.value
    #expect(consumer.kind == .swapBacked)
    #expect(consumer.name == LogText("cache"))
    // Less than half of what lies in swap is not most of it.
    row.swap = Pages(5 * gib / 8192)
    let other = Self.report(sample.with(rows: [row])).consumer.value
    #expect(other.kind == .swapBacked && other.name == nil)
  }

  @Test func swapOnADiskTakesNone() {
    let gib = Sample.gib
    let sample = Sample(1).with(shares: ["inactive_anon": 0.92]).with(swap: 16 * gib, free: 0)
      .with(rows: [Sample.row(100, "java", share: 0.5)])
    #expect(Self.report(sample).consumer.value.kind == .process)
  }

  @Test func manyAlike() {
    let rows = (0..<80).map { Sample.row(100 + $0, "worker", share: 0.011) }
    let sample = Sample(1).with(shares: ["inactive_anon": 0.9]).with(swap: 0, free: 0)
      .with(rows: rows)
    let consumer = Self.report(sample).consumer.value
    #expect(consumer.kind == .processes)
    #expect(consumer.name == LogText("worker"))
    #expect((0.8...1).contains(consumer.share ?? 0))
  }

  @Test func pagesThatAreSharedAreNotAddedUp() {
    // Forty workers map the same 60 % of RAM: it is shmem, whatever their rss amounts to.
    let rows = (0..<40).map { Sample.row(100 + $0, "postgres", share: 0.6) }
    let sample = Sample(1).with(shares: ["inactive_anon": 0.85, "shmem": 0.6])
      .with(swap: 0, free: 0).with(rows: rows)
    #expect(Self.report(sample).consumer.value.kind == .shmem)
  }

  @Test func aRaisedAdjustmentPutsASmallTaskFirst() {
    var small = Sample.row(200, "batch", share: 0.05)
    small.oomScoreAdj = 900
    var sample = Sample.machine().with(rows: [Sample.row(100, "java", share: 0.5), small])
    sample.report.tasks = sample.report.tasks.map { table in
      var named = TaskTable(headerLine: 4, columns: SelectionTests.pages)
      named.rows = table.rows
      return named
    }
    sample.report.victims = [Victim(pid: 200, comm: LogText("batch"), line: 9)]
    let culprit = Self.report(sample)
    #expect(culprit.selection.value == .raisedAdj)
    #expect(culprit.consumer.value.name == LogText("java"))
  }

  @Test func aKillLineAloneSaysLittle() {
    var report = OOMReport(firstLine: 1, time: LogTime())
    report.victims = [Victim(pid: 7, comm: LogText("app"), line: 1)]
    let culprit = Culprit(report, scores: nil)
    #expect(culprit.scope.certainty == .possible)
    #expect(culprit.consumer.value.kind == .unknown)
    #expect(culprit.selection.certainty == .possible)
  }
}

/// An answer loses certainty by whatever in the report speaks against it.
@Suite struct RefutedCulpritTests {
  private static func culprit(_ sample: Sample) -> Culprit {
    Culprit(sample.report, scores: try? Selection(sample.report))
  }

  /// The figures of a zone in MiB; it keeps back nothing.
  private static func zone(
    _ name: String, free: Int64, cma: Int64 = 0, _ counters: [String: Int64] = [:]
  ) -> ZoneState {
    var zone = ZoneState(node: 0, name: name, line: 6)
    let figures = counters.merging(
      ["free": free, "min": 10, "low": 12, "high": 14, "managed": 800, "free_cma": cma]
    ) { first, _ in first }
    zone.counters = figures.mapValues { Bytes($0 * Sample.mib) }
    zone.lowmemReserve = [Pages(0)]
    return zone
  }

  private static func machine(_ zones: [ZoneState], _ flags: String...) -> Sample {
    machine(zones, flags)
  }

  private static func machine(_ zones: [ZoneState], _ flags: [String]) -> Sample {
    Sample.machine().changed {
      var invocation = Invocation()
      (invocation.order, invocation.gfpFlags) = (0, flags)
      $0.report.invocation = Cited(invocation, line: 1)
      $0.report.memory?.zones = zones
      $0.report.memory?.pagesRAM = nil
    }
  }

  /// A machine of one zone.
  private static func wholeMachine(free: Int64, cma: Int64 = 0, _ flags: String...) -> Sample {
    machine([zone("Normal", free: free, cma: cma)], flags).changed { sample in
      for name in ["managed", "present"] {
        sample.report.memory?.zones[0].counters[name] = Bytes(8 * Sample.gib)
      }
      sample.report.memory?.pagesRAM = Cited(Pages(Sample.pages + 1000), line: 2)
    }
  }

  @Test(
    arguments: [(9, .certain), (13, .likely), (300, .possible)] as [(Int64, Culprit.Certainty)])
  func freeMemoryIsNoShortage(_ free: Int64, _ certainty: Culprit.Certainty) {
    let culprit = Self.culprit(
      Self.machine([Self.zone("Normal", free: free)], "GFP_HIGHUSER_MOVABLE"))
    #expect(culprit.scope.value == .machine && culprit.scope.certainty == certainty)
    #expect(culprit.scope.against.isEmpty == (certainty == .certain))
  }

  /// Whichever line of a report is lost: what is left of it must not make somebody else the certain
  /// user.
  @Test(
    arguments: [
      "global-noswap-5.10.0-46-cloud.dmesg", "slab-dentries-6.12.117-cloud.dmesg",
      "tmpfs-files-6.12.117-cloud.dmesg", "memcg-v1-6.1.0-56-cloud.dmesg",
      "cpuset-v2-6.12.117-cloud.dmesg",
    ])
  func aLostLineMakesNobodyElseCertain(_ name: String) throws {
    let log = try #require(Places.bytes("Tests/Fixtures/captures/\(name).log"))
    let lines = log.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let whole = try #require(Scan.events(in: log, isWhole: true).first).report
    let known = Culprit(whole, scores: try? Selection(whole)).consumer
    for lost in whole.firstLine...whole.lastLine {
      let rest = Array(
        (lines[..<(lost - 1)] + lines[lost...]).joined(separator: [UInt8(ascii: "\n")]))
      guard let report = Scan.events(in: rest, isWhole: true).first?.report else { continue }
      let consumer = Culprit(report, scores: try? Selection(report)).consumer
      let isSameName = consumer.value.name.map { $0 == known.value.name } ?? true
      let isSame = consumer.value.kind == known.value.kind && isSameName
      #expect(isSame || consumer.certainty != .certain, "line \(lost)")
    }
  }

  /// What one line says against another is no proof: the constraint, and the swap of a task.
  @Test(arguments: [
    ("CONSTRAINT_NONE", "CONSTRAINT_MEMCG"), ("Free swap  = 0kB", "Free swap  = 90000kB"),
  ])
  func linesThatContradictEachOtherProveNothing(_ old: String, _ new: String) throws {
    let log = try #require(
      Places.bytes("Tests/Fixtures/captures/global-swap-disk-6.12.117-cloud.dmesg.log"))
    let edited = String(decoding: log, as: UTF8.self).replacing(old, with: new)
    let evidence = Evidence(log: Array(edited.utf8))
    let culprit = try #require(evidence.cases.first { _ in true }?.culprit)
    let answer = old.hasPrefix("C") ? culprit.scope.certainty : culprit.consumer.certainty
    #expect(answer == (old.hasPrefix("C") ? .possible : .likely))
    let rules = Advice.recommendations(for: evidence).map(\.ruleID)
    #expect(!rules.contains("swap-free") && !rules.contains("add-swap"))
  }

  /// A row with -1000 is no task that the kernel chose.
  @Test func aProtectedVictimIsNoProof() {
    let rows = [
      Sample.row(100, "java", share: 0.5, adj: -1000),
      Sample.row(101, "db", share: 0.1, adj: -1000), Sample.row(102, "sh", share: 0.01),
    ]
    let sample = Sample.machine().with(rows: rows).with(victim: 101, "db", adj: nil).changed {
      $0.report.tasks = TaskTable(headerLine: 4, columns: SelectionTests.pages)
      $0.report.tasks?.rows = rows
    }
    let selection = Self.culprit(sample).selection
    #expect(selection.value == .protectedCulprit && selection.certainty == .possible)
  }

  @Test func usageFarBelowTheLimitIsNoLimitHit() {
    let sample = Sample.memcg().changed {
      $0.report.memcg?.memory = Cited(
        MemcgUsage(usage: Bytes(512 * Sample.mib), limit: Bytes(Sample.gib), failcnt: 0), line: 1)
    }
    let scope = Self.culprit(sample).scope
    #expect(scope.value == .cgroup && scope.certainty == .possible && scope.against.count == 1)
    #expect(Self.culprit(Sample.memcg()).scope.certainty == .certain)
    // Version 1 has a limit of memory and swap besides, which is the one cited where it was hit.
    let both = sample.changed {
      let usage = MemcgUsage(usage: Bytes(Sample.gib), limit: Bytes(Sample.gib), failcnt: 9)
      $0.report.memcg?.memorySwap = Cited(usage, line: 7)
    }
    let hit = Self.culprit(both).scope
    #expect(hit.certainty == .certain && hit.evidence.contains { $0.line == 7 })
  }

  /// More shmem than RAM, and more than the lists of pages that it is on.
  @Test(arguments: [("shmem", 5.0), ("shmem", 0.97), ("inactive_anon", 3.0)])
  func impossibleFiguresNameNobody(_ counter: String, _ share: Double) {
    let consumer = Self.culprit(
      Sample.machine().with(shares: ["inactive_anon": 0.4, "inactive_file": 0.5])
        .with(shares: [counter: share])
    ).consumer
    #expect(consumer.value.kind == .unknown && consumer.certainty == .possible)
    #expect(consumer.against.count == 1)
  }

  /// The pages of a low zone may be anybody's; what the zone counts is proof.
  @Test func aLowZoneIsNotTheLargestTasks() {
    let high = Self.zone("HighMem", free: 700)
    func consumer(_ counters: [String: Int64]) -> Culprit.Answer<Culprit.Consumer> {
      let culprit = Self.culprit(
        Self.machine([Self.zone("Normal", free: 11, counters), high], "GFP_KERNEL"))
      #expect(culprit.scope.value == .zone)
      return culprit.consumer
    }
    let anonymous = consumer(["active_anon": 600, "shmem": 0])
    #expect(anonymous.value.kind == .unknown && anonymous.certainty == .possible)
    #expect(anonymous.value.amount == Bytes(600 * Sample.mib))
    let slab = consumer(["active_anon": 20, "slab_unreclaimable": 600])
    #expect(slab.value.kind == .slab && slab.value.share == 0.75)
    #expect(consumer([:]).value == Culprit.Consumer(.unknown))
  }

  /// Kernels that print no names of flags, as those of 32-bit machines mostly are.
  @Test func aMaskTellsTheZones() {
    let sample = Self.machine(
      [Self.zone("Normal", free: 11), Self.zone("HighMem", free: 700)]
    ).changed {
      var invocation = Invocation()
      (invocation.order, invocation.gfpMask) = (0, "0xd0")
      $0.report.invocation = Cited(invocation, line: 1)
    }
    #expect(Self.culprit(sample).scope.value == .zone)
  }

  /// To 4.20 the kernel does not say so, but prints the zones of the allowed nodes alone.
  @Test func aReportThatLeavesNodesOutIsABoundTasks() {
    let sample = Sample.machine().changed {
      $0.report.constraint = nil
      var zone = Sample.zone("Normal", free: Sample.mib, low: 2 * Sample.mib)
      zone.counters["present"] = Bytes(4 * Sample.gib)
      $0.report.memory?.zones = [zone]
      $0.report.cpuset = Cited(
        CpusetLine(comm: LogText("java"), name: LogText("job"), memsAllowed: "0"), line: 2)
    }
    let culprit = Self.culprit(sample)
    #expect(culprit.scope.certainty == .possible && culprit.consumer.certainty == .possible)
    var bound = sample.report
    bound.constraint = Cited(.cpuset, line: 9)
    #expect(bound.allowedNodes == [0])
  }

  /// Pages that cannot be moved may not lie in a Movable zone, whatever is free there.
  @Test func nodesMayHaveNoZoneForTheRequest() {
    let gib = Sample.gib
    let movable = [(node: 4, name: "Movable", managed: 2 * gib)]
    let bare = Sample.boundToNodes(movable, allowed: "4").with(victim: 9, "app", anon: gib)
      .changed { $0.report.tasks = nil }
    let none = Self.culprit(bare)
    #expect(none.scope.value == .noZone && none.scope.certainty == .likely)
    #expect(none.consumer.value == Culprit.Consumer(.unknown))
    let flags = ["GFP_HIGHUSER_MOVABLE"]
    #expect(
      Self.culprit(.boundToNodes(movable, allowed: "4", flags: flags)).scope.value == .node)
    // The zones of node 0 may have been lost.
    #expect(Self.culprit(.boundToNodes(movable, allowed: "0,4")).scope.value == .node)
    let both = movable + [(node: 4, name: "Normal", managed: 2 * gib)]
    #expect(Self.culprit(.boundToNodes(both, allowed: "4")).scope.value == .zone)
  }

  /// A task has pages on other nodes too: what these cannot hold is not there.
  @Test(arguments: [(1, .likely), (6, .possible)] as [(Int64, Culprit.Certainty)])
  func nodesHoldNoMoreThanTheyHave(_ size: Int64, _ certainty: Culprit.Certainty) {
    let sample = Sample.boundToNodes([(0, "Normal", 2 * Sample.gib)], allowed: "0")
      .with(victim: 9, "app", anon: size * Sample.gib).changed { $0.report.tasks = nil }
    let consumer = Self.culprit(sample).consumer
    #expect(consumer.value.name == LogText("app") && consumer.certainty == certainty)
    #expect((consumer.value.amount?.count ?? 0) <= 2 * Sample.gib)
  }

  /// What is printed of nodes and zones leaves slab out, which may be more.
  @Test func nodesMayBeFullOfWhatIsNotPrinted() {
    let sample = Sample.boundToNodes([(0, "Normal", 2 * Sample.gib)], allowed: "0")
      .with(rows: [Sample.row(9, "app", share: 0.05)]).changed {
        $0.report.memory?.nodes[0].counters["inactive_anon"] = Bytes(Sample.gib / 2)
      }
    let consumer = Self.culprit(sample).consumer
    #expect(consumer.value.name == LogText("app") && consumer.certainty == .possible)
  }

  /// Where the zones are the whole machine's, so are its classes.
  @Test func contiguousMemoryDoesNotHideTheRest() {
    let sample = Self.wholeMachine(free: 300, cma: 295, "GFP_KERNEL")
      .with(shares: ["inactive_anon": 0.05])
    let culprit = Self.culprit(sample)
    #expect(culprit.scope.value == .zone)
    #expect(culprit.consumer.value.kind == .kernelUnaccounted)
    #expect(culprit.consumer.certainty == .likely)
  }

  /// The line that tells of SysRq may be lost: free memory remains.
  @Test func aLostRequestNeedNotHaveBeenOne() {
    func culprit(_ free: Int64) -> Culprit {
      Self.culprit(
        Self.wholeMachine(free: free).with(shares: ["mapped": 0.01]).changed {
          $0.report.invocation = nil
        })
    }
    #expect(culprit(9).scope.certainty == .likely && culprit(9).consumer.certainty == .certain)
    #expect(culprit(300).scope.certainty == .possible)
    #expect(culprit(300).consumer.certainty == .likely)
  }

  /// What a kill line says against the table, or against all RAM, is no proof.
  @Test func aKillLineMayBeWrong() {
    let gib = Sample.gib
    func killed(_ anon: Int64) -> Sample {
      Sample.machine().with(shares: ["mapped": 0.01]).with(rows: [
        Sample.row(100, "java", share: 0.8)
      ]).with(victim: 100, "java").changed {
        $0.report.pageSize = PageSize(Bytes(4096), .buddyLine(line: 7))
        ($0.report.victims[0].anonRSS, $0.report.victims[0].fileRSS) = (Bytes(anon), Bytes(0))
      }
    }
    #expect(Self.culprit(killed(Sample.pages * 4096 / 5 * 4)).consumer.certainty == .certain)
    #expect(Self.culprit(killed(16 * gib)).consumer.certainty == .likely)
    let alone = killed(16 * gib).changed { $0.report.tasks = nil }
    #expect(Self.culprit(alone).consumer.value == Culprit.Consumer(.unknown))
  }

  @Test func contiguousMemoryIsNotForAll() {
    let zones = [Self.zone("Normal", free: 300, cma: 295)]
    let kernel = Self.culprit(Self.machine(zones, "GFP_KERNEL"))
    #expect(kernel.scope.value == .zone && kernel.consumer.value.kind == .unknown)
    #expect(Self.culprit(Self.machine(zones, "GFP_HIGHUSER_MOVABLE")).scope.value == .machine)
  }

  @Test func aRecordIsNoWholeTable() {
    var sample = Sample.machine()
    #expect(Self.culprit(sample).consumer.certainty != .possible)
    sample.report.droppedRowCount = 100
    let culprit = Self.culprit(sample)
    #expect(culprit.consumer.certainty <= .likely && culprit.consumer.against.count == 1)
    #expect(culprit.selection.certainty == .possible)
    let words = culprit.selection.refutedBy.text { _ in "" }
    #expect(words.contains("keeps only 2 of 102 rows"))
  }

  /// rss holds what a task maps; where that is less than half of it, the rest is its own.
  @Test(arguments: [(0.05, .certain), (0.4, .likely)] as [(Double, Culprit.Certainty)])
  func mappedPagesMayBeOthers(_ mapped: Double, _ certainty: Culprit.Certainty) {
    let rows = [Sample.row(100, "java", share: 0.6), Sample.row(101, "db", share: 0.47)]
    let sample = Sample.machine().with(shares: ["mapped": mapped]).with(rows: rows)
    #expect(Self.culprit(sample).consumer.certainty == certainty)
  }

  /// Amounts with swap are compared with RAM and swap.
  @Test func swapIsNoRAM() {
    var row = Sample.row(100, "java", share: 0.5)
    row.swap = Pages(Sample.pages)
    let sample = Sample.machine().with(swap: 8 * Sample.gib, free: 0).with(rows: [row])
    let consumer = Self.culprit(sample).consumer.value
    #expect(consumer.amount == Bytes(12 * Sample.gib) && consumer.share == 0.75)
  }

  @Test(arguments: [1, 60])
  func pageTablesOfManyAreNotThoseOfOne(_ names: Int) {
    let tables = Sample.pages * 4096 / 100
    let rows = (0..<60).map { index -> TaskRow in
      var row = Sample.row(Int64(100 + index), "svc\(index % names)", share: 0.002)
      row.pageTables = Bytes(tables)
      return row
    }
    let sample = Sample(1).with(shares: ["inactive_anon": 0.12, "pagetables": 0.6])
      .with(swap: 0, free: 0).with(rows: rows)
    let consumer = Self.culprit(sample).consumer.value
    #expect(consumer.kind == .pagetables && consumer.pid == nil)
    #expect(consumer.name == (names == 1 ? LogText("svc0") : nil))
    #expect(abs((consumer.share ?? 0) - 0.6) < 0.001)
  }

  /// To 2.6.27 all lists are one, to 2.6.31 shmem is on those of anonymous memory.
  @Test(
    arguments: [
      ([["active", "inactive"], ["active_anon", "inactive_anon", "shmem"]], .unknown, .possible),
      ([[], ["shmem"]], .process, .likely),
    ] as [([[String]], Culprit.Consumer.Kind, Culprit.Certainty)])
  func oldKernelsTellLess(
    _ counters: [[String]], _ kind: Culprit.Consumer.Kind, _ certainty: Culprit.Certainty
  ) {
    let sample = Sample.machine().with(shares: ["mapped": 0.01])
      .with(rows: [Sample.row(100, "java", share: 0.8)]).changed { sample in
        for name in counters[0] {
          sample.report.memory?.counters[name] = Cited(Pages(Sample.pages * 9 / 20), line: 2)
        }
        for name in counters[1] { sample.report.memory?.counters[name] = nil }
      }
    let consumer = Self.culprit(sample).consumer
    #expect(consumer.value.kind == kind && consumer.certainty == certainty)
  }

  /// Where a cgroup's shmem has no figure, it is on the lists of anonymous pages all the same.
  @Test(arguments: [(30, .shmem), (490, .process)] as [(Int64, Culprit.Consumer.Kind)])
  func tmpfsInAnOldCgroup(_ rss: Int64, _ kind: Culprit.Consumer.Kind) {
    let sample = Sample.memcg().changed {
      let stats = ["rss": rss, "cache": 510 - rss, "active_anon": 500, "inactive_anon": 0]
      $0.report.memcg?.stats = stats.mapValues { Cited($0 * Sample.mib, line: 1) }
    }
    #expect(Self.culprit(sample).consumer.value.kind == kind)
  }

  /// To 3.9 or so no report prints the pools of huge pages.
  @Test func poolsMayBeInTheGap() {
    let sample = Sample(1).with(shares: ["inactive_anon": 0.3]).with(swap: 0, free: 0)
    #expect(Self.culprit(sample).consumer.certainty == .likely)
    let old = Self.culprit(sample.changed { $0.report.memory?.hugePools = [] }).consumer
    #expect(old.value.kind == .kernelUnaccounted && old.certainty == .possible)
  }

  /// No task has more in RAM than it has mapped.
  @Test func aRowThatContradictsItselfProvesNothing() {
    let sample = Sample.machine().with(shares: ["mapped": 0.01]).with(rows: [
      Sample.row(100, "java", share: 0.8)
    ])
    #expect(Self.culprit(sample).consumer.certainty == .certain)
    let edited = sample.changed { $0.report.tasks?.rows[0].totalVM = Pages(1000) }
    #expect(Self.culprit(edited).consumer.certainty == .possible)
  }

  /// Figures that nobody printed but a forger are no figures, and no reason to stop.
  @Test(arguments: [.max, 1 << 46, 1 << 60] as [Int64])
  func forgedSizes(_ pages: Int64) {
    let rows = (0..<8).map { index -> TaskRow in
      var row = Sample.row(Int64(100 + index), "x", share: 0)
      (row.rss, row.swap) = (Pages(pages), Pages(pages))
      (row.pageTables, row.oomScoreAdj) = (Bytes(pages), .min)
      return row
    }
    let sample = Sample.machine().with(rows: rows).changed {
      $0.report.pageSize = PageSize(Bytes(65_536), .assumed)
      $0.report.intent = Cited(Intent(pid: 100, comm: LogText("x"), score: 7), line: 8)
    }
    #expect(Self.culprit(sample).consumer.certainty == .possible)
  }

  /// A full disk tells of want of memory alone, and not of zram.
  @Test func fullSwapNeedNotBeCompressed() {
    let sample = Sample(1).with(shares: ["inactive_anon": 0.3])
      .with(swap: 6 * Sample.gib, free: 0).with(rows: [Sample.row(100, "java", share: 0.2)])
    let consumer = Self.culprit(sample).consumer
    #expect(consumer.value.kind == .kernelUnaccounted && consumer.certainty == .possible)
  }
}

/// Logs that lie beside the checkout.
@Suite(
  .enabled(
    if: Places.exists("\(Places.shared)/captures/expected.json"),
    "the folder ../shared with its logs is not there"))
struct SharedCulpritTests {
  @Test(arguments: ["captures", "corpus"])
  func nothingIsSureWithoutEvidence(_ folder: String) throws {
    for name in Places.filesAt("\(Places.shared)/\(folder)")
    where name.hasSuffix(".log") && (folder == "corpus" || name.contains(".dmesg.")) {
      let bytes = try #require(Places.bytes(at: "\(Places.shared)/\(folder)/\(name)"))
      for event in Scan.events(in: bytes, isWhole: true) { expectGrounds(event.report, name) }
    }
  }

  @Test(arguments: KnownCause.all)
  func captures(_ cause: KnownCause) throws {
    let folder = "\(Places.shared)/captures"
    var seen = 0
    for name in Places.filesAt(folder)
    where name.hasPrefix(cause.name) && (name.contains(".dmesg") || name.contains(".console")) {
      let bytes = try #require(Places.bytes(at: "\(folder)/\(name)"))
      for event in Scan.events(in: bytes) where event.report.status == .complete {
        let problem = cause.problem(event.report)
        #expect(problem == nil, "\(name): \(problem ?? "")")
        seen += 1
      }
    }
    #expect(seen > 0)
  }
}
