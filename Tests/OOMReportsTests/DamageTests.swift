import KernelLog
import OOMReports
import TestSupport
import Testing

/// Logs lose lines, double them and tear them. Nothing is ever made up.
@Suite struct DamageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let kernel: Kernel
    let scenario: Scenario

    var testDescription: String { "\(kernel), \(scenario)" }
    var printed: PrintedReport { KernelPrinter(kernel, scenario, seed: 11).print() }
  }

  static let cases = [
    Case(kernel: .linux2618, scenario: .global), Case(kernel: .rhel6, scenario: .global),
    Case(kernel: .rhel7, scenario: .memcgV1), Case(kernel: .linux414, scenario: .global),
    Case(kernel: .rhel8, scenario: .group), Case(kernel: .linux50, scenario: .memcgV1),
    Case(kernel: .linux510, scenario: .cpuset), Case(kernel: .linux61, scenario: .memcgV2),
    Case(kernel: .linux68, scenario: .noVictim), Case(kernel: .linux618, scenario: .slab),
    Case(kernel: .linux612, scenario: .panic),
  ]

  /// A log's lines, their ends included.
  private static func lines(_ log: [UInt8]) -> [[UInt8]] {
    log.split(separator: 0x0A).map { Array($0) + [0x0A] }
  }

  /// Every figure that is reported stands in the log, digit for digit.
  private func expectNothingInvented(
    _ events: [ReportScanner.Found], in log: [UInt8], _ place: Comment
  ) {
    let printed = Self.figures(in: log)
    for event in events {
      var facts = event.facts
      // These are counted or inferred, and statistics in KB are kept in bytes.
      facts["taskRowCount"] = nil
      facts["pageSize"] = nil
      for key in facts.entries.keys
      where key.hasPrefix("memcg.stat.") || key.hasSuffix(".tables") || key.hasPrefix("hardware") {
        facts[key] = nil
      }
      let invented = facts.figures.subtracting(printed)
      #expect(invented == [], place)
    }
  }

  /// All runs of digits.
  private static func figures(in log: [UInt8]) -> Set<String> {
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    return Set(
      log.split { !isDigit($0) }.map { digits in
        String(Int64(String(decoding: digits, as: UTF8.self)) ?? 0)
      })
  }

  @Test(arguments: cases)
  func eachLineDeleted(_ damaged: Case) {
    let printed = damaged.printed
    let lines = Self.lines(LogForm.dmesg.log(printed.records))
    for index in lines.indices {
      var left = lines
      left.remove(at: index)
      let log = Array(left.joined())
      let events = Scan.events(in: log)
      let place: Comment = "without line \(index): \(String(decoding: lines[index], as: UTF8.self))"
      // Nothing leads to a report of no kill but its first line.
      let isLost = damaged.scenario == .noVictim && index == 0
      #expect(events.count == (isLost ? 0 : 1), place)
      expectNothingInvented(events, in: log, place)
      let missing = events.first?.facts.difference(from: printed.facts) ?? []
      #expect(missing.count { !$0.hasPrefix("task.") } < 40, place)
    }
  }

  @Test(arguments: cases)
  func eachLineDoubled(_ damaged: Case) {
    let printed = damaged.printed
    let lines = Self.lines(LogForm.dmesg.log(printed.records))
    for index in lines.indices {
      var doubled = lines
      doubled.insert(lines[index], at: index)
      let events = Scan.events(in: Array(doubled.joined()))
      let place: Comment = "twice line \(index): \(String(decoding: lines[index], as: UTF8.self))"
      #expect(events.count == 1, place)
      #expect(events.first?.facts.difference(from: printed.facts) ?? [] == [], place)
    }
  }

  @Test(arguments: cases)
  func everyLineDoubled(_ damaged: Case) {
    let printed = damaged.printed
    let lines = Self.lines(LogForm.traditional.log(printed.records))
    let events = Scan.events(in: Array(lines.flatMap { [$0, $0] }.joined()))
    #expect(events.count == 1)
    #expect(events.first?.facts.difference(from: printed.facts) ?? [] == [])
  }

  @Test(arguments: cases, [false, true])
  func eachLineTorn(_ damaged: Case, keepsRest: Bool) {
    let printed = damaged.printed
    let lines = Self.lines(LogForm.dmesg.log(printed.records))
    for index in lines.indices {
      let middle = lines[index].count / 2
      var torn = lines
      torn[index] = Array(lines[index][..<middle]) + [0x0A]
      if keepsRest { torn[index] += lines[index][middle...] }
      let log = Array(torn.joined())
      let events = Scan.events(in: log)
      let place: Comment = "torn line \(index): \(String(decoding: torn[index], as: UTF8.self))"
      #expect(events.count == 1, place)
      // A rest that follows may have been put to it rightly.
      expectNothingInvented(events, in: keepsRest ? log + Array(lines.joined()) : log, place)
    }
  }

  @Test(arguments: cases)
  func cutAnywhere(_ damaged: Case) {
    let log = LogForm.dmesg.log(damaged.printed.records)
    for end in stride(from: 0, to: log.count, by: 131) {
      let head = Array(log[..<end])
      let events = Scan.events(in: head)
      #expect(events.count <= 1, "cut at \(end)")
      expectNothingInvented(events, in: head, "cut at \(end)")
      let tail = Array(log[end...])
      let rest = Scan.events(in: tail)
      // Without its first kills, a group's are single ones.
      #expect(rest.count <= (damaged.scenario == .group ? 3 : 1), "begun at \(end)")
      expectNothingInvented(rest, in: tail, "begun at \(end)")
    }
  }

  @Test func aDoubledLogHoldsEachEventTwice() {
    let log = LogForm.dmesg.log(Self.cases[9].printed.records)
    let events = Scan.events(in: log + log)
    #expect(events.count == 2)
    #expect(Set(events.map(\.report.fingerprint)).count == 1)
    #expect(events.first?.facts == events.last?.facts)
  }
}
