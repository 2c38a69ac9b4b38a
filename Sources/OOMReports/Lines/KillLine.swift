internal import KernelLog

/// The lines that say whom the kernel kills.
enum KillLine {
  /// What the kernel says before it kills, where it says anything.
  private static let reasons: [StaticString] = [
    "Out of memory: ", "Memory cgroup out of memory: ",
    "Out of memory (oom_kill_allocating_task): ", "Out of Memory: ",
    "No available memory (MPOL_BIND): ", "No available memory in cpuset: ",
  ]

  /// `Kill process A (x) score S or sacrifice child`: what it means to kill. It may then kill a
  /// child, so only `Killed process` names a victim.
  static let intent = LineGrammar(
    name: "Kill process",
    printedBy: "2.6.18 to 5.0; oom_kill_process() in mm/oom_kill.c",
    samples: [
      "Out of Memory: Kill process 900 (httpd) score 12345 and children.",
      "Out of memory: kill process 900 (httpd) score 12345 or a child",
      "Memory cgroup out of memory: Kill process 11726 (mysqld) score 512 or sacrifice child",
    ],
    read: { message, line, report in
      guard let start = start(of: message), !start.isKilled else { return .other }
      let reason = start.reason
      var cursor = start.pid
      guard let pid = message.integer(at: &cursor), message.starts(with: " (", at: cursor) else {
        return .torn
      }
      if isAboutSharedMemory(message) {
        report.remark(.sharesMemory, pid: pid, message, line)
        return .known
      }
      guard let score = message.last(") score ", before: message.count) else { return .torn }
      let name = message.text(cursor + 2..<max(score, cursor + 2))
      let isOld = oldFates.contains { message.first($0, from: score) != nil }
      let intent = Intent(
        pid: pid, comm: name, score: KillLine.score(message, behind: score), isOfOldRule: isOld)
      report.report.intent = Cited(intent, line: line)
      report.addScore(of: intent)
      note(reason, line, in: &report)
      return intent.score == nil ? .torn : .read
    })

  /// Whom else it kills, in the words of 2.6.18 to 2.6.35.
  private static var oldFates: [StaticString] { [" and children", " or a child"] }

  /// The score, where the words that the kernel prints behind it are there.
  static func score(_ message: Span<UInt8>, behind name: Int) -> Int64? {
    var cursor = name + ") score ".utf8.count
    let score = message.integer(at: &cursor)
    let isWhole =
      message.starts(with: " or ", at: cursor) || message.starts(with: " and ", at: cursor)
    return isWhole ? score : nil
  }

  private static let plainIntent = PrintFormat("%d (%c) score %d or sacrifice child")

  /// What the line means to do, where it holds nothing odd, and its end in some bytes in which its pid
  /// stands at an offset.
  @inline(__always)
  static func plainIntent(
    _ bytes: Span<UInt8>, pidAt start: Int, _ printed: inout PrintFormat.Fields
  ) -> (pid: Int64, score: Int64, end: Int)? {
    guard let end = plainIntent.read(bytes, at: start, &printed), let pid = printed.number(0),
      let score = printed.number(2)
    else { return nil }
    return (pid, score, end)
  }

  /// `Killed process B (y) total-vm:…`: a victim.
  static let killed = LineGrammar(
    name: "Killed process",
    printedBy: "2.6.9 and later; __oom_kill_process() in mm/oom_kill.c",
    samples: [
      "Out of Memory: Killed process 475 (identd).",
      "Killed process 901 (httpd)",
      "Killed process 900 (httpd) vsz:800kB, anon-rss:600kB, file-rss:4kB",
      "Killed process 900 (httpd) total-vm:800kB, anon-rss:600kB, file-rss:4kB",
      "Killed process 11726, UID 27, (mysqld) total-vm:800kB, anon-rss:600kB, file-rss:4kB",
      "Killed process 5 (java), UID 1001, total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB",
      "Out of memory: Killed process 777 (a) b) total-vm:9kB, anon-rss:8kB, file-rss:0kB, "
        + "shmem-rss:0kB, UID:0 pgtables:3200kB oom_score_adj:0",
    ],
    read: { message, line, report in
      guard let start = start(of: message) else { return isBeginning(message) ? .torn : .other }
      guard start.isKilled else { return .other }
      let whole = fields(of: message, pidAt: start.pid)
      guard let fields = whole ?? partialFields(of: message, pidAt: start.pid) else { return .torn }
      var victim = Victim(fields, of: message, line: line)
      let isWhole =
        isComplete(message, hasAdjustment: victim.oomScoreAdj != nil)
        && (whole != nil || victim.totalVM != nil)
      if isWhole {
        victim.fingerprint = Fingerprint.of(message.extracting(start.verb..<message.count))
      }
      note(start.reason, line, in: &report)
      report.add(victim)
      DecisionLine.split(again: victim.comm, in: &report)
      return isWhole ? .read : .torn
    })

