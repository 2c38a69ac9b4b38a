internal import KernelLog

/// What a report prints of the memory cgroup that hit its limit.
enum MemcgLines {
  static let task = LineGrammar(
    name: "Task in",
    printedBy: "2.6.30 to 4.20; mem_cgroup_print_oom_info()",
    samples: [
      "Task in /a/b killed as a result of limit of /a", "Task in /a/b killed",
      "Memory limit reached of cgroup /a",
    ],
    read: { message, line, report in
      if let path = message.end(of: "Memory limit reached of cgroup ", at: 0) {
        setLimit(message.text(path..<message.count), nil, line, &report)
        return .read
      }
      // The line is printed in pieces, which another processor's line may part.
      if let path = message.end(of: "as a result of limit of ", at: 0), report.report.memcg != nil {
        setLimit(message.text(path..<message.count), nil, line, &report)
        return .read
      }
      if let path = message.end(of: "Task in ", at: 0),
        message.starts(with: " killed", at: message.count - 7), message.count - 7 >= path
      {
        let task = message.text(path..<message.count - 7)
        report.withMemcg { $0.taskPath = $0.taskPath ?? Cited(task, line: line) }
        report.hasBody = true
        return .read
      }
      guard let limit = readLimit(message) else { return .other }
      setLimit(message.text(limit.path), message.text(limit.task), line, &report)
      return .read
    })

  /// Where a whole line of this kind has its two paths.
  static func readLimit(_ message: Span<UInt8>) -> (task: Range<Int>, path: Range<Int>)? {
    let middle: StaticString = " killed as a result of limit of "
    guard let task = message.end(of: "Task in ", at: 0),
      let found = message.last(middle, before: message.count), found >= task
    else { return nil }
    return (task..<found, found + middle.utf8CodeUnitCount..<message.count)
  }

  private static func setLimit(
    _ limit: LogText, _ task: LogText?, _ line: Int, _ report: inout ReportBuilder
  ) {
    report.withMemcg { memcg in
      memcg.limitPath = Cited(limit, line: line)
      if let task { memcg.taskPath = Cited(task, line: line) }
    }
    report.report.constraint = report.report.constraint ?? Cited(.memcg, line: line)
    report.hasBody = true
  }

  static let usage = LineGrammar(
    name: "usage",
    printedBy: "2.6.30 and later; mem_cgroup_print_oom_meminfo()",
    samples: [
      "memory: usage 524288kB, limit 524288kB, failcnt 91",
      "memory+swap: usage 524288kB, limit 9007199254740988kB, failcnt 0",
      "kmem: usage 0kB, limit 9007199254740988kB, failcnt 0",
      "swap: usage 0kB, limit 0kB, failcnt 0",
    ],
    read: { message, line, report in
      guard kinds.contains(where: { message.starts(with: $0.word) }) else { return .other }
      guard let (part, value, page) = readUsage(message) else { return .torn }
      if let page, report.pageOfNoLimit == nil { report.pageOfNoLimit = Cited(page, line: line) }
      report.withMemcg { memcg in
        guard memcg[keyPath: part] == nil else { return }
        memcg[keyPath: part] = Cited(value, line: line)
      }
      report.report.constraint = report.report.constraint ?? Cited(.memcg, line: line)
      report.hasBody = true
      return .read
    },
    aside: { message in
      let isUnlimited = message.figure(" limit ").map { $0 >= unlimited || page(of: $0) != nil }
      return isUnlimited == true ? [LineFigure(name: "limit", text: LogText("no limit"))] : []
    })

  /// What a whole line of this kind says, and of what; the page size where its limit is the kernel's
  /// value for "no limit" and tells that.
  static func readUsage(
    _ message: Span<UInt8>
  ) -> (part: WritableKeyPath<MemcgState, Cited<MemcgUsage>?>, value: MemcgUsage, page: Bytes?)? {
    guard let kind = kinds.first(where: { message.starts(with: $0.word) }) else { return nil }
    var cursor = 0
    guard let usage = message.integer(behind: kind.word, at: &cursor).flatMap({ Bytes(kB: $0) }),
      let limit = message.integer(behind: "kB, limit ", at: &cursor),
      let failcnt = message.integer(behind: "kB, failcnt ", at: &cursor),
      message.skippingBlanks(from: cursor) == message.count
    else { return nil }
    let page = page(of: limit)
    let value = MemcgUsage(
      usage: usage, limit: limit < unlimited && page == nil ? Bytes(kB: limit) : nil,
      failcnt: failcnt)
    return (kind.part, value, page.flatMap { Bytes(kB: $0) })
  }

