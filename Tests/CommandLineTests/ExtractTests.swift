import Foundation
import Testing

@Suite struct ExtractTests {
  private static let kill =
    "[10.5] Out of memory: Killed process 7 (app) total-vm:2kB, anon-rss:1kB, file-rss:0kB, "
    + "shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n"

  @Test func whatIsNoLogIsRefused() throws {
    let folder = try Folder(["packed": "\u{1F}\u{0}\n", "good": Self.kill])
    let run = try Run(["extract", "packed"], in: folder.url)
    #expect(run.status == 4)
    #expect(run.diagnostics.hasPrefix("error: 'packed' is no text and holds no OOM report\nhint:"))
    #expect(!run.output.contains("summary"))
  }

  /// What was read of a cut file is given, without the line that says that it was all.
  @Test func aCutFileGivesWhatItHolds() throws {
    let noise = (0..<4000).map { "[\($0 + 11).5] usb 1-1: \($0 * 7919 % 1000)\n" }.joined()
    let folder = try Folder(["log": Self.kill + noise])
    let prepared = try Run(
      ["-c", "gzip log && head -c 9000 log.gz > cut.gz"], with: URL(filePath: "/bin/sh"),
      in: folder.url)
    guard prepared.status == 0 else { return }
    let run = try Run(["extract", "cut.gz"], in: folder.url)
    #expect(run.status == 4)
    #expect(Self.events(run.output).count == 1 && !run.output.contains("summary"))
    #expect(run.diagnostics.contains("'cut.gz' is cut or damaged; what came before was written"))
  }

  @Test func whatCannotBeReadHidesNothingElse() throws {
    let folder = try Folder(["packed": "a\u{0}b", "good": Self.kill])
    let run = try Run(["extract", "missing", "packed", "good"], in: folder.url)
    #expect(run.status == 4)
    #expect(run.diagnostics.contains("cannot read 'missing'"))
    #expect(run.diagnostics.contains("'packed' is no text"))
    #expect(run.output.contains("\"pid\":7") && run.output.contains("\"source\":\"good\""))
  }

  private static func fixture(_ name: String) throws -> String {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/captures/\(name)")
    return String(decoding: try Data(contentsOf: path), as: UTF8.self)
  }

