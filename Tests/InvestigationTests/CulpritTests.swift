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

/// Logs that lie beside the checkout.
@Suite(
  .enabled(
    if: Places.exists("\(Places.shared)/captures/expected.json"),
    "the folder ../shared with its logs is not there"))
struct SharedCulpritTests {
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
