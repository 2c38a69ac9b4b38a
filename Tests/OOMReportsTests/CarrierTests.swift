import KernelLog
import OOMReports
import TestSupport
import Testing

/// Events in files of several carriers, and texts that only look like the kernel's.
@Suite struct CarrierTests {
  private static let kill =
    "Out of memory: Killed process 77 (java) total-vm:2905732kB, anon-rss:2902972kB, "
    + "file-rss:536kB, shmem-rss:0kB, UID:1000 pgtables:2844kB oom_score_adj:200"

  /// The same as `grep --color=always` shows it.
  private static let marked = kill.replacing(
    "Killed", with: "\u{1B}[01;31m\u{1B}[KKilled\u{1B}[m\u{1B}[K")

  private static func events(_ lines: String...) -> [ReportScanner.Found] {
    Scan.events(in: Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  /// A program's own words are no event, whatever they quote.
  @Test(arguments: [
    "2026-10-25T14:31:23.074316789Z stdout F \(kill)",
    "2026-10-25T14:31:23.074316789Z stderr F <3>\(kill)",
    "2026-10-25T14:31:23.074316789Z stdout F     \(kill)",
    "{\"log\":\"\(kill)\\n\",\"stream\":\"stdout\",\"time\":\"2026-10-25T14:31:23.074316789Z\"}",
    "{\"message\":\"\(kill)\",\"program\":\"myapp\",\"host\":\"web1\"}",
    "{\"MESSAGE\":\"[   12.345678] \(kill)\",\"_TRANSPORT\":\"stdout\"}",
    "{\"process\":{\"pid\":7,\"name\":\"agent\"},\"message\":\"\(kill)\"}",
    "{\"log.logger\":\"com.acme.Watch\",\"message\":\"\(kill)\"}",
    "{\"service\":{\"name\":\"shop\"},\"message\":\"\(kill)\"}",
    "{\"log\":{\"file\":{\"path\":\"/var/log/shop.log\"}},\"message\":\"\(kill)\"}",
    "{\"facility\":\"daemon\",\"message\":\"\(kill)\"}",
    "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"\(kill)\"}",
    "{\"appname\":\"watch\",\"message\":\"[   12.345678] \(kill)\"}",
    "{\"message\":\"worker died: [   12.345678] \(kill)\"}",
    "Oct 25 14:31:23 web1 watcher[77]: [   12.345678] \(kill)",
    "Oct 25 14:31:23 web1 kernel-watch: \(kill)",
    "2026-10-25 14:31:23,074 ERROR \(kill)",
    "2026-10-25T14:31:23,074 ERROR \(kill)",
    "user: warning: [2026-10-25T14:31:23.91Z]: \(kill)",
    "user  :warn  : [   12.345678] \(kill)",
    "12,413,118355781,-;\(kill)",
    "6.12.9,12,413,118355781,-;\(kill)",
    "10-25 14:31:23.345  1000   812   812 W lmkd    : \(kill)",
    "A line such as [12345.678901] \(kill)",
    "[   12.345678] watch: saw [   12.345679] \(kill)",
    "[   12.345678] watch: \"[   12.345679] \(kill)\"",
    "[   12.345678] watch:[   11.345678] \(kill)",
    "2026-10-25 14:31:23.345 | ERROR    | watch:run:12 - [   12.345678] \(kill)",
    "node-agent-1  | \(kill)",
    "2026-10-25T14:31:23.074316789Z stdout F {\"message\":\"\(kill)\"}",
    #"{"log":"{\"MESSAGE\":\"[   12.345678] \#(kill)\",\"_TRANSPORT\":\"stdout\"}\n"}"#,
    "The log says \"[12345.678901] \(kill)\".",
    "-- \(kill)",
    "[   12.345678] OOM killer disabled.",
    "java.lang.OutOfMemoryError: Java heap space, Killed process 77 (java)",
  ])
  func falseFriends(_ line: String) {
    #expect(Self.events(line).isEmpty)
  }

  /// The same line of the kernel's, in what others put around it.
  @Test(arguments: [
    "> [   12.345678] \(kill)", "&lt;3&gt;[   12.345678] \(kill)",
    "kern.log-7-[   12.345678] \(kill)", "web1 login: [   12.345678] \(kill)",
    "    [   12.345678] \(kill)", "\u{FEFF}[   12.345678] \(kill)",
    "{\"message\":\"\\u003C3\\u003E[   12.345678] \(kill)\"}",
    "\"message\": \"[   12.345678] \(kill)\",", "1792938683,\"[   12.345678] \(kill)\"",
    "** 17 printk messages dropped ** [   12.345678] \(kill)",
    "2026-10-25T14:31:23Z web1.example.com kernel: [   12.345678] \(kill)",
    "2026-10-25T14:31:23Z fe80::1 kernel:[   12.345678] \(kill)",
    "[   12.345670] usb 1-1: new device[   12.345678] \(kill)",
    "[   12.345678] \(marked)", "7:[   12.345678] \(marked)",
    "\u{1B}[36mOct 25 14:31:23\u{1B}[0m \u{1B}[34mweb1\u{1B}[0m kernel: [   12.345678] \(kill)\u{1B}[0m",
    "2026-10-25 14:31:23 | [   12.345678] \(kill)   | web1", "| 1 | [   12.345678] \(kill) |",
    "| [   12.345678] \(kill)      | web1 |",
    "2026-10-25T14:31:23+00:00\tkern\t{\"message\":\"[   12.345678] \(kill)\"}",
    "node.json:7:{\"message\":\"[   12.345678] \(kill)\"}",
    "2026-10-25T14:31:23.074316789Z stdout F {\"message\":\"[   12.345678] \(kill)\"}",
  ])
  func wrappedKills(_ line: String) throws {
    let event = try #require(Self.events(line).first)
    #expect(event.report.victims.map(\.pid) == [77])
    #expect(event.report.victims.first?.oomScoreAdj == 200)
    #expect(event.report.time.uptimeMicros == 12_345_678)
  }

  /// Where an object names no program, its message stands for itself, as a bare line does.
  @Test(arguments: [
    "{\"version\":\"1.1\",\"host\":\"web1\",\"short_message\":\"\(kill)\",\"timestamp\":1792938683.0}",
    "{\"_source\":{\"@timestamp\":\"2026-10-25T14:31:23Z\",\"message\":\"\(kill)\"}}",
    "{\"attributes\":{\"service\":\"kernel\",\"message\":\"\(kill)\"}}",
    "{\"process\":{\"name\":\"kernel\"},\"agent\":{\"type\":\"beat\"},\"message\":\"\(kill)\"}",
    "{\"log\":{\"file\":{\"path\":\"/var/log/messages\"}},\"message\":\"\(kill)\"}",
    "{\"ProcessName\":\"kernel\",\"Facility\":\"kern\",\"SyslogMessage\":\"\(kill)\"}",
    "[{\"message\":\"\(kill)\"},{\"message\":\"x\"}]",
  ])
  func killsOfNamelessObjects(_ line: String) {
    #expect(Self.events(line).map { $0.report.victims.map(\.pid) } == [[77]])
  }

  /// A name that the kernel cut inside a character comes longer from a store of text.
  @Test func namesWithReplacedBytes() throws {
    let name = "ab한글앱프\u{FFFD}"
    let lines = [
      "\(name) invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
      Self.kill.replacing("java", with: name),
    ].map { "[   12.345678] \($0)" }
    for isWhole in [true, false] {
      let log = Array((lines.joined(separator: "\n") + "\n").utf8)
      let event = try #require(Scan.events(in: log, isWhole: isWhole).first)
      #expect(event.report.status == .complete)
      #expect(event.report.victims.map(\.comm) == [LogText(name)])
    }
    // No name is longer, however it is stored.
    let long = Self.kill.replacing("java", with: "abcdefghijklmno\u{FFFD}")
    #expect(Self.events("[   12.345678] \(long)").allSatisfy { $0.report.victims.isEmpty })
  }

  /// Zeros that a crash left in a file, before a line.
  @Test(arguments: [1, 512, 4096]) func zerosBeforeALine(count: Int) {
    let line = String(repeating: "\0", count: count) + "[   12.345678] \(Self.kill)"
    #expect(Self.events("[   11.345678] x", line).map { $0.report.victims.map(\.pid) } == [[77]])
  }

  /// Lines that run backwards are told from those of several boots and hosts.
  @Test func newestFirst() {
    let lines = (0..<20).map { "[   \(10 + $0).345678] \($0 == 10 ? Self.kill : "x")\n" }
    func isReversed(_ lines: [String]) -> Bool {
      Scan.scanner(over: Array(lines.joined().utf8)).scanner.isReversed
    }
    #expect(isReversed(lines.reversed()))
    #expect(!isReversed(lines))
    #expect(!isReversed(lines.suffix(3) + lines.prefix(3) + lines))
    #expect(!isReversed(Array(repeating: lines[10], count: 20)))
    // The same in an array of a store's objects.
    let objects = lines.map { "{\"host\":\"h\",\"message\":\"\($0.dropLast())\"}" }
    for separator in [",", ",\n", ", "] {
      #expect(isReversed(["[\(objects.reversed().joined(separator: separator))]\n"]))
      #expect(!isReversed(["[\(objects.joined(separator: separator))]\n"]))
    }
  }

  /// Hosts that pdsh printed one line each are kept apart, whatever dmesg was asked for.
  @Test(arguments: [
    "[   12.345678] ", "2026-10-25T14:31:23,074316+00:00 ", "kern  :err   : [   12.345678] ",
  ])
  func hostsOfADistributedShell(stamp: String) {
    let invoked = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
    let lines = [invoked, Self.kill].flatMap { text in
      ["web1", "web2"].map { "\($0): \(stamp)\(text)" }
    }
    let events = Self.events(lines.joined(separator: "\n"))
    #expect(events.map(\.report.host) == [LogText("web1"), LogText("web2")])
    #expect(events.map(\.report.status) == [.complete, .complete])
  }

  /// What reads like a kill and is not known for the kernel's is counted, wherever it stands.
  @Test func strayKills() {
    let lines = [
      "worker said: \(Self.kill)", "1792938683,web1,\"\(Self.kill)\"", "x",
      "[   12.345678] \(Self.kill)", String(repeating: "x", count: 200_000) + Self.kill, "x",
      "2026-10-25T14:31:23Z stdout F \(Self.kill)",
    ]
    for isQuick in [true, false] {
      let log = Array((lines.joined(separator: "\n") + "\n").utf8)
      let (events, scanner) = Scan.scanner(over: log, isQuick: isQuick)
      let strays = scanner.strayKills
      #expect(events.count == 1)
      #expect(strays.count == 4)
      #expect(strays.first.map(\.line) == [1, 2, 5, 7])
      #expect(strays.first.allSatisfy { $0.pid == 77 })
    }
  }

  /// A store folds long lines, and prints the beginning of a message.
  @Test(arguments: [
    (
      "  message: 'Memory cgroup out of memory: Killed process 77 (a b) total-vm:9kB,\n    anon-rss:8kB'",
      1
    ),
    ("5m  Warning  OOMKilling  node/w1  Memory cgroup out of memory: Killed process 77 (api)", 1),
    ("note: a line says Killed process 77 (api) where", 0),
    ("Out of memory: Killed process PID (name) is what it prints", 0),
  ])
  func strayKillsThatAreCutOff(_ text: String, _ count: Int) {
    let scanner = Scan.scanner(over: Array("x\n\(text)\nx\n".utf8)).scanner
    #expect(scanner.strayKills.first.map(\.pid) == Array(repeating: 77, count: count))
    #expect(scanner.strayKills.first.allSatisfy { $0.line == 2 })
  }

  /// Of kills that stand on one line, those that are not read are named.
  @Test(arguments: [
    "\(Self.kill) [   13.000000] \(Self.next)\n", "\(Self.kill)<br>\(Self.next)\n",
    "{\"host\": \"h\", \"message\": \"[   12.345678] \(Self.kill)[   13.000000] \(Self.next)\"}\n",
    "host,message\nh,\"[   12.345678] \(Self.kill)[   13.000000] \(Self.next)\"\n",
  ])
  func severalKillsOnOneLine(_ line: String) {
    let log = (line.hasPrefix("{") || line.hasPrefix("host") ? "" : "[   12.345678] ") + line
    for isQuick in [true, false] {
      let (events, scanner) = Scan.scanner(over: Array(log.utf8), isQuick: isQuick)
      #expect(events.count == 1)
      #expect(scanner.strayKills.first.map(\.pid) == [78])
    }
  }

  private static let next = kill.replacing(" 77 ", with: " 78 ")

  /// A mail program wraps the lines of all victims of a group.
  @Test(arguments: 50...90)
  func wrappedGroupKills(_ columns: Int) {
    let kills = [317, 309, 313].map { pid in
      "[  141.932620] Memory cgroup out of memory: Killed process \(pid) (web-worker) "
        + "total-vm:206156kB, anon-rss:36480kB, file-rss:0kB, shmem-rss:704kB, UID:33 "
        + "pgtables:112kB oom_score_adj:0"
    }
    let group =
      "[  141.932620] Tasks in /system.slice/web.service are going to be killed due to "
      + "memory.oom.group set"
    var lines: [String] = []
    for line in [kills[0], group, kills[1], kills[2]] {
      var row = ""
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        if !row.isEmpty, row.count + 1 + word.count > columns {
          lines.append(row)
          row = String(word)
        } else {
          row += (row.isEmpty ? "" : " ") + word
        }
      }
      lines.append(row)
    }
    let events = Self.events(lines.joined(separator: "\n"))
    #expect(events.map { $0.report.victims.map(\.pid) } == [[317, 309, 313]])
    #expect(events.first?.report.victims.allSatisfy { $0.anonRSS == Bytes(36480 << 10) } == true)
  }

  /// A glued message tells that the end of the line before it is lost, also when the event's bytes are
  /// read alone.
  @Test func aFigureBeforeAGluedMessageIsNotBelieved() throws {
    let log = Array("[   12.345678] \(Self.kill)[   12.345679] usb 1-1: x\n".utf8)
    let event = try #require(Scan.events(in: log, isWhole: true).first)
    #expect(event.report.victims.first?.oomScoreAdj == nil)
    let alone = Array(log[event.byteRange])
    let again = try #require(Scan.events(in: alone, isWhole: true).first)
    #expect(again.report.victims == event.report.victims)
    // What the glued message says is not the victim's.
    let torn = Self.kill.prefix(while: { $0 != "," })
    let other = "[   12.345679] Out of memory: Killed process 78 (sh) total-vm:8kB, anon-rss:4kB, "
    let two = Array("[   12.345678] \(torn)\(other)oom_score_adj:900\n".utf8)
    for isWhole in [true, false] {
      let victims = Scan.events(in: two, isWhole: isWhole).flatMap(\.report.victims)
      #expect(victims.map(\.pid) == [77, 78])
      #expect(victims.map(\.oomScoreAdj) == [nil, 900])
    }
    // Behind a reaper's line the next event is found, and whole.
    let reaped =
      "oom_reaper: reaped process 77 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB"
    let next = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
    let both =
      "[   12.345678] \(next)\n[   12.345678] \(Self.kill)\n[   12.400000] \(reaped)"
      + "[   13.000000] \(next)\n[   13.000001] \(Self.kill)\n"
    for isWhole in [true, false] {
      let events = Scan.events(in: Array(both.utf8), isWhole: isWhole)
      #expect(events.map { $0.report.status } == [.complete, .complete])
    }
  }

  /// A container's runtime may part a line anywhere, also in the words that the scan looks for.
  @Test(arguments: 15...70)
  func keyWordsPartedByARuntime(_ column: Int) throws {
    let line = "[   12.345678] \(Self.kill)"
    let stamp = "2026-10-25T14:31:23.074316789Z stdout"
    let log =
      "\(stamp) F [   11.000000] usb 1-1: x\n\(stamp) P \(line.prefix(column))\n"
      + "\(stamp) F \(line.dropFirst(column))\n"
    for piece in [Int.max, 64] {
      let events = Scan.events(in: Array(log.utf8), piece: { _ in piece })
      #expect(events.map { $0.report.victims.map(\.pid) } == [[77]])
      #expect(events.first?.report.firstLine == 2)
    }
  }

  /// Windows' programs begin a text with a mark, and end its lines in two bytes.
  @Test(arguments: [
    "dmesg --json", "journalctl -o export", "journalctl -o verbose", "journalctl -o json",
  ])
  func textOfWindows(_ form: String) {
    var printer = KernelPrinter(.linux612, .global, seed: 5, startingAt: 20_000_000)
    printer.names = [LogText("two\nlines")]
    let log = LogForm.named(form).log(printer.print().records)
    let wanted = Scan.events(in: log)
    #expect(wanted.count == 1)
    let returned = log.flatMap { $0 == .newline ? [.carriageReturn, .newline] : [$0] }
    for text in [returned, Array("\u{FEFF}".utf8) + log, Array("\u{FEFF}".utf8) + returned] {
      for piece in [Int.max, 777] {
        let events = Scan.events(in: text, piece: { _ in piece })
        #expect(events.map(\.facts) == wanted.map(\.facts))
        #expect(events.map(\.report.time) == wanted.map(\.report.time))
      }
    }
  }

  /// The lines around dmesg's JSON are no line before the banner.
  @Test func dmesgJSONBeginsNoSecondBoot() {
    let banner = KernelRecord(level: 5, micros: 0, text: Array("Linux version 6.12.9 (x@y)".utf8))
    let records = KernelPrinter(.linux612, .global, seed: 5, startingAt: 20_000_000).print().records
    let log = LogForm.named("dmesg --json").log([banner] + records)
    #expect(Scan.events(in: log).map(\.boot) == [0])
  }

  /// Lines of another kind may stand behind a store's entries.
  @Test func linesBehindEntries() {
    let log = """
      {
        "labels": { "node": "web1" },
        "textPayload": "[   11.345678] usb 1-1: x"
      }
      [   12.345678] \(Self.kill)

      """
    #expect(Scan.events(in: Array(log.utf8)).map { $0.report.victims.map(\.pid) } == [[77]])
  }

  /// jq prints a journal's entries over several lines each, or all of them as one array.
  @Test(arguments: ["[", "[\n  ", "[ "], [",", ",\n  ", "\n"])
  func journalsThroughJQ(_ opening: String, _ between: String) {
    let reports = [Kernel.linux510, .linux612].enumerated().map { index, kernel in
      KernelPrinter(
        kernel, .global, seed: UInt64(index + 3), startingAt: Int64(index + 1) * 20_000_000
      ).print()
    }
    let log = LogForm.journalJSON.log(reports.flatMap(\.records))
    let lines = String(decoding: log, as: UTF8.self).split(separator: "\n")
    let whole = Scan.events(in: log)
    #expect(whole.count == 2)
    for text in [
      opening + lines.joined(separator: between) + "\n]\n",
      lines.map(Self.pretty).joined(separator: between),
      opening + lines.map(Self.pretty).joined(separator: between) + "\n]\n",
    ] {
      for piece in [Int.max, 1000] {
        let events = Scan.events(in: Array(text.utf8), piece: { _ in piece })
        #expect(events.map(\.facts) == whole.map(\.facts))
        let count = text.utf8.count { $0 == UInt8.newline }
        #expect(events.allSatisfy { $0.report.lastLine <= count + 1 })
      }
    }
  }

  /// One member a line, as jq prints an object.
  private static func pretty(_ entry: Substring) -> String {
    let members = entry.dropFirst().dropLast().replacing("\",\"", with: "\",\n  \"")
    return "{\n  \(members.replacing("\":", with: "\": "))\n}"
  }

  @Test func dmesgJSONOnOneLine() {
    var printer = KernelPrinter(.linux612, .global, seed: 5, startingAt: 20_000_000)
    printer.names = [LogText("a \"b\"")]
    let report = printer.print()
    let entries = report.records.map { record in
      let text = String(decoding: record.text, as: UTF8.self).replacing("\n", with: "\\n")
      let time =
        "\(record.micros / 1_000_000).\(String(1_000_000 + record.micros % 1_000_000).dropFirst())"
      return "{\"pri\":4,\"time\":\(time),\"msg\":\"\(text.replacing("\"", with: "\\\""))\"}"
    }
    let log =
      "{\"dmesg\":[{\"pri\":14,\"time\":1.000000,\"msg\":\"\(Self.kill)\"},\(entries.joined(separator: ","))]}\n"
    for piece in [Int.max, 777] {
      let events = Scan.events(in: Array(log.utf8), piece: { _ in piece })
      #expect(events.map(\.facts) == [report.facts])
      #expect(events.map(\.carrier) == [.dmesgJSON])
    }
  }

  /// Locales whose decimal point is a comma show it in `dmesg -H`.
  @Test func dmesgForPeopleInGerman() {
    let events = Self.events("[Nov23 00:42] usb 1-1: x", "[  +0,000000] \(Self.kill)")
    #expect(events.map { $0.report.victims.map(\.pid) } == [[77]])
    #expect(events.map(\.carrier) == [.dmesgDelta])
  }

  /// One file may hold every form, one report after the other.
  @Test func allFormsInOneFile() throws {
    // These are told by how a file begins.
    let whole: Set<String> = [
      "dmesg --json", "journalctl -o export", "journalctl -o verbose", "journalctl -o json",
      "an array of entries",
    ]
    var log = Array("\u{FEFF}".utf8)
    var wanted: [(form: LogForm, facts: ReportFacts)] = []
    for (index, form) in LogForm.all.enumerated() where !whole.contains(form.name) {
      let kernel = [Kernel.linux2632, .rhel8, .linux510, .linux618][index % 4]
      var printer = KernelPrinter(
        kernel, .global, seed: UInt64(index + 1), startingAt: Int64(index + 1) * 20_000_000)
      printer.names = ["java", "node", "Web Content"].map { LogText($0) }
      let printed = printer.print()
      wanted.append((form, printed.facts))
      log += form.log(printed.records)
    }
    let events = Scan.events(in: log, clock: PrintThenParseTests.clock)
    #expect(events.count == wanted.count)
    for (event, wanted) in zip(events, wanted) {
      #expect(event.facts.difference(from: wanted.facts) == [], "\(wanted.form)")
      #expect(event.carrier == wanted.form.carrier, "\(wanted.form)")
    }
  }

  /// util-linux 2.38 puts all that follows into every message; later ones name the caller.
  @Test func dmesgJSONOfFiles() throws {
    let json = """
      {
         "dmesg": [
            {
               "fac": "kern",
               "pri": "warn",
               "time":   12.345678,
               "caller": "T77",
               "msg": "\(Self.kill)\\n<4>[   12.345679] oom_reaper: reaped process 77 (java)"
            },{
               "fac": "user",
               "pri": "warn",
               "time":   13.345678,
               "msg": "Out of memory: Killed process 78 (x) total-vm:9kB, anon-rss:8kB, file-rss:0kB"
            }
         ]
      }

      """
    let events = Scan.events(in: Array(json.utf8))
    #expect(events.map { $0.report.victims.map(\.pid) } == [[77]])
    #expect(events.first?.report.time.uptimeMicros == 12_345_678)
    #expect(events.first?.report.victims.first?.oomScoreAdj == 200)
  }

  /// Every cut of a form that keeps state between lines: nothing traps, no wrong victim.
  @Test(arguments: [LogForm.containerParts, .netconsole, .verbose, .docker])
  func everyCut(_ form: LogForm) {
    let printed = KernelPrinter(.linux612, .memcgV2, seed: 4).print()
    let log = form.log(printed.records.prefix(2) + printed.records.suffix(4))
    let victim = printed.facts["victim.0.pid"]
    for end in stride(from: 0, through: log.count, by: 3) {
      for cut in [Array(log.prefix(end)), Array(log.dropFirst(end))] {
        for event in Scan.events(in: cut) {
          let pid = event.facts["victim.0.pid"]
          #expect(pid == nil || pid == victim, "\(form), cut at \(end)")
        }
      }
    }
  }
}
