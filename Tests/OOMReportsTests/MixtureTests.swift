import KernelLog
import OOMReports
import TestSupport
import Testing

/// Reports among the lines of others.
@Suite struct MixtureTests {
  private static func lines(_ log: [UInt8]) -> [[UInt8]] {
    log.split(separator: 0x0A).map { Array($0) + [0x0A] }
  }

  @Test(arguments: [Scenario.global, .memcgV2, .group, .reaped, .panic])
  func twoHostsLineByLine(_ scenario: Scenario) {
    let first = KernelPrinter(.linux612, scenario, seed: 1).print()
    let second = KernelPrinter(.linux612, scenario, seed: 2).print()
    let left = Self.lines(LogForm.traditional.log(first.records, host: "web1"))
    let right = Self.lines(LogForm.traditional.log(second.records, host: "web2"))
    var log: [UInt8] = []
    for index in 0..<max(left.count, right.count) {
      if index < left.count { log += left[index] }
      if index < right.count { log += right[index] }
    }
    let events = Scan.events(in: log)
    #expect(events.map { $0.report.host?.description } == ["web1", "web2"])
    #expect(events.first?.facts.difference(from: first.facts) ?? ["missing"] == [])
    #expect(events.last?.facts.difference(from: second.facts) ?? ["missing"] == [])
  }

  @Test func manyHostsInOneFile() {
    var random = SplitMix64(seed: 5)
    var queues: [[[UInt8]]] = []
    var wanted: [String: [ReportFacts]] = [:]
    for host in ["a", "b", "c", "d"] {
      var queue: [[UInt8]] = []
      for seed in 1...3 {
        let printed = KernelPrinter(
          .linux61, .memcgV2, seed: UInt64(seed + queue.count),
          startingAt: Int64(seed) * 60_000_000
        ).print()
        queue += Self.lines(LogForm.traditional.log(printed.records, host: host))
        wanted[host, default: []].append(printed.facts)
      }
      queues.append(queue)
    }
    var log: [UInt8] = []
    while let index = queues.indices.filter({ !queues[$0].isEmpty }).randomElement(using: &random) {
      log += queues[index].removeFirst()
    }
    let events = Scan.events(in: log)
    let byHost = Dictionary(grouping: events) { $0.report.host?.description ?? "" }
    #expect(byHost.mapValues { $0.map(\.facts) } == wanted)
    #expect(events.map(\.byteRange.lowerBound).sorted() == events.map(\.byteRange.lowerBound))
  }

  @Test func foreignLinesInsideTheTaskTable() {
    let printed = KernelPrinter(.linux612, .global, seed: 6).print()
    var log: [UInt8] = []
    var foreign = 0
    for line in Self.lines(LogForm.traditional.log(printed.records)) {
      log += line
      if String(decoding: line, as: UTF8.self).contains("] [  ") {
        log += Array("Oct 25 14:30:12 web1 kernel: [   12.345678] eth0: link down\n".utf8)
        log += Array("Oct 25 14:30:12 web1 sshd[77]: Killed process 1 (x) of yours\n".utf8)
        foreign += 1
      }
    }
    let events = Scan.events(in: log)
    #expect(foreign > 3)
    #expect(events.count == 1)
    #expect(events.first?.facts.difference(from: printed.facts) ?? ["missing"] == [])
    let kinds = events.first?.report.diagnostics.map(\.kind) ?? []
    #expect(kinds.contains(.foreign))
    #expect(!kinds.contains(.torn))
  }

  /// The kernel prints ten reports in five seconds, and every kill line.
  @Test func aStormOfKillsBehindTheRateLimit() {
    var records: [KernelRecord] = []
    var pids: [Int64] = []
    for index in 1...17 {
      let printed = KernelPrinter(
        .linux618, .memcgV2, seed: UInt64(index), startingAt: Int64(index) * 200_000
      ).print()
      let isReported = index <= 10
      records += isReported ? printed.records : printed.records.suffix(1)
      pids.append(Int64(printed.facts["victim.0.pid"] ?? "") ?? 0)
    }
    let events = Scan.events(in: LogForm.dmesg.log(records))
    #expect(events.map { $0.report.victims.map(\.pid) } == pids.map { [$0] })
    #expect(events.prefix(10).allSatisfy { $0.report.status == .complete })
    #expect(events.suffix(7).allSatisfy { $0.report.status == .killOnly })
  }

