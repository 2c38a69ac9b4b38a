import KernelLog
import OOMReports
import TestSupport
import Testing

/// Lines broken by newlines in names, by mail programs and by narrow consoles.
@Suite struct BrokenLineTests {
  private static let kill =
    "Out of memory: Killed process 77 (stress-ng) total-vm:2905732kB, anon-rss:2902972kB, "
    + "file-rss:536kB, shmem-rss:0kB, UID:1000 pgtables:2844kB oom_score_adj:200"
  private static let decision =
    "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
    + "oom_memcg=/test512mb,task_memcg=/test512mb,task=stress-ng,pid=77,uid=1000"
  private static let invoked =
    "stress-ng invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, "
    + "oom_score_adj=200"
  private static let system =
    "CPU: 1 UID: 1000 PID: 77 Comm: stress-ng Tainted: G        W           6.12.0-rc2 #1"
  private static let lines = [invoked, system, decision, kill]

  private static func log(_ lines: [String]) -> [UInt8] {
    Array((lines.map { "[   12.345678] \($0)" }.joined(separator: "\n") + "\n").utf8)
  }

  private static func facts(_ log: [UInt8]) -> [ReportFacts] { Scan.events(in: log).map(\.facts) }

  /// As mail programs do: at the last blank before the column, which goes.
  private static func wrapped(_ line: String, at column: Int) -> String {
    var result: [String] = []
    var current = ""
    for word in line.split(separator: " ", omittingEmptySubsequences: false) {
      if !current.isEmpty, current.utf8.count + word.utf8.count >= column {
        result.append(current)
        current = String(word)
      } else {
        current += (current.isEmpty ? "" : " ") + word
      }
    }
    return (result + [current]).joined(separator: "\n")
  }

  @Test(arguments: [50, 60, 66, 72, 76, 80])
  func wrappedAtBlanks(_ column: Int) {
    let whole = Self.facts(Self.log(Self.lines))
    #expect(whole.count == 1)
    let broken = Self.facts(Self.log(Self.lines.map { Self.wrapped($0, at: column) }))
    #expect(broken.count == 1)
    #expect(broken.first?.difference(from: whole[0]) ?? ["missing"] == [])
  }

  /// A whole report in a mail: rows of the task table and their header are broken too.
  @Test(arguments: [72, 76, 78, 80], ["", "> "])
  func reportsInMails(_ column: Int, _ quote: String) throws {
    for kernel in [Kernel.linux2632, .linux44, .linux510, .linux612] {
      var printer = KernelPrinter(kernel, .global, seed: 11, startingAt: 12_345_678)
      printer.names = ["java", "node", "stress-ng", "kworker/u8:1"].map { LogText($0) }
      let printed = printer.print()
      let whole = try #require(Self.facts(LogForm.dmesg.log(printed.records)).first)
      let events = Self.facts(LogForm.wrapped(at: column, quote: quote).log(printed.records))
      #expect(events.count == 1, "\(kernel)")
      // Of what the hardware is called, only the first words are sure.
      let difference = (events.first?.difference(from: whole) ?? ["missing"]).filter {
        !$0.hasPrefix("hardware:")
      }
      #expect(difference == [], "\(kernel)")
    }
  }

  @Test(arguments: 44...110)
  func cutAtAColumn(_ column: Int) {
    let whole = Self.facts(Self.log(Self.lines))
    let broken = Self.lines.map { line in
      stride(from: 0, to: line.utf8.count, by: column).map { start in
        String(decoding: line.utf8.dropFirst(start).prefix(column), as: UTF8.self)
      }.joined(separator: "\n")
    }
    let events = Self.facts(Self.log(broken))
    #expect(events.count == 1)
    let difference = (events.first?.difference(from: whole[0]) ?? ["missing"]).filter {
      // Only the very last figure may be cut without a sign of it.
      !$0.hasPrefix("victim.0.oomScoreAdj") && !$0.hasPrefix("invocation.oomScoreAdj")
        && !$0.hasPrefix("decision.uid")
    }
    #expect(difference == [])
  }

  /// The words of a kill line may be parted anywhere: the kill must not be lost.
  @Test(arguments: 16...90)
  func killsBrokenAtAnyColumn(_ column: Int) {
    for kernel in [Kernel.linux2632, .linux44, .linux510, .linux612] {
      var printer = KernelPrinter(kernel, .global, seed: 3, startingAt: 12_345_678)
      printer.names = [LogText("stress-ng")]
      let printed = printer.print()
      let lines = LogForm.dmesg.log(printed.records).split(separator: .newline)
        .map { String(decoding: $0, as: UTF8.self) }
      for isMail in [true, false] {
        let broken = lines.map { line in
          let (stamp, message) = (line.prefix(15), String(line.dropFirst(15)))
          let isKey = message.contains("ill") && message.contains("process")
          guard isKey else { return line }
          return stamp
            + (isMail ? Self.wrapped(message, at: column) : Self.cut(message, at: column))
        }
        let events = Self.facts(Array((broken.joined(separator: "\n") + "\n").utf8))
        #expect(events.count == 1, "\(kernel) \(isMail)")
        // Where a name was cut, only another line could tell.
        let name = isMail ? ["victim.0.comm"] : []
        for fact in ["outcome", "victim.0.pid", "victim.0.totalVM", "constraint"] + name {
          #expect(events.first?[fact] == printed.facts[fact], "\(kernel) \(isMail) \(fact)")
        }
      }
    }
  }