  static let group = LineGrammar(
    name: "group kill",
    printedBy: "4.19 and later; mem_cgroup_print_oom_group()",
    samples: ["Tasks in /a.slice/web.scope are going to be killed due to memory.oom.group set"],
    read: { message, line, report in
      guard isGroup(message) else { return .other }
      guard let path = message.end(of: "Tasks in ", at: 0),
        let end = message.last(
          " are going to be killed due to memory.oom.group set", before: message.count)
      else { return .torn }
      report.report.groupKill = Cited(message.text(path..<max(path, end)), line: line)
      return .read
    })

  /// Whether a message is such a line, however little of it.
  static func isGroup(_ message: Span<UInt8>) -> Bool {
    message.starts(with: "Tasks in") && message.byte(at: 8) ?? .space == .space
  }

  /// Lines about the victim's relatives, and kills that were not carried out.
  static let neighbours = LineGrammar(
    name: "around a kill",
    printedBy: "4.8 and later (pinned), 5.9 and later (already exiting), RHEL 6 (would have), "
      + "up to 2.6.34 (tried to kill)",
    samples: [
      "oom killer 77 (java) has mm pinned by 1 (init)",
      "Out of memory: OOM victim 77 (java) is already exiting. Skip killing the task",
      "Would have killed process 77 (java). But continuing instead.",
      "tried to kill init!", "tried to kill an mm-less task!",
      "tried to kill an mm-less task 77 (java)!",
    ],
    read: { message, line, report in
      for row in remarks {
        guard let start = message.first(row.words), start < 64,
          row.startsLine ? start == 0 : start > 0,
          row.end.utf8CodeUnitCount == 0 || message.first(row.end, from: start) != nil
        else { continue }
        var cursor = start + row.words.utf8CodeUnitCount
        report.remark(row.kind, pid: message.integer(at: &cursor), message, line)
        return .known
      }
      return .other
    })

  /// The words before a pid, or before nothing, and words behind the name.
  private static let remarks:
    [(kind: Remark.Kind, startsLine: Bool, words: StaticString, end: StaticString)] = [
      (.pinned, true, "oom killer ", " has mm pinned by "),
      (.spared, true, "Would have killed process ", ""),
      (.alreadyExiting, false, ": OOM victim ", " is already exiting"),
      (.hasNoMemory, true, "tried to kill an mm-less task ", ""),
      (.hasNoMemory, true, "tried to kill an mm-less task!", ""),
      (.isInit, true, "tried to kill init!", ""),
    ]

  /// Where the parts of a kill line begin.
  struct Start {
    let reason: StaticString?
    let verb: Int
    let pid: Int
    let isKilled: Bool
  }

  /// Whether a message has the first letter of one.
  private static func mayBegin(_ message: Span<UInt8>) -> Bool {
    switch message.byte(at: 0) {
    case UInt8(ascii: "O"), UInt8(ascii: "K"), UInt8(ascii: "M"), UInt8(ascii: "N"): true
    default: false
    }
  }

  // Computed, so that they are constants where they are compared.
  private static var killedWords: StaticString { "Killed process " }
  private static var killWords: StaticString { "Kill process " }
  private static var oldKillWords: StaticString { "kill process " }

  /// What a message may break off in before it names a process.
  private static let beginnings: [[UInt8]] = (reasons + [""]).flatMap { reason in
    [killedWords, killWords, oldKillWords].map { Array("\(reason)\($0)".utf8) }
  }

  private static let longestBeginning = beginnings.map(\.count).max() ?? 0

  /// Whether a message is the beginning of such a line, broken off before it names a process.
  static func isBeginning(_ message: Span<UInt8>) -> Bool {
    // Nothing shorter is a beginning of these words alone.
    guard (3...longestBeginning).contains(message.count), mayBegin(message) else { return false }
    return beginnings.contains { words in
      message.count <= words.count && message.indices.allSatisfy { message[$0] == words[$0] }
    }
  }

