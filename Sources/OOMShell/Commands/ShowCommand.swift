internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let show = Command(
    "show", .look, "show one event, and what each figure means",
    parameters: [Parameter("EVENT", .events, .zeroOrMore, "events; the newest where left out")],
    examples: [
      Example("show 1", "the first event"), Example("show last", "the newest event in view"),
    ]
  ) { (state, arguments) throws(CommandError) in
    var blocks: [Block] = []
    var records: [JSONValue] = []
    for number in try state.numbers(arguments.events("EVENT")) {
      let (event, report) = try state.report(number)
      let card = EventCard(event, report, TimeDisplay(state))
      blocks += card.blocks
      let input = state.session.inputs[event.input]
      let source = EventRecord.Source(
        name: input.name, carrier: input.carriers.first?.rawValue ?? "", byteRange: event.byteRange,
        boot: event.boot)
      records.append(EventRecord(report, source: source, tasks: .top(20)).json)
    }
    return Document(blocks, record: records.count == 1 ? records.first : .array(records))
  }
}

/// One event in words and figures, each with the line that proves it.
private struct EventCard {
  private let event: Event
  private let report: OOMReport
  private let display: TimeDisplay

  init(_ event: Event, _ report: OOMReport, _ display: TimeDisplay) {
    self.event = event
    self.report = report
    self.display = display
  }

  var blocks: [Block] {
    var blocks: [Block] = [.heading("Event \(event.number): \(headline)")]
    blocks.append(.fields(Fields(key: "event", what)))
    for (index, victim) in report.victims.enumerated() {
      let title = report.victims.count == 1 ? "victim" : "victim \(index + 1)"
      blocks.append(.fields(Fields(key: "victim", title: title, fields(of: victim))))
    }
    let request = requestFields
    if !request.isEmpty {
      blocks.append(.fields(Fields(key: "request", title: "allocation that failed", request)))
    }
    let memcg = memcgFields
    if !memcg.isEmpty {
      blocks.append(.fields(Fields(key: "memcg", title: "memory cgroup", memcg)))
    }
    if report.memory != nil || report.taskRowCount > 0 {
      blocks.append(
        .prose(
          "'mem \(event.number)' shows the memory, 'tasks \(event.number)' the "
            + "task table (\(report.taskRowCount) rows), 'raw \(event.number)' the lines."))
    }
    blocks += report.diagnostics.map { diagnostic in
      .note(
        .warning,
        "line \(diagnostic.line): \(Self.words(diagnostic.kind)): "
          + Visible.text(diagnostic.text.description))
    }
    return blocks
  }

  private static func words(_ kind: Diagnostic.Kind) -> String {
    switch kind {
    case .torn: "torn or cut line, read as far as it goes"
    case .lost: "lines were dropped before they reached the log"
    case .foreign: "a line that is no part of the task table"
    case .contradiction: "contradicts other lines of the report"
    }
  }

  private var headline: String {
    let scope = Self.scopes[report.constraint?.value] ?? ""
    switch report.outcome {
    case .killed:
      guard let victim = report.victims.first else { return "a process was killed" }
      let others = report.victims.count - 1
      let more = others == 0 ? "" : " and \(others) more"
      return "\(Visible.text(victim.comm.description)) (pid \(victim.pid))\(more) killed\(scope)"
    case .panic: return "the kernel panicked for want of memory"
    case .noVictim: return "nothing could be killed\(scope)"
    case .unknown: return "how it ended is not in the log\(scope)"
    }
  }

  private static let scopes: [Constraint?: String] = [
    .memcg: ": a memory cgroup hit its limit", Constraint.none: ": the machine was out of memory",
    .cpuset: ": the nodes of a cpuset were out of memory",
    .mempolicy: ": the nodes of a memory policy were out of memory",
  ]

  private var what: [Field] {
    var fields = [
      Field("time", "time", display.cell(report.time), meaning: timeMeaning),
      Field(
        "lines", "lines", .text("\(report.firstLine)-\(report.lastLine)"),
        meaning: Self.statusMeaning[report.status]),
    ]
    if report.time.wallMicros != nil, let uptime = report.time.uptimeMicros {
      fields.append(
        Field("uptime", "since boot", .text(TimeDisplay.uptime(uptime)), meaning: "printk stamp"))
    }
    add(&fields, "host", "host", report.host.map { Cited($0, line: report.firstLine) })
    add(
      &fields, "kernel", "kernel",
      report.system.flatMap { system in
        system.value.kernelRelease.map { Cited($0, line: system.line) }
      })
    add(&fields, "hardware", "hardware", report.hardware)
    if let constraint = report.constraint {
      let name = constraint.value == .none ? "none: the whole machine" : constraint.value.rawValue
      fields.append(
        Field(
          "constraint", "constraint", .text(name), meaning: "what bounded the allocation",
          line: constraint.line))
    } else {
      fields.append(
        Field(
          "constraint", "constraint", .missing, meaning: "this kernel does not print it"))
    }
    if report.trigger == .sysrq {
      fields.append(
        Field("trigger", "trigger", .text("SysRq-f"), meaning: "somebody asked for a kill by hand"))
    }
    add(&fields, "ending", "ending", report.ending)
    add(&fields, "group_kill", "group kill", report.groupKill, "memory.oom.group: all of it dies")
    if let intent = report.intent, !report.victims.contains(where: { $0.pid == intent.value.pid }) {
      fields.append(
        Field(
          "chosen", "chosen", .text("\(intent.value.comm) (pid \(intent.value.pid))"),
          meaning: "what the kernel chose; it killed a child of it instead", line: intent.line))
    }
    return fields
  }

