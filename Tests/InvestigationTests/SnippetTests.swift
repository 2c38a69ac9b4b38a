import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// What advice says to put where: its figures, its place, and that no name from a log does harm.
@Suite struct SnippetTests {
  private func snippets(_ rule: String, _ samples: [Sample], host: HostFacts? = nil) -> [Snippet] {
    Advice.recommendations(for: Evidence(samples, host: host))
      .filter { $0.ruleID == rule }.flatMap(\.snippets)
  }

  private func text(_ sentences: [Sentence]) -> String {
    sentences.map { $0.text { "\($0.count >> 20)M" } }.joined(separator: "; ")
  }

  // MARK: Limits

  @Test func aUnitGetsAQuarterMore() throws {
    let given = try #require(snippets("memcg-limit", [.memcg()]).first)
    #expect(given.kind == .systemd)
    #expect(given.place.path == "etc/systemd/system/web.service.d/60-oomsh.conf")
    #expect(text([given.place.shown]) == "/etc/systemd/system/web.service.d/60-oomsh.conf")
    #expect(given.text == "[Service]\nMemoryHigh=576M\nMemoryMax=640M")
    #expect(text(given.computedFrom).contains("512M, × 1.25, rounded up to 64M"))
    #expect(text(given.computedFrom).contains("lower bound"))
    #expect(text(given.computedFrom).contains("does not tell the machine's RAM"))
  }

  @Test func theHighestUsageOfAllHitsCounts() throws {
    let larger = Sample.memcg(1).changed {
      $0.report.memcg?.memory = Cited(
        MemcgUsage(usage: Bytes(1 << 30), limit: Bytes(1 << 30), failcnt: 1), line: 1)
    }
    let given = try #require(snippets("memcg-limit", [larger, .memcg(2)]).first)
    #expect(given.text == "[Service]\nMemoryHigh=1152M\nMemoryMax=1280M")
  }

  @Test func versionOneHasOneLimit() throws {
    let old = Sample.memcg().changed {
      $0.report.memcg?.memorySwap = Cited(
        MemcgUsage(usage: Bytes(5), limit: nil, failcnt: 0), line: 2)
    }
    #expect(snippets("memcg-limit", [old]).map(\.text) == ["[Service]\nMemoryLimit=640M"])
  }

  @Test(arguments: [640, 700] as [Int64])
  func aLimitNeverTakesTheWholeMachine(_ mebibytes: Int64) throws {
    var host = HostFacts(isLive: true)
    host.meminfo["MemTotal"] = Bytes(mebibytes << 20)
    #expect(snippets("memcg-limit", [.memcg()], host: host).isEmpty)
    let advice = Advice.recommendations(for: Evidence([.memcg()], host: host))
      .first { $0.ruleID == "memcg-limit" }
    #expect(text(try #require(advice).reason).contains("RAM have no room for it"))
    host.meminfo["MemTotal"] = Bytes(800 << 20)
    #expect(snippets("memcg-limit", [.memcg()], host: host).count == 1)
  }

  @Test func noLimitWhereItIsNoCure() {
    let files = Sample.memcg().changed {
      $0.report.memcg?.stats["shmem"] = Cited(450 << 20, line: 1)
      $0.report.memcg?.stats["file"] = Cited(460 << 20, line: 1)
      $0.report.memcg?.stats["anon"] = Cited(20 << 20, line: 1)
    }
    #expect(snippets("memcg-limit", [files]).isEmpty)
    let grows = (1...3).map { number in
      Sample.memcg(number).with(rows: [Sample.row(9, "leaky", share: 0.02 * Double(number))])
        .with(victim: Int64(200 + number), "node")
    }
    #expect(snippets("memcg-limit", grows).isEmpty)
    let unknown = Sample.memcg().changed { $0.report.memcg?.memory = nil }
    #expect(snippets("memcg-limit", [unknown]).isEmpty)
  }

  // MARK: Places

