import KernelLog
import OOMReports
import TestSupport
import Testing

/// Reports are printed as each kernel would, put into each form of log, and read back: every fact
/// comes back, and none that was not printed.
@Suite struct PrintThenParseTests {
  /// The year that year-less stamps are given.
  static let clock = Clock(referenceMicros: LogForm.bootMicros + 86_400_000_000)

  @Test(arguments: Kernel.all)
  func everyFactComesBack(from kernel: Kernel) throws {
    for (index, scenario) in Scenario.allCases.enumerated() where scenario.happens(on: kernel) {
      let seed = UInt64(index + 1)
      let printed = KernelPrinter(kernel, scenario, seed: seed, startingAt: 12_345_678).print()
      let isForEveryForm = [.global, .memcgV1, .memcgV2].contains(scenario)
      let isMain = Kernel.main.contains { $0.name == kernel.name }
      for form in isForEveryForm && isMain ? LogForm.all : [.dmesg, .kmsg, .traditional] {
        let place: Comment = "\(kernel), \(scenario), \(form)"
        let events = Scan.events(in: form.log(printed.records), clock: Self.clock)
        let event = try #require(events.first, place)
        #expect(events.count == 1, place)
        #expect(event.facts.difference(from: printed.facts) == [], place)
        #expect(event.carrier == form.carrier, place)
        expectTime(of: event, at: printed.decisiveMicros, form, place)
      }
    }
  }

  private func expectTime(
    of event: ReportScanner.Found, at micros: Int64, _ form: LogForm, _ place: Comment
  ) {
    let time = event.report.time
    let wall = LogForm.bootMicros + micros
    switch form.clock {
    case .none: #expect(time.uptimeMicros == nil, place)
    case .uptime: #expect(time.uptimeMicros == micros, place)
    case .wall: #expect(time.wallMicros == wall, place)
    case .seconds:
      #expect(time.wallMicros == wall / 1_000_000 * 1_000_000, place)
      // dmesg leaves the parts of a second of two clocks out.
      #expect(time.errorMicros == (event.carrier == .dmesgTime ? 2_000_000 : 1_000_000), place)
    case .both:
      #expect(time.uptimeMicros == micros, place)
      #expect(time.wallMicros == wall, place)
    }
  }

  @Test(arguments: [4, 16, 64])
  func pageSizesAreInferred(_ pageKB: Int) throws {
    for scenario in [Scenario.global, .memcgV2] {
      var printer = KernelPrinter(.linux612, scenario, seed: 9)
      printer.pageKB = pageKB
      let printed = printer.print()
      let event = try #require(Scan.events(in: LogForm.dmesg.log(printed.records)).first)
      #expect(event.report.pageSize.bytes.kB == Int64(pageKB))
    }
  }

  @Test func manyReportsInARowStayApart() {
    var log: [UInt8] = []
    var wanted: [ReportFacts] = []
    for seed in 1...30 {
      let kernel = Kernel.all[seed % Kernel.all.count]
      let printed = KernelPrinter(
        kernel, .global, seed: UInt64(seed), startingAt: Int64(seed) * 1_000_000
      ).print()
      log += LogForm.dmesg.log(printed.records)
      wanted.append(printed.facts)
    }
    #expect(Scan.events(in: log).map(\.facts) == wanted)
  }
}
