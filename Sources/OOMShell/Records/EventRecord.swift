package import Investigation
package import KernelLog
package import OOMReports
package import Presentation

/// The event record: one OOM event as data, in the names of the `oomsh.events` schema.
///
/// The same bytes in give the same record out, and a figure that the log does not print is null.
package struct EventRecord: Sendable {
  private let report: OOMReport
  private let source: Source
  private let tasks: TaskChoice

  /// Where the event stands.
  package struct Source: Sendable {
    package let name: String
    package let carrier: String
    package let byteRange: Range<Int>
    /// Counted from 0 within the input.
    package let boot: Int
    /// What stands before the first line's message; nil where lines have no prefix of their own.
    package var printed: LogText?
    /// Where else it was seen.
    fileprivate let seenIn: JSONValue

    package init(
      name: String, carrier: String, byteRange: Range<Int>, boot: Int,
      others: [(place: Event.Place, name: String)] = []
    ) {
      seenIn = .places(others)
      self.name = name
      self.carrier = carrier
      self.byteRange = byteRange
      self.boot = boot
    }

    /// What stands before the message of the first line of a report's bytes; nil where nothing does, or
    /// what is much longer than a log's prefix.
    static func printed(before bytes: Span<UInt8>) -> LogText? {
      let line = LogFormat.lines.record(at: 0, in: bytes)
      let longest = 256
      guard line.wrapping == .none, (1...longest).contains(line.message.lowerBound) else {
        return nil
      }
      let text = bytes.text(0..<line.message.lowerBound).bytes
      let end = text.lastIndex { $0 != UInt8.space }.map { $0 + 1 } ?? 0
      return end == 0 ? nil : LogText(Array(text[..<end]))
    }
  }

  /// How many rows of the task table a record holds.
  package enum TaskChoice: Sendable, Equatable {
    case all, none
    /// The largest by resident memory.
    case top(Int)
  }

  package init(_ report: OOMReport, source: Source, tasks: TaskChoice) {
    self.report = report
    self.source = source
    self.tasks = tasks
  }

  package var json: JSONValue {
    .object(identity + cause + state + outcome)
  }

  private var identity: [JSONValue.Member] {
    [
      .init("type", "event"),
      .init("id", .string(id)),
      .init("fp", .fingerprint(report.fingerprint)),
      .init("status", .string(report.status.rawValue)),
      .init("outcome", .string(report.outcome.rawValue)),
      .init("source", sourceJSON),
      .init("seen_in", source.seenIn),
      .init("host", .text(report.host)),
      .init("boot", .int(Int64(source.boot))),
      .init("kernel_release", .text(report.system?.value.kernelRelease)),
      .init("time", report.time.json(printed: source.printed)),
    ]
  }

  private var cause: [JSONValue.Member] {
    let decision = report.decision?.value
    let cpuset = report.cpuset?.value
    return [
      .init("system", systemJSON),
      .init("invoker", invokerJSON),
      .init("request", requestJSON),
      .init("constraint", .string(report.constraint?.value.rawValue)),
      .init("cpuset", .text(decision?.cpuset ?? cpuset?.name)),
      .init("mems_allowed", .string(decision?.memsAllowed ?? cpuset?.memsAllowed)),
      .init("trigger", .string(report.trigger.rawValue)),
    ]
  }

  private var state: [JSONValue.Member] {
    let size = report.pageSize
    return [
      .init("memcg", memcgJSON),
      .init("memory", report.memory.map { $0.json(size) } ?? .null),
      .init("page_size", size.proof == .assumed ? .null : .int(size.bytes.count)),
      .init("page_size_proof", size.json),
    ]
  }

  private var outcome: [JSONValue.Member] {
    [
      .init("chosen", chosenJSON),
      .init("decision", decisionJSON),
      .init("group_kill", .text(report.groupKill?.value)),
      .init("ending", .text(report.ending?.value)),
      .init("victims", .array(report.victims.map(\.json))),
      .init("task_rows", .int(Int64(report.taskRowCount))),
      .init("tasks", .array(chosenTasks.map { $0.json(report.pageSize) })),
      .init("tasks_left_out", .int(Int64(leftOut))),
      .init("task_columns", .array((report.tasks?.columns ?? []).map { .string($0) })),
      .init("allocating_task_kill", .bool(report.isAllocatingTaskKill)),
      .init("stack", .array(report.trace.frames.map(\.json))),
      .init("registers", .array(report.trace.registers.map(\.json))),
      .init("remarks", .array(report.remarks.map(\.json))),
      .init("suppressed_reports", .int(report.suppressedReports?.value)),
      .init("dropped_lines", .int(report.droppedLines?.value)),
      .init("diagnostics", .array(report.diagnostics.map(\.json))),
      .init("lines", report.recordLines),
    ]
  }

  /// The same for the same kill in dmesg, a log file and the journal: host, the stamp of the kill
  /// line and the pid. The boot is no part of it, since each log counts from its own first one.
  package var id: String {
    var hash = Fingerprint()
    hash.add(report.host?.bytes ?? [])
    hash.add(report.time.uptimeMicros ?? report.time.wallMicros ?? Int64(report.firstLine))
    hash.add(report.victims.first?.pid ?? -1)
    return Fingerprint.text(hash.value)
  }

  /// Rows of the table that the record does not give.
  private var leftOut: Int {
    let count = report.tasks?.rows.count ?? 0
    return switch tasks {
    case .all: report.droppedRowCount
    case .none: count + report.droppedRowCount
    case .top(let most): max(0, count - most) + report.droppedRowCount
    }
  }

  private var chosenTasks: [TaskRow] {
    let rows = report.tasks?.rows ?? []
    switch tasks {
    case .all: return rows
    case .none: return []
    case .top(let count):
      // Rows are large: their places are put in order.
      let sizes = rows.map { $0.rss?.count ?? 0 }
      let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
      return order.prefix(count).map { rows[$0] }
    }
  }

  private var sourceJSON: JSONValue {
    .object([
      .init("name", .string(source.name)),
      .init("carrier", .string(source.carrier)),
      .init("first_line", .int(Int64(report.firstLine))),
      .init("last_line", .int(Int64(report.lastLine))),
      .init("first_byte", .int(Int64(source.byteRange.lowerBound))),
      .init("end_byte", .int(Int64(source.byteRange.upperBound))),
    ])
  }

  private var systemJSON: JSONValue {
    let system = report.system?.value
    let isSilent =
      system == nil && report.hardware == nil && report.workqueue == nil && report.taints == nil
    guard !isSilent else { return .null }
    return .object([
      .init("release", .text(system?.kernelRelease)),
      .init("build", .text(system?.build)),
      .init("preemption", .string(system?.preemption)),
      .init("cpu", .int(system?.cpu)),
      .init("comm", .text(system?.comm)),
      .init("taint", .string(system?.taintLetters)),
      .init("taint_text", .text(system?.taint)),
      .init("taints", .array((report.taints?.value ?? []).map { .string($0) })),
      .init("kdump", system.map { .bool($0.isKdumpLoaded) } ?? .null),
      .init("hardware", .text(report.hardware?.value)),
      .init("bios", .text(report.bios)),
      .init("workqueue", .text(report.workqueue?.value)),
      .init("compaction", report.compactionNotice == nil ? .null : .bool(false)),
    ])
  }

  /// What the kernel meant to kill, which need not be what it killed.
  private var chosenJSON: JSONValue {
    if let intent = report.intent?.value {
      var members: [JSONValue.Member] = [
        .init("pid", .int(intent.pid)), .init("comm", .text(intent.comm)),
        .init("score", .int(intent.score)),
      ]
      if intent.isOfOldRule { members.append(.init("old_rule", .bool(true))) }
      return .object(members)
    }
    guard let decision = report.decision?.value, decision.pid != nil else { return .null }
    return .object([
      .init("pid", .int(decision.pid)), .init("comm", .text(decision.task)),
      .init("uid", .int(decision.uid)),
    ])
  }

  /// The `oom-kill:` line (5.0 and later).
  private var decisionJSON: JSONValue {
    guard let decision = report.decision?.value else { return .null }
    return .object([
      .init("constraint", .string(decision.constraint?.rawValue)),
      .init("nodemask", .string(decision.nodemask)),
      .init("cpuset", .text(decision.cpuset)),
      .init("mems_allowed", .string(decision.memsAllowed)),
      .init("global", decision.isGlobal.map { .bool($0) } ?? .null),
      .init("oom_memcg", .text(decision.oomMemcg)), .init("task_memcg", .text(decision.taskMemcg)),
      .init("task", .text(decision.task)), .init("pid", .int(decision.pid)),
      .init("uid", .int(decision.uid)),
    ])
  }

  /// The process that the allocating thread belongs to, where its own row tells.
  private var invokerTGID: Int64? {
    guard let pid = report.system?.value.pid else { return nil }
    return report.tasks?.rows.first { $0.pid == pid }?.tgid
  }

  private var invokerJSON: JSONValue {
    let invocation = report.invocation?.value
    let system = report.system?.value
    guard invocation != nil || system != nil else { return .null }
    return .object([
      .init("comm", .text(invocation?.comm ?? system?.comm)),
      .init("pid", .int(system?.pid)),
      .init("tgid", .int(invokerTGID)),
      .init("uid", .int(system?.uid)),
      .init("oom_score_adj", .int(invocation?.oomScoreAdj)),
      .init("oom_adj", .int(invocation?.oomAdj)),
    ])
  }

  private var requestJSON: JSONValue {
    guard let invocation = report.invocation?.value else { return .null }
    return .object([
      .init("gfp_mask", .string(invocation.gfpMask)),
      .init("gfp_flags", .array(invocation.gfpFlags.map { .string($0) })),
      .init("order", .int(invocation.order)),
      .init("nodemask", .string(invocation.nodemask ?? report.decision?.value.nodemask)),
    ])
  }

  /// Where the victim lived is printed for every event from 5.0 on, but it is the memory cgroup's
  /// event only where a limit was hit.
  private var memcgJSON: JSONValue {
    guard let memcg = report.memcg else { return .null }
    return .object([
      .init("limit_path", .text(memcg.limitPath?.value)),
      .init("task_path", .text(memcg.taskPath?.value)),
      .init("usage_kb", .kB(memcg.memory?.value.usage)),
      .init("limit_kb", .kB(memcg.memory?.value.limit)),
      .init("failcnt", .int(memcg.memory?.value.failcnt)),
      .init("swap_usage_kb", .kB(memcg.swap?.value.usage)),
      .init("swap_limit_kb", .kB(memcg.swap?.value.limit)),
      .init("memsw_usage_kb", .kB(memcg.memorySwap?.value.usage)),
      .init("memsw_limit_kb", .kB(memcg.memorySwap?.value.limit)),
      .init("memsw_failcnt", .int(memcg.memorySwap?.value.failcnt)),
      .init("swap_failcnt", .int(memcg.swap?.value.failcnt)),
      .init("kmem_usage_kb", .kB(memcg.kmem?.value.usage)),
      .init("kmem_limit_kb", .kB(memcg.kmem?.value.limit)),
      .init("kmem_failcnt", .int(memcg.kmem?.value.failcnt)),
      .init("min_protection_kb", .kB(memcg.protection?.value.min)),
      .init("low_protection_kb", .kB(memcg.protection?.value.low)),
      .init("descendants", .array(memcg.descendants.map(\.json))),
      .init("stats_path", .text(memcg.statsPath?.value)),
      .init("stats", .counts(memcg.stats.mapValues(\.value))),
    ])
  }
}

