import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

/// Reports as they are pass every check that is possible; each edit fails the check that it must.
@Suite struct TrustTests {
  private static func trust(_ log: [UInt8], _ found: ReportScanner.Found) -> Trust {
    // The fixtures used here hold one report, so that the whole log stands for its bytes.
    let text = ReportText(
      log, format: LogFormat.recognised(in: log.span), firstLine: 1, host: found.report.host)
    return Trust(found.report, text: text)
  }

  private static func trust(of text: String) throws -> Trust {
    let log = Array(text.utf8)
    let events = Scan.events(in: log)
    return Self.trust(log, try #require(events.first))
  }

  private static func fixture(_ name: String) throws -> String {
    let bytes = try #require(Places.bytes("Tests/Fixtures/captures/\(name).dmesg.log"))
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func genuineReportsPass() throws {
    var checked = 0
    for name in Places.files(in: "Tests/Fixtures/captures") where !name.contains("nasty") {
      let log = try #require(Places.bytes("Tests/Fixtures/captures/\(name)"))
      let events = Scan.events(in: log)
      guard events.count == 1 else { continue }
      for event in events where event.report.status == .complete {
        let trust = Self.trust(log, event)
        let failed = trust.failed.map { "\($0.key): \($0.text.text { "\($0.count)" })" }
        #expect(failed == [], "\(name)")
        #expect(trust.verdict == .consistent)
        checked += 1
      }
    }
    #expect(checked >= 12)
  }

  struct Edit: Sendable, CustomTestStringConvertible {
    let key: String
    let capture: String
    let change: @Sendable ([String]) -> [String]
    var verdict = Trust.Verdict.contradictory
    var testDescription: String { key }
  }

  private static let plain = "global-swap-disk-6.12.117-cloud"
  private static let memcg = "memcg-v2-6.12.117-cloud"

  /// Replaces text in the first line that holds another.
  private static func replacing(
    _ old: String, _ new: String, in marker: String
  ) -> @Sendable ([String]) -> [String] {
    { lines in
      var lines = lines
      if let index = lines.firstIndex(where: { $0.contains(marker) && $0.contains(old) }),
        let range = lines[index].firstRange(of: old)
      {
        lines[index].replaceSubrange(range, with: new)
      }
      return lines
    }
  }

  static let edits = [
    Edit(
      key: "managed", capture: plain,
      change: replacing(" pages reserved", "0 pages reserved", in: "pages reserved")),
    Edit(
      key: "present", capture: plain,
      change: replacing(" pages RAM", "0 pages RAM", in: "pages RAM")),
    Edit(
      key: "swap", capture: plain,
      change: replacing("Free swap  = ", "Free swap  = 999999", in: "Free swap")),
    Edit(key: "swapents", capture: plain) { lines in
      // No swap is left, as before, of less than the one task has in it.
      lines.map { line in
        line.contains("Total swap = ")
          ? line.replacing("98300kB", with: "1024kB") : line
      }
    },
    Edit(key: "blocks", capture: plain, change: replacing(" = ", " = 9", in: "DMA32: ")),
    Edit(key: "buddy", capture: plain, change: replacing("free:", "free:90", in: "DMA32 free:")),
    Edit(
      key: "nodes", capture: plain,
      change: replacing("active_anon:", "active_anon:9", in: "Node 0 active_anon:")),
    Edit(
      key: "ledger", capture: plain,
      change: replacing("slab_reclaimable:", "slab_reclaimable:9", in: "slab_reclaimable:")),
    Edit(
      key: "victim", capture: plain,
      change: replacing("anon-rss:", "anon-rss:9", in: "Killed process")),
    Edit(key: "decision", capture: plain, change: replacing(",pid=", ",pid=7", in: "oom-kill:")),
    Edit(key: "order", capture: plain) { lines in
      guard let index = lines.firstIndex(where: { $0.contains("oom-kill:constraint") }),
        let table = lines.firstIndex(where: { $0.contains("Tasks state") })
      else { return lines }
      var lines = lines
      lines.insert(lines.remove(at: index), at: table)
      return lines
    },
    Edit(key: "clock", capture: plain) { lines in
      lines.map { line in
        guard line.contains("oom-kill:constraint"), let end = line.firstIndex(of: "]") else {
          return line
        }
        return "[    1.000000" + line[end...]
      }
    },
    Edit(
      key: "torn", capture: plain,
      change: { lines in
        // A console too narrow for the name at the row's end.
        lines.flatMap { line in
          line.hasSuffix(" javaish") ? [String(line.dropLast(3)), "ish"] : [line]
        }
      }, verdict: .incomplete),
    Edit(
      key: "doubled", capture: plain,
      change: { lines in
        lines.flatMap { $0.contains("Total swap") ? [$0, $0] : [$0] }
      }, verdict: .incomplete),
    Edit(
      key: "doubled", capture: plain,
      change: { lines in
        let row = lines.lastIndex { $0.contains("] [  ") && $0.hasSuffix("javaish") }
        return lines.indices.flatMap { $0 == row ? [lines[$0], lines[$0]] : [lines[$0]] }
      }, verdict: .incomplete),
    Edit(
      key: "limit", capture: memcg, change: replacing("limit ", "limit 99", in: "memory: usage")),
    Edit(key: "statistics", capture: memcg, change: replacing("anon ", "anon 4096", in: "] anon ")),
    Edit(
      key: "paths", capture: memcg,
      change: replacing("task_memcg=/", "task_memcg=/other/", in: "oom-kill:")),
    Edit(
      key: "watermarks", capture: plain, change: replacing("low:", "low:9", in: "DMA32 free:")),
    Edit(
      key: "hugepages", capture: plain,
      change: replacing("hugepages_free=0", "hugepages_free=7", in: "hugepages_size=2048kB")),
    Edit(
      key: "counters", capture: plain, change: replacing("shmem:", "shmem:99", in: "mapped:")),
    Edit(
      key: "counters", capture: plain,
      change: replacing("616 total", "61699 total", in: "pagecache pages")),
    Edit(
      key: "comm", capture: plain,
      change: replacing("task=javaish", "task=postgres", in: "oom-kill:")),
    Edit(
      key: "comm", capture: plain,
      change: replacing("(javaish)", "(java)", in: "Killed process")),
    Edit(
      key: "bounds", capture: plain,
      change: replacing("oom_score_adj=0", "oom_score_adj=1001", in: "invoked oom-killer")),
    Edit(
      key: "bounds", capture: plain, change: replacing("order=0", "order=4", in: "invoked")),
    Edit(key: "comm", capture: plain, change: replacing(" javaish", " perl", in: "540672")),
    Edit(key: "uid", capture: plain, change: replacing("uid=1001", "uid=0", in: "oom-kill:")),
    Edit(key: "uid", capture: plain, change: replacing("UID:1001", "UID:7", in: "Killed process")),
    Edit(
      key: "adj", capture: plain,
      change: replacing("oom_score_adj:0", "oom_score_adj:500", in: "Killed process")),
    Edit(
      key: "pgtables", capture: plain,
      change: replacing("pgtables:528kB", "pgtables:5280kB", in: "Killed process")),
    Edit(
      key: "invoker", capture: plain,
      change: replacing("Comm: javaish", "Comm: postgres", in: "CPU: 0")),
    Edit(
      key: "invoker", capture: plain,
      change: replacing("oom_score_adj=0", "oom_score_adj=300", in: "invoked oom-killer")),
    Edit(
      key: "constraint", capture: plain,
      change: replacing("CONSTRAINT_NONE", "CONSTRAINT_MEMCG", in: "oom-kill:")),
    Edit(
      key: "constraint", capture: memcg,
      change: replacing("CONSTRAINT_MEMCG", "CONSTRAINT_NONE", in: "oom-kill:")),
    Edit(
      key: "constraint", capture: memcg,
      change: replacing("Memory cgroup out", "Out", in: "Killed process")),
  ]

  @Test(arguments: edits)
  func anEditFails(_ edit: Edit) throws {
    let whole = try Self.fixture(edit.capture)
    let lines = edit.change(whole.split(separator: "\n").map(String.init))
    let changed = lines.joined(separator: "\n") + "\n"
    #expect(changed != whole)
    let trust = try Self.trust(of: changed)
    #expect(trust.failed.map(\.key).contains(edit.key), "\(trust.failed.map(\.key))")
    #expect(trust.verdict == edit.verdict)
  }

  @Test func aFileProvesNoOrigin() throws {
    let trust = try Self.trust(of: try Self.fixture(Self.plain))
    #expect(trust.checks.first { $0.key == "provenance" }?.outcome == .notPossible)
  }

  @Test func aKillLineAloneTellsNothing() throws {
    let line = try Self.fixture(Self.plain).split(separator: "\n").first {
      $0.contains("Killed process")
    }
    let trust = try Self.trust(of: String(try #require(line)) + "\n")
    #expect(trust.verdict == .incomplete)
    #expect(trust.failed.map(\.key) == ["complete"])
  }

  /// The lines of every kernel name a process alike, whatever its name holds.
  @Test(arguments: Kernel.all) func linesOfOneProcessAgree(kernel: Kernel) throws {
    let keys = ["comm", "uid", "adj", "pgtables", "invoker", "constraint", "decision"]
    var passed = 0
    for (index, scenario) in Scenario.allCases.enumerated() where scenario.happens(on: kernel) {
      for seed in 0..<4 {
        let printed = KernelPrinter(kernel, scenario, seed: UInt64(index * 4 + seed)).print()
        let log = LogForm.dmesg.log(printed.records)
        let trust = Self.trust(log, try #require(Scan.events(in: log).first))
        let checks = trust.checks.filter { keys.contains($0.key) }
        let failed = checks.filter { $0.outcome == .failed }
        #expect(
          failed.isEmpty,
          "\(scenario) \(seed): \(failed.map { ($0.key, $0.text.text { "\($0.count)" }) })")
        passed += checks.count { $0.outcome == .passed }
      }
    }
    #expect(passed > 0)
  }

  @Test func keysAreAllDifferent() {
    #expect(Set(Trust.rows.map(\.key)).count == Trust.rows.count)
  }

  @Test func eachCheckIsExplained() {
    for row in Trust.rows {
      let entries = Glossary.entries(named: row.claim)
      #expect(entries.map(\.subject) == ["trust"], "\(row.claim)")
      #expect(entries == Glossary.entries(named: "check \(row.key)"), "\(row.key)")
    }
  }

  /// Kernels to 5.0 choose one process and may kill a child of it.
  @Test func aChildInPlaceOfTheChosenIsNoContradiction() throws {
    let whole = try Self.fixture(Self.plain)
    let changed = whole.split(separator: "\n")
      .flatMap { line -> [String] in
        guard line.contains("Killed process") else { return [String(line)] }
        return [
          "[  498.051769] Out of memory: Kill process 900 (javaish) score 800 or sacrifice child",
          "[  498.051769] Killed process 898 (postgres) total-vm:21836kB, anon-rss:1408kB, "
            + "file-rss:0kB, shmem-rss:448kB",
        ]
      }
    let trust = try Self.trust(of: changed.joined(separator: "\n") + "\n")
    #expect(trust.failed.map(\.key) == [])
  }

  /// The first releases of 5.4 print the kill line's bytes of page tables as kB.
  @Test func bytesOfPageTablesThatAreCalledKilobytesAgree() throws {
    let lines = try Self.fixture(Self.plain).split(separator: "\n").map(String.init)
    let edit = Self.replacing("pgtables:528kB", "pgtables:540672kB", in: "Killed process")
    let trust = try Self.trust(of: edit(lines).joined(separator: "\n") + "\n")
    #expect(trust.checks.first { $0.key == "pgtables" }?.outcome == .passed)
  }
}

/// Logs that lie beside the checkout: nobody edited the captures.
@Suite(
  .enabled(
    if: Places.exists("\(Places.shared)/captures/expected.json"),
    "the folder ../shared with its logs is not there"))
struct SharedTrustTests {
  @Test func capturesContradictNothing() throws {
    let folder = "\(Places.shared)/captures"
    var seen = 0
    var problems: [String] = []
    for name in Places.filesAt(folder) where name.hasSuffix(".dmesg.log") && !name.contains("nasty")
    {
      let log = try #require(Places.bytes(at: "\(folder)/\(name)"))
      for event in Scan.events(in: log) where event.report.status == .complete {
        let empty = ReportText([], format: .lines, firstLine: 1, host: nil)
        let trust = Trust(event.report, text: empty)
        seen += 1
        guard trust.verdict == .contradictory else { continue }
        problems += trust.failed.map { check in
          "\(name):\(event.report.firstLine) \(check.key): \(check.text.text { "\($0.count)" })"
        }
      }
    }
    #expect(problems == [])
    #expect(seen > 40)
  }
}
