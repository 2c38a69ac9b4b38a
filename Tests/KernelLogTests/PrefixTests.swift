import TestSupport
import Testing

@testable import KernelLog

/// What a line's prefix says, in every form.
@Suite struct PrefixTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let line: String
    var message = "x"
    var carrier = Carrier.plain
    var uptime: Int64?
    /// Microseconds since 1970, as though local times were UTC.
    var wall: Int64?
    var host: String?
    var origin = LogRecord.Origin.unknown

    var testDescription: String { line }
  }

  /// 2026-10-25 14:31:23 UTC.
  private static let moment: Int64 = 1_792_938_683_000_000

  static let cases: [Case] = [
    Case(line: "<4>[   12.345678] x", carrier: .dmesg, uptime: 12_345_678, origin: .kernel),
    Case(line: "<30>x", origin: .program),
    Case(
      line: "kern  :warn  : [   12.345678] x", carrier: .dmesg, uptime: 12_345_678,
      origin: .kernel),
    Case(line: "user  :err   : x", carrier: .dmesg, origin: .program),
    Case(line: "\u{1B}[32m[   12.345678] \u{1B}[0mx", carrier: .dmesg, uptime: 12_345_678),
    Case(
      line: "\u{1B}[32m2026-10-25T14:30:29,355781+00:00 x", carrier: .dmesgISO,
      wall: moment - 54_000_000 + 355_781),
    Case(line: "4,413,118355781,-;x", carrier: .kmsg, uptime: 118_355_781, origin: .kernel),
    Case(
      line: "6,414,118355781,c,caller=T12;x", carrier: .kmsg, uptime: 118_355_781,
      origin: .kernel),
    Case(line: "30,414,118355781,-;x", carrier: .kmsg, uptime: 118_355_781, origin: .program),
    Case(
      line: "** 17 printk messages dropped ** [   12.345678] x", carrier: .dmesg,
      uptime: 12_345_678),
    Case(line: "[   12.345678] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678]  x", message: " x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[12345.678901] x", carrier: .dmesg, uptime: 12_345_678_901),
    Case(line: "[   12.345678 <    0.000022>] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[<    2.028293>] x", carrier: .dmesgDelta),
    Case(line: "[  +2.028293] x", carrier: .dmesgDelta),
    Case(line: "[Oct25 14:30] x", carrier: .dmesgDelta),
    Case(line: "[11월22 23:25] x", carrier: .dmesgDelta),
    Case(line: "[Sun Oct 25 14:31:23 2026] x", carrier: .dmesgTime, wall: moment),
    Case(line: "[일 10월 25 14:31:23 2026] x", carrier: .dmesgTime, wall: moment),
    Case(
      line: "[ven. nov. 28 07:26:44 2025] x", carrier: .dmesgTime, wall: 1_764_314_804_000_000),
    Case(line: "[Di 12. Aug 10:11:12 2025] x", carrier: .dmesgTime, wall: 1_754_993_472_000_000),
    Case(line: "[   12.345678][ T1234] x", carrier: .dmesg, uptime: 12_345_678),
    Case(line: "[   12.345678] [    C0] x", carrier: .dmesg, uptime: 12_345_678),
    Case(
      line: "1 2026-10-25T14:31:23.074316+00:00 oomlab kernel - - - x", carrier: .syslog5424,
      wall: moment + 74_316, host: "oomlab", origin: .kernel),
    Case(
      line: "<4>1 2026-10-25T14:31:23Z oomlab kernel - - [a b=\"c\"] \u{FEFF}[   12.345678] x",
      carrier: .syslog5424, uptime: 12_345_678, wall: moment, host: "oomlab", origin: .kernel),
    Case(
      line: "2026-10-25T14:31:23.074316+00:00 host kernel: x", carrier: .syslogISO,
      wall: moment + 74_316, host: "host", origin: .kernel),
    Case(
      line: "2026-10-25T23:31:23+0900 host kernel: [   12.345678] x", carrier: .syslogISO,
      uptime: 12_345_678, wall: moment, host: "host", origin: .kernel),
    Case(
      line: "2026-10-25T14:30:29,355781+00:00 x", carrier: .dmesgISO,
      wall: moment - 54_000_000 + 355_781),
    Case(
      line: "2026-10-25T14:31:23Z host kernel: x", carrier: .syslogISO, wall: moment,
      host: "host", origin: .kernel),
    Case(line: "Nov  2 23:21:05 host kernel: x", carrier: .syslog, host: "host", origin: .kernel),
    Case(
      line: "11월 22 23:35:22.012345 host kernel: x", carrier: .syslog, host: "host",
      origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host kern.warn kernel: [   12.345678] x", carrier: .syslog,
      uptime: 12_345_678, host: "host", origin: .kernel),
    Case(
      line: "Nov  2 23:21:05 host java[77]: [   12.345678] x", message: "[   12.345678] x",
      carrier: .syslog, host: "host", origin: .program),
    Case(
      line: "Nov  2 23:21:05 says nothing of kernels", message: "says nothing of kernels",
      carrier: .syslog, origin: .program),
    Case(
      line: "Sun 2026-10-25 14:31:23 UTC oomlab kernel: x", carrier: .journalText, wall: moment,
      host: "oomlab", origin: .kernel),
    Case(
      line: "1792938683.059933 oomlab kernel: x", carrier: .journalText, wall: moment + 59_933,
      host: "oomlab", origin: .kernel),
    Case(
      line: "[   36.416179] oomlab kernel: x", carrier: .journalText, uptime: 36_416_179,
      host: "oomlab", origin: .kernel),
    Case(line: "x"),
    Case(line: "[ pid ] x", message: "[ pid ] x"),
    Case(line: "[  321]  1000 x", message: "[  321]  1000 x"),
    Case(line: "[99999999999999999999.1] x", message: "[99999999999999999999.1] x"),
    Case(line: "<192>x", message: "<192>x"),
    Case(line: "", message: ""),
  ]

  private static func record(of line: String) -> (record: LogRecord, bytes: [UInt8]) {
    let bytes = Array("\(line)\r\nnext\n".utf8)
    return (LineReader.record(in: bytes.span, at: 0), bytes)
  }

  @Test(arguments: cases)
  func prefixIsRead(_ wanted: Case) {
    let (record, bytes) = Self.record(of: wanted.line)
    #expect(String(decoding: bytes[record.message], as: UTF8.self) == wanted.message)
    #expect(record.carrier == wanted.carrier)
    #expect(record.stamp.uptimeMicros == wanted.uptime)
    #expect(record.host.map { String(decoding: bytes[$0], as: UTF8.self) } == wanted.host)
    #expect(record.origin == wanted.origin)
    if let wall = wanted.wall {
      #expect(Clock().time(of: record.stamp).wallMicros == wall)
    }
    #expect(record.end == wanted.line.utf8.count + 2)
  }

  /// The table's samples begin with their element, and their message is `x`.
  @Test func samplesAreRead() {
    for form in Carriers.prefixForms {
      for sample in form.samples {
        let (record, bytes) = Self.record(of: sample)
        #expect(String(decoding: bytes[record.message], as: UTF8.self) == "x", "\(form.name)")
        #expect(!record.isBare, "\(form.name): \(sample)")
        #expect(
          Self.cases.contains { $0.line == sample } || sample.contains("14:30:29 2026"),
          "no case for \(form.name): \(sample)")
      }
    }
    #expect(Set(Carriers.prefixForms.map(\.name)).count == Carriers.prefixForms.count)
  }

  /// Every file of a carrier has a row in the table; the fields are shared by two of them.
  @Test func everyCarrierIsInTheTable() throws {
    let table = String(
      decoding: try #require(Places.bytes("Sources/KernelLog/Carriers.swift")), as: UTF8.self)
    let files = Places.files(in: "Sources/KernelLog/Carriers")
    #expect(files.count > 8)
    for file in files where file != "JournalFields.swift" {
      #expect(table.contains("\(file.dropLast(6))."), "\(file) has no row in Carriers.swift")
    }
  }

  @Test func levelsBeyondTheKernelsAreAnotherProgrammes() {
    for priority in 0...191 {
      let (record, _) = Self.record(of: "<\(priority)>[   12.345678] x")
      #expect(record.origin == (priority < 8 ? .kernel : .program))
    }
  }

  @Test func everyCutOfAPrefixIsHarmless() {
    for form in Carriers.prefixForms {
      for sample in form.samples {
        for end in 0...sample.utf8.count {
          let bytes = Array(sample.utf8.prefix(end))
          let record = LineReader.record(in: bytes.span, at: 0)
          #expect(record.message.upperBound <= bytes.count)
          #expect(record.message.lowerBound >= 0)
        }
      }
    }
  }
}
