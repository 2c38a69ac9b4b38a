internal import KernelLog
internal import OOMReports
internal import Presentation

/// Reading the event records that `oomsh extract` wrote.
extension OOMReport {
  /// The report that a record tells of; nil where it is no event.
  ///
  /// Rows of the task table that were not asked for are not there, although `taskRowCount` counts
  /// them, and the lines themselves are only in the log.
  init?(record: JSONValue) {
    guard let fields = RecordFields(record), fields.string("type") == "event",
      let source = fields.object("source")
    else { return nil }
    let lines = RecordLines(fields.object("lines"), first: source.integer("first_line"))
    self.init(firstLine: lines.first, time: LogTime(record: fields.object("time")))
    lastLine = source.integer("last_line").map { Int(clamping: $0) } ?? firstLine
    status = fields.word("status") ?? .truncated
    outcome = fields.word("outcome") ?? .unknown
    trigger = fields.word("trigger") ?? .allocation
    host = fields.text("host")
    let constraint: Constraint? = fields.word("constraint")
    self.constraint = lines.cited(constraint, "constraint")
    readCause(fields, lines)
    memcg = fields.object("memcg").map { MemcgState(record: $0, lines) }
    memory = fields.object("memory").map { MemoryState(record: $0, lines) }
    pageSize = PageSize(record: fields) ?? .assumed
    readOutcome(fields, lines)
  }

  private mutating func readCause(_ fields: RecordFields, _ lines: RecordLines) {
    if let invoker = fields.object("invoker"), let request = fields.object("request") {
      var invocation = Invocation()
      invocation.comm = invoker.text("comm")
      invocation.gfpMask = request.string("gfp_mask")
      invocation.gfpFlags = request.strings("gfp_flags")
      invocation.order = request.integer("order")
      // Kernels that print a decision moved the node mask there (5.0).
      if lines["decision"] == nil { invocation.nodemask = request.string("nodemask") }
      invocation.oomAdj = invoker.integer("oom_adj")
      invocation.oomScoreAdj = invoker.integer("oom_score_adj")
      self.invocation = lines.cited(invocation, "invocation")
    }
    if let system = fields.object("system") {
      if lines["system"] != nil {
        var line = SystemLine()
        line.cpu = system.integer("cpu")
        line.uid = fields.object("invoker")?.integer("uid")
        line.pid = fields.object("invoker")?.integer("pid")
        line.comm = system.text("comm")
        line.taint = system.text("taint_text")
        line.kernelRelease = system.text("release")
        line.build = system.text("build")
        line.isKdumpLoaded = system.flag("kdump") ?? false
        self.system = lines.cited(line, "system")
      }
      hardware = lines.cited(system.text("hardware"), "hardware")
      workqueue = lines.cited(system.text("workqueue"), "workqueue")
      let taints = system.strings("taints")
      self.taints = lines.cited(taints.isEmpty ? nil : taints, "taints")
    }
    compactionNotice = lines["compaction"]
    sysrqLine = lines["sysrq"]
    if lines["cpuset"] != nil, let name = fields.text("cpuset"),
      let allowed = fields.string("mems_allowed")
    {
      let comm = fields.object("invoker")?.text("comm") ?? LogText("")
      cpuset = lines.cited(CpusetLine(comm: comm, name: name, memsAllowed: allowed), "cpuset")
    }
    if let record = fields.object("decision") {
      decision = lines.cited(Decision(record: record), "decision")
    }
    if lines["intent"] != nil, let chosen = fields.object("chosen"),
      let pid = chosen.integer("pid"), let comm = chosen.text("comm")
    {
      let isOfOldRule = chosen.flag("old_rule") ?? false
      intent = lines.cited(
        Intent(pid: pid, comm: comm, score: chosen.integer("score"), isOfOldRule: isOfOldRule),
        "intent")
    }
  }

  private mutating func readOutcome(_ fields: RecordFields, _ lines: RecordLines) {
    isAllocatingTaskKill = fields.flag("allocating_task_kill") ?? false
    groupKill = lines.cited(fields.text("group_kill"), "group_kill")
    ending = lines.cited(fields.text("ending"), "ending")
    suppressedReports = lines.cited(fields.integer("suppressed_reports"), "suppressed_reports")
    droppedLines = lines.cited(fields.integer("dropped_lines"), "dropped_lines")
    taskRowCount = fields.integer("task_rows").map { Int(clamping: $0) } ?? 0
    let rows = fields.objects("tasks").compactMap { TaskRow(record: $0) }
    if !rows.isEmpty || lines["task_header"] != nil {
      var table = TaskTable(
        headerLine: lines["task_header"], columns: fields.strings("task_columns"))
      table.rows = rows.sorted { $0.line < $1.line }
      tasks = table
    }
    droppedRowCount = fields.integer("tasks_left_out").map { max(0, Int(clamping: $0)) } ?? 0
    victims = fields.objects("victims").compactMap { Victim(record: $0) }
    // A record of before has the first one's alone, as the event's.
    if !victims.isEmpty, victims[0].fingerprint == nil {
      victims[0].fingerprint = fields.fingerprint
    }
    trace.frames = fields.objects("stack").compactMap { StackFrame(record: $0) }
    trace.registers = fields.objects("registers").compactMap { register in
      register.text("text").map { Cited($0, line: register.line("line")) }
    }
    remarks = fields.objects("remarks").compactMap { Remark(record: $0) }
    diagnostics = fields.objects("diagnostics").compactMap { Diagnostic(record: $0) }
  }
}