  private static func cut(_ line: String, at column: Int) -> String {
    stride(from: 0, to: line.utf8.count, by: column).map { start in
      String(decoding: line.utf8.dropFirst(start).prefix(column), as: UTF8.self)
    }.joined(separator: "\n")
  }

  /// Behind the name, so that no piece names a task by itself, and not in the word that is searched.
  @Test(arguments: [9, 10, 12, 17, 18, 27, 28, 30])
  func openingLinesBrokenInTheirFirstWords(_ column: Int) {
    let rest = String(Self.invoked.dropFirst(column))
    let log = Self.log([String(Self.invoked.prefix(column)) + "\n" + rest, Self.system, Self.kill])
    #expect(Self.facts(log) == Self.facts(Self.log([Self.invoked, Self.system, Self.kill])))
  }

  @Test func aGroupsLineMayBeBroken() {
    let group = "Tasks in /a.slice/web.service are going to be\nkilled due to memory.oom.group set"
    let second = Self.kill.replacing("process 77 ", with: "process 78 ")
    for group in [group, group.replacing("Tasks in ", with: "Tasks in\n")] {
      let events = Scan.events(in: Self.log([Self.invoked, Self.kill, group, second, Self.kill]))
      #expect(events.map { $0.report.victims.map(\.pid) } == [[77, 78]])
      #expect(events.first?.report.groupKill?.value.description == "/a.slice/web.service")
    }
  }

  /// What a shell prints among the kernel's lines is no kill, and part of no report.
  @Test func wordsOfAShell() {
    let lines = Self.log(Self.lines).split(separator: .newline)
    var log = lines.flatMap { $0 + [.newline] + Array("Killed\n".utf8) }
    log += Array("Killed\nprocess 5 of 7\nOut of memory\n".utf8)
    let events = Scan.events(in: log)
    #expect(events.map(\.facts) == Self.facts(Self.log(Self.lines)))
    #expect(Scan.events(in: Array("Killed\nprocess 5 of 7\n".utf8)).isEmpty)
  }

  /// A mail program may take the blanks in a printk stamp for the place to break a line at.
  @Test func stampsBrokenInTheMiddle() {
    let prefix = "2026-10-25T14:31:23.150128+00:00 web1 kernel: ["
    let log = Self.lines.map { "\(prefix)   12.345678] \($0)\n" }.joined()
    let broken = Self.lines.map { "\(prefix)\n12.345678] \($0)\n" }.joined()
    let (whole, events) = (Scan.events(in: Array(log.utf8)), Scan.events(in: Array(broken.utf8)))
    #expect(events.map(\.facts) == whole.map(\.facts) && whole.count == 1)
    #expect(events.map(\.report.host) == [LogText("web1")])
  }

  /// Two of the kernel's messages without the newline between them.
  @Test func anOpeningLineBehindAFrame() {
    let frame = " [__alloc_pages+623/795] __alloc_pages+0x26f/0x31b"
    let opening = "oom-killer: gfp_mask=0xd0, order=1"
    let events = Scan.events(in: Self.log([opening, frame, frame + opening, frame]))
    #expect(events.map(\.report.firstLine) == [1, 3])
    #expect(events.map { $0.report.invocation?.value.order } == [1, 1])
    #expect(Scan.events(in: Self.log([" [x] says " + opening])).isEmpty)
  }

  @Test(arguments: ["two\nlines", "\nx", "x\n", "a\nb c", "\n"])
  func namesWithNewlines(_ name: String) throws {
    var printer = KernelPrinter(.linux612, .memcgV2, seed: 5)
    printer.names = [LogText(name)]
    printer.taskCount = 1
    let printed = printer.print()
    // Forms that keep a record together lose nothing.
    for form in [LogForm.kmsg, .journalJSON, .journalExport] {
      let events = Self.facts(form.log(printed.records))
      #expect(events.count == 1, "\(form)")
      #expect(events.first?.difference(from: printed.facts) ?? ["missing"] == [], "\(form)")
    }
    // dmesg indents what follows the newline; a row of the table cannot know of it.
    let events = Self.facts(LogForm.dmesg.log(printed.records))
    #expect(events.count == 1)
    #expect(events.first?["victim.0.pid"] == printed.facts["victim.0.pid"])
    if name == "two\nlines" {
      let difference = events.first?.difference(from: printed.facts) ?? ["missing"]
      #expect(difference.map { $0.prefix(while: { $0 != ":" }) } == ["task.0.name"])
    }
  }

  @Test func unrelatedLinesAreNotJoined() {
    let torn = String(Self.kill.prefix(43))
    let events = Scan.events(
      in: Self.log([Self.invoked, torn, "oom_reaper: unable to reap pid:77 (java)", "usb 1-1: x"]))
    #expect(events.count == 1)
    #expect(events.first?.report.victims.count == 0)
    #expect(events.first?.report.diagnostics.map(\.kind) == [.torn])
    let plain = Scan.events(
      in: Array("\(Self.invoked)\nOut of memory: Killed process 5 (x)\nhello: 5 (y)\n".utf8))
    #expect(plain.first?.report.victims.map(\.comm) == [LogText("x")])
  }
}
