internal import KernelLog
internal import OOMReports

/// Checks of what several lines of a report say of one process.
enum WitnessChecks {
  static let rows = [
    Trust.Row("comm", "victim has one name", comm),
    Trust.Row("uid", "victim has one user", uid),
    Trust.Row("adj", "victim has one oom_score_adj", adj),
    Trust.Row(
      "pgtables", "victim's page tables agree",
      tolerance: "5 %, or 64 KiB: it went on running", pageTables),
    Trust.Row("invoker", "lines of the invoker agree", invoker),
  ]

  /// What one line says of a process.
  private struct Witness {
    let place: Sentence
    let line: Int
    var comm: LogText?
    var uid: Int64?
    var adj: Int64?
    var pageTables: Bytes?
  }

  /// The row of a process; one of a thread tells other figures.
  private static func row(_ pid: Int64?, _ scene: Trust.Scene) -> Witness? {
    (scene.report.tasks?.rows ?? []).first { $0.pid == pid && ($0.tgid ?? $0.pid) == $0.pid }.map {
      Witness(
        place: "the table", line: $0.line, comm: $0.name, uid: $0.uid, adj: $0.oomScoreAdj,
        pageTables: $0.pageTables)
    }
  }

  /// What is said of each process that was chosen or killed.
  private static func witnesses(_ scene: Trust.Scene) -> [[Witness]] {
    let report = scene.report
    let decision = report.decision
    let intent = report.intent
    let chosen = [decision?.value.pid, intent?.value.pid].compactMap(\.self)
    let pids = Set(chosen + report.victims.map(\.pid)).sorted()
    return pids.map { pid in
      let ofDecision = decision.flatMap { decision in
        decision.value.pid == pid
          ? Witness(
            place: "the decision", line: decision.line, comm: decision.value.task,
            uid: decision.value.uid) : nil
      }
      let ofIntent = intent.flatMap { intent in
        intent.value.pid == pid
          ? Witness(place: "the intent", line: intent.line, comm: intent.value.comm) : nil
      }
      let ofKill = report.victims.first { $0.pid == pid }.map {
        Witness(
          place: "the kill line", line: $0.line, comm: $0.comm, uid: $0.uid, adj: $0.oomScoreAdj,
          pageTables: $0.pageTables)
      }
      return [row(pid, scene), ofDecision, ofIntent, ofKill].compactMap(\.self)
    }
  }

  /// Compares what the first of several lines tells with each of the others.
  private static func compare<Value>(
    _ all: [[Witness]], _ value: (Witness) -> Value?, _ isSame: (Value, Value) -> Bool,
    _ words: (Value) -> Sentence
  ) -> Trust.Finding {
    var cited: [Int] = []
    for witnesses in all {
      let told = witnesses.compactMap { one in value(one).map { (witness: one, value: $0) } }
      guard let first = told.first, told.count > 1 else { continue }
      cited += told.map(\.witness.line)
      if let other = told.dropFirst().first(where: { !isSame(first.value, $0.value) }) {
        return .failed(
          """
          \(words(first.value)) in \(first.witness.place), \(words(other.value)) in \
          \(other.witness.place)
          """, [first.witness.line, other.witness.line])
      }
    }
    return cited.isEmpty
      ? .notPossible("no two lines tell it") : .passed("\(Set(cited).count, "line")", cited)
  }