  /// Every 64-bit kernel's value for "no limit" lies above; no machine's memory does.
  private static let unlimited: Int64 = 1 << 50

  /// The page size in kB by which a limit is the kernel's value for "no limit": `PAGE_COUNTER_MAX` of
  /// include/linux/page_counter.h (3.19 and later), as many pages as fit into the largest long in
  /// bytes, or on 32-bit machines that many pages.
  private static func page(of limit: Int64) -> Int64? {
    PageSizeInference.sizes.lazy.map { $0.count / 1024 }.first { page in
      limit == (1 << 53) - page || limit == Int64(Int32.max) * page
    }
  }

  private static var kinds:
    [(word: StaticString, part: WritableKeyPath<MemcgState, Cited<MemcgUsage>?>)]
  {
    [
      ("memory: usage ", \.memory), ("memory+swap: usage ", \.memorySwap),
      ("swap: usage ", \.swap), ("kmem: usage ", \.kmem),
    ]
  }

  /// The statistics' header; before 5.3 with all of them on its line, in KB.
  static let stats = LineGrammar(
    name: "Memory cgroup stats",
    printedBy: "3.10 and later; mem_cgroup_print_oom_meminfo(), memory_stat_format()",
    samples: [
      "Memory cgroup stats for /a: cache:0KB rss:8KB rss_huge:0KB mapped_file:0KB",
      "Memory cgroup stats for /a.slice/web.scope:",
      "Memory cgroup stats for /a:\nanon 536215552\nfile 0",
    ],
    read: { message, line, report in
      guard let path = message.end(of: "Memory cgroup stats for ", at: 0) else { return .other }
      report.section = .memcgStats
      report.hasBody = true
      let lineEnd = message.first(.newline) ?? message.count
      let head = message.extracting(0..<lineEnd)
      let inline = head.last(": cache:", before: lineEnd)
      let end = inline ?? (lineEnd > path && message[lineEnd - 1] == .colon ? lineEnd - 1 : lineEnd)
      let name = message.text(path..<end)
      // The path always has the colon behind it, and none holds another line of this kind.
      guard end < lineEnd, head.first("Memory cgroup stats for ", from: path) == nil else {
        return .torn
      }
      guard report.report.memcg?.statsPath == nil, !report.hasLostStats else {
        return descendant(message, name, inline, line, &report)
      }
      report.withMemcg { $0.statsPath = Cited(name, line: line) }
      if let inline {
        let (stats, isComplete) = stats(head, from: inline + 2)
        guard report.isWhole else { return isComplete ? .read : .torn }
        report.withMemcg { memcg in
          memcg.stats = stats.mapValues { Cited($0, line: line) }
        }
        return isComplete ? .read : .torn
      }
      if report.isWhole, lineEnd < message.count {
        readRows(message, from: lineEnd + 1, line, &report)
      }
      return .read
    })

  /// The statistics on a header's own line, in bytes, and whether the line ends with one.
  private static func stats(
    _ line: Span<UInt8>, from start: Int
  ) -> (stats: [String: Int64], isComplete: Bool) {
    var stats: [String: Int64] = [:]
    let isComplete = line.pairs(from: start) { pair in
      guard pair.hasUnit, stats[pair.key] == nil else { return false }
      stats[pair.key] = Bytes(kB: pair.value)?.count
      return true
    }
    return (stats, isComplete)
  }

