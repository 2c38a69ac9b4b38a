import KernelLog
import OOMReports
import TestSupport
import Testing

/// Tables whose first row names the columns.
@Suite struct SheetTests {
  private static func report(_ pid: Int, at second: Int) -> [String] {
    [
      "[   \(second).000001] app\(pid) invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), "
        + "order=0, oom_score_adj=0",
      "[   \(second).000002] Mem-Info:",
      "[   \(second).000003] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
        + "mems_allowed=0,global_oom,task_memcg=/a,task=app\(pid),pid=\(pid),uid=33",
      "[   \(second).000004] Out of memory: Killed process \(pid) (app\(pid)) total-vm:9kB, "
        + "anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:52kB oom_score_adj:0",
    ]
  }

  /// The lines of two machines in turn.
  private static let lines = zip(report(11, at: 10), report(22, at: 70)).flatMap {
    [("web1", $0), ("db2", $1)]
  }

  private static func events(_ rows: [String], end: String = "\n") -> [ReportScanner.Found] {
    Scan.events(in: Array((rows.joined(separator: end) + end).utf8))
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static let time = "2026-10-25T14:31:23.000Z"

  private static let sheets: [[String]] = [
    ["@timestamp,host,message"] + lines.map { "\(time),\($0),\(quoted($1))" },
    ["\"_raw\",\"_time\",\"host\""]
      + lines.map { [quoted($1), quoted(time), quoted($0)].joined(separator: ",") },
    ["Time;Host;Program;Message"]
      + lines.map { "\(time);\($0);kernel;\($1.drop { $0 != "]" }.dropFirst(2))" },
    ["timestamp\tmessage\thostname"] + lines.map { "\(time)\t\($1)\t\($0)" },
    ["host.name,TimeGenerated,labels,Line"]
      + lines.map { "\($0),\(time),\"{a=\"\"b,c\"\"}\",\(quoted($1))" },
    [" host |            ts            | message ", "------+--------+------"]
      + lines.map { " \($0) | \(time) | \($1)" } + ["(8 rows)"],
    ["+------+----+-----+", "| host | time | message |", "+------+----+-----+"]
      + lines.map { "| \($0) | \(time) | \($1)   |" } + ["+------+----+-----+"],
    ["| host | time | message |", "|---|---|---|"]
      + lines.map { "| \($0) | \(time) | \($1) |" },
  ]

  @Test(arguments: 0..<sheets.count, ["\n", "\r\n"])
  func hostsAreKeptApart(_ sheet: Int, _ end: String) throws {
    let found = Self.events(Self.sheets[sheet], end: end).sorted {
      $0.report.victims[0].pid < $1.report.victims[0].pid
    }
    #expect(found.map(\.report.host) == [LogText("web1"), LogText("db2")])
    #expect(found.map(\.report.status) == [.complete, .complete])
    #expect(found.map { $0.report.decision?.value.pid } == [11, 22])
    #expect(found.map(\.carrier) == [.table, .table])
    #expect(found.allSatisfy { $0.report.time.wallMicros == 1_792_938_683_000_000 })
  }

  /// A whole report in one cell, of two machines, with columns behind it; in what stands before its lines
  /// a row may begin like one of its own.
  @Test(arguments: ["\n", "\r\n"], ["\n", "\r\n"])
  func messagesOfManyLines(_ end: String, _ inner: String) {
    for delimiter in [",", ";", "\t"] {
      for isLast in [true, false] {
        let names = isLast ? ["time", "host", "message"] : ["message", "note", "host", "time"]
        let rows = [("web1", 11, 10), ("db2", 22, 70)].flatMap { host, pid, second in
          let lines = ["\"a\" \"b\", c", ""] + Self.report(pid, at: second) + ["x, y, z"]
          let text = Self.quoted(lines.joined(separator: inner))
          let cells = isLast ? [Self.time, host, text] : [text, "\"p\nq\"", host, Self.time]
          return [
            cells.joined(separator: delimiter),
            (isLast ? [Self.time, "db2", "x"] : ["x", "\"\"", "db2", Self.time])
              .joined(separator: delimiter),
          ]
        }
        let log = Array(
          (([names.joined(separator: delimiter)] + rows).joined(separator: end) + end).utf8)
        for piece in [Int.max, 1, 100] {
          let (found, scanner) = Scan.scanner(over: log, piece: { _ in piece })
          #expect(found.map(\.report.host) == [LogText("web1"), LogText("db2")])
          #expect(found.map(\.report.status) == [.complete, .complete])
          #expect(found.map { $0.report.victims.map(\.pid) } == [[11], [22]])
          #expect(found.allSatisfy { $0.report.time.wallMicros == 1_792_938_683_000_000 })
          #expect(scanner.strayKills.count == 0)
          let parser = ReportParser(format: scanner.format ?? .lines, clock: Clock(), isWhole: true)
          for event in found {
            let bytes = Array(log[event.byteRange])
            let again = parser.parse(
              event.surrounded ?? ReportBytes(bytes), firstLine: event.report.firstLine,
              host: event.report.host)
            #expect(again?.report.victims == event.report.victims)
            #expect(again?.report.status == .complete)
          }
        }
      }
    }
  }