extension Decision {
  fileprivate init(record: RecordFields) {
    self.init()
    constraint = record.word("constraint")
    nodemask = record.string("nodemask")
    cpuset = record.text("cpuset")
    memsAllowed = record.string("mems_allowed")
    isGlobal = record.flag("global")
    oomMemcg = record.text("oom_memcg")
    taskMemcg = record.text("task_memcg")
    task = record.text("task")
    pid = record.integer("pid")
    uid = record.integer("uid")
  }
}

extension LogTime {
  fileprivate init(record: RecordFields?) {
    let word = record?.string("basis")
    self.init(
      uptimeMicros: record?.integer("uptime_us"), wallMicros: record?.integer("wall_us"),
      errorMicros: record?.integer("err_us"),
      basis: Basis.allCases.first { $0.word == word } ?? .none)
  }
}

extension PageSize {
  fileprivate init?(record fields: RecordFields) {
    guard let bytes = fields.integer("page_size"), bytes > 0 else { return nil }
    let proof = fields.object("page_size_proof")
    let lines = (proof?.values("lines") ?? []).compactMap(\.integer).map { Int(clamping: $0) }
    guard let last = lines.last else { return nil }
    let known: Proof? =
      switch proof?.string("from") {
      case "free blocks": .buddyLine(line: last)
      case "victim's total-vm": .victimRow(line: lines[0], killLine: last)
      case "zones present": .zonesPresent(line: last, zones: lines.dropLast())
      case "x86 registers": .registers(line: last)
      case "page tables": .pageTables(line: last)
      case "value for no limit": .noLimit(line: last)
      default: nil
      }
    guard let known else { return nil }
    self.init(Bytes(bytes), known)
  }
}

extension TaskRow {
  fileprivate init?(record: RecordFields) {
    guard let pid = record.integer("pid"), let name = record.text("comm") else { return nil }
    self.init(line: record.line("line"), pid: pid, name: name)
    uid = record.integer("uid")
    tgid = record.integer("tgid")
    totalVM = record.pages("total_vm_pages")
    rss = record.pages("rss_pages")
    rssAnon = record.pages("rss_anon_pages")
    rssFile = record.pages("rss_file_pages")
    rssShmem = record.pages("rss_shmem_pages")
    pageTables = record.integer("pgtables_bytes").map { Bytes($0) }
    pageTablePages = record.pages("pgtables_pages")
    swap = record.pages("swap_pages")
    oomAdj = record.integer("oom_adj")
    oomScoreAdj = record.integer("oom_score_adj")
  }
}

extension Victim {
  fileprivate init?(record: RecordFields) {
    guard let pid = record.integer("pid"), let comm = record.text("comm") else { return nil }
    self.init(pid: pid, comm: comm, line: record.line("line"))
    uid = record.integer("uid")
    oomScoreAdj = record.integer("oom_score_adj")
    score = record.integer("score")
    fingerprint = record.fingerprint
    totalVM = record.size("total_vm_kb")
    anonRSS = record.size("anon_rss_kb")
    fileRSS = record.size("file_rss_kb")
    shmemRSS = record.size("shmem_rss_kb")
    pageTables = record.size("pgtables_kb")
    reapedLine = record.integer("reaped_line").map { Int(clamping: $0) }
    let left = ReaperResult(
      anonRSS: record.size("reaped_anon_rss_kb"), fileRSS: record.size("reaped_file_rss_kb"),
      shmemRSS: record.size("reaped_shmem_rss_kb"))
    let isPrinted = left.anonRSS != nil || left.fileRSS != nil || left.shmemRSS != nil
    reaped = isPrinted ? left : nil
  }
}

extension StackFrame {
  fileprivate init?(record: RecordFields) {
    guard let function = record.text("function"), let offset = record.integer("offset"),
      let size = record.integer("size")
    else { return nil }
    self.init(
      function: function, offset: offset, size: size, address: record.string("address"),
      isReliable: record.flag("reliable") ?? true, module: record.text("module"),
      section: record.string("section"), line: record.line("line"))
  }
}

extension Remark {
  fileprivate init?(record: RecordFields) {
    guard let kind: Kind = record.word("kind"), let text = record.text("text") else { return nil }
    self.init(kind, pid: record.integer("pid"), text: text, line: record.line("line"))
  }
}

extension Diagnostic {
  fileprivate init?(record: RecordFields) {
    guard let kind: Kind = record.word("kind"), let text = record.text("text") else { return nil }
    self.init(line: record.line("line"), kind: kind, text: text)
  }
}
