import Investigation
import KernelLog
import OOMReports
import TestSupport
import Testing

/// A list's events are the same whether their reports are read line by line or not.
@Suite struct QuickReadingTests {
  private static let clock = Clock(referenceMicros: LogForm.bootMicros + 86_400_000_000)

  /// Everything that a list keeps of a log's events.
  private func events(in log: [UInt8], isQuick: Bool) -> [String] {
    var scanner = ReportScanner(clock: Self.clock, isWhole: false, isQuick: isQuick)
    var store = EventStore()
    var carriers: [Carrier] = []
    var offset = 0
    var hasMore = true
    while hasMore {
      hasMore = unsafe scanner.scanChunk(
        reading: { buffer in
          let count = min(buffer.count, log.count - offset)
          unsafe log.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(from: .init(rebasing: bytes[offset..<offset + count]))
          }
          offset += count
          return count
        },
        emit: { found, _ in
          carriers.append(found.carrier)
          store.append(
            Event(found.report, input: 0, boot: found.boot, byteRange: found.byteRange))
        },
        outline: { outline, bytes in
          carriers.append(outline.carrier)
          store.append(
            outline, bytes, at: outline.byteRange.lowerBound, linesBefore: 0, input: 0)
        })
    }
    let events = (0..<store.count).map { index in
      var text = "\(carriers[index]) "
      dump(store[index], to: &text)
      return text
    }
    return events + ["\(scanner.lineCount) lines", "\(scanner.endTime)"]
  }

  private func expectSame(_ log: [UInt8], _ place: String) {
    let (quick, whole) = (events(in: log, isQuick: true), events(in: log, isQuick: false))
    #expect(quick.count == whole.count, "\(place)")
    for (one, other) in zip(quick, whole) where one != other {
      let pairs = zip(one.split(separator: "\n"), other.split(separator: "\n"))
      let difference = pairs.first { $0 != $1 }.map { "\($0) instead of \($1)" } ?? "cut"
      Issue.record("\(difference) in \(place)")
      return
    }
  }

  private static func files(below folder: String) -> [String] {
    Places.files(in: folder).filter { !["rotated", "pstore"].contains($0) }
      .map { "\(folder)/\($0)" }
  }

  @Test func fixtures() throws {
    let folders = ["captures", "made"].map { "Tests/Fixtures/\($0)" }
    let files = folders.flatMap { Self.files(below: $0) }
    #expect(files.count > 20)
    for file in files {
      expectSame(try #require(Places.bytes(file)), "\(file)")
    }
  }

  @Test(
    .enabled(
      if: Places.exists("\(Places.shared)/captures/expected.json"),
      "the folder ../shared with its logs is not there"), arguments: ["captures", "corpus"])
  func sharedLogs(_ folder: String) throws {
    // Every third of the captures: most are one report in many forms.
    let stride = folder == "captures" ? 3 : 1
    for (index, file) in Self.files(below: "../shared/\(folder)").enumerated()
    where index % stride == 0 {
      guard let bytes = Places.bytes(file) else { continue }
      expectSame(bytes, "\(file)")
    }
  }

  @Test(arguments: Kernel.all)
  func printedReports(of kernel: Kernel) {
    for (index, scenario) in Scenario.allCases.enumerated() where scenario.happens(on: kernel) {
      let isForEveryForm = [.global, .memcgV2].contains(scenario)
      for form in isForEveryForm ? LogForm.all : [.dmesg, .traditional, .kmsg] {
        let records = KernelPrinter(
          kernel, scenario, seed: UInt64(index + 1), startingAt: 12_345_678
        ).print().records
        let log = form.log(records) + Noise.log(form, bytes: 2_000)
        expectSame(log, "\(kernel), \(scenario), \(form)")
      }
    }
  }

  /// Reports of several kernels, near each other or one into the other, with lines lost, doubled,
  /// cut, put elsewhere, and others between them.
  @Test(arguments: 0..<12)
  func damagedReports(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for form in [LogForm.dmesg, .traditional, .kmsg] {
      var lines: [[UInt8]] = []
      var now: Int64 = 1_000_000
      for _ in 0..<12 {
        let kernel = Kernel.all[random.number(0...Kernel.all.count - 1)]
        let possible = Scenario.allCases.filter { $0.happens(on: kernel) }
        guard let scenario = possible.randomElement(using: &random) else { continue }
        let printed = KernelPrinter(
          kernel, scenario, seed: random.next(), startingAt: now
        ).print()
        now += Int64(random.pick(1_000, 500_000, 5_000_000, 20_000_000))
        let host = random.pick("web1", "web1", "web2")
        var report = form.log(printed.records, host: host).split(separator: .newline).map(
          Array.init)
        for _ in 0..<random.number(0...3) { Self.damage(&report, &random) }
        if random.number(0...3) == 0 { report += report.prefix(random.number(0...9)) }
        if random.number(0...4) == 0 {
          Self.mix(report, into: &lines, &random)
        } else {
          lines += report
        }
        if random.number(0...2) == 0 {
          let noise = Noise.log(form, bytes: 1, isTalkative: random.number(0...1) == 0, from: now)
          lines += noise.split(separator: .newline).map(Array.init)
            .prefix(random.pick(1, 30, 45, 350))
        }
      }
      expectSame(Array(lines.joined(separator: [.newline])), "seed \(seed), \(form)")
    }
  }

  private static func damage(_ lines: inout [[UInt8]], _ random: inout SplitMix64) {
    guard lines.count > 2 else { return }
    let index = random.number(0...lines.count - 1)
    let line = lines[index]
    switch random.number(0...6) {
    case 0: lines.remove(at: index)
    case 1: lines.insert(line, at: index)
    case 2: lines[index] = Array(line.prefix(random.number(0...line.count)))
    case 3:
      // As a narrow console or a mail program breaks it.
      let cut = random.number(0...line.count)
      lines[index] = Array(line[..<cut])
      lines.insert(Array(line[cut...]), at: index + 1)
    case 4: lines.insert(Array("\tat java.lang.Thread.run".utf8), at: index)
    case 5: lines.swapAt(index, random.number(0...lines.count - 1))
    default:
      guard !line.isEmpty else { return }
      lines[index][random.number(0...line.count - 1)] = random.pick(0, 0xFF, 0x0D, 0x5B, 0x20)
    }
  }

  private static func mix(
    _ report: [[UInt8]], into lines: inout [[UInt8]], _ random: inout SplitMix64
  ) {
    var place = max(lines.count - report.count, 0)
    for line in report {
      place = min(lines.count, place + random.number(0...3))
      lines.insert(line, at: place)
    }
  }

  /// A report of two thousand tasks has longer runs of lines than a report may have of others'.
  @Test func longTables() {
    let rows = (1...2000).map {
      "[   12.345678] [\($0 + 5000)]  1000 \($0 + 5000)   500000   9000  3276800        0       0 j"
    }
    let noise = (1...400).map { "[   12.345678] usb 1-\($0): new device" }
    let ways = [rows, noise, rows + noise, noise + rows, rows + noise.prefix(150) + rows]
    for (index, middle) in ways.enumerated() {
      var lines = [
        "[   12.345678] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
          + "oom_score_adj=0",
        "[   12.345678] CPU: 1 PID: 7 Comm: java Not tainted 6.1.0-18-amd64 #1 Debian",
        "[   12.345678] Mem-Info:",
        "[   12.345678] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "
          + "oom_score_adj name",
      ]
      lines += middle
      lines += [
        "[   12.345678] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
          + "mems_allowed=0,global_oom,task_memcg=/a,task=java,pid=7,uid=1000",
        "[   12.345678] Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, "
          + "file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:3200kB oom_score_adj:0",
        "[   12.345678] oom_reaper: reaped process 7 (java), now anon-rss:0kB, file-rss:0kB, "
          + "shmem-rss:0kB",
      ]
      let log = Array(lines.joined(separator: "\n").utf8)
      expectSame(log, "middle \(index)")
      // Only the reading line by line knows what the CPU line says.
      let isQuick = Scan.events(in: log, isWhole: false).first?.report.system == nil
      #expect(isQuick == (index == 0), "middle \(index)")
    }
  }

  /// Lines behind a kill, of which some are the event's, some somebody else's, and some may be the
  /// rest of a line: the reading of plain events must not tell them apart in another way.
  @Test func whatFollowsAKill() {
    let day = "Nov  1 10:00:00"
    let reaped =
      "oom_reaper: reaped process 7 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB"
    let idle = "\(day) web1 kernel: [   12.400000] usb 1-1: new device"
    let program = "\(day) web1 sshd[7]: Accepted publickey"
    let others = [
      "python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
        + "task_memcg=/b,task=mysqld,pid=9,uid=33",
      "Out of memory: Killed process 9 (mysqld) total-vm:9kB, anon-rss:8kB, file-rss:0kB, "
        + "shmem-rss:0kB, UID:33 pgtables:52kB oom_score_adj:0",
      "Tasks in /b are going to be killed due to memory.oom.group set",
    ].map { "\(day) db2 kernel: [  900.000000] \($0)" }
    let ways: [[String]] =
      [
        [], [program], [idle], ["\(day) web2 kernel: [  900.000000] usb 1-1: new device"],
        ["\(day) web1 kernel: [   12.500000] \(reaped)"],
        ["\(day) web2 kernel: [   12.5] \(reaped)"],
        [program, idle, "\(day) web1 kernel: [   13.900000] \(reaped)"],
        [idle, "\(day) web1 kernel: [   99.000000] \(reaped)"],
        ["\(day) web1 kernel: [   99.000000] \(reaped)"],
        ["\(day) web1 kernel: [    1.0] \(reaped)"],
        ["Nov  2 00:00:00 web1 kernel: [   12.500000] \(reaped)"],
        ["Nov  2 00:00:00 web1 kernel: [   12.500000] usb 1-1: new device", idle],
        Array(repeating: idle, count: 39) + ["\(day) web1 kernel: [   12.500000] \(reaped)"],
        Array(repeating: idle, count: 40) + ["\(day) web1 kernel: [   12.500000] \(reaped)"],
        Array(repeating: idle, count: 41) + ["\(day) web1 kernel: [   12.500000] \(reaped)"],
        Array(repeating: program, count: 255) + ["\(day) web1 kernel: [   12.500000] \(reaped)"],
        Array(repeating: program, count: 300) + ["\(day) web1 kernel: [   12.500000] \(reaped)"],
        ["00"], ["\(day) web1 kernel: [   12.400000] 00"], [idle, "00"], ["usb 1-1: new device"],
        ["\(day) web1 kernel: [   12.400000] Killed process 8 (java) total-vm:1kB, anon-rss:1kB"],
        [
          idle,
          "\(day) web1 kernel: [   12.400000] Out of memory: Kill process 8 (java) score 9 or",
        ],
        ["\(day) web1 kernel: [   12.400000] Tasks in /a are going to be killed due to "],
        ["\(day) web1 kernel: [    0.000000] Linux version 6.1.0", idle],
        ["\(day) web1 kernel: usb 1-1: new device"], ["\(day) web1 kernel: [   12.4] a\r"],
        ["", idle],
        // Another host's event, or a line of one, before the reaper has done.
        others + ["\(day) web1 kernel: [   12.500000] \(reaped)"],
      ] + others.map { [$0, "\(day) web1 kernel: [   12.500000] \(reaped)"] }
    for isWithSection in [false, true] {
      for (first, way) in ways.enumerated() {
        // The next event makes the first one's end sure, or nothing does.
        for next in [[], ways[(first + 1) % ways.count]] {
          let lines = event(isWithSection) + way + (next.isEmpty ? [] : event(false) + next)
          for end in ["", "\n"] {
            expectSame(Array((lines.joined(separator: "\n") + end).utf8), "\(way) \(isWithSection)")
          }
        }
      }
    }
  }

  /// Messages that are glued to the one before stand on its line.
  @Test func gluedMessages() {
    let reaped =
      "[   12.500000] oom_reaper: reaped process 7 (java), now anon-rss:0kB, file-rss:0kB, "
      + "shmem-rss:0kB"
    for isWithSection in [false, true] {
      let lines = event(isWithSection)
      let before = Array(lines.dropLast()) + [lines[lines.count - 1] + reaped]
      let behind = lines + ["Nov  1 10:00:00 web1 kernel: \(reaped)\(lines[0])"] + lines.dropFirst()
      for text: [String] in [before, before + lines, behind] {
        expectSame(Array((text.joined(separator: "\n") + "\n").utf8), "\(text)")
      }
    }
  }

  /// Lines that were broken, whose rests only the figures in them tell from others' lines, and a row of
  /// a task table without its header before a leap of the clock.
  @Test func brokenLines() {
    let head = Array(event(false).dropLast())
    let kill = event(false).suffix(1)
    let zone = "Nov  1 10:00:00 web1 kernel: [   12.345678] Node 0 DMA free:1kB boost:0kB "
    for rest in ["min:5kB", "e:2kB", "[", "owmem_reserve[]: 0 1", "x y z"] {
      for lines in [[zone, rest], [zone + "l", rest], [rest, zone], [zone, rest, zone, rest]] {
        for text in [head + lines + kill, head.prefix(1) + lines, event(true) + lines + head] {
          expectSame(Array((text.joined(separator: "\n") + "\n").utf8), "\(text)")
        }
      }
    }
    let row = "Nov  1 10:00:00 web1 kernel: [   12.345678] [  1]  0  1  2  1  6  0  0  0 x"
    let late = "Nov  1 10:00:30 web1 kernel: [   42.345678] oom_reaper: reaped process 7 (java)"
    for text in [head + [row] + kill, head.prefix(1) + [row] + kill] {
      expectSame(Array(((text + [late]).joined(separator: "\n") + "\n").utf8), "\(text)")
    }
  }

  /// A choice and a kill that lie too far apart to be of one event, also behind the report's body.
  @Test func killsLongAfterTheChoice() {
    for isWithSection in [false, true] {
      for seconds in ["13", "22", "23", "72", "11", " 1"] {
        var lines = event(isWithSection)
        let kill = lines.removeLast()
        lines.append(kill.replacing("12.345678", with: "\(seconds).345678"))
        let log = Array((lines.joined(separator: "\n") + "\n").utf8)
        expectSame(log, "\(seconds) s, \(isWithSection)")
      }
    }
  }

  /// A cgroup at its limit in which the task's does not lie: its path was cut.
  @Test func cutPaths() {
    for (limit, task) in [
      ("/kubepods/bu", "/kubepods/burstable/pod1"), ("/kubepods", "/kubepods/burstable/pod1"),
      ("/a", "/a"), ("/a/b", "/a"),
    ] {
      let lines = event(false).map {
        $0.replacing("CONSTRAINT_NONE", with: "CONSTRAINT_MEMCG")
          .replacing("global_oom,task_memcg=/a", with: "oom_memcg=\(limit),task_memcg=\(task)")
      }
      let log = Array((lines.joined(separator: "\n") + "\n").utf8)
      expectSame(log, "\(limit) \(task)")
      let paths = [true, false].map { isWhole in
        Scan.events(in: log, isWhole: isWhole).map { $0.report.memcg?.limitPath?.value }
      }
      #expect(paths[0] == paths[1], "\(limit) \(task)")
    }
  }

  private func event(_ isWithSection: Bool) -> [String] {
    var lines = [
      "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
      "Mem-Info:",
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
        + "task_memcg=/a,task=java,pid=7,uid=1000",
      "Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, "
        + "shmem-rss:0kB, UID:1000 pgtables:3200kB oom_score_adj:0",
    ]
    if !isWithSection { lines.remove(at: 1) }
    return lines.map { "Nov  1 10:00:00 web1 kernel: [   12.345678] \($0)" }
  }

  /// Short reports of many hosts, and what programs log between them, are read as quickly as those of
  /// one host.
  @Test func eventsAmongOtherLinesArePlain() {
    let lines = (0..<40).flatMap { index in
      event(false).map { $0.replacing("web1", with: "web\(index % 5)") }
        + ["Nov  1 10:00:00 web\(index % 5) sshd[7]: Accepted publickey"]
    }
    let log = Array((lines.joined(separator: "\n") + "\n").utf8)
    expectSame(log, "five hosts")
    var plain = 0
    var scanner = ReportScanner(clock: Self.clock, isWhole: false)
    var offset = 0
    while unsafe scanner.scanChunk(
      reading: { buffer in
        let count = min(buffer.count, log.count - offset)
        unsafe log.withUnsafeBytes { bytes in
          unsafe buffer.copyMemory(from: .init(rebasing: bytes[offset..<offset + count]))
        }
        offset += count
        return count
      }, emit: { _, _ in }, outline: { _, _ in plain += 1 })
    {}
    #expect(plain == 40)
  }
}