extension LogTime {
  /// The time by itself, as an answer about several events gives it.
  var json: JSONValue { .object(members) }

  /// The time as a record gives it, with the stamp, host and tag as the log prints them.
  func json(printed: LogText?) -> JSONValue {
    .object(members + [.init("printed", .text(printed))])
  }

  private var members: [JSONValue.Member] {
    [
      .init("uptime_us", .int(uptimeMicros)),
      .init("wall_us", .int(wallMicros)),
      .init("err_us", .int(errorMicros)),
      .init("basis", .string(basis.word)),
    ]
  }
}

extension LogTime.Basis {
  /// The word for it in records and in what the shell prints.
  package var word: String {
    switch self {
    case .none: "none"
    case .printed, .printedInZone: "printed"
    case .printedZoneAssumed: "printed, zone assumed"
    case .printedYearAssumed: "printed, year and zone assumed"
    case .yearAssumed: "printed, year assumed"
    case .live: "running kernel"
    case .journal: "journal"
    case .converted, .convertedInZone: "printed by dmesg"
    case .convertedZoneAssumed: "printed by dmesg, zone assumed"
    case .header: "log headers"
    case .headerZoneAssumed: "log headers, zone assumed"
    case .audit: "audit line"
    case .batteryClock: "battery clock"
    case .captured: "captured boot time"
    case .user: "anchor"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .string(value) }

  /// Where an event was seen besides its source.
  static func places(_ places: [(place: Event.Place, name: String)]) -> JSONValue {
    .array(
      places.map { place, name in
        .object([
          .init("name", .string(name)), .init("first_line", .int(Int64(place.firstLine))),
          .init("last_line", .int(Int64(place.lastLine))),
        ])
      })
  }

  static func text(_ text: LogText?) -> JSONValue {
    text.map { .string($0.description) } ?? .null
  }

  static func string(_ text: String?) -> JSONValue {
    text.map { JSONValue.string($0) } ?? .null
  }

  static func int(_ number: Int64?) -> JSONValue {
    number.map { JSONValue.int($0) } ?? .null
  }

  static func kB(_ size: Bytes?) -> JSONValue { .int(size?.kB) }

  static func fingerprint(_ value: UInt64?) -> JSONValue {
    value.map { .string(Fingerprint.text($0)) } ?? .null
  }

  /// Named figures, in the order of their names.
  static func counts(_ figures: [String: Int64]) -> JSONValue {
    .object(figures.sorted { $0.key < $1.key }.map { Member($0.key, .int($0.value)) })
  }

  static func sizes(_ figures: [String: Bytes]) -> JSONValue {
    counts(figures.mapValues(\.kB))
  }
}

extension Victim {
  var json: JSONValue { json(reaped: .bool(reapedLine != nil)) }