  private static func events(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.hasPrefix("{\"type\":\"event\"") }
  }

  /// Wherever a file is cut, the pieces together give what the whole gives, and their bytes and
  /// lines add up.
  @Test(arguments: [
    "repeat-leak-6.12.117-cloud.kmsg.log", "memcg-v2-6.12.117-cloud.dmesg-json.log",
  ])
  func anyCuttingGivesTheSameEvents(_ name: String) throws {
    let text = try Self.fixture(name)
    let folder = try Folder(["log": text])
    let whole = try Run(["extract", "log"], in: folder.url)
    let size = text.utf8.count
    for pieces in [2, 5] {
      let cuts = (0...pieces).map { size * $0 / pieces + ($0 % pieces == 0 ? 0 : $0) }
      var seen: [Substring] = []
      var lines = 0
      for (start, end) in zip(cuts, cuts.dropFirst()) {
        let run = try Run(["extract", "--own", "\(start):\(end)", "log"], in: folder.url)
        #expect(run.status == 0)
        seen += Self.events(run.output)
        let summary = try #require(run.output.split(separator: "\n").last)
        #expect(summary.contains("\"own\":[\(start),\(end)],\"bytes\":\(end - start),"))
        lines += try Self.number("lines", in: summary)
      }
      #expect(seen == Self.events(whole.output))
      #expect(lines == text.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
    }
  }

  private static func number(_ name: String, in record: Substring) throws -> Int {
    let rest = try #require(record.split(separator: "\"\(name)\":", maxSplits: 1).last)
    return try #require(Int(rest.prefix { $0.isNumber }))
  }

  @Test(arguments: [
    (["--tasks", "top"], "it is all, none or top=N"), (["--own", "7"], "it is START:END"),
    (["--own", "9:3"], "ends before it begins"), (["--read-ahead", "1M"], "without --own"),
    (["--own", "0:1", "other"], "takes one log, not 2"),
    (["--ref-time", "yesterday"], "2026-11-23T08:00:00Z"), (["--tz", "Mars/Base"], "no time zone"),
  ])
  func wrongOptionsAreRefused(_ options: [String], _ words: String) throws {
    let folder = try Folder(["log": Self.kill])
    let run = try Run(["extract", "log"] + options, in: folder.url)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.diagnostics.contains(words))
  }

  @Test func whatNoStampPrintsIsTold() throws {
    let folder = try Folder(["log": "Nov 22 08:36:09 vm kernel: " + Self.kill])
    let silent = try Run(["extract", "log"], in: folder.url)
    #expect(silent.output.contains("\"wall_us\":null"))
    #expect(silent.output.contains("\"printed\":\"Nov 22 08:36:09 vm kernel: [10.5]\""))
    let told = try Run(
      ["extract", "--ref-time=2026-11-23T00:00:00Z", "--tz=+09:00", "log"], in: folder.url)
    #expect(told.output.contains("\"wall_us\":1795304169000000,\"err_us\":1000000"))
    let assumed = try Run(["extract", "--ref-time=@1795392000", "log"], in: folder.url)
    #expect(assumed.output.contains("\"wall_us\":1795336569000000,\"err_us\":50400000000"))
  }

  @Test func theHostOfALogThatNamesNone() throws {
    let folder = try Folder(["log": Self.kill])
    let run = try Run(["extract", "--host=web1", "--tasks=none", "log"], in: folder.url)
    #expect(run.output.contains("\"host\":\"web1\""))
  }

  @Test func recordsAreLoadedBack() throws {
    let log = try Self.fixture("repeat-leak-6.12.117-cloud.dmesg.log")
    let folder = try Folder(["a.log": log, "b.log": Self.kill])
    let records = try Run(["extract", "--tasks=all", "a.log", "b.log"], in: folder.url).output
    let asText = records.replacing(#/":(\d+)/#) { "\":\"\($0.output.1)\"" }
    let cut = records.split(separator: "\n").prefix(4).joined(separator: "\n")
    let more = try Folder([
      "e.ndjson": records, "text.ndjson": asText, "twice.ndjson": records + records,
      "cut.ndjson": cut + "\n{\"type\":\"ev",
      "later.ndjson": #"{"type":"header","schema":"oomsh.events","v":2}"#,
    ])
    let fromLog = try Run(["a.log", "b.log", "-c", "why 8", "-c", "mem 8"], in: folder.url)
    for name in ["e.ndjson", "text.ndjson", "twice.ndjson"] {
      let run = try Run([name, "-c", "why 8", "-c", "mem 8"], in: more.url)
      #expect(run.status == 0, "\(name): \(run.diagnostics)")
      #expect(run.output == fromLog.output, "\(name)")
    }
    let short = try Run(["cut.ndjson"], in: more.url)
    #expect(short.status == 4)
    #expect(short.diagnostics.contains("a line is no event record, first line 5"))
    #expect(try Run(["later.ndjson"], in: more.url).diagnostics.contains("version 2"))
    let raw = try Run(["e.ndjson", "-c", "raw 1"], in: more.url)
    #expect(raw.status == 3 && raw.diagnostics.contains("load the log itself: 'a.log'"))
  }

  @Test func packedLogsAreRead() throws {
    let folder = try Folder(["log": Self.kill])
    let run = try Run(
      ["-c", "gzip -k log && exec \"$0\" extract log.gz", Run.program.path],
      with: URL(filePath: "/bin/sh"), in: folder.url)
    #expect(run.status == 0)
    #expect(run.output.contains("\"pid\":7"))
  }

  @Test func aRecordWithSomeRowsRanksNothing() throws {
    let log = try Self.fixture("protected-hog-6.12.117-cloud.dmesg.log")
    let folder = try Folder(["a.log": log])
    let records = try Run(["extract", "--tasks=top=2", "a.log"], in: folder.url).output
    let none = try Run(["extract", "--tasks=none", "a.log"], in: folder.url).output
    let more = try Folder(["e.ndjson": records, "none.ndjson": none])
    let why = try Run(["e.ndjson", "-c", "why 2", "-c", "tasks 2"], in: more.url)
    #expect(why.output.contains("keeps 2 of 4 rows"))
    #expect(why.output.contains("warning: the event's record keeps 2 of 4 rows"))
    #expect(try Run(["e.ndjson", "-c", "whatif 2 kill web-b"], in: more.url).status == 3)
    let tasks = try Run(["none.ndjson", "-c", "tasks 2"], in: more.url)
    #expect(tasks.output.contains("its record keeps none of 4 rows"))
  }
}
