package import KernelLog
package import OOMReports

/// The size of one and the same process over several task tables, and where it leads.
///
/// The tables are from moments in which memory had run out: what the process did in between, nobody
/// wrote down.
package struct ProcessTrend: Sendable, Equatable {
  package let pid: Int64
  package let comm: LogText
  package let host: LogText?
  /// RAM and swap that it held, by event, in order. At least one.
  package let sizes: [ProcessGrowth.Size]
  package let trend: SizeTrend
  package let slope: Result<RobustSlope, RobustSlope.Refusal>
  /// What it would fill if it went on growing: the limit of its cgroup, or RAM.
  package let whole: Whole?
  /// The event that killed it.
  package let killedIn: Int?

  /// What bounds a process.
  package struct Whole: Sendable, Equatable {
    package let amount: Bytes
    /// The cgroup whose limit it is; nil for RAM.
    package let limitPath: LogText?
  }

  /// What is asked for.
  package enum Subject: Sendable, Equatable {
    case pid(Int64)
    case name(LogText)

    fileprivate func holds(_ row: TaskRow) -> Bool {
      switch self {
      case .pid(let pid): row.pid == pid
      case .name(let name): row.name == name
      }
    }
  }

  /// Seconds until it alone would fill the whole. It has less: others need memory too.
  package var secondsUntilFull: Double? {
    guard let whole, let last = sizes.last, let slope = try? slope.get() else { return nil }
    return slope.secondsUntil(whole.amount, from: last.footprint)
  }

  /// The processes of a name, or those that had a pid, most tables first, then the largest at last.
  ///
  /// Events come in the order of time.
  package static func find(
    _ subject: Subject, in events: [Event], reports: [Int: OOMReport]
  ) -> [ProcessTrend] {
    var sizes = ProcessSizes()
    for event in events { sizes.take(event, reports[event.number], where: subject.holds) }
    return sizes.all.filter { !$0.sizes.isEmpty }.map { ProcessTrend($0, reports) }
      .sorted { left, right in
        (right.sizes.count, right.last, left.sizes[0].event, left.pid)
          < (left.sizes.count, left.last, right.sizes[0].event, right.pid)
      }
  }

  private var last: Bytes { sizes.last?.footprint ?? Bytes(0) }

  private init(_ process: ProcessSizes.Followed, _ reports: [Int: OOMReport]) {
    pid = process.pid
    comm = process.comm
    host = process.host
    sizes = process.sizes
    killedIn = process.killedIn
    trend = SizeTrend(sizes.map(\.footprint))
    slope = RobustSlope.of(
      sizes.map { (time: $0.time, size: $0.footprint) }, inOneBoot: true)
    whole = sizes.last.flatMap { reports[$0.event] }.flatMap { Whole($0) }
  }
}

extension ProcessTrend.Whole {
  /// The cgroup's limit where that was hit, else managed RAM; nil where the report tells neither.
  package init?(_ report: OOMReport) {
    if report.boundary == .memcg {
      guard let limit = report.memcg?.memory?.value.limit, limit.count > 0 else { return nil }
      amount = limit
      limitPath = report.memcg?.limitPath?.value ?? report.memcg?.statsPath?.value
    } else {
      guard let managed = report.memory?.managed?.bytes(report.pageSize), managed.count > 0 else {
        return nil
      }
      amount = managed
      limitPath = nil
    }
  }
}