  private var timeMeaning: String {
    let error = report.time.errorMicros.map { " +-\(Self.seconds($0)) s" } ?? ""
    switch report.time.basis {
    case .none: return "since boot only: nothing in the log ties it to the wall clock"
    case .printed: return "as printed\(error)"
    case .printedZoneAssumed: return "as printed, in the zone of this session\(error)"
    case .printedYearAssumed: return "as printed; zone and year are assumed\(error)"
    case .live: return "uptime plus the boot time of the running kernel\(error)"
    case .journal: return "the kernel's stamp by the journal's two clocks\(error)"
    }
  }

  private static func seconds(_ micros: Int64) -> String {
    let hundredths = max((micros + 9999) / 10_000, 1)
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static let statusMeaning: [OOMReport.Status: String] = [
    .complete: "a complete report", .headless: "the beginning of the report is not in the log",
    .truncated: "the end of the report is not in the log",
    .killOnly: "a kill line only: the report is not in the log",
  ]

  private func fields(of victim: Victim) -> [Field] {
    var fields = [
      Field(
        "comm", "name", .text(victim.comm.description), meaning: "thread name, 15 bytes at most"),
      Field(
        "pid", "pid", .integer(victim.pid), meaning: "in the first pid namespace", line: victim.line
      ),
    ]
    func number(_ key: String, _ label: String, _ value: Int64?, _ meaning: String) {
      guard let value else { return }
      fields.append(Field(key, label, .integer(value), meaning: meaning, line: victim.line))
    }
    func size(_ key: String, _ label: String, _ value: OOMReports.Bytes?, _ meaning: String) {
      fields.append(
        Field(key, label, value.map { .bytes($0.count) } ?? .missing, meaning: meaning))
    }
    number("uid", "uid", victim.uid, "user id outside containers")
    number("score", "score", victim.score, "per mille of what it was measured against, with adj")
    number("oom_score_adj", "oom_score_adj", victim.oomScoreAdj, "-1000 (never) to 1000 (first)")
    size("total_vm", "total-vm", victim.totalVM, "address space; says little about RAM")
    size("anon_rss", "anon-rss", victim.anonRSS, "its own memory: heap, stacks")
    size("file_rss", "file-rss", victim.fileRSS, "file pages mapped; could be dropped")
    size("shmem_rss", "shmem-rss", victim.shmemRSS, "shared memory and tmpfs; others may use it")
    size("pgtables", "pgtables", victim.pageTables, "page tables that map all this")
    if let line = victim.reapedLine {
      fields.append(
        Field("reaped", "reaped", .flag(true), meaning: "the reaper took its memory", line: line))
    }
    return fields
  }

  private var requestFields: [Field] {
    guard let invocation = report.invocation else { return [] }
    var fields: [Field] = []
    let line = invocation.line
    if let comm = invocation.value.comm {
      fields.append(
        Field(
          "invoker", "invoked by", .text(comm.description),
          meaning: "the task that allocated, not the culprit by itself", line: line))
    }
    if let system = report.system, let pid = system.value.pid {
      fields.append(Field("invoker_pid", "its pid", .integer(pid), line: system.line))
    }
    if let adj = invocation.value.oomScoreAdj {
      fields.append(Field("invoker_adj", "its oom_score_adj", .integer(adj), line: line))
    }
    if let mask = invocation.value.gfpMask {
      let flags = invocation.value.gfpFlags
      let names = flags.isEmpty ? "" : " (\(flags.joined(separator: "|")))"
      fields.append(
        Field("gfp_mask", "gfp_mask", .text(mask + names), meaning: "what kind of page", line: line)
      )
    }
    if let order = invocation.value.order {
      let meaning =
        order < 0
        ? "forced by SysRq-f"
        : order == 0 ? "one page" : "2^\(order) pages in a row: fragmentation may be the cause"
      fields.append(Field("order", "order", .integer(order), meaning: meaning, line: line))
    }
    return fields
  }

  private var memcgFields: [Field] {
    guard let memcg = report.memcg else { return [] }
    var fields: [Field] = []
    add(&fields, "limit_path", "limit hit", memcg.limitPath, "the cgroup whose limit was reached")
    add(&fields, "task_path", "victim lived in", memcg.taskPath)
    func usage(_ key: String, _ label: String, _ value: Cited<MemcgUsage>?) {
      guard let value else { return }
      fields.append(
        Field("\(key)_usage", "\(label) usage", .bytes(value.value.usage.count), line: value.line))
      fields.append(
        Field(
          "\(key)_limit", "\(label) limit",
          value.value.limit.map { .bytes($0.count) } ?? .text("no limit"), line: value.line))
    }
    usage("memory", "memory", memcg.memory)
    usage("memsw", "memory+swap", memcg.memorySwap)
    usage("swap", "swap", memcg.swap)
    usage("kmem", "kernel memory", memcg.kmem)
    if let memory = memcg.memory {
      fields.append(
        Field(
          "failcnt", "failcnt", .integer(memory.value.failcnt),
          meaning: "times the limit was reached since it was set", line: memory.line))
    }
    return fields
  }

  private func add(
    _ fields: inout [Field], _ key: String, _ label: String, _ text: Cited<LogText>?,
    _ meaning: String? = nil
  ) {
    guard let text else { return }
    fields.append(
      Field(key, label, .text(text.value.description), meaning: meaning, line: text.line))
  }
}
