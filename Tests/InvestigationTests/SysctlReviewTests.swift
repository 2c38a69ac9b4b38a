import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct SysctlReviewTests {
  private func setting(_ name: String, _ settings: [String: String]) throws
    -> SysctlReview.Setting
  {
    try #require(SysctlReview(HostFacts(settings)).settings.first { $0.name == name })
  }

  /// The text of the meaning that each value must find, and how much the remark matters.
  static let meanings: [(String, String, String, SysctlReview.Remark.Concern?)] = [
    ("vm.panic_on_oom", "0", "0", nil), ("vm.panic_on_oom", "1", "1", .warning),
    ("vm.panic_on_oom", "2", "2", .critical), ("vm.oom_kill_allocating_task", "0", "0", nil),
    ("vm.oom_kill_allocating_task", "1", "1", .warning), ("vm.oom_dump_tasks", "0", "0", .warning),
    ("vm.oom_dump_tasks", "1", "1", nil), ("vm.overcommit_memory", "0", "0", nil),
    ("vm.overcommit_memory", "1", "1", .note), ("vm.overcommit_memory", "2", "2", .note),
    ("vm.overcommit_ratio", "50", "idle", nil), ("vm.overcommit_kbytes", "0", "0", nil),
    ("vm.overcommit_kbytes", "1000", "idle", nil), ("vm.swappiness", "0", "0", .note),
    ("vm.swappiness", "1", "low", nil), ("vm.swappiness", "60", "usual", nil),
    ("vm.swappiness", "100", "even", nil), ("vm.swappiness", "200", "high", nil),
    ("vm.min_free_kbytes", "1023", "low", .critical),
    ("vm.min_free_kbytes", "67584", "usual", nil),
    ("vm.min_free_kbytes", "1000000", "high", .warning),
    ("vm.admin_reserve_kbytes", "8192", "idle", nil),
    ("vm.admin_reserve_kbytes", "0", "0", nil),
    ("vm.user_reserve_kbytes", "131072", "idle", nil),
  ]

  @Test(arguments: meanings)
  func valuesHaveTheirMeaning(
    _ name: String, _ value: String, _ text: String, _ concern: SysctlReview.Remark.Concern?
  ) throws {
    let setting = try setting(name, [name: value])
    #expect(setting.meaning == Prose.text(.sysctl, "\(name)=\(text)"))
    #expect(!setting.meaning.isEmpty && !setting.advice.isEmpty)
    #expect(setting.value == .number(Int64(value) ?? -1))
    #expect(setting.remark?.concern == concern)
  }

  @Test(arguments: [
    ("vm.panic_on_oom", "7"), ("vm.panic_on_oom", "-1"), ("vm.overcommit_memory", "3"),
    ("vm.swappiness", "201"), ("vm.swappiness", "sixty"), ("vm.min_free_kbytes", "-5"),
    ("vm.overcommit_ratio", "99999999999999999999"), ("vm.oom_dump_tasks", "\u{1b}[2J"),
  ])
  func invalidValuesAreSaidToBeSo(_ name: String, _ value: String) throws {
    let setting = try setting(name, [name: value])
    #expect(setting.value == .invalid(LogText(value)))
    #expect(setting.meaning == Prose.text(.sysctl, "invalid"))
    #expect(setting.remark?.text.parts.first == .logText(LogText(value)))
  }

  @Test func missingValuesAreMissing() {
    let review = SysctlReview(HostFacts(isLive: true))
    #expect(review.settings.count == 10)
    #expect(review.settings.allSatisfy { $0.value == .missing && $0.remark == nil })
    #expect(review.commit.limit == nil && review.commit.share == nil && review.commit.agrees == nil)
    #expect(review.swap.zram == .unknown && review.swap.zswap == .unknown)
    #expect(review.kills == nil)
  }

  @Test func strictModePutsItsSettingsInForce() throws {
    let ratio = [
      "vm.overcommit_memory": "2", "vm.overcommit_ratio": "80", "vm.overcommit_kbytes": "0",
    ]
    #expect(try setting("vm.overcommit_ratio", ratio).meaning.contains("plus all swap"))
    let fixed = [
      "vm.overcommit_memory": "2", "vm.overcommit_ratio": "0", "vm.overcommit_kbytes": "4096",
    ]
    #expect(try setting("vm.overcommit_ratio", fixed).meaning.hasPrefix("Not in force"))
    #expect(try setting("vm.overcommit_kbytes", fixed).meaning.contains("whatever the RAM"))
    let noReserve = ["vm.overcommit_memory": "2", "vm.admin_reserve_kbytes": "0"]
    #expect(try setting("vm.admin_reserve_kbytes", noReserve).remark?.concern == .warning)
  }

  @Test func panicSaysWhetherTheMachineComesBack() throws {
    func remark(_ seconds: String) throws -> String? {
      try setting("vm.panic_on_oom", ["vm.panic_on_oom": "1", "kernel.panic": seconds])
        .remark?.text.text { "\($0.count)" }
    }
    #expect(try remark("0")?.hasSuffix("stays stopped (kernel.panic = 0)") == true)
    #expect(try remark("10")?.hasSuffix("restarts after 10 s") == true)
    #expect(try remark("-1")?.hasSuffix("restarts at once") == true)
    #expect(try remark("?")?.hasSuffix("runs out") == true)
  }

  // MARK: Promised memory

  /// Figures of a real machine: 24684096 kB of RAM, no swap, no huge pages.
  private func machine(_ settings: [String: String], _ sizes: [String: Int64] = [:]) -> HostFacts {
    var host = HostFacts(settings)
    host.meminfo = [
      "MemTotal": 24_684_096, "SwapTotal": 0, "Hugetlb": 0, "CommitLimit": 12_342_048,
      "Committed_AS": 178_516,
    ].merging(sizes) { $1 }.mapValues { Bytes($0 * 1024) }
    return host
  }

  @Test func commitLimitIsRecomputed() {
    let plain = CommitReview(machine(["vm.overcommit_ratio": "50", "vm.overcommit_kbytes": "0"]))
    #expect(plain.recomputed == plain.limit && plain.agrees == true)
    #expect(plain.basis == .ratio(50) && plain.mode == nil)
    #expect(plain.meaning == Prose.text(.sysctl, "commit.mode-unknown"))

    let pooled = CommitReview(
      machine(
        ["vm.overcommit_ratio": "50"],
        ["Hugetlb": 2_000_000, "SwapTotal": 1000, "CommitLimit": 11_343_048]))
    #expect(pooled.agrees == true)

    let fixed = CommitReview(
      machine(
        ["vm.overcommit_ratio": "0", "vm.overcommit_kbytes": "5000"],
        ["SwapTotal": 1000, "CommitLimit": 6000]))
    #expect(fixed.agrees == true && fixed.basis == .fixed(Bytes(5000 * 1024)))

    let other = CommitReview(machine(["vm.overcommit_ratio": "80"]))
    #expect(other.agrees == false)
  }

  @Test func hugePagesOfOldKernelsAreCounted() {
    var host = machine(["vm.overcommit_ratio": "50"], ["Hugepagesize": 2048])
    host.meminfo["Hugetlb"] = nil
    host.meminfoCounts["HugePages_Total"] = 1000
    #expect(CommitReview(host).recomputed == Bytes((24_684_096 - 2_048_000) * 1024 / 2))
    host.meminfo["Hugepagesize"] = nil
    #expect(CommitReview(host).recomputed == nil)
  }

  @Test func exceedingTheLimitMattersInModeTwoOnly() {
    let over: [String: Int64] = ["Committed_AS": 20_000_000]
    for mode in ["0", "1"] {
      let review = CommitReview(machine(["vm.overcommit_memory": mode], over))
      #expect(review.remark == nil && (review.share ?? 0) > 1)
    }
    let strict = ["vm.overcommit_memory": "2"]
    #expect(CommitReview(machine(strict, over)).remark?.concern == .critical)
    #expect(CommitReview(machine(strict, ["Committed_AS": 11_900_000])).remark?.concern == .warning)
    #expect(CommitReview(machine(strict)).remark == nil)
  }

  @Test func figuresThatDoNotFitAreMissing() {
    let settings = ["vm.overcommit_ratio": "2147483647", "vm.overcommit_kbytes": "0"]
    var host = machine(settings)
    host.meminfo["MemTotal"] = Bytes(.max)
    #expect(CommitReview(host).recomputed == nil)
    host.sysctls["vm.overcommit_kbytes"] = LogText("9007199254740991")
    host.meminfo["SwapTotal"] = Bytes(.max)
    #expect(CommitReview(host).recomputed == nil)
  }

  // MARK: Swap and kills

  @Test func compressedSwapIsNoticed() {
    var host = HostFacts(isLive: true)
    host.swapDevices = []
    #expect(SwapReview(host).zram == .off)
    host.swapDevices = [
      SwapDevice(
        name: LogText("/dev/zram0"), kind: .zram, size: Bytes(1), used: Bytes(0), priority: 5)
    ]
    #expect(SwapReview(host).zram == .on && SwapReview(host).remark?.concern == .note)
    host.isZswapEnabled = true
    #expect(SwapReview(host).zswap == .on && SwapReview(host).remark?.concern == .warning)
  }

  @Test(
    arguments: [
      (3, [1, 1, 1], 0, .noneLost), (10, [1, 1], 8, .lost), (4, [3], 0, .noneLost),
      (5, [3], 1, .lost), (1, [1, 1], 0, .moreLogged), (0, [], 0, .noneLost), (7, [], 7, .lost),
    ] as [(Int64, [Int], Int64, KillAccount.Verdict)])
  func killsAreComparedWithTheKernelsCount(
    _ counted: Int64, _ kills: [Int], _ lost: Int64, _ verdict: KillAccount.Verdict
  ) throws {
    var host = HostFacts(isLive: true)
    host.oomKills = counted
    let events = kills.enumerated().map { number, count in
      Sample.machine(number + 1).changed { $0.event.killCount = count }.event
    }
    let account = try #require(SysctlReview(host, liveEvents: events).kills)
    #expect(account.lost == lost && account.verdict == verdict)
    #expect(!account.meaning.isEmpty)
    host.isLive = false
    #expect(SysctlReview(host, liveEvents: events).kills == nil)
  }
}
