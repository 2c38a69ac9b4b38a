internal import KernelLog
internal import OOMReports

/// Checks of how the report came: what is lost, doubled, torn or out of order, and who wrote it.
enum LogChecks {
  static let rows = [
    Trust.Row("order", "parts stand in the kernel's order", order),
    Trust.Row(
      "clock", "stamps never go back",
      tolerance: "0.1 s: each processor has its own clock", clock),
    Trust.Row("torn", "no line is torn", torn),
    Trust.Row("doubled", "no line is there twice", doubled),
    Trust.Row("lost", "no line was dropped", lost),
    Trust.Row("suppressed", "no report was left out before", suppressed),
    Trust.Row("complete", "the report is whole", complete),
    Trust.Row("page_size", "sources of the page size agree", pageSize),
    Trust.Row("provenance", "only the kernel wrote it", provenance),
  ]

  private static let order: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let report = scene.report
    let parts: [(name: Sentence, line: Int?)] = [
      ("the invocation", report.invocation?.line), ("the CPU line", report.system?.line),
      ("the memory", report.memory?.firstLine ?? report.memcg?.memory?.line),
      ("the task table", report.tasks?.headerLine ?? report.tasks?.rows.first?.line),
      ("the last task", report.tasks?.rows.last?.line), ("the decision", report.decision?.line),
      ("the intent", report.intent?.line), ("the kill", report.victims.first?.line),
    ]
    let known = parts.compactMap { part in part.line.map { (name: part.name, line: $0) } }
    guard known.count > 1 else { return .notPossible("the log holds one part only") }
    for (part, next) in zip(known, known.dropFirst()) where next.line < part.line {
      return .failed("\(next.name) before \(part.name)", [next.line, part.line])
    }
    return .passed("\(known.count, "part")", known.map(\.line))
  }

  private static let clock: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let own = scene.report.firstLine...scene.report.lastLine
    let stamped = scene.text.messages.filter { $0.uptimeMicros != nil && own.contains($0.line) }
    guard stamped.count > 1 else { return .notPossible("the lines have no stamps of the kernel") }
    var newest: (micros: Int64, line: Int) = (.min, 0)
    for message in stamped {
      let micros = message.uptimeMicros ?? newest.micros
      if newest.line > 0, newest.micros - micros > 100_000 {
        return .failed("a stamp before that of an earlier line", [newest.line, message.line])
      }
      if micros >= newest.micros { newest = (micros, message.line) }
    }
    return .passed("\(stamped.count, "line")")
  }

  private static func diagnostics(
    _ scene: Trust.Scene, _ kinds: Diagnostic.Kind...
  ) -> [Diagnostic] {
    scene.report.diagnostics.filter { kinds.contains($0.kind) }
  }

  private static let torn: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let noted = diagnostics(scene, .torn, .wrapped).map(\.line) + WitnessChecks.brokenNames(scene)
    let torn = Set(noted + (scene.memory.map(MemoryChecks.tornLines) ?? [])).sorted()
    return torn.isEmpty
      ? .passed("none is") : .failed("\(torn.count, "line") cannot be read whole", torn)
  }

  private static let lost: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let ofReports = scene.report.suppressedReports?.line
    let lost = diagnostics(scene, .lost).filter { $0.line != ofReports }
    if let dropped = scene.report.droppedLines {
      return .failed("\(Int(clamping: dropped.value), "line") dropped", [dropped.line])
    }
    return lost.isEmpty
      ? .passed("nothing says so")
      : .failed("the log says that lines are missing", lost.map(\.line))
  }

  private static let suppressed: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    guard let left = scene.report.suppressedReports else { return .passed("nothing says so") }
    return .failed(
      "\(Int(clamping: left.value), "report") left out; their kills have lines of their own",
      [left.line])
  }

  /// Lines that a report holds once, by how they begin; others may repeat.
  private static let single = [
    "active_anon:", "Node ", "oom-kill:", "memory: usage ", "memory+swap: usage ", "swap: usage ",
    "Free swap ", "Total swap ", "Tasks state ", "CPU: ", "Task in ", "Memory cgroup stats for ",
  ]

  private static let doubled: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let end = scene.report.victims.first?.line ?? scene.report.lastLine
    var seen: [LogText: Int] = [:]
    var compared = 0
    for message in scene.text.messages where message.line < end {
      let bytes = message.text.bytes
      guard single.contains(where: { bytes.starts(with: $0.utf8) }) || isTaskRow(bytes) else {
        continue
      }
      compared += 1
      if let before = seen.updateValue(message.line, forKey: message.text) {
        return .failed("the same line twice", [before, message.line])
      }
    }
    return compared < 2
      ? .notPossible("the log holds too few lines of the report") : .passed("none is")
  }

  /// Whether a message is a row of the task table, `[   321]`, which no two processes have alike.
  private static func isTaskRow(_ bytes: [UInt8]) -> Bool {
    guard bytes.first == .openBracket, let close = bytes.firstIndex(of: .closeBracket) else {
      return false
    }
    let pid = bytes[1..<close].drop { $0 == .space }
    return !pid.isEmpty && pid.allSatisfy(\.isDigit)
  }

  private static let complete: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let report = scene.report
    switch report.status {
    case .complete: return .passed("lines \(report.firstLine) to \(report.lastLine)")
    case .headless: return .failed("its beginning is not in the log", [report.firstLine])
    case .truncated: return .failed("its end is not in the log", [report.lastLine])
    case .killOnly: return .failed("its kill line alone is in the log", [report.firstLine])
    }
  }

  private static let pageSize: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let proofs = PageSizeInference.proofs(of: scene.report)
    guard let first = proofs.first else {
      return .notPossible("nothing in the report tells it; sizes assume 4 KiB")
    }
    let cited = proofs.flatMap { $0.lines.prefix(3) }
    let told = proofs.map { proof -> Sentence in "\(proof.bytes) by \(words(proof.proof))" }
    guard proofs.allSatisfy({ $0.bytes == first.bytes }) else {
      return .failed(.list(told), cited)
    }
    return .passed(.list(told), cited)
  }

  private static func words(_ proof: PageSize.Proof) -> Sentence {
    switch proof {
    case .buddyLine: "the free blocks"
    case .victimRow: "the victim's total-vm"
    case .zonesPresent: "the zones' sum"
    case .registers: "the registers"
    case .pageTables: "the sizes of page tables"
    case .noLimit: "the value for no limit"
    case .assumed: "habit"
    }
  }

  /// A file is text: who could write it could write anything.
  private static let provenance: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let programs = scene.text.messages.filter {
      $0.origin == .program && $0.line > scene.report.firstLine
    }
    if scene.text.isLive {
      return .passed("read from the running kernel, whose log only root can write to")
    }
    switch scene.text.carrier {
    case .kmsg?:
      return .notPossible("a file, of which any program can write the like")
    case .journalJSON?, .journalExport?:
      return .notPossible("a file, of which any program can write the like")
    default:
      return .notPossible(
        programs.isEmpty
          ? "a file: any program could write it"
          : "a file, with \(programs.count, "line") of other programs inside the report")
    }
  }
}