  /// Where the parts of a kill line begin; nil where the message is none.
  static func start(of message: Span<UInt8>) -> Start? {
    guard mayBegin(message) else { return nil }
    // Most lines have the reason that comes first, or none.
    let reason = message[0] == UInt8(ascii: "K") ? nil : reasons.first { message.starts(with: $0) }
    let verb = reason?.utf8CodeUnitCount ?? 0
    if let pid = message.end(of: killedWords, at: verb) {
      return Start(
        reason: reason, verb: verb, pid: message.skippingBlanks(from: pid), isKilled: true)
    }
    let isCapital = message.byte(at: verb) == UInt8(ascii: "K")
    let pid = message.end(of: isCapital ? killWords : oldKillWords, at: verb)
    return pid.map { Start(reason: reason, verb: verb, pid: $0, isKilled: false) }
  }

  /// `Kill process A (x) sharing same memory`: no choice, but what follows from one.
  static func isAboutSharedMemory(_ message: Span<UInt8>) -> Bool {
    message.starts(with: ") sharing same memory", at: message.count - 21)
  }

  /// Whether a reason says nothing of how the kernel chose.
  static func isPlain(_ reason: StaticString?) -> Bool {
    reason?.utf8CodeUnitCount != "Out of memory (oom_kill_allocating_task): ".utf8.count
  }

  private static func note(_ reason: StaticString?, _ line: Int, in report: inout ReportBuilder) {
    if !isPlain(reason) { report.report.isAllocatingTaskKill = true }
    guard report.report.constraint == nil, let reason, let first = constraint(of: reason) else {
      return
    }
    report.report.constraint = Cited(first, line: line)
  }

  /// What the reason alone proves; a plain "Out of memory" may be a cpuset's or a policy's too.
  static func constraint(of reason: StaticString) -> Constraint? {
    switch reason.utf8CodeUnitCount {
    case "Memory cgroup out of memory: ".utf8.count: .memcg
    case "No available memory (MPOL_BIND): ".utf8.count: .mempolicy
    case "No available memory in cpuset: ".utf8.count: .cpuset
    default: nil
    }
  }

  /// Whether a kill line ends as some kernel's does: with the name, a size or `oom_score_adj`.
  static func isComplete(_ message: Span<UInt8>, hasAdjustment: Bool) -> Bool {
    var end = message.count
    while end > 0, message[end - 1] == .space { end -= 1 }
    return hasAdjustment || message.starts(with: "kB", at: end - 2)
      || message.starts(with: ")", at: end - 1) || message.starts(with: ").", at: end - 2)
  }

  /// What stands on a line that names a victim, its name as a place in the message.
  struct Fields {
    let pid: Int64
    let comm: Range<Int>
    var uid: Int64?
    var totalVM: Bytes?
    var anonRSS: Bytes?
    var fileRSS: Bytes?
    var shmemRSS: Bytes?
    var pageTables: Bytes?
    var oomScoreAdj: Int64?
  }

  /// The end of the line from the pid on, 2.6.36 and later; `shmem-rss` came with 4.5, what is behind it
  /// with 5.4.
  private static let plainEnd = PrintFormat(
    "%d (%c) total-vm:%dkB, anon-rss:%dkB, file-rss:%dkB"
      + "{, shmem-rss:%dkB{, UID:%d pgtables:%dkB oom_score_adj:%i}}")

  /// The fields of a line that holds nothing odd, whose pid stands at an offset of some bytes, and its
  /// end there; nil for another line. There may be more behind the end.
  @inline(__always)
  static func plainFields(
    _ bytes: Span<UInt8>, pidAt start: Int, _ printed: inout PrintFormat.Fields
  ) -> (fields: Fields, end: Int)? {
    guard let end = plainEnd.read(bytes, at: start, &printed), let pid = printed.number(0),
      let comm = printed.place(1)
    else { return nil }
    var fields = Fields(pid: pid, comm: comm)
    fields.totalVM = printed.number(2).flatMap { Bytes(kB: $0) }
    fields.anonRSS = printed.number(3).flatMap { Bytes(kB: $0) }
    fields.fileRSS = printed.number(4).flatMap { Bytes(kB: $0) }
    fields.shmemRSS = printed.number(5).flatMap { Bytes(kB: $0) }
    fields.uid = printed.number(6)
    fields.pageTables = printed.number(7).flatMap { Bytes(kB: $0) }
    fields.oomScoreAdj = printed.number(8)
    return (fields, end)
  }