  /// Cells of several lines before the message, and messages that end in a newline with columns behind
  /// them: the line that ends one cell may begin another.
  @Test(arguments: [
    (["time", "labels", "host", "message"], [1, 0, 2, 3]),
    (["time", "message", "host", "labels"], [1, 3, 2, 0]),
    (["message", "labels", "time", "host"], [3, 0, 1, 2]),
  ])
  func otherCellsOfManyLines(_ names: [String], _ order: [Int]) {
    for end in ["", "\n"] {
      let rows = [("web1", 11, 10), ("db2", 22, 70)].map { host, pid, second in
        let text = Self.report(pid, at: second).joined(separator: "\n") + end
        let cells = ["\"y\nz\"", Self.time, host, Self.quoted(text)]
        return order.map { cells[$0] }.joined(separator: ",")
      }
      let empty = names.map { $0 == "time" ? Self.time : "" }.joined(separator: ",")
      let found = Self.events(
        [names.joined(separator: ","), rows[0], empty, rows[1], rows[1], empty])
      #expect(found.map(\.report.host) == ["web1", "db2", "db2"].map { LogText($0) })
      #expect(found.allSatisfy { $0.report.status == .complete })
      #expect(found.map { $0.report.victims.map(\.pid) } == [[11], [22], [22]])
      #expect(found.allSatisfy { $0.report.victims.first?.oomScoreAdj == 0 })
    }
  }

  /// A quote that no cell ends in hides no row behind it.
  @Test(arguments: ["\"", "\"x", "x \"y", "\"x\" y", "\"\"\""])
  func strayQuotes(_ text: String) {
    for delimiter in [",", "\t"] {
      let rows =
        [["time", "host", "message"], [Self.time, "web1", text]]
        + Self.report(11, at: 10).map { [Self.time, "web1", Self.quoted($0)] }
      let found = Self.events(rows.map { $0.joined(separator: delimiter) })
      #expect(found.map { $0.report.victims.map(\.pid) } == [[11]], "\(text)")
      #expect(found.map(\.report.status) == [.complete])
    }
  }

  /// A program's row is none of the kernel's, whatever the column is called.
  @Test(arguments: ["Program", "app", "service", "tag", "unit", "container", "process.name"])
  func otherPrograms(_ column: String) {
    let message = Self.report(11, at: 10)[3].drop { $0 != "]" }.dropFirst(2)
    let rows = [
      "time,host,\(column),message", "\(Self.time),web1,sshd,\(Self.quoted(String(message)))",
    ]
    let (found, scanner) = Scan.scanner(over: Array((rows.joined(separator: "\n") + "\n").utf8))
    #expect(found.isEmpty)
    #expect(scanner.strayKills.count == 1)
  }

  /// A cell of more lines than are looked through for the rest of its row: its reports are read, and
  /// what a row says is not looked for in the wrong place.
  @Test(arguments: [0, 1, 2])
  func longCells(_ place: Int) {
    let row = "[   10.000001] [   5]    0     5     9    9   0  0  0 x"
    var first = Self.report(11, at: 10)
    first.insert(contentsOf: Array(repeating: row, count: 1500), at: 2)
    var cells = [Self.time, "web1"]
    var names = ["time", "host"]
    cells.insert(Self.quoted((first + Self.report(22, at: 70)).joined(separator: "\n")), at: place)
    names.insert("message", at: place)
    let found = Self.events([names.joined(separator: ","), cells.joined(separator: ",")])
    #expect(found.map { $0.report.victims.first?.pid } == [11, 22])
    #expect(found.map(\.report.status) == [.complete, .complete])
    #expect(found.allSatisfy { $0.report.host == nil })
  }