  /// A dying task may report a failed allocation of its own, with a memory state that is not the
  /// event's.
  @Test func anAllocationFailureBehindTheKillIsNotTheEvents() {
    let printed = KernelPrinter(.linux618, .global, seed: 21).print()
    let later = KernelPrinter(.linux618, .global, seed: 22).print()
    let failure = KernelRecord(
      level: 4, micros: 30_000_000,
      text: Array("java: page allocation failure: order:0, mode:0x140dca(GFP_HIGHUSER)".utf8))
    let memory = later.records.filter { $0.level == 4 }.dropFirst().prefix(40)
    let log = LogForm.dmesg.log(printed.records + [failure] + memory)
    let events = Scan.events(in: log)
    #expect(events.count == 1)
    #expect(events.first?.facts.difference(from: printed.facts) ?? ["missing"] == [])
  }

  /// A report that broke off long ago does not swallow a kill of today.
  @Test func aLateKillIsAnEventOfItsOwn() {
    let cut = KernelPrinter(.linux61, .global, seed: 2).print().records.dropLast(3)
    let kill = KernelPrinter(.linux61, .memcgV2, seed: 3, startingAt: 900_000_000).print().records
    let noise = Noise.log(.dmesg, bytes: 60_000)
    let events = Scan.events(
      in: LogForm.dmesg.log(Array(cut)) + noise + LogForm.dmesg.log(kill.suffix(1)))
    #expect(events.map(\.report.status) == [.truncated, .killOnly])
    #expect(events.map(\.report.victims.count) == [0, 1])
  }

  @Test(arguments: Noise.falseFriends)
  func falseFriendsAreNoEvents(_ line: String) {
    #expect(Scan.events(in: Array((line + "\n").utf8)).count == 0)
  }

  @Test func falseFriendsTogetherAreNoEvents() {
    let log = Array((Noise.falseFriends.joined(separator: "\n") + "\n").utf8)
    #expect(Scan.events(in: log).count == 0)
    #expect(Scan.events(in: Noise.log(.dmesg, bytes: 200_000)).count == 0)
  }

  @Test func oddBytes() {
    #expect(Scan.events(in: []).count == 0)
    #expect(Scan.events(in: [0x0A]).count == 0)
    #expect(Scan.events(in: [UInt8](repeating: 0, count: 3000)).count == 0)
    let printed = KernelPrinter(.linux68, .memcgV2, seed: 3).print()
    let log = LogForm.dmesg.log(printed.records)
    let unended = Scan.scanner(over: Array(log.dropLast()))
    #expect(unended.events.first?.facts == printed.facts)
    #expect(unended.events.first?.byteRange.upperBound == log.count - 1)
    #expect(unended.scanner.lineCount == log.count { $0 == 0x0A })
    let zeros = [UInt8](repeating: 0, count: 4096)
    #expect(Scan.events(in: zeros + [0x0A] + log + zeros).first?.facts == printed.facts)
    let carriageReturns = log.flatMap { $0 == 0x0A ? [0x0D, 0x0D, 0x0A] : [$0] }
    #expect(Scan.events(in: carriageReturns).first?.facts == printed.facts)
  }

  @Test func randomBytesNeverTrap() {
    var random = SplitMix64(seed: 99)
    let words = [
      "oom-kill:constraint=CONSTRAINT_", "Killed process ", "Kill process 9 (x) score ",
      " invoked oom-killer: gfp_mask=0x", "Kernel panic - not syncing: Out of memory", "[", "]",
      ") total-vm:", "kB", ",task=", ",pid=", ",uid=", "-9223372036854775808",
      "9223372036854775807", "\n", " ", "Node 0 DMA free:", "Mem-Info:\n", "[ pid ] uid name\n",
      "[  1] 1 1 1 1 1 1 1 x\n", "Memory cgroup stats for ", "\u{0}", "\\x0a", "#012", "<4>",
      "4,1,2,-;", "Oct 25 14:31:23 h kernel: ", "{\"MESSAGE\":\"", "__CURSOR=", "한",
    ].map { Array($0.utf8) }
    for _ in 0..<300 {
      var log: [UInt8] = []
      for _ in 0..<random.number(1...60) { log += words.randomElement(using: &random) ?? [] }
      for event in Scan.events(in: log) {
        #expect(event.byteRange.lowerBound >= 0 && event.byteRange.upperBound <= log.count)
      }
    }
  }
}
