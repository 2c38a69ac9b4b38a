import KernelLog
import OOMReports
import TestSupport
import Testing

/// Texts of many lines in strings of JSON.
@Suite struct JSONTextTests {
  private static func report(_ name: String, _ pid: Int, at second: Int, level: String = "")
    -> [String]
  {
    [
      "\(level)[   \(second).000001] \(name) invoked oom-killer: "
        + "gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0",
      "\(level)[   \(second).000002] Mem-Info:",
      "\(level)[   \(second).000003] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
        + "mems_allowed=0,global_oom,task_memcg=/a\\\\x2db,task=\(name),pid=\(pid),uid=33",
      "\(level)[   \(second).000004] Out of memory: Killed process \(pid) (\(name)) total-vm:9kB, "
        + "anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:52kB oom_score_adj:0",
    ]
  }

  /// Names as JSON writes a quote, and a backslash before an n, which is no line's end.
  private static let lines =
    report(#"a\"b"#, 11, at: 10) + report(#"c\\nd"#, 22, at: 20, level: #"\u003c4\u003e"#)

  private static let texts: [String] = [
    "{\n    \"InstanceId\": \"i-1\",\n    \"Output\": \"\(lines.joined(separator: #"\r\n"#))\\r\\n\",\n"
      + "    \"Timestamp\": \"2026-11-01T10:00:00.000Z\"\n}\n",
    "{\"InstanceId\":\"i-1\",\"Output\":\"\(lines.joined(separator: #"\n"#))\"}\n",
    "[\"" + lines.joined(separator: "\",\"") + "\"]\n",
    "[ \"" + lines.joined(separator: "\", \"") + "\" ]",
    "\"\(lines.joined(separator: #"\n"#))\\n\"\n",
  ]

  @Test(arguments: 0..<texts.count)
  func everyLineIsRead(_ text: Int) {
    let bytes = Array(Self.texts[text].utf8)
    for piece in [Int.max, 1, 7, 64] {
      let found = Scan.events(in: bytes, piece: { _ in piece })
      #expect(found.map(\.report.status) == [.complete, .complete])
      #expect(found.map { $0.report.victims.first?.pid } == [11, 22])
      #expect(
        found.map { $0.report.victims.first?.comm } == [LogText(#"a"b"#), LogText(#"c\nd"#)])
      #expect(
        found.map { $0.report.memcg?.taskPath?.value } == [
          LogText(#"/a\x2db"#), LogText(#"/a\x2db"#),
        ])
      #expect(found.map(\.report.time.uptimeMicros) == [10_000_004, 20_000_004])
      #expect(found.map(\.report.time.wallMicros) == [nil, nil])
    }
  }

  /// Reports of two machines, each in one message.
  @Test func messagesHaveTheHostAndTheTimeOfTheirObject() {
    let objects = [("web1", 11, 10), ("db2", 22, 50)].map { host, pid, second in
      let message = Self.report("java", pid, at: second).joined(separator: #"\n"#)
      return
        "{\"time\":\"2026-10-25T14:31:\(second)Z\",\"message\":\"\(message)\\n\",\"host\":\"\(host)\"}"
    }
    let log = Array(objects.joined(separator: "\n").utf8)
    let (found, scanner) = Scan.scanner(over: log)
    #expect(found.map(\.report.host) == [LogText("web1"), LogText("db2")])
    #expect(found.map(\.report.status) == [.complete, .complete])
    #expect(
      found.map(\.report.time.wallMicros) == [1_792_938_670_000_000, 1_792_938_710_000_000])
    // As `show` has the bytes: without the object around them.
    let parser = ReportParser(format: scanner.format ?? .lines, clock: Clock(), isWhole: true)
    for event in found {
      let bytes = Array(log[event.byteRange])
      var again = parser.parse(
        event.surrounded ?? ReportBytes(bytes), firstLine: event.report.firstLine,
        host: event.report.host)?.report
      again?.time = event.report.time
      #expect(again == event.report)
    }
  }

  /// What stands beside the message is its host and its time, not what an object of labels says.
  @Test func labelsAreNoHost() {
    let labels = #""labels":{"host":"other","time":"2001-01-01T00:00:00Z","n":1}"#
    let own = #""host":{"name":"web1"},"time":"2026-10-25T14:31:23Z""#
    for lines in [Self.report("java", 11, at: 10), [Self.report("java", 11, at: 10)[3]]] {
      let message = "\"message\":\"\(lines.joined(separator: #"\n"#))\""
      for members in [
        [labels, message, own], [message, labels, own], [own, labels, message],
        [own, message, labels],
      ] {
        let found = Scan.events(in: Array("{\(members.joined(separator: ","))}\n".utf8))
        #expect(found.map(\.report.host) == [LogText("web1")], "\(members)")
        #expect(found.map(\.report.time.wallMicros) == [1_792_938_683_000_000], "\(members)")
      }
    }
  }

  /// Messages without stamps of objects that name the kernel, and of entries of an array.
  @Test func otherMessages() {
    let bare = Self.report("java", 11, at: 10).map { String($0.drop { $0 != "]" }.dropFirst(2)) }
      .joined(separator: #"\r\n"#)
    let whole = Self.report("java", 11, at: 10).joined(separator: #"\n"#)
    for text in [
      "{\"program\":\"kernel\",\"host\":\"web1\",\"message\":\"\(bare)\"}\n",
      "[{\"host\":\"web1\",\"message\":\"\(whole)\"}]\n",
      "[{\"host\":\"web1\",\"message\":\"\(whole)\"},{\"message\":\"x\"}]",
    ] {
      let found = Scan.events(in: Array(text.utf8))
      #expect(found.map(\.report.host) == [LogText("web1")], "\(text)")
      #expect(found.map(\.report.status) == [.complete], "\(text)")
    }
  }

  /// A serial console's lines as Google's log store exports them: the ends of lines escaped once more,
  /// the machine's name among the labels.
  @Test func escapedEndsOfLines() {
    let entries = Self.report("java", 11, at: 10).map { line in
      "  {\n    \"textPayload\": \"\(line)\\\\r\\\\n\",\n    \"resource\": {\"labels\": "
        + "{\"instance_id\": \"77\"}},\n    \"timestamp\": \"2026-10-25T14:31:23.5Z\",\n"
        + "    \"labels\": {\"compute.googleapis.com/resource_name\": \"web1\"}\n  }"
    }
    let found = Scan.events(in: Array("[\n\(entries.joined(separator: ",\n"))\n]\n".utf8))
    #expect(found.map(\.report.host) == [LogText("web1")])
    #expect(found.map(\.report.status) == [.complete])
    #expect(found.first?.report.victims.first?.oomScoreAdj == 0)
    #expect(found.first?.report.diagnostics.isEmpty == true)
  }

  /// Messages that a daemon kept the kernel's tag with, in objects by themselves and in one.
  @Test func tagsOfTheKernel() {
    let lines = Self.report("java", 11, at: 10)
    let bare = lines.map { String($0.drop { $0 != "]" }.dropFirst(2)) }
    for lines in [lines, bare] {
      let tagged = lines.map { "kernel: " + $0 }
      let apart = tagged.map { "{\"host\":\"web1\",\"message\":\"\($0)\"}\n" }.joined()
      let whole = "{\"host\":\"web1\",\"message\":\"\(tagged.joined(separator: #"\n"#))\"}\n"
      for text in [apart, whole] {
        let found = Scan.events(in: Array(text.utf8))
        #expect(found.map(\.report.host) == [LogText("web1")], "\(text)")
        #expect(found.map(\.report.status) == [.complete], "\(text)")
      }
      let quoted = apart.replacing("\"message\"", with: "\"service\":\"api\",\"message\"")
      #expect(Scan.events(in: Array(quoted.utf8)).count == (lines == bare ? 0 : 1))
    }
  }

  /// A console's colours, as JSON writes them.
  @Test func colours() {
    let lines = Self.report("java", 11, at: 10).map { #"\u001b[0m"# + $0 + #"\u001b[0m"# }
    let text = "{\"InstanceId\":\"i-1\",\"Output\":\"\(lines.joined(separator: #"\r\n"#))\"}\n"
    let found = Scan.events(in: Array(text.utf8))
    #expect(found.map(\.report.status) == [.complete])
    #expect(found.map { $0.report.victims.first?.oomScoreAdj } == [0])
  }

  /// A program that prints many lines is none of the kernel.
  @Test func programs() {
    let kill = "Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB"
    let kernels = #"[    1.000000] a\n[    2.000000] b\n"#
    let text =
      "{\"message\":\"\(kernels)\",\"program\":\"myapp\"}\n"
      + "{\"message\":\"it said\\n\(kill)\\n\",\"program\":\"myapp\"}\n"
    #expect(Scan.events(in: Array(text.utf8)).isEmpty)
  }

  /// One line an object, as container runtimes write them, is no such text.
  @Test func otherObjects() {
    let objects = Self.lines.map { "{\"log\":\"\($0)\\n\",\"stream\":\"stdout\"}\n" }.joined()
    #expect(LogFormat.recognised(in: Array(objects.utf8).span).isLines)
  }

  /// `jq .log` of a container's log: a string a line, with the end of its line in it.
  @Test func stringsThatHoldTheEndsOfTheirLines() throws {
    let lines = Self.report("db", 33, at: 30)
    for prefix in ["", "2026-11-01T10:00:00.000000+00:00 web1 kernel: "] {
      let log = lines.map { "\"\(prefix)\($0)\\n\"\n" }.joined()
      let report = try #require(Scan.events(in: Array(log.utf8)).first?.report)
      #expect(report.diagnostics.isEmpty)
      #expect(report.decision?.value.uid == 33)
      #expect(report.victims.first?.oomScoreAdj == 0)
      #expect(report.time.wallMicros == (prefix.isEmpty ? nil : 1_793_527_200_000_000))
    }
  }
}
