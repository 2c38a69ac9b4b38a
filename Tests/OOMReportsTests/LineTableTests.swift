import KernelLog
import TestSupport
import Testing

@testable import OOMReports

/// What must hold for every row of the table of lines.
@Suite struct LineTableTests {
  @Test func samplesAreReadByTheirOwnGrammar() {
    for (index, grammar) in Lines.all.enumerated() {
      #expect(!grammar.samples.isEmpty, "\(grammar.name) has no sample")
      for sample in grammar.samples {
        // The memory state's later lines begin with a blank, which the report's reader takes off.
        let message = String(sample.drop { $0 == " " })
        let own = Reading.reading(of: message, by: grammar)
        let isOwn = own == .read || own == .known || grammar.name == "oom_reaper"
        #expect(isOwn, "\(grammar.name): \(sample)")
        for earlier in Lines.all[..<index] {
          let reading = Reading.reading(of: message, by: earlier)
          #expect(reading == .other, "\(earlier.name) takes \(grammar.name)'s \(sample)")
        }
      }
    }
  }

  @Test func namesAreTold() {
    #expect(Set(Lines.all.map(\.name)).count == Lines.all.count)
    for grammar in Lines.all { #expect(!grammar.printedBy.isEmpty, "\(grammar.name)") }
  }

  @Test func everyFileIsInTheTable() throws {
    let table = String(
      decoding: try #require(Places.bytes("Sources/OOMReports/Lines.swift")), as: UTF8.self)
    let files = Places.files(in: "Sources/OOMReports/Lines")
    #expect(files.count > 9)
    for file in files {
      #expect(table.contains(" \(file.dropLast(6))."), "\(file) has no row in Lines.swift")
    }
  }

  @Test func everyCutOfASampleIsHarmless() {
    for grammar in Lines.all {
      for sample in grammar.samples {
        for end in 0...sample.utf8.count {
          let message = Array(sample.utf8.prefix(end))
          let report = Reading.report([message])
          #expect(report.victims.count <= 1)
          _ = KeyLine(message.span)
        }
      }
    }
  }

  /// A message of another kind is none of a report's.
  @Test(arguments: [
    "", " ", "x", "usb 1-1: new device", "[drm] ready", "Out of memory", "Killed",
    "Killed process", "Kill process 1", "Node", "Node 0", "Node 0 DMA", "Node x DMA free:1kB",
    "audit: type=1400 pid=1", "oom_kill_process", "memory", "memory: ", "Tasks in /a are fine",
    "Memory limit", "BUG: soft lockup - CPU#0 stuck for 26s! [[kworker/0:1]:1511]",
    "e1000: eth0 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX", "Free swap",
    "1234 pages", "12 monkeys", "anon", "anon x",
  ])
  func otherMessages(_ message: String) {
    for grammar in Lines.all where message != "memory: " && message != "Free swap" {
      #expect(Reading.reading(of: message, by: grammar) != .read, "\(grammar.name): \(message)")
    }
  }
}
