internal import KernelLog

/// `oom-kill:constraint=…`: the kernel's summary of why, where and whom (5.0 and later).
enum DecisionLine {
  static let grammar = LineGrammar(
    name: "oom-kill",
    printedBy: "5.0 and later; dump_oom_victim()/dump_header() in mm/oom_kill.c",
    samples: [
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
        + "task_memcg=/a.slice,task=java,pid=4242,uid=1000",
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=web.scope,mems_allowed=0,"
        + "oom_memcg=/a.slice,task_memcg=/a.slice/web.scope,task=node,pid=4242,uid=1000",
    ],
    read: { message, line, report in
      guard isDecision(message) else { return .other }
      guard report.report.decision == nil else { return .known }
      let decision = parse(message, task: nil, isWhole: report.isWhole)
      report.report.decision = Cited(decision, line: line)
      report.decisionText = LogText(message).bytes
      report.hasBody = true
      apply(decision, line, to: &report)
      // The two lines may have come the wrong way round.
      if let victim = report.report.victims.first(where: { $0.pid == decision.pid }) {
        split(again: victim.comm, in: &report)
      }
      return decision.uid == nil ? .torn : .read
    })

  /// Whether a message begins as the line does; the kernel knows four constraints.
  static func isDecision(_ message: Span<UInt8>) -> Bool {
    message.starts(with: "oom-kill:constraint=CONSTRAINT_")
  }

  /// The pid that the line chooses; nil where it broke off.
  static func pid(of message: Span<UInt8>) -> Int64? {
    tail(of: message, task: nil)?.pid
  }

  /// Reads the line again with the victim's name known from its kill line.
  ///
  /// A name or a cgroup may hold `,task=` and forge a field; the name that the kill line states is
  /// the one to split at.
  static func split(again name: LogText, in report: inout ReportBuilder) {
    guard let decision = report.report.decision, decision.value.task != name else { return }
    let parsed = parse(report.decisionText.span, task: name, isWhole: report.isWhole)
    guard parsed.task == name else { return }
    report.report.decision = Cited(parsed, line: decision.line)
    apply(parsed, decision.line, to: &report)
  }