  @Test func unitsHaveTheirPlaces() throws {
    let places = [
      ("/system.slice/worker@3.service", "etc/systemd/system/worker@3.service.d/60-oomsh.conf"),
      ("/user.slice/user-1000.slice", "etc/systemd/system/user-1000.slice.d/60-oomsh.conf"),
      (
        "/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service",
        "home/1000/.config/systemd/user/sync.service.d/60-oomsh.conf"
      ),
      (
        "/user.slice/user-1000.slice/user@1000.service",
        "etc/systemd/system/user@1000.service.d/60-oomsh.conf"
      ),
      (#"/system.slice/a\x2db.service"#, #"etc/systemd/system/a\x2db.service.d/60-oomsh.conf"#),
    ]
    for (path, place) in places {
      let given = snippets("memcg-limit", [.memcg(limit: path)])
      #expect(given.map(\.place.path) == [place], "\(path)")
    }
    let slice = try #require(snippets("memcg-limit", [.memcg(limit: "/a.slice")]).first)
    #expect(slice.text.hasPrefix("[Slice]\n"))
  }

  @Test func aScopeIsSetWhileItLives() throws {
    let path = "/user.slice/user-0.slice/session-3.scope"
    let given = try #require(snippets("memcg-limit", [.memcg(limit: path)]).first)
    #expect(given.kind == .transientUnit && given.place.path == "by-hand/session_3_scope.txt")
    #expect(
      given.text
        == "systemctl set-property --runtime \\\n  'session-3.scope' \\\n  MemoryHigh=576M MemoryMax=640M"
    )
  }

  /// What the log calls a unit is a file's name, a line of a file, and a word of a shell.
  @Test(arguments: [
    "/system.slice/../../x.service", "/system.slice/x\nExecStart=reboot.service",
    "/system.slice/x';reboot;'.scope", "/system.slice/$(reboot).service", "/system.slice/.service",
    "/system.slice/-x.service", "/system.slice/x y.service", "/system.slice/한글.service",
    "/system.slice/\u{1B}[31m.service", "/docker/0123456789abcdef0123/system.slice/x.service",
    "/kubepods.slice/kubepods-pod$(reboot).slice", "/kubepods.slice", "/init.scope",
    "/docker/$(reboot)", "/docker/-v", "/", "",
  ])
  func hostileNamesGetNoText(_ path: String) {
    let given = ["memcg-limit", "container", "group-kill", "no-killable"].flatMap { rule in
      snippets(
        rule,
        [
          Sample.memcg(limit: path).changed {
            $0.report.groupKill = Cited(LogText(path), line: 1)
          }
        ])
    }
    // The kubelet's own settings hold no name.
    let named = given.filter { $0.kind != .kubelet }.map(\.place.path)
    #expect(named.allSatisfy { $0 == "etc/systemd/system/x.service.d/60-oomsh.conf" }, "\(named)")
  }

  @Test func hostileNamesOfProcessesAreEscaped() throws {
    let rows = [Sample.row(1_000, "../x\n[Service]", share: 0.7, adj: -1000)]
    let sample = Sample.machine().with(rows: rows + [Sample.row(2, "innocent", share: 0.01)])
    let given = try #require(snippets("protected-hog", [sample]).first)
    #expect(given.place.path == "by-hand/oom-score-adj-___x__Service_.conf")
    #expect(!text(given.computedFrom).contains("\n"))
  }

  // MARK: Containers

