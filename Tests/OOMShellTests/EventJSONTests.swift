import Foundation
import Testing

@testable import OOMShell

/// The data that `events` and `show` print: the names and types of the event record.
@Suite struct EventJSONTests {
  private static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  private func json(_ log: String, _ command: String) throws -> Any {
    let machine = LogMachine()
    machine.log("a.log", bytes: Array(try Data(contentsOf: Self.fixtures.appending(path: log))))
    var shell = machine.makeShell()
    #expect(shell.run("set tz UTC; load a.log; set format json").status == 0)
    let answer = shell.run(command)
    #expect(answer.output.hasSuffix("\n") && answer.output.filter { $0 == "\n" }.count == 1)
    return try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
  }

  /// What the schema says of a value.
  private enum Kind {
    case null, string, int, bool, object, array, stringOrNull, intOrNull, objectOrNull

    func fits(_ value: Any?) -> Bool {
      switch self {
      case .string: value is String
      case .int: value is Int
      case .bool: value is Bool
      case .null: value is NSNull
      case .object: value is [String: Any]
      case .array: value is [Any]
      case .stringOrNull: value is String || value is NSNull
      case .intOrNull: value is Int || value is NSNull
      case .objectOrNull: value is [String: Any] || value is NSNull
      }
    }
  }

  private func expect(_ value: Any?, _ kinds: [String: Kind]) {
    let members = value as? [String: Any]
    for (name, kind) in kinds {
      #expect(kind.fits(members?[name]), "\(name): \(String(describing: members?[name]))")
    }
  }

  private let time: [String: Kind] = [
    "uptime_us": .intOrNull, "wall_us": .intOrNull, "err_us": .intOrNull, "basis": .string,
  ]
  private let victim: [String: Kind] = [
    "pid": .int, "comm": .string, "uid": .intOrNull, "oom_score_adj": .intOrNull,
    "score": .intOrNull, "total_vm_kb": .intOrNull, "anon_rss_kb": .intOrNull,
    "file_rss_kb": .intOrNull, "shmem_rss_kb": .intOrNull, "pgtables_kb": .intOrNull, "line": .int,
    "reaped": .bool,
  ]
  private let source: [String: Kind] = [
    "name": .string, "first_line": .int, "last_line": .int, "first_byte": .int, "end_byte": .int,
  ]

  @Test(arguments: [
    "captures/memcg-v2-group-6.12.117-cloud.dmesg-T.log",
    "captures/global-swap-disk-6.12.117-cloud.dmesg.log", "made/kernel-2.6.32.log",
    "made/no-victim.log", "made/storm.log", "made/hostile.log", "made/cut-end.log",
    "captures/sysrq-f-6.12.117-cloud.kmsg.log",
  ])
  func recordsHaveTheNamesOfTheSchema(_ log: String) throws {
    let list = try #require(try json(log, "events") as? [[String: Any]])
    #expect(!list.isEmpty)
    for event in list {
      expect(
        event,
        [
          "type": .string, "status": .string, "outcome": .string, "source": .object,
          "host": .stringOrNull, "boot": .int, "time": .object, "invoker": .objectOrNull,
          "request": .objectOrNull, "constraint": .stringOrNull, "trigger": .string,
          "memcg": .objectOrNull, "victims": .array, "event": .int, "kills": .int,
        ])
      expect(event["source"], source)
      expect(event["time"], time)
      // A list does not look for the reaper's line.
      let listed = victim.merging(["reaped": .null]) { $1 }
      for one in event["victims"] as? [Any] ?? [] { expect(one, listed) }
    }

    let shown = try #require(try json(log, "show 1") as? [String: Any])
    expect(
      shown,
      [
        "type": .string, "id": .string, "fp": .stringOrNull, "status": .string, "outcome": .string,
        "source": .object, "host": .stringOrNull, "boot": .int, "kernel_release": .stringOrNull,
        "time": .object, "invoker": .objectOrNull, "request": .objectOrNull,
        "constraint": .stringOrNull, "trigger": .string, "memcg": .objectOrNull,
        "memory": .objectOrNull, "victims": .array, "task_rows": .int, "tasks": .array,
        "diagnostics": .array,
      ])
    expect(shown["source"], source.merging(["carrier": .string]) { $1 })
    expect(shown["time"], time)
    for one in shown["victims"] as? [Any] ?? [] { expect(one, victim) }
    if shown["request"] is [String: Any] {
      expect(
        shown["request"], ["gfp_mask": .stringOrNull, "gfp_flags": .array, "order": .intOrNull])
    }
    let first = list.first
    for name in ["status", "outcome", "constraint", "trigger", "host"] {
      #expect(first?[name] as? String == shown[name] as? String, "\(name)")
    }
  }

  @Test func aGroupKillListsEveryVictim() throws {
    let log = "captures/memcg-v2-group-6.12.117-cloud.dmesg-T.log"
    let list = try #require(try json(log, "events") as? [[String: Any]])
    let victims = list.first?["victims"] as? [[String: Any]] ?? []
    #expect(victims.compactMap { $0["pid"] as? Int } == [317, 309, 313])
    #expect(list.first?["kills"] as? Int == 3)
  }

  /// The record of an event has what the log prints before its first line.
  @Test func recordsHaveTheStampThatIsPrinted() throws {
    let log = "captures/memcg-v2-group-6.12.117-cloud.dmesg-T.log"
    let shown = try #require(try json(log, "show 1") as? [String: Any])
    let time = try #require(shown["time"] as? [String: Any])
    let printed = try #require(time["printed"] as? String)
    let text = String(
      decoding: try Data(contentsOf: Self.fixtures.appending(path: log)), as: UTF8.self)
    #expect(text.contains("\n\(printed) "))
    #expect(printed.hasPrefix("[") && printed.hasSuffix("]"))
  }

  @Test func severalEventsAreAnArray() throws {
    let shown = try #require(try json("made/hostile.log", "show 1-2") as? [[String: Any]])
    #expect(shown.count == 2)
  }

  @Test func filtersAreData() throws {
    let answer = try #require(try json("made/storm.log", "since 1s") as? [String: Any])
    expect(answer, ["in_view": .int, "events": .int, "unplaced": .int, "filters": .array])
    let filters = answer["filters"] as? [[String: Any]]
    #expect(filters?.first?["time"] as? String == "2026-11-20T03:14:04.900000+00:00")
  }
}
