import KernelLog
import OOMReports
import Presentation
import TestSupport
import Testing

@testable import OOMShell

/// What `oomsh extract` writes is read back as the report that it was made from.
@Suite struct RecordRoundTripTests {
  private static func reread(_ report: OOMReport) throws -> OOMReport {
    let source = EventRecord.Source(name: "a.log", carrier: "dmesg", byteRange: 0..<1, boot: 0)
    let record = EventRecord(report, source: source, tasks: .all).json
    let parsed = try JSONValue(parsing: Array(record.encoded().utf8))
    return try #require(OOMReport(record: parsed))
  }

  /// The names of the parts whose text differs, that of dictionaries in their order too.
  private static func differences(_ left: OOMReport, _ right: OOMReport) -> [String] {
    let (a, b) = (Mirror(reflecting: left).children, Mirror(reflecting: right).children)
    return zip(a, b).compactMap { first, second in
      "\(first.value)" == "\(second.value)" ? nil : first.label
    }
  }

  @Test func fixtures() throws {
    var count = 0
    for folder in ["captures", "made"] {
      for name in Places.files(in: "Tests/Fixtures/\(folder)") {
        // Nil for a folder.
        guard let bytes = Places.bytes("Tests/Fixtures/\(folder)/\(name)") else { continue }
        for event in Scan.events(in: bytes) {
          let copy = try Self.reread(event.report)
          if copy != event.report {
            Issue.record("\(name): \(Self.differences(event.report, copy))")
          }
          count += 1
        }
      }
    }
    #expect(count > 60)
  }

  @Test(arguments: Kernel.all)
  func everyKernel(_ kernel: Kernel) throws {
    for scenario in Scenario.allCases where scenario.happens(on: kernel) {
      let printed = KernelPrinter(kernel, scenario, seed: 7).print()
      for event in Scan.events(in: LogForm.dmesg.log(printed.records)) {
        let copy = try Self.reread(event.report)
        if copy != event.report {
          Issue.record("\(scenario): \(Self.differences(event.report, copy))")
        }
      }
    }
  }
}