  /// The fields of a message whose pid stands at an offset; nil where it is no line that a kernel
  /// prints, or broke off before them.
  static func fields(of message: Span<UInt8>, pidAt start: Int) -> Fields? {
    var printed = PrintFormat.Fields()
    if let (fields, end) = plainFields(message, pidAt: start, &printed), end == message.count {
      return fields
    }
    return fields(of: message, pidAt: start, endOfName)
  }

  /// The fields of a line of which some are missing, as where a reader of the log left them out or
  /// a line was cut: the name is what counts.
  private static func partialFields(of message: Span<UInt8>, pidAt start: Int) -> Fields? {
    fields(of: message, pidAt: start, endOfPartialName)
  }

  private static func fields(
    of message: Span<UInt8>, pidAt start: Int,
    _ endOfName: (_ message: Span<UInt8>, _ start: Int) -> Int?
  ) -> Fields? {
    var cursor = start
    guard let pid = message.integer(at: &cursor) else { return nil }
    var uid: Int64?
    if let number = message.end(of: ", UID ", at: cursor) {
      cursor = number
      uid = message.integer(at: &cursor)
      if message.byte(at: cursor) == .comma { cursor += 1 }
    }
    let blanks = message.skippingBlanks(from: cursor)
    guard blanks > cursor, let nameStart = message.end(of: "(", at: blanks),
      let nameEnd = endOfName(message, nameStart), message.mayBeComm(nameStart..<nameEnd)
    else { return nil }
    var fields = Fields(pid: pid, comm: nameStart..<nameEnd)
    let figures = nameEnd + 1
    cursor = figures
    if uid == nil, var number = message.end(of: ", UID ", at: cursor) {
      uid = message.integer(at: &number)
      if message.byte(at: number) == .comma { cursor = number } else { uid = nil }
    }
    fields.totalVM =
      message.kB("total-vm:", expectedAt: &cursor, from: figures)
      ?? message.kB("vsz:", expectedAt: &cursor, from: figures)
    fields.anonRSS = message.kB("anon-rss:", expectedAt: &cursor, from: figures)
    fields.fileRSS = message.kB("file-rss:", expectedAt: &cursor, from: figures)
    fields.shmemRSS = message.kB("shmem-rss:", expectedAt: &cursor, from: figures)
    fields.uid = uid ?? message.figure("UID:", expectedAt: &cursor, from: figures, before: .space)
    fields.pageTables = message.kB("pgtables:", expectedAt: &cursor, from: figures)
    fields.oomScoreAdj = message.figure("oom_score_adj:", expectedAt: &cursor, from: figures)
    return fields
  }

  /// The parenthesis that closes the name. A name may hold anything, a whole `) total-vm:9kB`
  /// included, so the last place that can close it is taken.
  private static func endOfName(_ message: Span<UInt8>, _ start: Int) -> Int? {
    var last = message.count - 1
    while last > start, message[last] == .space { last -= 1 }
    // Without figures (before 2.6.33) the line ends with the name, then with a full stop (2.6.19).
    if last > start, message[last] == .dot { last -= 1 }
    if last >= start, message[last] == .closeParenthesis, message.mayBeComm(start..<last) {
      return last
    }
    var end = message.count
    while let close = message.last(.closeParenthesis, before: end), close >= start {
      if message.starts(with: ") total-vm:", at: close)
        || message.starts(with: "), UID ", at: close)
        || message.starts(with: ") vsz:", at: close)
      {
        return close
      }
      end = close
    }
    return nil
  }

  /// What may stand behind the name where the first of the figures are missing.
  private static let followers: [[UInt8]] = [
    "total-vm:", "vsz:", "anon-rss:", "file-rss:", "shmem-rss:", "UID ", "UID:", "pgtables:",
    "oom_score_adj:", "score ", "...", ". ",
  ].map { Array($0.utf8) }

  /// The last parenthesis that closes the name before one of these, or before what is left of it at
  /// the end of the line.
  private static func endOfPartialName(_ message: Span<UInt8>, _ start: Int) -> Int? {
    var end = message.count
    while let close = message.last(.closeParenthesis, before: end), close >= start {
      let comma = message.byte(at: close + 1) == .comma ? close + 2 : close + 1
      let figures = message.skippingBlanks(from: comma)
      let isFollowed = followers.contains { word in
        zip(word, figures..<message.count).allSatisfy { $0 == message[$1] }
      }
      if isFollowed, message.mayBeComm(start..<close) { return close }
      end = close
    }
    return nil
  }