  /// A line with quotes that begins before what is looked through.
  @Test func aLongLineWithQuotesBeforeAReport() {
    let row = String(repeating: "x", count: 70_000) + "\"\"x"
    let rows = Self.report(11, at: 10).map { "\(Self.time),web1,\(Self.quoted($0))" }
    let found = Self.events(["time,host,message", row, "x"] + rows)
    #expect(found.map(\.report.status) == [.complete])
    #expect(found.map(\.report.host) == [LogText("web1")])
  }

  /// Rows that are too long by empty cells, too short behind the line, padded with blanks, or whose last
  /// cell has separators of its own.
  @Test func uneven() {
    let report = Self.report(11, at: 10)
    let sheets: [[String]] = [
      ["host,message,level"] + report.map { "web1,\(Self.quoted($0))" },
      ["host,message"] + report.map { "web1,\(Self.quoted($0)),," },
      ["host,message"] + report.map { "web1,\($0)" },
      ["host, level, message"] + report.map { " web1 , info, \(Self.quoted($0)) " },
      [",host,message"] + report.enumerated().map { "\($0),web1,\(Self.quoted($1))" },
      ["sep=;", "host;message"] + report.map { "web1;\(Self.quoted($0))" },
      ["|time (UTC)|host|message|"] + report.map { "|x|web1|\($0)|" },
      ["┌──┬──┐", "│ host │ message │", "├──┼──┤"] + report.map { "│ web1 │ \($0) │" },
      ["| host | message |"] + report.map { "| web1 | \($0.replacing("app11", with: "a | b")) |" },
    ]
    for sheet in sheets {
      let found = Self.events(sheet)
      #expect(found.map(\.report.host) == [LogText("web1")], "\(sheet[0])")
      #expect(found.map(\.report.status) == [.complete], "\(sheet[0])")
    }
  }

  /// Graylog's column for the host, which elsewhere is a file.
  @Test func sources() {
    for (source, host) in [("web1", LogText("web1")), ("/var/log/kern.log", nil)] {
      let rows = Self.report(11, at: 10).map { "\(Self.time),\(source),\(Self.quoted($0))" }
      #expect(Self.events(["timestamp,source,message"] + rows).map(\.report.host) == [host])
    }
  }

  /// A row of which it is not clear what its cells are is read as a line.
  @Test func torn() {
    let torn = Self.report(11, at: 10).map { "web1,\($0),info" }
    #expect(Self.events(["host,message,level"] + torn).map(\.report.host) == [nil])
  }

  /// Dates as Kibana shows them.
  @Test func datesForPeople() {
    let rows = Self.report(11, at: 10).map {
      "\"Oct 25, 2026 @ 14:31:23.000\",web1,\(Self.quoted($0))"
    }
    let found = Self.events(["@timestamp,host,message"] + rows)
    #expect(found.map(\.report.time.wallMicros) == [1_792_938_683_000_000])
    #expect(found.map(\.report.time.basis) == [.printedZoneAssumed])
  }

  /// What is no header: a sentence, a kernel's line, a row without a column for the line.
  @Test(arguments: [
    "host,time,level", "[   1.000000] message,host: x", "message", "a message, which; has | signs",
    ",,message", "time=3,message=4",
  ])
  func noHeaders(_ line: String) {
    #expect(LogFormat.recognised(in: Array("\(line)\nx\n".utf8).span).isLines)
  }

  /// A table without names has a time in its first cell, and no host.
  @Test func timeOfTheFirstCell() {
    for row in ["%,\"@\"", "\"%\",\"@\"", "%;@", "%\t@", "| % | @ |"] {
      let rows = Self.report(11, at: 10).map {
        row.replacing("%", with: Self.time).replacing("@", with: $0)
      }
      let found = Self.events(rows)
      #expect(found.map(\.report.time.wallMicros) == [1_792_938_683_000_000], "\(row)")
    }
  }
}
