package import KernelLog
package import OOMReports

/// One OOM event of a session, with what lists, filters and counts need of it.
///
/// The rest is parsed on demand from the event's bytes (`OOMReport`).
package struct Event: Sendable {
  /// 1-based, given at load in the order of (time, input, line); a filter never changes it.
  package var number: Int
  package var time: LogTime
  package var status: OOMReport.Status
  package var outcome: OOMReport.Outcome
  package var trigger: OOMReport.Trigger
  /// Nil where the log does not tell.
  package var constraint: Constraint?
  package var order: Int64?
  package var host: LogText?
  package var invoker: LogText?
  /// The first victim; nil where the kernel killed nothing.
  package var victim: Victim?
  /// The further victims of a group kill, in the order of their kill lines.
  package var otherVictims: [Victim] = []
  /// What the kernel chose to kill where the log does not hold the kill.
  package var chosen: Chosen?
  /// Distinct processes killed.
  package var killCount: Int
  /// The cgroup whose limit was hit.
  package var limitPath: LogText?
  /// The cgroup that the victim lived in.
  package var taskPath: LogText?
  /// Index into the session's inputs.
  package var input: Int
  /// Counted from 0 within the input.
  package var boot: Int
  /// Whether the boot began with what a copy of the log's lines would not bring: the kernel's banner
  /// and stamps that no boot before it had, or a journal's other boot id. Stamps that only go back
  /// may be a copy's.
  package var isBootShown = false
  /// The stretch of its host's log in which one relation of uptime and wall clock holds: a boot, or a
  /// part of one behind a suspend. Counted from 0 within the input.
  package var segment = 0
  /// Where the report stands in the input, in bytes.
  package var byteRange: Range<Int>
  /// A hash of the kill line without its prefix; nil where nothing was killed, or the line broke off.
  package var fingerprint: UInt64?
  /// 1-based lines of the input.
  package var firstLine: Int
  package var lastLine: Int
  /// Where else it was seen.
  package var otherPlaces: [Place] = []

  package init(
    number: Int, time: LogTime, status: OOMReport.Status, outcome: OOMReport.Outcome,
    trigger: OOMReport.Trigger = .allocation, constraint: Constraint? = nil, order: Int64? = nil,
    host: LogText? = nil, invoker: LogText? = nil, victim: Victim? = nil, killCount: Int = 0,
    limitPath: LogText? = nil, taskPath: LogText? = nil, input: Int = 0, boot: Int = 0,
    byteRange: Range<Int> = 0..<0, fingerprint: UInt64? = nil, firstLine: Int = 1,
    lastLine: Int = 1
  ) {
    self.number = number
    self.time = time
    self.status = status
    self.outcome = outcome
    self.trigger = trigger
    self.constraint = constraint
    self.order = order
    self.host = host
    self.invoker = invoker
    self.victim = victim
    self.killCount = killCount
    self.limitPath = limitPath
    self.taskPath = taskPath
    self.input = input
    self.boot = boot
    self.byteRange = byteRange
    self.fingerprint = fingerprint
    self.firstLine = firstLine
    self.lastLine = lastLine
  }
}

extension Event {
  /// Where a report of an event stands.
  package struct Place: Sendable, Equatable {
    /// Index into the session's inputs.
    package let input: Int
    /// 1-based lines of the input.
    package let firstLine: Int
    package let lastLine: Int

    package init(input: Int, firstLine: Int, lastLine: Int) {
      self.input = input
      self.firstLine = firstLine
      self.lastLine = lastLine
    }
  }

  /// Where the report that is shown stands.
  package var place: Place { Place(input: input, firstLine: firstLine, lastLine: lastLine) }

  /// A process that the kernel meant to kill.
  package struct Chosen: Sendable, Equatable {
    package let comm: LogText
    package let pid: Int64

    package init(comm: LogText, pid: Int64) {
      self.comm = comm
      self.pid = pid
    }
  }

  /// Whether the log may hold a part of it alone: it has no whole line that tells what came of it.
  var isCutOff: Bool { fingerprint == nil && outcome.needsKillLine }

  /// The process that it killed first, or else the one that the kernel chose.
  var firstPID: Int64? { victim?.pid ?? chosen?.pid }

  /// Every process that was killed.
  package var victims: [Victim] { (victim.map { [$0] } ?? []) + otherVictims }

  /// What a list of events needs of a report.
  package init(_ report: OOMReport, input: Int, boot: Int, byteRange: Range<Int>) {
    let isMemcg = report.constraint?.value == .memcg
    self.init(
      number: 0, time: report.time, status: report.status, outcome: report.outcome,
      trigger: report.trigger, constraint: report.constraint?.value,
      order: report.invocation?.value.order, host: report.host,
      invoker: report.invocation?.value.comm, victim: report.victims.first,
      killCount: report.victims.count,
      limitPath: isMemcg ? report.memcg?.limitPath?.value ?? report.memcg?.statsPath?.value : nil,
      taskPath: report.memcg?.taskPath?.value, input: input, boot: boot, byteRange: byteRange,
      fingerprint: report.fingerprint, firstLine: report.firstLine, lastLine: report.lastLine)
    otherVictims = Array(report.victims.dropFirst())
    if report.victims.isEmpty { chosen = Chosen(report) }
  }
}

extension OOMReport.Outcome {
  /// Whether only a kill line proves it: something was killed, or what came of it is not known.
  var needsKillLine: Bool { self == .unknown || self == .killed }
}

extension Event.Chosen {
  /// What the report names: before 5.1 in a line of its own, since 5.0 in the decision.
  fileprivate init?(_ report: OOMReport) {
    if let intent = report.intent?.value {
      self.init(comm: intent.comm, pid: intent.pid)
    } else if let decision = report.decision?.value, let task = decision.task,
      let pid = decision.pid
    {
      self.init(comm: task, pid: pid)
    } else {
      return nil
    }
  }
}