  /// The same of an event of a list, which does not look for the reaper's line.
  var listed: JSONValue { json(reaped: .null) }

  private func json(reaped isReaped: JSONValue) -> JSONValue {
    .object([
      .init("pid", .int(pid)),
      .init("comm", .text(comm)),
      .init("uid", .int(uid)),
      .init("oom_score_adj", .int(oomScoreAdj)),
      .init("score", .int(score)),
      .init("total_vm_kb", .kB(totalVM)),
      .init("anon_rss_kb", .kB(anonRSS)),
      .init("file_rss_kb", .kB(fileRSS)),
      .init("shmem_rss_kb", .kB(shmemRSS)),
      .init("pgtables_kb", .kB(pageTables)),
      .init("line", .int(Int64(line))),
      .init("fp", .fingerprint(fingerprint)),
      .init("reaped", isReaped),
      .init("reaped_line", .int(reapedLine.map(Int64.init))),
      .init("reaped_anon_rss_kb", .kB(reaped?.anonRSS)),
      .init("reaped_file_rss_kb", .kB(reaped?.fileRSS)),
      .init("reaped_shmem_rss_kb", .kB(reaped?.shmemRSS)),
    ])
  }
}

extension TaskRow {
  fileprivate func json(_ pageSize: PageSize) -> JSONValue {
    .object([
      .init("pid", .int(pid)),
      .init("comm", .text(name)),
      .init("uid", .int(uid)),
      .init("tgid", .int(tgid)),
      .init("total_vm_pages", .int(totalVM?.count)),
      .init("rss_pages", .int(rss?.count)),
      .init("rss_anon_pages", .int(rssAnon?.count)),
      .init("rss_file_pages", .int(rssFile?.count)),
      .init("rss_shmem_pages", .int(rssShmem?.count)),
      .init("pgtables_bytes", .int(pageTables?.count)),
      .init("pgtables_pages", .int(pageTablePages?.count)),
      .init("swap_pages", .int(swap?.count)),
      .init("oom_adj", .int(oomAdj)),
      .init("oom_score_adj", .int(oomScoreAdj)),
      .init("line", .int(Int64(line))),
    ])
  }
}

extension Diagnostic {
  fileprivate var json: JSONValue {
    .object([
      .init("line", .int(Int64(line))),
      .init("kind", .string(kind.rawValue)),
      .init("text", .text(text)),
    ])
  }
}

extension StackFrame {
  fileprivate var json: JSONValue {
    .object([
      .init("function", .text(function)), .init("offset", .int(offset)), .init("size", .int(size)),
      .init("address", .string(address)), .init("reliable", .bool(isReliable)),
      .init("module", .text(module)), .init("section", .string(section)),
      .init("line", .int(Int64(line))),
    ])
  }
}

extension Remark {
  fileprivate var json: JSONValue {
    .object([
      .init("kind", .string(kind.rawValue)), .init("pid", .int(pid)), .init("text", .text(text)),
      .init("line", .int(Int64(line))),
    ])
  }
}

extension Cited<LogText> {
  fileprivate var json: JSONValue {
    .object([.init("text", .text(value)), .init("line", .int(Int64(line)))])
  }
}