  /// Whether nothing but figures stands behind the name, as in a line that was put together
  /// rightly. The last word may be cut.
  static func hasCleanFigures(_ message: Span<UInt8>) -> Bool {
    guard let start = start(of: message), let name = message.first(" (", from: start.pid),
      let end = endOfName(message, name + 2)
    else { return false }
    var cursor = end + 1
    if let uid = message.end(of: ", UID ", at: cursor) { cursor = message.endOfWord(from: uid) }
    while true {
      let word = message.skippingBlanks(from: cursor)
      cursor = message.endOfWord(from: word)
      guard cursor < message.count else { return true }
      guard let colon = message.first(.colon, from: word), colon < cursor else { return false }
      var figure = colon + 1
      guard message.integer(at: &figure) != nil else { return false }
      figure = message.end(of: "kB", at: figure) ?? figure
      if message.byte(at: figure) == .comma { figure += 1 }
      guard figure == cursor else { return false }
    }
  }
}

/// Figures that stand one behind the other in the order in which they are asked for: each is looked
/// for where it is expected, and only where it is not, from `start` on. The offset moves behind it.
extension Span where Element == UInt8 {
  fileprivate func kB(
    _ word: StaticString, expectedAt offset: inout Int, from start: Int
  ) -> Bytes? {
    guard var cursor = place(behind: word, expectedAt: offset, from: start),
      let size = integer(at: &cursor), let end = end(of: "kB", at: cursor)
    else { return nil }
    offset = Swift.max(offset, end)
    return Bytes(kB: size)
  }

  fileprivate func figure(
    _ word: StaticString, expectedAt offset: inout Int, from start: Int,
    before follower: UInt8? = nil
  ) -> Int64? {
    guard var cursor = place(behind: word, expectedAt: offset, from: start),
      let value = integer(at: &cursor)
    else { return nil }
    // At the end of the line, a figure that another one follows is cut.
    guard follower == nil ? byte(at: cursor) ?? .space == .space : byte(at: cursor) == follower
    else { return nil }
    offset = Swift.max(offset, cursor)
    return value
  }

  /// Behind the last of the figures there are no more.
  private func place(behind word: StaticString, expectedAt offset: Int, from start: Int) -> Int? {
    guard offset < count else { return nil }
    var cursor = offset
    if self[cursor] == .comma { cursor += 1 }
    if byte(at: cursor) == .space { cursor += 1 }
    return end(of: word, at: cursor) ?? first(word, from: start).map { $0 + word.utf8CodeUnitCount }
  }
}

extension Span where Element == UInt8 {
  /// The size behind a word, which the kernel prints in kB; nil where the unit is cut off, and
  /// digits perhaps with it.
  func kB(_ word: StaticString) -> Bytes? {
    guard let found = first(word) else { return nil }
    var cursor = found + word.utf8CodeUnitCount
    guard let size = integer(at: &cursor), starts(with: "kB", at: cursor) else { return nil }
    return Bytes(kB: size)
  }
}

extension Victim {
  fileprivate init(_ fields: KillLine.Fields, of message: Span<UInt8>, line: Int) {
    self.init(pid: fields.pid, comm: message.text(fields.comm), line: line)
    uid = fields.uid
    totalVM = fields.totalVM
    anonRSS = fields.anonRSS
    fileRSS = fields.fileRSS
    shmemRSS = fields.shmemRSS
    pageTables = fields.pageTables
    oomScoreAdj = fields.oomScoreAdj
  }
}

extension ReportBuilder {
  /// Adds a victim, once for each pid: a group kill names the first one twice.
  mutating func add(_ victim: Victim) {
    guard !report.victims.contains(where: { $0.pid == victim.pid }) else { return }
    var victim = victim
    // The score is that of the process it was computed for; a child killed in its place has none.
    if let intent = report.intent?.value, intent.pid == victim.pid { victim.score = intent.score }
    report.victims.append(victim)
  }

  /// Adds the score of a process that was killed already, where the two lines came the wrong way
  /// round.
  fileprivate mutating func addScore(of intent: Intent) {
    guard let index = report.victims.firstIndex(where: { $0.pid == intent.pid }) else { return }
    report.victims[index].score = report.victims[index].score ?? intent.score
  }
}