  @Test func aPodGetsRequestsAndLimits() throws {
    let pod = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12_34.slice"
    let given = try #require(snippets("container", [.memcg(limit: pod)]).first)
    #expect(given.kind == .kubernetes && given.place.path == "kubernetes/pod-12-34.yaml")
    #expect(
      given.text == """
        resources:
          requests:
            memory: "512Mi"
          limits:
            memory: "640Mi"
        """)
    #expect(text([given.place.shown]).contains("uid 12-34"))
    let guaranteed = try #require(
      snippets("container", [.memcg(limit: "/kubepods.slice/kubepods-pod1.slice")]).first)
    #expect(guaranteed.text.contains("requests:\n    memory: \"640Mi\""))
  }

  @Test func anEngineIsToldTheSwapToo() throws {
    let sample = Sample.memcg(limit: "/system.slice/docker-0123456789abcdef0123456789ab.scope")
    #expect(
      snippets("container", [sample]).map(\.text) == [
        "docker update --memory=640m \\\n  0123456789ab"
      ])
    let swap = sample.changed {
      $0.report.memcg?.swap = Cited(
        MemcgUsage(usage: Bytes(0), limit: Bytes(512 << 20), failcnt: 0), line: 1)
    }
    #expect(
      snippets("container", [swap]).map(\.text)
        == ["docker update --memory=640m \\\n  --memory-swap=1152m 0123456789ab"])
    let unlimited = sample.changed {
      $0.report.memcg?.swap = Cited(
        MemcgUsage(usage: Bytes(0), limit: nil, failcnt: 0), line: 1)
    }
    #expect(
      snippets("container", [unlimited]).map(\.text)
        == ["docker update --memory=640m \\\n  --memory-swap=-1 0123456789ab"])
  }

  @Test func aFullNodeEvictsEarlier() throws {
    let crowded = Sample.machine().changed {
      $0.event.taskPath = LogText("/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope")
    }
    let given = try #require(snippets("container", [crowded]).first)
    #expect(given.kind == .kubelet && given.text.contains("memory.available: \"410Mi\""))
    #expect(given.text.contains("nodefs.available"))
  }

  // MARK: oom_score_adj

  /// 70 % of 8 GiB against 1 %: with -690 it comes out above, by what cutting the thousandths off leaves.
  @Test func protectionIsTakenAsFarAsNeeded() throws {
    let sample = Sample.machine().with(rows: [
      Sample.row(1_000, "hog", share: 0.7, adj: -1000), Sample.row(2, "innocent", share: 0.01),
    ]).with(victim: 2, "innocent")
    let given = try #require(snippets("protected-hog", [sample]).first)
    #expect(given.text == "[Service]\nOOMScoreAdjust=-690")
    #expect(given.place.path == "by-hand/oom-score-adj-hog.conf")
    let report = sample.report
    let badness = try Badness(report)
    for (adj, isChosen) in [(-690, true), (-700, false)] as [(Int64, Bool)] {
      let answer = try WhatIf(report, badness, [.adjust(.name(LogText("hog")), to: adj)])
      #expect((answer.victims.first?.row.pid == 1_000) == isChosen, "\(adj)")
    }
  }

  @Test func aSparedServiceIsNoLongerFirst() throws {
    let sample = Sample.machine().with(rows: [
      Sample.row(7, "batch", share: 0.31, adj: -100), Sample.row(9, "other", share: 0.32, adj: -50),
      Sample.row(8, "mysqld", share: 0.30),
    ]).with(victim: 8, "mysqld").changed {
      $0.event.taskPath = LogText("/system.slice/mysql.service")
    }
    let given = try #require(snippets("protect-service", [sample]).first)
    #expect(given.place.path == "etc/systemd/system/mysql.service.d/60-oomsh.conf")
    let value = try #require(given.text.split(separator: "=").last.flatMap { Int64($0) })
    let answer = try WhatIf(
      sample.report, try Badness(sample.report), [.adjust(.name(LogText("mysqld")), to: value)])
    #expect(answer.victims.first?.row.pid == 9)
    #expect((-900..<0).contains(value))
    // The largest of all is to become smaller instead.
    let largest = sample.with(rows: [Sample.row(8, "mysqld", share: 0.6)])
    #expect(snippets("protect-service", [largest]).isEmpty)
  }

  // MARK: The machine

  @Test func aPoolGetsANumberOfWorkers() throws {
    let samples = (1...4).map { number in
      Sample.machine(number).with(
        rows: (0..<40).map { Sample.row(Int64(1_000 * number + $0), "php-fpm", share: 0.03) }
      ).with(victim: Int64(1_000 * number), "php-fpm")
    }
    let given = try #require(snippets("worker-pool", samples).first)
    // 90 % of RAM less 7 % of kernel memory, at 3 % each.
    #expect(given.text == "pm.max_children = 27")
    #expect(given.kind == .application && given.place.path == "by-hand/php_fpm-workers.txt")
  }

  @Test func hugePagesNeedWhatIsPromised() {
    let idle = Sample.machine().with(shares: ["inactive_anon": 0.32]).changed {
      $0.report.memory?.hugePools = [
        HugePool(node: 0, total: 2400, free: 2000, surplus: 0, size: Bytes(2 << 20), line: 2)
      ]
    }
    #expect(snippets("hugepages", [idle]).map(\.text) == ["vm.nr_hugepages = 400+HugePages_Rsvd"])
    var host = HostFacts([:])
    host.meminfoCounts["HugePages_Rsvd"] = 100
    #expect(snippets("hugepages", [idle], host: host).map(\.text) == ["vm.nr_hugepages = 500"])
    host.meminfoCounts["HugePages_Rsvd"] = 2000
    #expect(snippets("hugepages", [idle], host: host).isEmpty)
    let gigantic = idle.changed {
      $0.report.memory?.hugePools = [
        HugePool(node: 0, total: 4, free: 2, surplus: 0, size: Bytes(1 << 30), line: 2)
      ]
    }
    #expect(snippets("hugepages", [gigantic]).isEmpty)
  }

  /// Counts of pages are the only figures of a report that nothing bounds.
  @Test(arguments: [nil, Constraint.cpuset])
  func forgedPoolsGiveNoText(_ bound: Constraint?) {
    let forged = Sample.machine().changed { sample in
      sample.report.memory?.hugePools = (0..<2).map { line in
        HugePool(node: 0, total: .max, free: .max - 1, surplus: 0, size: Bytes(2 << 20), line: line)
      }
      guard let bound else { return }
      var decision = Decision()
      decision.constraint = bound
      decision.memsAllowed = "0"
      sample.report.decision = Cited(decision, line: 1)
      sample.report.constraint = Cited(bound, line: 1)
      sample.event.constraint = bound
      sample.report.memory?.zones = [Sample.zone("Normal", free: 1 << 20, low: 2 << 20)]
    }
    var host = HostFacts([:])
    host.meminfoCounts["HugePages_Rsvd"] = .max
    #expect(snippets("hugepages", [forged]).isEmpty)
    #expect(snippets("hugepages", [forged], host: host).isEmpty)
  }

  @Test func theReserveStaysInItsBand() {
    for value in ["900", "900000"] {
      let given = snippets("min-free", [], host: HostFacts(["vm.min_free_kbytes": value]))
      #expect(given.map(\.text) == ["vm.min_free_kbytes = 11585"])
    }
    var tiny = HostFacts(["vm.min_free_kbytes": "900"])
    tiny.meminfo["MemTotal"] = Bytes(32 << 20)
    #expect(snippets("min-free", [], host: tiny).isEmpty)
    #expect(MinFreeBand.allowed(1023, ofRAM: Bytes(8 << 30)) == nil)
    #expect(MinFreeBand.allowed(200_000, ofRAM: Bytes(8 << 30)) == nil)
  }

  @Test func whatIsPromisedStaysPromised() {
    func given(_ mode: String, limit: Int64, committed: Int64) -> [String] {
      var host = HostFacts(["vm.overcommit_memory": mode])
      host.meminfo["CommitLimit"] = Bytes(limit << 20)
      host.meminfo["Committed_AS"] = Bytes(committed << 20)
      return snippets("overcommit", [.machine()], host: host).map(\.text)
    }
    #expect(
      given("0", limit: 4096, committed: 4096)
        == ["vm.overcommit_kbytes = 5242880\nvm.overcommit_memory = 2"])
    #expect(given("0", limit: 4096, committed: 7000).isEmpty)
    #expect(given("1", limit: 4096, committed: 9000) == ["vm.overcommit_memory = 0"])
    #expect(given("2", limit: 8192, committed: 5000) == ["vm.overcommit_kbytes = 7549747"])
    #expect(given("2", limit: 8192, committed: 7900).isEmpty)
  }

  @Test func earlyoomActsAboveTheWatermarks() {
    let sample = Sample.machine().changed {
      var zone = Sample.zone("Normal", free: 40 << 20, low: 50 << 20)
      zone.counters["high"] = Bytes(200 << 20)
      $0.report.memory?.zones = [zone]
    }
    #expect(snippets("early-action", [sample]).map(\.text) == ["EARLYOOM_ARGS=\"-m 5\""])
    #expect(snippets("early-action", [.machine()]).isEmpty)
  }

  // MARK: All of them

  private static let all: [(name: String, evidence: Evidence)] =
    AdviceTests.situations.map { ($0.name, $0.evidence) }
    + WrongAdviceTests.rows.map { ($0.situation, $0.evidence) }

  @Test func everyTextIsSafeAndFounded() {
    var count = 0
    for (name, evidence) in Self.all {
      var given: Set<[String]> = []
      for snippet in Advice.recommendations(for: evidence).flatMap(\.snippets) {
        count += 1
        #expect(!snippet.computedFrom.isEmpty && !snippet.text.isEmpty, "\(name)")
        #expect(
          snippet.text.utf8.allSatisfy { $0 == 10 || (32..<127).contains($0) }, "\(name)")
        let parts = snippet.place.path.split(separator: "/", omittingEmptySubsequences: false)
        #expect(parts.count > 1 && !parts.contains { ["", ".", ".."].contains($0) }, "\(name)")
        for setting in snippet.settings {
          #expect(given.insert([snippet.place.path, setting]).inserted, "\(name): \(setting)")
        }
      }
    }
    #expect(count > 40)
  }
}
