import KernelLog
import OOMReports
import TestSupport
import Testing

/// Where a line is lost or cut, every figure that is reported is the true one.
@Suite struct TruthTests {
  static let cases: [(kernel: Kernel, scenario: Scenario)] = [
    (.linux2618, .global), (.linux2632, .global), (.rhel6, .global), (.rhel7, .memcgV1),
    (.linux414, .global), (.rhel8, .group), (.linux50, .memcgV1), (.linux510, .cpuset),
    (.linux61, .memcgV2), (.linux618, .slab),
  ]

  /// The facts by what they are about, not by their place: a lost row moves the rows behind it.
  private static func keyed(_ facts: ReportFacts) -> [String: String] {
    var result: [String: String] = [:]
    for (key, value) in facts.entries {
      let parts = key.split(separator: ".", maxSplits: 2).map(String.init)
      guard parts.count == 3, ["task", "victim", "stack"].contains(parts[0]) else {
        // The letters behind a block's size are no figure.
        let isBlock = key.hasPrefix("zone.") && key.contains(".blocks.")
        result[key] = isBlock ? String(value.prefix { $0 != "k" }) : value
        continue
      }
      if parts[0] == "stack" {
        let place = value.drop { $0 == "?" || $0 == " " }.prefix { $0 != " " }
        result["stack \(place.prefix { $0 != "/" })"] = String(place)
      } else if let pid = facts["\(parts[0]).\(parts[1]).pid"] {
        result["\(parts[0]).\(pid).\(parts[2])"] = value
      }
    }
    return result
  }

  /// Facts that a loss changes rightly, and texts, whose last letters may be cut.
  private static func isFigure(_ key: String) -> Bool {
    let derived = [
      "status", "outcome", "constraint", "trigger", "pageSize", "taskRowCount", "ending",
    ]
    return !derived.contains(key) && key != "invocation.gfpFlags" && !key.hasSuffix("Path")
      && !key.hasSuffix(".name")
      && !key.hasSuffix("comm") && key != "hardware" && key != "system.workqueue"
      && key != "system.taints"
      // Kernels of another generation end the line with it.
      && key != "invocation.oomAdj"
  }

  private func expectTruth(_ log: [[UInt8]], _ truth: [String: String], _ place: Comment) {
    for event in Scan.events(in: Array(log.joined())) {
      for (key, value) in Self.keyed(event.facts)
      where Self.isFigure(key) && (truth[key] != nil || key != "invocation.gfpMask") {
        #expect(truth[key] == value, "\(key) in \(place)")
      }
    }
  }

  @Test(arguments: cases.indices)
  func oneLineDamaged(_ index: Int) {
    let printed = KernelPrinter(Self.cases[index].kernel, Self.cases[index].scenario, seed: 21)
      .print()
    var truth = Self.keyed(printed.facts)
    // Before 2.6.11 the line ended with the mask.
    if index == 0 { truth["invocation.gfpMask"] = nil }
    let lines = LogForm.dmesg.log(printed.records).split(separator: 0x0A).map { Array($0) + [0x0A] }
    var random = SplitMix64(seed: UInt64(index))
    for place in lines.indices {
      let line = lines[place]
      let text: Comment = "line \(place): \(String(decoding: line, as: UTF8.self))"
      expectTruth(Array(lines[..<place] + lines[(place + 1)...]), truth, "lost \(text)")
      // That digits are missing at a line's very end, nothing can tell.
      let last = line.lastIndex(of: 0x20) ?? 1
      let cut = random.number(1...max(last, 1))
      let head = Array(line[..<cut]) + [0x0A]
      expectTruth(
        Array(lines[..<place] + [head] + lines[(place + 1)...]), truth, "cut \(cut) \(text)")
    }
  }

  /// A counter below zero is no figure, and is said.
  @Test func wrappedCounters() throws {
    let report = try #require(
      Scan.events(
        in: Array(
          """
          [    1.000000] a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
          [    1.000001] Mem-Info:
          [    1.000002] active_anon:18446744073709551615 inactive_anon:5 isolated_anon:0
          [    1.000003] Free swap  = -4kB
          [    1.000004] Out of memory: Killed process 5 (a) total-vm:18446744073709551612kB, \
          anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0

          """.utf8)
      ).first?.report)
    #expect(report.memory?.counters["active_anon"] == nil)
    #expect(report.memory?.counters["inactive_anon"]?.value == Pages(5))
    #expect(report.memory?.freeSwap?.value == Bytes(-4096))
    #expect(report.victims.first?.totalVM == nil)
    #expect(report.victims.first?.anonRSS == Bytes(8192))
    #expect(report.diagnostics.map(\.line) == [3, 5])
    #expect(Set(report.diagnostics.map(\.kind)) == [.wrapped])
  }

  @Test func contradictionsAreSaid() throws {
    let zones = [
      "Node 0 Normal free:8kB min:4kB present:800kB managed:700kB", "Node 0 Normal: 2*4kB = 8kB",
      "100 pages RAM",
    ]
    let head = "a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
    let log = ([head, "Mem-Info:"] + zones).map { "[    1.000000] \($0)\n" }.joined()
    let report = try #require(Scan.events(in: Array(log.utf8)).first?.report)
    #expect(report.diagnostics.map(\.kind) == [.contradiction])
    #expect(report.diagnostics.first?.line == 5)
  }
}
