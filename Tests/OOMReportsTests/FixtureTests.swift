import KernelLog
import OOMReports
import TestSupport
import Testing

/// Real reports, made on purpose, whose facts are known.
@Suite struct FixtureTests {
  struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    var events = 1
    /// Of the first event.
    let invoker: Int64
    var order: Int64 = 0
    let constraint: Constraint?
    var limitPath: String?
    /// pid and kB of anonymous memory.
    let victims: [[Int64]]
    let rows: Int

    var testDescription: String { name }
  }

  static let fixtures = [
    Fixture(
      name: "cpuset-v2-6.12.117-cloud.dmesg", invoker: 177, constraint: .cpuset,
      victims: [[177, 51456]], rows: 2),
    Fixture(
      name: "dump-tasks-0-6.12.117-cloud.dmesg", invoker: 751, constraint: Constraint.none,
      victims: [[751, 169_216]], rows: 0),
    Fixture(
      name: "global-noswap-5.10.0-46-cloud.dmesg", invoker: 137, constraint: Constraint.none,
      victims: [[137, 176_020]], rows: 4),
    Fixture(
      name: "global-swap-disk-6.12.117-cloud.dmesg", invoker: 900, constraint: Constraint.none,
      victims: [[900, 173_440]], rows: 3),
    Fixture(
      name: "memcg-v2-6.12.117-cloud.dmesg-json", invoker: 170, constraint: .memcg,
      limitPath: "/system.slice/report-worker.service", victims: [[170, 32640]], rows: 1),
    Fixture(
      name: "memcg-v2-6.12.117-cloud.dmesg-x", invoker: 170, constraint: .memcg,
      limitPath: "/system.slice/report-worker.service", victims: [[170, 32640]], rows: 1),
    Fixture(
      name: "memcg-v2-group-6.1.0-56-cloud.console", invoker: 229, constraint: .memcg,
      limitPath: "/system.slice/web.service",
      victims: [[229, 36632], [221, 8120], [225, 3896]], rows: 3),
    Fixture(
      name: "memcg-v2-group-6.12.117-cloud.dmesg-T", invoker: 317, constraint: .memcg,
      limitPath: "/system.slice/web.service",
      victims: [[317, 36480], [309, 8192], [313, 4096]], rows: 3),
    Fixture(
      name: "panic-on-oom-1-6.12.117-cloud.console", invoker: 157, constraint: nil, victims: [],
      rows: 2),
    Fixture(
      name: "repeat-leak-6.12.117-cloud.kmsg", events: 8, invoker: 175, constraint: .memcg,
      limitPath: "/system.slice/api.service", victims: [[175, 61184]], rows: 2),
    Fixture(
      name: "sysrq-f-5.10.0-46-cloud.console", invoker: 25, order: -1, constraint: Constraint.none,
      victims: [[298, 81976]], rows: 3),
    Fixture(
      name: "sysrq-f-6.12.117-cloud.kmsg", invoker: 63, order: -1, constraint: Constraint.none,
      victims: [[542, 81920]], rows: 3),
    Fixture(
      name: "zz-syslog-6.12.117-cloud.kern-trad", events: 7, invoker: 183, constraint: .memcg,
      limitPath: "/system.slice/svc1.service", victims: [[183, 8192]], rows: 1),
  ]

  private static func events(_ name: String) throws -> [ReportScanner.Found] {
    Scan.events(in: try #require(Places.bytes("Tests/Fixtures/captures/\(name).log")))
  }

  @Test(arguments: fixtures)
  func facts(_ fixture: Fixture) throws {
    let events = try Self.events(fixture.name)
    #expect(events.count == fixture.events)
    let report = try #require(events.first?.report)
    #expect(report.system?.value.pid == fixture.invoker)
    #expect(report.invocation?.value.order == fixture.order)
    #expect(report.trigger == (fixture.order == -1 ? .sysrq : .allocation))
    #expect(report.constraint?.value == fixture.constraint)
    #expect(report.memcg?.limitPath?.value.description == fixture.limitPath)
    #expect(report.victims.map { [$0.pid, $0.anonRSS?.kB ?? -1] } == fixture.victims)
    #expect(report.taskRowCount == fixture.rows)
    #expect(report.tasks?.rows.count ?? 0 == fixture.rows)
    #expect(report.status == .complete)
    #expect(report.outcome == (fixture.victims.isEmpty ? .panic : .killed))
    #expect(report.diagnostics == [])
  }

  /// The names that the processes gave themselves, byte for byte.
  private static let names: [[UInt8]] =
    [
      "my app", ") score 1", "a) total-vm:9kB", "[kworker/0:1]", "한글앱",
    ].map { Array($0.utf8) } + [[0xC3, 0xA9, 0xFF, 0xFE, 0x21]]
    + [
      "\u{1B}[31mRED", "two\nlines", "tab\there", "q\"uote\\\\bs", " lead", "trail ", "(sd-pam)",
      "12345", "x,pid=1,uid=0", "\u{1}\u{7F}",
    ].map { Array($0.utf8) } + [Array("ab한글앱프로".utf8.prefix(15))]

  @Test(arguments: ["nasty-comm-6.1.0-56-cloud.kmsg", "nasty-comm-6.12.117-cloud.dmesg"])
  func hostileNames(_ name: String) throws {
    let reports = try Self.events(name).map(\.report)
    let wanted = Self.names.map { LogText($0) }
    #expect(reports.map { $0.victims.first?.comm } == wanted)
    #expect(reports.map { $0.decision?.value.task } == wanted)
    #expect(reports.map { $0.invocation?.value.comm } == wanted)
    #expect(reports.map { $0.system?.value.comm } == wanted)
    // A row is whole without what follows a newline in its name.
    let rows = reports.map { $0.tasks?.rows.first?.name }
    let differing = zip(rows, wanted).filter { $0 != $1 }.map(\.1)
    #expect(differing == (name.hasSuffix("kmsg") ? [] : [LogText("two\nlines")]))
  }

  /// What a daemon that reads /dev/kmsg writes: names in escapes, which are longer than any name.
  @Test(arguments: [true, false])
  func hostileNamesInSyslog(isQuick: Bool) throws {
    let dmesg = try #require(
      Places.bytes("Tests/Fixtures/captures/nasty-comm-6.12.117-cloud.dmesg.log"))
    let header = Array("Oct 25 14:31:23 web1 kernel: ".utf8)
    let log = dmesg.split(separator: .newline).flatMap { line in
      // A name with a newline in it goes on without a stamp.
      (line.first == .openBracket ? header : []) + line + [.newline]
    }
    let events = Scan.events(in: log, isWhole: !isQuick, isQuick: isQuick)
    #expect(events.map { $0.report.victims.first?.comm } == Self.names.map { LogText($0) })
    #expect(events.map(\.report.status) == Self.names.map { _ in .complete })
  }
}
