internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// One event in words and figures, each with the line that proves it.
struct EventCard {
  private let event: Event
  private let report: OOMReport
  private let display: TimeDisplay
  /// Every place that holds the event, where there are several.
  private let seenIn: [String]

  init(
    _ event: Event, _ report: OOMReport, _ display: TimeDisplay, seenIn: [String] = []
  ) {
    self.seenIn = seenIn
    self.event = event
    self.report = report
    self.display = display
  }

  var blocks: [Block] {
    var blocks: [Block] = [.heading("Event \(event.number): \(EventHeadline.text(event))")]
    blocks.append(.fields(Fields(key: "event", what)))
    blocks += victimBlocks
    let request = requestFields
    if !request.isEmpty {
      blocks.append(.fields(Fields(key: "request", title: requestTitle, request)))
    }
    let memcg = memcgFields
    if !memcg.isEmpty {
      blocks.append(.fields(Fields(key: "memcg", title: "memory cgroup", memcg)))
    }
    blocks.append(.prose(whereToLook))
    blocks += report.diagnostics.map { diagnostic in
      .note(
        .warning,
        "line \(diagnostic.line): \(Self.words(diagnostic.kind)): "
          + Visible.text(diagnostic.text.description))
    }
    return blocks
  }

  /// The commands that show the rest of the report.
  private var whereToLook: String {
    var places: [String] = []
    if report.memory != nil || report.memcg?.memory != nil {
      places.append("'mem \(event.number)'")
    }
    let rows = report.taskRowCount
    if rows > 0 {
      places.append("'tasks \(event.number)' (\(rows) \(rows == 1 ? "row" : "rows"))")
    }
    return "See also " + (places + ["'raw \(event.number)'"]).joined(separator: ", ") + "."
  }

  private static func words(_ kind: Diagnostic.Kind) -> String {
    switch kind {
    case .torn: "torn or cut line, read as far as it goes"
    case .lost: "lines were dropped before they reached the log"
    case .foreign: "a line that is no part of the task table"
    case .wrapped: "a counter fell below zero and is left out"
    case .contradiction: "contradicts other lines of the report"
    }
  }

  private var what: [Field] {
    var fields = [
      timeField,
      Field("lines", "lines", .text(lines), meaning: Self.statusMeaning[report.status]),
    ]
    if !seenIn.isEmpty {
      fields.append(
        Field(
          "seen_in", "seen in", .text(seenIn.joined(separator: ", ")),
          meaning: "one event; the most complete report is shown"))
    }
    if report.time.wallMicros != nil, let uptime = report.time.uptimeMicros {
      fields.append(
        Field("uptime", "since boot", .text(TimeDisplay.uptime(uptime)), meaning: "printk stamp"))
    }
    add(&fields, "host", "host", report.host.map { Cited($0, line: report.firstLine) })
    if report.host == nil, let host = event.host {
      fields.append(
        Field("host", "host", .text(host.description), meaning: "another log of the event names it")
      )
    }
    add(
      &fields, "kernel", "kernel",
      report.system.flatMap { system in
        system.value.kernelRelease.map { Cited($0, line: system.line) }
      })
    add(&fields, "hardware", "hardware", report.hardware)
    if let constraint = report.constraint {
      fields.append(
        Field(
          "constraint", "constraint", .text(constraint.value.rawValue),
          meaning: report.trigger == .sysrq
            ? "any process could be chosen" : Self.constraintMeaning[constraint.value],
          line: constraint.line))
    } else {
      fields.append(
        Field("constraint", "constraint", .missing, meaning: "the report does not say it"))
    }
    if report.trigger == .sysrq {
      fields.append(
        Field("trigger", "trigger", .text("SysRq-f"), meaning: "somebody asked for a kill by hand"))
    }
    add(&fields, "ending", "ending", report.ending)
    add(&fields, "group_kill", "group kill", report.groupKill, "memory.oom.group: all of it dies")
    if report.isAllocatingTaskKill {
      fields.append(
        Field(
          "chosen", "chosen", .text("whoever allocated"),
          meaning: "vm.oom_kill_allocating_task was set", line: report.victims.first?.line))
    }
    if report.intent == nil, report.victims.isEmpty, let chosen = event.chosen {
      fields.append(
        Field(
          "chosen", "chosen", .text("\(chosen.comm) (pid \(chosen.pid))"),
          meaning: "the log does not hold its kill", line: report.decision?.line))
    }
    if let intent = report.intent, !report.victims.contains(where: { $0.pid == intent.value.pid }) {
      fields.append(
        Field(
          "chosen", "chosen", .text("\(intent.value.comm) (pid \(intent.value.pid))"),
          meaning: report.victims.isEmpty
            ? "the log does not hold its kill"
            : "chosen first; a child, or a task with the same memory, died", line: intent.line))
      if let score = intent.value.score {
        fields.append(
          Field("chosen_score", "its score", .integer(score), meaning: scoreMeaning))
      }
    }
    return fields
  }

