import FoundationEssentials
import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// Advice on real reports whose causes are known; the captures lie beside the checkout.
@Suite struct CaptureAdviceTests {
  /// A scenario's file name begins so, in every kernel that it was made with.
  struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let must: Set<String>
    let mustNot: Set<String>

    var testDescription: String { name }
  }

  private static let machineOnly: Set<String> = [
    "machine-ram", "add-swap", "swap-free", "early-action", "unaccounted", "hugepages", "lowmem",
    "fragmentation",
  ]

  static let scenarios: [Scenario] = [
    Scenario(
      name: "global-noswap", must: ["machine-ram", "add-swap", "early-action", "monitoring"],
      mustNot: ["memcg-limit", "swap-free", "unaccounted", "slab", "shmem", "hugepages"]),
    Scenario(
      name: "global-swap-disk-6.12", must: ["machine-ram", "add-swap"], mustNot: ["swap-free"]),
    Scenario(name: "memcg-v1-5", must: ["memcg-limit"], mustNot: machineOnly),
    Scenario(name: "memcg-v1-nested", must: ["memcg-limit"], mustNot: machineOnly),
    Scenario(name: "memcg-v1-nohierarchy", must: ["machine-ram"], mustNot: ["memcg-limit"]),
    Scenario(name: "memcg-v2-5", must: ["memcg-limit"], mustNot: machineOnly),
    Scenario(name: "memcg-v2-6", must: ["memcg-limit"], mustNot: machineOnly),
    Scenario(name: "memcg-v2-swap", must: ["memcg-limit"], mustNot: machineOnly),
    Scenario(name: "memcg-v2-group", must: ["memcg-limit", "group-kill"], mustNot: machineOnly),
    Scenario(
      name: "memcg-v2-nested-kube", must: ["memcg-limit", "container"], mustNot: machineOnly),
    Scenario(name: "memcg-v2-nokill", must: ["no-killable"], mustNot: machineOnly),
    Scenario(name: "cpuset-v2", must: ["node-bound"], mustNot: machineOnly),
    Scenario(
      name: "dump-tasks-0", must: ["dump-tasks", "machine-ram"],
      mustNot: ["growth", "watch-largest", "memcg-limit"]),
    Scenario(
      name: "hugepages-reserved", must: ["hugepages"],
      mustNot: ["machine-ram", "add-swap", "unaccounted", "memcg-limit"]),
    Scenario(name: "kill-allocating-task", must: ["kill-allocating-task"], mustNot: []),
    Scenario(
      name: "mlock", must: ["mlock"],
      mustNot: ["machine-ram", "add-swap", "unaccounted", "swap-free"]),
    Scenario(name: "protected-hog", must: ["protected-hog"], mustNot: ["no-killable"]),
    Scenario(name: "repeat-leak", must: ["growth"], mustNot: []),
    Scenario(
      name: "shmem-mapped", must: ["shmem"], mustNot: ["machine-ram", "slab", "unaccounted"]),
    Scenario(
      name: "tmpfs-files", must: ["shmem"],
      mustNot: ["machine-ram", "slab", "unaccounted", "growth", "watch-largest"]),
    Scenario(
      name: "slab-dentries", must: ["slab"],
      mustNot: ["machine-ram", "add-swap", "shmem", "unaccounted"]),
    Scenario(
      name: "sock-buffers", must: ["unaccounted"], mustNot: ["machine-ram", "add-swap", "slab"]),
    Scenario(
      name: "sysrq-f", must: ["sysrq"],
      mustNot: machineOnly.union(["growth", "watch-largest", "monitoring"])),
    Scenario(name: "panic-on-oom-1-5", must: ["panic-on-oom"], mustNot: ["no-killable"]),
    Scenario(name: "panic-on-oom-1-memcg", must: ["memcg-limit"], mustNot: ["panic-on-oom"]),
  ]

  @Test(
    .enabled(if: !captures.isEmpty, "the captures are not there; advice on real reports untested"),
    arguments: scenarios)
  func knownCausesAreAdvisedOn(_ scenario: Scenario) throws {
    let files = Self.captures.filter { $0.lastPathComponent.hasPrefix(scenario.name) }
    #expect(!files.isEmpty)
    for file in files {
      let evidence = Evidence(log: Array(try Data(contentsOf: file)))
      let given = Set(Advice.recommendations(for: evidence).map(\.ruleID))
      let missing = scenario.must.subtracting(given)
      #expect(missing.isEmpty, "\(file.lastPathComponent): given were \(given.sorted())")
      let wrong = scenario.mustNot.intersection(given)
      #expect(wrong.isEmpty, "\(file.lastPathComponent)")
    }
  }

  /// A capture for each kernel: the plain dmesg form, and the console's where the machine died.
  private static let captures: [URL] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../shared/captures").standardized
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { name in
      name.hasSuffix(".dmesg.log") || name.hasPrefix("panic") && name.hasSuffix(".console.log")
    }.map { folder.appending(path: $0) }
  }()
}
