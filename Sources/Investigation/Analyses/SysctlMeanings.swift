internal import OOMReports

/// What the values of one sysctl mean; the texts are in the book sysctl.
struct SysctlMeanings: Sendable {
  let name: String
  /// The values that some kernel accepts.
  let legal: ClosedRange<Int64>
  /// The id of the text that tells what a legal value does.
  let meaning: @Sendable (Int64, HostFacts) -> String
  let remark: @Sendable (Int64, HostFacts) -> SysctlReview.Remark?

  private init(
    _ name: String, _ legal: ClosedRange<Int64>,
    meaning: @escaping @Sendable (Int64, HostFacts) -> String,
    remark: @escaping @Sendable (Int64, HostFacts) -> SysctlReview.Remark? = { _, _ in nil }
  ) {
    self.name = name
    self.legal = legal
    self.meaning = { "\(name)=\(meaning($0, $1))" }
    self.remark = remark
  }

  static let rows = [
    SysctlMeanings(
      "vm.panic_on_oom", 0...2, meaning: { value, _ in "\(value)" },
      remark: { value, host in
        switch value {
        case 0: nil
        case 1: warning("the machine stops when memory runs out\(restart(host))")
        default: critical("any cgroup at its own limit stops the machine\(restart(host))")
        }
      }),
    SysctlMeanings(
      "vm.oom_kill_allocating_task", 0...Int64(Int32.max),
      meaning: { value, _ in value == 0 ? "0" : "1" },
      remark: { value, _ in value == 0 ? nil : warning("victims are not the largest processes") }),
    SysctlMeanings(
      "vm.oom_dump_tasks", 0...Int64(Int32.max), meaning: { value, _ in value == 0 ? "0" : "1" },
      remark: { value, _ in value == 0 ? warning("reports will not tell who held memory") : nil }),
    SysctlMeanings(
      "vm.overcommit_memory", 0...2, meaning: { value, _ in "\(value)" },
      remark: { value, _ in value == 0 ? nil : note("not the kernel's default, which is 0") }),
    SysctlMeanings(
      "vm.overcommit_ratio", 0...Int64(Int32.max),
      meaning: { _, host in
        if let fixed = host.integer("vm.overcommit_kbytes"), fixed > 0 { return "overridden" }
        return isStrict(host) ? "in-force" : "idle"
      },
      remark: { value, host in
        value > 100 && isStrict(host) ? warning("more than all RAM may be promised") : nil
      }),
    SysctlMeanings(
      "vm.overcommit_kbytes", 0...Int64.max,
      meaning: { value, host in value == 0 ? "0" : isStrict(host) ? "in-force" : "idle" }),
    SysctlMeanings(
      "vm.swappiness", 0...200, meaning: { value, _ in swappiness(value) },
      remark: { value, host in
        guard value == 0 else { return nil }
        let hasSwap = host.swapDevices.map { !$0.isEmpty } ?? false
        return hasSwap ? warning("swap is there, but hardly used") : note("hardly ever swaps")
      }),
    SysctlMeanings(
      "vm.min_free_kbytes", 0...Int64.max, meaning: { value, host in reserve(value, host) },
      remark: { value, host in
        switch reserve(value, host) {
        case "low": critical("below 1024 kB the kernel may deadlock")
        case "high": warning("\(share: shareOfRAM(value, host) ?? 0) of RAM is kept free")
        default: nil
        }
      }),
    SysctlMeanings(
      "vm.admin_reserve_kbytes", 0...Int64.max,
      meaning: { value, host in value == 0 ? "0" : isStrict(host) ? "in-force" : "idle" },
      remark: { value, host in
        value == 0 && isStrict(host) ? warning("root may be unable to log in") : nil
      }),
    SysctlMeanings(
      "vm.user_reserve_kbytes", 0...Int64.max,
      meaning: { value, host in value == 0 ? "0" : isStrict(host) ? "in-force" : "idle" }),
  ]

  /// `vm.min_free_kbytes` against what a kernel needs and what it would ever choose by itself.
  static func reserve(_ value: Int64, _ host: HostFacts) -> String {
    if value < 1024 { return "low" }
    return (shareOfRAM(value, host) ?? 0) > 0.05 ? "high" : "usual"
  }

  static func shareOfRAM(_ kB: Int64, _ host: HostFacts) -> Double? {
    guard let ram = host.meminfo["MemTotal"], ram.kB > 0 else { return nil }
    return Double(kB) / Double(ram.kB)
  }

  private static func swappiness(_ value: Int64) -> String {
    switch value {
    case 0: "0"
    case 1..<30: "low"
    case 30..<100: "usual"
    case 100: "even"
    default: "high"
    }
  }

  private static func isStrict(_ host: HostFacts) -> Bool {
    host.integer("vm.overcommit_memory") == 2
  }

  /// What follows a panic, as far as it is known.
  private static func restart(_ host: HostFacts) -> Sentence {
    switch host.integer("kernel.panic") {
    case .some(0): ", and stays stopped (kernel.panic = 0)"
    case .some(let seconds) where seconds > 0: ", and restarts after \(seconds) s"
    case .some: ", and restarts at once"
    case nil: ""
    }
  }

  private static func note(_ text: Sentence) -> SysctlReview.Remark {
    SysctlReview.Remark(concern: .note, text: text)
  }

  private static func warning(_ text: Sentence) -> SysctlReview.Remark {
    SysctlReview.Remark(concern: .warning, text: text)
  }

  private static func critical(_ text: Sentence) -> SysctlReview.Remark {
    SysctlReview.Remark(concern: .critical, text: text)
  }
}