  private var lines: String {
    let (first, last) = (report.firstLine, report.lastLine)
    return first == last ? "\(first)" : "\(first)-\(last)"
  }

  private static let constraintMeaning: [Constraint: String] = [
    .none: "nothing but the machine's memory bounded it",
    .memcg: "a memory cgroup's limit bounded it",
    .cpuset: "the nodes of a cpuset bounded it",
    .mempolicy: "the nodes of a memory policy bounded it",
  ]

  /// Up to 2.6.35, which print no oom_score_adj, the score is no share of anything. Where another line
  /// is one of later kernels, or of RHEL's that has their rule, the figure is only lost.
  private var scoreMeaning: String {
    let lacksAdjustment = report.invocation.map { $0.value.oomScoreAdj == nil } ?? false
    let isNewer =
      report.victims.contains { $0.uid != nil }
      || report.tasks?.columns.contains("oom_score_adj") ?? false
    let isOld = report.intent?.value.isOfOldRule ?? lacksAdjustment
    return isOld && !isNewer
      ? "by the rule before 2.6.36, on a scale of its own"
      : "thousandths of what could be used, oom_score_adj included"
  }

  /// The time of day, or where nothing tells it, the time since boot.
  private var timeField: Field {
    if report.time.wallMicros == nil, let uptime = report.time.uptimeMicros {
      return Field("uptime", "time", .text(TimeDisplay.uptime(uptime)), meaning: timeMeaning)
    }
    let time = display.layout(of: [report.time])
    return Field("time", "time\(time.suffix)", time.cell(report.time), meaning: timeMeaning)
  }

  private var timeMeaning: String {
    let error = report.time.errorMicros.map { ", to \(Self.seconds($0)) s" } ?? ""
    switch report.time.basis {
    case .none:
      return report.time.uptimeMicros == nil
        ? "the log prints no time"
        : "since boot only: nothing in the log ties it to the wall clock"
    case .printed, .printedInZone: return "as printed\(error)"
    case .printedZoneAssumed: return "as printed\(error); the zone is assumed"
    case .printedYearAssumed: return "as printed\(error); year and zone are assumed"
    case .yearAssumed: return "as printed\(error); the year is assumed"
    case .live: return "uptime plus the boot time of the running kernel\(error)"
    case .journal: return "the kernel's stamp by the journal's two clocks\(error)"
    case .converted, .convertedInZone:
      return "as dmesg made it from the uptime\(error): later by any suspend behind it"
    case .convertedZoneAssumed:
      return
        "as dmesg made it from the uptime\(error): later by any suspend behind it; the zone is assumed"
    case .header, .headerZoneAssumed:
      let zone = report.time.basis == .header ? "" : "; the zone is assumed"
      let bound = error.isEmpty ? "at the latest: " : ""
      return "\(bound)the kernel's stamp by the headers of other lines\(error)\(zone)"
    case .audit: return "the kernel's stamp by an audit line of this boot\(error)"
    case .batteryClock:
      return "the kernel's stamp by the battery clock at boot, which may be hours off"
    case .captured: return "the kernel's stamp by the captured machine's boot time\(error)"
    case .user: return "the kernel's stamp by your anchor\(error)"
    }
  }

