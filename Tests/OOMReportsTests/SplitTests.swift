import KernelLog
import OOMReports
import TestSupport
import Testing

/// A log means the same in whatever pieces it comes.
@Suite struct SplitTests {
  /// What a scan says of an event, its place included.
  struct Outline: Equatable, CustomStringConvertible {
    let facts: ReportFacts
    let lines: ClosedRange<Int>
    let bytes: Range<Int>

    init(_ found: ReportScanner.Found) {
      facts = found.facts
      lines = found.report.firstLine...found.report.lastLine
      bytes = found.byteRange
    }

    var description: String {
      "lines \(lines), bytes \(bytes), victim \(facts["victim.0.pid"] ?? "–")"
    }
  }

  /// The scan looks at a place once 80 KiB lie behind it, so the first piece decides where it halts.
  private static let lookahead = LogFormat.longestRecord

  /// A report behind others' lines, and far from the log's end.
  private func surrounded(_ sample: SampleLog) -> (log: [UInt8], start: Int, count: Int) {
    let head = Noise.log(sample.form, bytes: 100)
    let tail = Noise.log(sample.form, bytes: Self.lookahead + 4_000, isTalkative: false)
    return (head + sample.log + tail, head.count, sample.log.count)
  }

  /// The scan halts at every byte of the report, one after the other, and at each byte in steps.
  @Test(arguments: SampleLog.ten)
  func everyByteIsAHalt(_ sample: SampleLog) {
    let (log, start, count) = surrounded(sample)
    let whole = Scan.events(in: log).map(Outline.init)
    let listed = Scan.events(in: log, isWhole: false).map(Outline.init)
    #expect(whole.map(\.facts) == [sample.printed.facts])
    let first = start + Self.lookahead - 20
    for step in [1, 2, 3, 5, 7, 11, 13, 101] {
      for phase in Set([0, step / 2]) {
        let events = Scan.events(in: log, isWhole: step == 1) { offset in
          offset == 0 ? first + phase : offset < start + count + Self.lookahead ? step : .max
        }
        #expect(
          events.map(Outline.init) == (step == 1 ? whole : listed), "steps of \(step) from \(phase)"
        )
      }
    }
  }

  /// Two pieces, cut at every byte around the ends of lines and of the words that are searched for.
  @Test(arguments: SampleLog.ten)
  func everySplitAroundLines(_ sample: SampleLog) {
    let (log, start, count) = surrounded(sample)
    let whole = Scan.events(in: log, isWhole: false).map(Outline.init)
    #expect(whole.count == 1)
    var places = Set([start])
    for offset in start..<start + count where log[offset] == .newline {
      places.formUnion([offset - 1, offset, offset + 1])
    }
    for word in ["oom-kill", "Kill process", "kill process", "Killed process", "Kernel panic"] {
      let word = Array(word.utf8)
      for offset in start..<start + count where log[offset...].starts(with: word) {
        places.formUnion(offset - 1...offset + word.count)
      }
    }
    for place in places {
      let split = Scan.events(in: log, isWhole: false) { $0 == 0 ? place + Self.lookahead : .max }
      #expect(split.map(Outline.init) == whole, "split at \(place - start)")
    }
  }

  @Test(arguments: [LogForm.containerParts, .docker, .netconsole, .verbose])
  func splitsOfOtherForms(_ form: LogForm) {
    // Its first lines and its last: all kinds of key lines.
    let records = KernelPrinter(.linux50, .memcgV1, seed: 4).print().records
    let report = form.log(records.prefix(2) + records.suffix(4))
    let head = Noise.log(form, bytes: 100)
    let log = head + report + Noise.log(form, bytes: Self.lookahead + 20_000, isTalkative: false)
    let whole = Scan.events(in: log, isWhole: false).map(Outline.init)
    #expect(whole.count == 1)
    for offset in stride(from: 0, to: report.count + 100, by: 7) {
      let first = head.count + offset + Self.lookahead
      let split = Scan.events(in: log, isWhole: false) { $0 == 0 ? first : .max }
      #expect(split.map(Outline.init) == whole, "\(form), split at \(offset)")
    }
  }

  @Test func piecesOfOneByte() {
    let log = LogForm.dmesg.log(KernelPrinter(.linux61, .memcgV2, seed: 5).print().records)
    let whole = Scan.events(in: log).map(Outline.init)
    #expect(Scan.events(in: log, piece: { _ in 1 }).map(Outline.init) == whole)
    #expect(whole.count == 1)
  }

  /// Several MiB, so that the window forgets what lies behind, with reports at known places.
  @Test(arguments: [
    LogForm.dmesg, .traditional, .kmsg, .journalJSON, .journalExport, .containerParts, .netconsole,
    .verbose,
  ])
  func largeLogs(_ form: LogForm) throws {
    var log: [UInt8] = []
    var wanted: [(start: Int, line: Int, facts: ReportFacts)] = []
    let noise = Noise.log(form, bytes: 8 << 10)
    let quiet = Noise.log(form, bytes: 400 << 10, isTalkative: false)
    let kernels = [Kernel.linux2632, .rhel8, .linux510, .linux618]
    for (index, kernel) in kernels.enumerated() {
      log += noise + quiet + quiet
      let printed = KernelPrinter(
        kernel, .global, seed: UInt64(index), startingAt: Int64(index) * 1_000_000 + 1
      ).print()
      wanted.append((log.count, log.count { $0 == UInt8(ascii: "\n") } + 1, printed.facts))
      log += form.log(printed.records)
    }
    log += quiet + noise
    let (events, scanner) = Scan.scanner(over: log)
    #expect(scanner.bytesRead == log.count)
    #expect(scanner.lineCount == log.count { $0 == UInt8(ascii: "\n") })
    #expect(events.map(\.byteRange.lowerBound) == wanted.map(\.start))
    #expect(events.map(\.report.firstLine) == wanted.map(\.line))
    #expect(events.map(\.facts) == wanted.map(\.facts))

    let outlines = events.map(Outline.init)
    var random = SplitMix64(seed: 7)
    for limit in [3_000, 90_000, 400_000] {
      let pieces = Scan.events(in: log) { _ in random.number(1...limit) }
      #expect(pieces.map(Outline.init) == outlines, "\(form), pieces up to \(limit)")
    }
    try expectReparsing(events, of: log, scanner)
  }

  /// Reading an event's bytes alone says what the scan said.
  private func expectReparsing(
    _ events: [ReportScanner.Found], of log: [UInt8], _ scanner: ReportScanner
  ) throws {
    let format = try #require(scanner.format)
    let parser = ReportParser(format: format, clock: Clock(), isWhole: true)
    for event in events {
      let bytes = Array(log[event.byteRange])
      let parsed = parser.parse(
        event.surrounded ?? ReportBytes(bytes), firstLine: event.report.firstLine,
        host: event.report.host)
      #expect(parsed?.report == event.report)
      #expect(parsed?.range == 0..<bytes.count)
    }
  }

  @Test func linesLongerThanTheWindow() {
    let printed = KernelPrinter(.linux612, .global, seed: 3).print()
    let report = LogForm.dmesg.log(printed.records)
    let key = "[    1.000000] Out of memory: Killed process 5 (x) total-vm:9kB, anon-rss:8kB, "
    var log: [UInt8] = []
    for size in [70 << 10, 90 << 10, 700 << 10, 2 << 20] {
      // A line that begins like a kill line, one that holds one in its middle, and one of zeros.
      log += Array(key.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: size) + [0x0A]
      log += [UInt8](repeating: UInt8(ascii: "y"), count: size) + Array(key.utf8) + [0x0A]
      log += [UInt8](repeating: 0, count: size) + [0x0A] + report
    }
    let whole = Scan.events(in: log).map(Outline.init)
    #expect(whole.filter { $0.facts == printed.facts }.count == 4)
    #expect(whole.count == 8)
    var random = SplitMix64(seed: 8)
    for limit in [5_000, 300_000] {
      let pieces = Scan.events(in: log) { _ in random.number(1...limit) }
      #expect(pieces.map(Outline.init) == whole, "pieces up to \(limit)")
    }
  }
}
