import Foundation
import Investigation
import Presentation
import Testing

@testable import OOMShell

/// No line of an answer is wider than the terminal, whatever the logs hold.
@Suite struct WidthTests {
  private static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  private static let logs = ["captures", "made"].flatMap { folder in
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: fixtures.appending(path: folder).path)
    return (names ?? []).filter { $0.hasSuffix(".log") }.sorted().map { "\(folder)/\($0)" }
  }

  @Test(arguments: [40, 60, 100])
  func everyLineFits(width: Int) throws {
    let machine = LogMachine()
    #expect(Self.logs.count > 30)
    for log in Self.logs {
      machine.log(log, bytes: Array(try Data(contentsOf: Self.fixtures.appending(path: log))))
    }
    var shell = machine.makeShell()
    var wide: [String] = []
    func run(_ line: String) {
      let answer = shell.run(line)
      wide += answer.output.split(separator: "\n").map(String.init)
        .filter { $0.displayWidth > width }.map { "\(line): \($0)" }
    }
    run("set tz UTC; set width \(width)")
    for log in Self.logs where !log.contains("binary") { run("load \(log)") }
    for line in [
      "inputs", "events", "top victims", "top invokers", "top cgroups", "top users", "top hosts",
      "top constraints", "top hours", "recommend", "explain", "help", "help tasks", "help top",
      "timeline", "timeline --by=weekday", "incidents", "trend cache-daemon", "trend api-server",
      "population", "population api-server", "diff 1 2", "set", "since 24h", "filters",
    ] { run(line) }
    var seen: Set<Int> = []
    for number in 1...shell.state.session.events.count
    where seen.insert(shell.state.session.event(number).input).inserted {
      for command in ["show", "mem", "tasks", "cgroup", "trust"] { run("\(command) \(number)") }
    }
    #expect(wide.isEmpty, "\(wide.prefix(5).joined(separator: "\n"))")
  }
}