  private static let comm: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    compareNames(witnesses(scene), scene)
  }

  /// Compares the longest name with the others, of which each may lack another part of it.
  private static func compareNames(
    _ all: [[Witness]], _ scene: Trust.Scene
  ) -> Trust.Finding {
    let byLength = all.map { witnesses in
      witnesses.sorted { ($0.comm?.bytes.count ?? 0) > ($1.comm?.bytes.count ?? 0) }
    }
    return compare(byLength, \.comm, { isSame($0, $1, scene) }, { "\($0)" })
  }

  /// Lines that break off inside a name, which another line of the same process has whole: a narrow
  /// console put the rest elsewhere. A newline inside the name does so too, and is no fault of the log.
  static func brokenNames(_ scene: Trust.Scene) -> [Int] {
    witnesses(scene).flatMap { witnesses -> [Int] in
      let names = witnesses.compactMap { one in one.comm.map { (name: $0, line: one.line) } }
      guard let whole = names.max(by: { $0.name.bytes.count < $1.name.bytes.count })?.name else {
        return []
      }
      return names.filter { name, _ in
        guard whole.bytes.starts(with: name.bytes) else { return false }
        let edge = whole.bytes.dropFirst(name.bytes.count).first
        return edge.map { $0 > .space && $0 != UInt8(ascii: "\\") } ?? false
          && isSame(whole, name, scene)
      }.map(\.line)
    }
  }

  private static let uid: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    // A line that prints a sign shows the same bits, of 16 or 32, as another number.
    compare(
      witnesses(scene), \.uid,
      { $0 == $1 || min($0, $1) < 0 && $0 & 0xFFFF == $1 & 0xFFFF }, { "uid \($0)" })
  }

  private static let adj: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    compare(witnesses(scene), \.adj, ==, { "\($0)" })
  }

  /// The first releases of 5.4 printed the kill line's bytes as kB.
  private static let pageTables: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    compare(
      witnesses(scene), \.pageTables,
      { row, killed in
        [killed.count, killed.count / 1024].contains {
          abs(row.count - $0) <= max(64 << 10, max(row.count, $0) / 20)
        }
      }, { "\($0)" })
  }

  /// The line that invokes, that of the CPU and, before 5.0, that of the cpuset are of the task that
  /// allocates. Its row is there if it leads its threads.
  private static let invoker: @Sendable (Trust.Scene) -> Trust.Finding = { scene in
    let report = scene.report
    let invoking = report.invocation.map {
      Witness(
        place: "the invocation", line: $0.line, comm: $0.value.comm, adj: $0.value.oomScoreAdj)
    }
    let ofCPU = report.system.map {
      Witness(place: "the CPU line", line: $0.line, comm: $0.value.comm)
    }
    let ofCpuset = report.cpuset.map {
      Witness(place: "the cpuset line", line: $0.line, comm: $0.value.comm)
    }
    let all = [invoking, ofCPU, ofCpuset, row(report.system?.value.pid, scene)].compactMap(\.self)
    let names = compareNames([all], scene)
    guard names.outcome == .passed else { return names }
    let adjustments = compare([all], \.adj, ==, { "oom_score_adj \($0)" })
    return adjustments.outcome == .failed ? adjustments : names
  }

  /// Whether two lines name the same task.
  ///
  /// A newline in a name, or a narrow console, puts a part of it into a line of its own, which a
  /// record does not hold; a line that is torn ends anywhere.
  private static func isSame(_ whole: LogText, _ other: LogText, _ scene: Trust.Scene) -> Bool {
    let (long, short) = (whole.bytes, other.bytes)
    let messages = scene.text.messages
    func isElsewhere(_ rest: [UInt8], _ edge: UInt8?, _ holds: ([UInt8]) -> Bool) -> Bool {
      guard let edge else { return true }
      return edge <= .space || edge == UInt8(ascii: "\\") || messages.isEmpty
        || scene.report.diagnostics.contains { $0.kind == .torn }
        || messages.contains { holds($0.text.bytes) }
    }
    if long.starts(with: short) {
      let rest = Array(long.dropFirst(short.count))
      if isElsewhere(rest, rest.first, { $0.starts(with: rest) }) { return true }
    }
    guard long.suffix(short.count).elementsEqual(short) else { return false }
    let rest = Array(long.dropLast(short.count))
    return isElsewhere(rest, rest.last) { $0.suffix(rest.count).elementsEqual(rest) }
  }
}