  /// The constraint that a word between `CONSTRAINT_` and a comma names.
  private static func constraint(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Constraint? {
    if bytes.isWord(word, "NONE") { return Constraint.none }
    if bytes.isWord(word, "MEMCG") { return .memcg }
    if bytes.isWord(word, "CPUSET") { return .cpuset }
    return bytes.isWord(word, "MEMORY_POLICY") ? .mempolicy : nil
  }

  /// What bounded the request by the constraint that is printed, of a line with or without a cgroup
  /// whose limit was hit.
  ///
  /// 5.0 and 5.1 print `CONSTRAINT_NONE` also for a cgroup, since they set the field too late (mended
  /// in 5.2 by "fix uninitialized oc->constraint"); `oom_memcg` they print for a cgroup only.
  private static func constraint(_ printed: Constraint?, hasLimit: Bool) -> Constraint? {
    printed == Constraint.none && hasLimit ? .memcg : printed
  }

  private static func apply(_ decision: Decision, _ line: Int, to report: inout ReportBuilder) {
    if let constraint = decision.constraint {
      report.report.constraint = Cited(constraint, line: line)
    }
    guard decision.oomMemcg != nil || decision.taskMemcg != nil else { return }
    report.withMemcg { memcg in
      if let path = decision.oomMemcg { memcg.limitPath = Cited(path, line: line) }
      if let path = decision.taskMemcg { memcg.taskPath = Cited(path, line: line) }
    }
  }

  /// Of a report that is not kept whole, only whether the line has the fields that say where.
  private static func parse(
    _ message: Span<UInt8>, task name: LogText?, isWhole: Bool
  ) -> Decision {
    let fields = fields(of: message, task: name)
    var decision = Decision()
    decision.constraint = constraint(fields.constraint, hasLimit: fields.oomMemcg != nil)
    decision.nodemask = fields.nodemask.map { isWhole ? message.ascii($0) : "" }
    decision.cpuset = fields.cpuset.map { isWhole ? message.text($0) : LogText([]) }
    decision.memsAllowed = fields.memsAllowed.map { isWhole ? message.ascii($0) : "" }
    decision.isGlobal = fields.isGlobal
    decision.oomMemcg = fields.oomMemcg.map { message.text($0) }
    decision.taskMemcg = fields.taskMemcg.map { message.text($0) }
    decision.task = fields.tail.map { message.text($0.name) }
    (decision.pid, decision.uid) = (fields.tail?.pid, fields.tail?.uid)
    return decision
  }

  /// What stands on the line, its texts as places in the message.
  struct Fields {
    var constraint: Constraint?
    var nodemask: Range<Int>?
    var cpuset: Range<Int>?
    var memsAllowed: Range<Int>?
    var isGlobal: Bool?
    var oomMemcg: Range<Int>?
    var taskMemcg: Range<Int>?
    var tail: Tail?

    /// What the kernel chose; nil where the line does not tell all of it.
    var choice: Choice? {
      guard let tail, tail.uid != nil,
        let constraint = DecisionLine.constraint(constraint, hasLimit: oomMemcg != nil)
      else { return nil }
      return Choice(
        constraint: constraint, limitPath: oomMemcg, taskPath: taskMemcg, task: tail.name,
        pid: tail.pid)
    }
  }

  /// `,task=NAME,pid=N,uid=N` at the end of the line; the uid may be cut off.
  struct Tail {
    let start: Int
    let name: Range<Int>
    let pid: Int64
    let uid: Int64?
  }

  /// The fields of a message; `name` is the task's where it is known.
  ///
  /// Names may hold any separator, so the fields before them are read from the left and those behind
  /// them from the right.
  static func fields(of message: Span<UInt8>, task name: LogText?) -> Fields {
    if name == nil, let fields = plainFields(message) { return fields }
    var fields = Fields()
    let constraint = "oom-kill:constraint=".utf8.count
    let word = constraint + "CONSTRAINT_".utf8.count
    fields.constraint = message.first(.comma, from: word).flatMap {
      Self.constraint(message, word..<$0)
    }
    let nodemask = message.first(",nodemask=", from: constraint)
    let cpuset = message.first(",cpuset=", from: nodemask ?? constraint)
    if let nodemask, let cpuset { fields.nodemask = nodemask + 10..<cpuset }
    fields.tail = tail(of: message, task: name)
    let end = fields.tail?.start ?? message.count
    let taskMemcg = message.last(",task_memcg=/", before: end)
    if let taskMemcg, fields.tail != nil { fields.taskMemcg = taskMemcg + 12..<end }
    let mems = message.first(",mems_allowed=", from: cpuset ?? constraint)
    if let cpuset, let mems { fields.cpuset = cpuset + 8..<mems }
    // Behind the nodes the line always goes on.
    guard let mems else { return fields }
    let memsEnd = endOfNodes(message, mems + 14)
    guard followers.contains(where: { message.starts(with: $0, at: memsEnd) }) else {
      return fields
    }
    fields.memsAllowed = mems + 14..<memsEnd
    if message.starts(with: ",global_oom", at: memsEnd) { fields.isGlobal = true }
    if message.starts(with: ",oom_memcg=", at: memsEnd) { fields.isGlobal = false }
    if let path = message.end(of: ",oom_memcg=", at: memsEnd), let taskMemcg, taskMemcg >= path {
      fields.oomMemcg = path..<taskMemcg
    }
    return fields
  }

  /// The line as all kernels that have it print it.
  private static let plain = PrintFormat(
    "oom-kill:constraint=CONSTRAINT_%w,nodemask=%n,cpuset=%s,mems_allowed=%n{,global_oom}"
      + "{,oom_memcg=%s}{,task_memcg=%s},task=%c,pid=%d,uid=%d")

  /// What the kernel chose, and why: as much of the line as a list of events shows.
  struct Choice {
    let constraint: Constraint
    let limitPath: Range<Int>?
    let taskPath: Range<Int>?
    let task: Range<Int>
    let pid: Int64
  }

  /// What a line says that holds nothing odd, and its end in some bytes in which it stands at an
  /// offset; nil for another line. There may be more behind the end.
  @inline(__always)
  static func plainChoice(
    _ bytes: Span<UInt8>, at start: Int, _ printed: inout PrintFormat.Fields
  ) -> (choice: Choice, end: Int)? {
    guard let end = plain.read(bytes, at: start, &printed), let word = printed.place(0),
      let constraint = constraint(constraint(bytes, word), hasLimit: printed.place(4) != nil),
      let task = printed.place(6),
      let pid = printed.number(7)
    else { return nil }
    let choice = Choice(
      constraint: constraint, limitPath: printed.place(4), taskPath: printed.place(5), task: task,
      pid: pid)
    // A path that is none is not the kernel's, and a limit is never without one.
    let isPath = choice.taskPath.map { bytes[$0.lowerBound] == UInt8(ascii: "/") }
    return isPath ?? (choice.limitPath == nil) ? (choice, end) : nil
  }

  private static func plainFields(_ message: Span<UInt8>) -> Fields? {
    var printed = PrintFormat.Fields()
    guard let (choice, end) = plainChoice(message, at: 0, &printed), end == message.count else {
      return nil
    }
    var fields = Fields(constraint: choice.constraint)
    (fields.nodemask, fields.cpuset) = (printed.place(1), printed.place(2))
    (fields.memsAllowed, fields.oomMemcg) = (printed.place(3), choice.limitPath)
    fields.taskMemcg = choice.taskPath
    let global = (fields.memsAllowed ?? 0..<0).upperBound
    fields.isGlobal =
      message.starts(with: ",global_oom", at: global)
      ? true : fields.oomMemcg == nil ? nil : false
    fields.tail = Tail(
      start: choice.task.lowerBound - 6, name: choice.task, pid: choice.pid,
      uid: printed.number(8))
    return fields
  }

  /// What comes behind the nodes; without memory cgroups, the task.
  private static let followers: [StaticString] = [
    ",global_oom", ",oom_memcg=", ",task_memcg=", ",task=",
  ]

  /// The list of nodes has commas of its own: it ends before the first one that no digit follows.
  private static func endOfNodes(_ message: Span<UInt8>, _ start: Int) -> Int {
    var cursor = start
    while let byte = message.byte(at: cursor) {
      let isComma = byte == .comma && message.byte(at: cursor + 1)?.isDigit == true
      guard byte.isDigit || byte == .minus || isComma else { break }
      cursor += 1
    }
    return cursor
  }

  private static func tail(of message: Span<UInt8>, task name: LogText?) -> Tail? {
    guard let uidStart = message.last(",uid=", before: message.count),
      let pidStart = message.last(",pid=", before: uidStart)
    else { return nil }
    var uidEnd = uidStart + 5
    var pidEnd = pidStart + 5
    // Of a uid that is not known, no digit may be left.
    let uid = message.integer(at: &uidEnd)
    guard uidEnd == message.count, let pid = message.integer(at: &pidEnd), pidEnd == uidStart
    else { return nil }
    let start: Int?
    if let name {
      let expected = pidStart - name.bytes.count - 6
      start = expected >= 0 && message.starts(with: ",task=", at: expected) ? expected : nil
    } else {
      start = message.last(",task=", before: pidStart)
    }
    guard let start else { return nil }
    return Tail(start: start, name: start + 6..<pidStart, pid: pid, uid: uid)
  }
}