  /// Hundredths of a second, rounded up, without zeros behind the point.
  private static func seconds(_ micros: Int64) -> String {
    let hundredths = max((micros + 9999) / 10_000, 1)
    let rest = hundredths % 100
    if rest == 0 { return "\(hundredths / 100)" }
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static let statusMeaning: [OOMReport.Status: String] = [
    .complete: "a complete report", .headless: "the beginning of the report is not in the log",
    .truncated: "the end of the report is not in the log",
    .killOnly: "a kill line only: the report is not in the log",
  ]

  private var victimBlocks: [Block] {
    guard let first = report.victims.first else { return [] }
    let count = report.victims.count
    let title = count == 1 ? "victim" : "first of \(count) victims"
    var blocks: [Block] = [
      .fields(
        Fields(key: "victim", title: "\(title) (line \(first.line))", fields(of: first)))
    ]
    if count > 1 { blocks.append(.table(table(of: report.victims.dropFirst()))) }
    return blocks
  }

  /// One victim, each figure with its meaning. All stand on the same line of the log.
  private func fields(of victim: Victim) -> [Field] {
    var fields = [
      Field(
        "comm", "name", .text(victim.comm.description),
        meaning: "the thread's name, cut to 15 bytes"),
      Field("pid", "pid", .integer(victim.pid), meaning: "the host's number, not a container's"),
    ]
    func number(_ key: String, _ label: String, _ value: Int64?, _ meaning: String) {
      guard let value else { return }
      fields.append(Field(key, label, .integer(value), meaning: meaning))
    }
    number("uid", "uid", victim.uid, "the host's number, not a container's")
    number("score", "score", victim.score, scoreMeaning)
    number("oom_score_adj", "oom_score_adj", victim.oomScoreAdj, "-1000 (never) to 1000 (first)")
    let sizes = Self.sizes.filter { $0.value(victim) != nil }
    fields += sizes.map { size in
      Field(size.key, size.label, Self.cell(size.value(victim)), meaning: size.meaning)
    }
    if sizes.isEmpty {
      let isLineLost = victim.line == victim.reapedLine
      fields.append(
        Field(
          "sizes", "sizes", .missing,
          meaning: isLineLost ? "the kill line is not in the log" : "the kill line prints none"))
    }
    if let line = victim.reapedLine {
      fields.append(
        Field("reaped", "reaped", .flag(true), meaning: "the reaper took its memory", line: line))
    }
    return fields
  }

  /// A size that kill lines print.
  private struct Size: Sendable {
    let key: String
    let label: String
    let meaning: String
    let value: @Sendable (Victim) -> OOMReports.Bytes?
  }

  private static let sizes = [
    Size(
      key: "total_vm", label: "total-vm", meaning: "address space; says little about RAM",
      value: \.totalVM),
    Size(
      key: "anon_rss", label: "anon-rss", meaning: "its own memory: heap, stacks", value: \.anonRSS),
    Size(
      key: "file_rss", label: "file-rss", meaning: "file pages mapped; could be dropped",
      value: \.fileRSS),
    Size(
      key: "shmem_rss", label: "shmem-rss", meaning: "shared memory and tmpfs; others may use it",
      value: \.shmemRSS),
    Size(
      key: "pgtables", label: "pgtables", meaning: "page tables that map all this",
      value: \.pageTables),
  ]

  private static func cell(_ size: OOMReports.Bytes?) -> Cell {
    size.map { .bytes($0.count) } ?? .missing
  }

  private func table(of victims: ArraySlice<Victim>) -> Table {
    Table(
      key: "victims", title: "the others",
      columns: [
        Column("comm", "name", canShrink: true), Column("pid", "pid", .right),
        Column("uid", "uid", .right, dropOrder: 5),
        Column("oom_score_adj", "adj", .right, dropOrder: 4),
      ]
        + Self.sizes.enumerated().map { index, size in
          Column(size.key, size.label, .right, dropOrder: index == 1 ? 1 : 6 + index)
        } + [Column("line", "line", .right, dropOrder: 2)],
      rows: victims.map { victim in
        [
          .text(victim.comm.description), .integer(victim.pid),
          victim.uid.map(Cell.integer) ?? .missing,
          victim.oomScoreAdj.map(Cell.integer) ?? .missing,
        ] + Self.sizes.map { Self.cell($0.value(victim)) } + [.integer(Int64(victim.line))]
      })
  }

  private var requestTitle: String {
    report.trigger == .sysrq ? "request by hand" : "allocation that failed"
  }

  private var requestFields: [Field] {
    guard let invocation = report.invocation else { return [] }
    var fields: [Field] = []
    let line = invocation.line
    if let comm = invocation.value.comm {
      fields.append(
        Field(
          "invoker", "invoked by", .text(comm.description),
          meaning: report.trigger == .sysrq
            ? "the task that ran it" : "the task that asked; seldom the cause", line: line))
    }
    if let system = report.system, let pid = system.value.pid {
      fields.append(Field("invoker_pid", "its pid", .integer(pid), line: system.line))
    }
    if let adj = invocation.value.oomScoreAdj {
      fields.append(Field("invoker_adj", "its oom_score_adj", .integer(adj), line: line))
    } else if let adj = invocation.value.oomAdj {
      fields.append(
        Field(
          "invoker_oom_adj", "its oom_adj", .integer(adj), meaning: "-17 (never) to 15", line: line)
      )
    }
    if let mask = invocation.value.gfpMask {
      let flags = invocation.value.gfpFlags
      let names = flags.isEmpty ? "" : " (\(flags.joined(separator: "|")))"
      fields.append(
        Field(
          "gfp_mask", "gfp_mask", .text(mask + names), meaning: "the kind of request", line: line)
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
    // The statistics are always those of the cgroup at its limit.
    let limitPath = memcg.limitPath ?? memcg.statsPath
    if report.constraint?.value == .memcg {
      add(
        &fields, "limit_path", "limit hit", limitPath,
        reading(limitPath) ?? "the cgroup whose limit was reached")
    }
    add(&fields, "task_path", "victim lived in", memcg.taskPath, reading(memcg.taskPath))
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
          meaning: "charges that met the limit; not kills", line: memory.line))
    }
    return fields
  }

  /// Who runs what lies in a cgroup, as its path tells.
  private func reading(_ path: Cited<LogText>?) -> String? {
    path.map { CgroupPath($0.value) }.flatMap { $0.isPlain ? nil : $0.words }.map {
      Visible.text($0.text { "\($0.count)" })
    }
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