  /// The line of a cgroup below; all its figures stand on it.
  private static func descendant(
    _ message: Span<UInt8>, _ path: LogText, _ inline: Int?, _ line: Int,
    _ report: inout ReportBuilder
  ) -> LineGrammar.Reading {
    guard let inline, let known = report.report.memcg, known.statsPath?.value != path else {
      return .known
    }
    if let first = known.statsPath, first.value.isBelowRoot, !path.lies(in: first.value) {
      report.loseStats(of: first)
    }
    guard let memcg = report.report.memcg else { return .known }
    let (stats, isComplete) = stats(message, from: inline + 2)
    guard report.isWhole, memcg.descendants.last?.path != path,
      memcg.descendants.count < MemcgState.mostDescendants
    else { return isComplete ? .known : .torn }
    report.appendDescendant(CgroupStats(path: path, stats: stats, line: line))
    return isComplete ? .known : .torn
  }

  /// What reclaim had to leave to the cgroup.
  static let protection = LineGrammar(
    name: "protection",
    printedBy: "7.0 and later; mem_cgroup_show_protected_memory()",
    samples: ["Memory cgroup min protection 0kB -- low protection 0kB"],
    read: { message, line, report in
      guard message.starts(with: "Memory cgroup min protection ") else { return .other }
      guard let min = message.kB("min protection "), let low = message.kB("low protection ") else {
        return .torn
      }
      report.withMemcg { memcg in
        memcg.protection =
          memcg.protection ?? Cited(MemcgProtection(min: min, low: low), line: line)
      }
      return .read
    })

  /// `anon 536215552`: bytes for sizes, counts for events, as in memory.stat.
  static let statRow = LineGrammar(
    name: "memory.stat row",
    printedBy: "5.3 and later, a record of its own from 6.5; memory_stat_format()",
    samples: ["anon 536215552", "workingset_refault_anon 0"],
    read: { message, line, report in
      guard report.section ?? .memcgStats == .memcgStats, isRow(message) else { return .other }
      guard message.first(.newline) != nil || isWhole(message) else { return .torn }
      if report.isWhole { readRows(message, from: 0, line, &report) }
      return .read
    })

  /// What the kernel counts in pages and prints in bytes: digits are cut off where it is not a whole
  /// number of them.
  private static let pageStats: Set<String> = [
    "anon", "file", "kernel", "kernel_stack", "pagetables", "sec_pagetables", "sock", "vmalloc",
    "shmem", "file_mapped", "file_dirty", "file_writeback", "swapcached", "anon_thp", "file_thp",
    "shmem_thp", "inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable",
    "cache", "rss", "rss_huge", "mapped_file", "dirty", "writeback", "swap",
  ]

  /// Whether a row's value can be what the kernel printed.
  private static func isWhole(_ row: Span<UInt8>) -> Bool {
    guard let blank = row.first(.space) else { return false }
    var cursor = blank + 1
    let name = row.ascii(0..<blank)
    let isPages = pageStats.contains(name.hasPrefix("total_") ? String(name.dropFirst(6)) : name)
    let unit: Int64 = name.hasPrefix("kernel_stack") ? 1024 : 4096
    return !isPages || row.integer(at: &cursor).map { $0 % unit == 0 } ?? true
  }

  /// Whether a message is a name and a figure.
  static func isRow(_ message: Span<UInt8>) -> Bool {
    guard let blank = message.first(.space), blank > 0 else { return false }
    for offset in 0..<blank {
      let byte = message[offset]
      guard byte.isDigit || (byte.isLetter && byte >= 0x61) || byte == UInt8(ascii: "_") else {
        return false
      }
    }
    var cursor = blank + 1
    guard message.integer(at: &cursor) != nil else { return false }
    return cursor == message.count || message[cursor] == .newline
  }

  private static func readRows(
    _ message: Span<UInt8>, from start: Int, _ line: Int, _ report: inout ReportBuilder
  ) {
    var offset = start
    while offset < message.count {
      let end = message.first(.newline, from: offset) ?? message.count
      let row = message.extracting(offset..<end)
      if isRow(row), isWhole(row), let blank = row.first(.space) {
        var cursor = blank + 1
        let name = row.ascii(0..<blank)
        // Bytes, or events, of which there are no more.
        if let value = row.integer(at: &cursor).flatMap(Bytes.init(printed:))?.count {
          report.withMemcg { memcg in
            if memcg.stats[name] == nil { memcg.stats[name] = Cited(value, line: line) }
          }
        }
      }
      offset = end + 1
    }
  }
}
