package import KernelLog
package import OOMReports

/// The size of one and the same process over several task tables, and where it leads.
///
/// The tables are from moments in which memory had run out: what the process did in between, nobody
/// wrote down.
package struct ProcessTrend: Sendable, Equatable {
  package let pid: Int64
  package let comm: LogText
  package let uid: Int64?
  package let host: LogText?
  /// RAM and swap that it held, by event, in order. At least one.
  package let sizes: [ProcessGrowth.Size]
  package let trend: SizeTrend
  package let slope: Result<RobustSlope, RobustSlope.Refusal>
  /// What it would fill if it went on growing: the limit of its cgroup, or RAM, with the swap that is
  /// there for it. Nil where the newest report does not tell one of them.
  package let whole: Whole?
  /// The event that killed it.
  package let killedIn: Int?

  /// What bounds a process.
  package struct Whole: Sendable, Equatable {
    package let amount: Bytes
    package let kind: Kind
    /// The cgroup whose limit it is, where the report names it.
    package let limitPath: LogText?
    /// Whether some of it is swap.
    package let includesSwap: Bool

    /// What sets the bound, besides swap.
    package enum Kind: Sendable {
      case limit
      /// The memory of the nodes that a cpuset or a policy allows.
      case nodes
      case ram
    }
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

  /// Why no time can be told until it would fill the whole, although there is a slope.
  package enum Hindrance: Sendable, Equatable {
    case unknownWhole
    /// The sizes are about equal: what they differ by is no growth.
    case isSteady
    case isFull
    case isNotRising
  }

  /// Seconds until it alone would fill the whole. It has less: others need memory too. Nil where
  /// there is no slope.
  package var secondsUntilFull: Result<Double, Hindrance>? {
    guard let slope = try? slope.get(), let last = sizes.last else { return nil }
    guard let whole else { return .failure(.unknownWhole) }
    guard trend != .sizesSteady else { return .failure(.isSteady) }
    guard last.footprint < whole.amount else { return .failure(.isFull) }
    return slope.secondsUntil(whole.amount, from: last.footprint).map { .success($0) }
      ?? .failure(.isNotRising)
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
    uid = process.uid
    host = process.host
    sizes = process.sizes
    killedIn = process.killedIn
    trend = SizeTrend(sizes.map(\.footprint))
    slope = RobustSlope.of(
      sizes.map { (time: $0.time, size: $0.footprint) }, inOneBoot: true)
    whole = sizes.last.flatMap { reports[$0.event] }.flatMap { Whole($0) }
  }
}

extension ProcessTrend.Hindrance: Error {}

extension ProcessTrend.Whole {
  fileprivate init?(_ report: OOMReport) {
    guard let ram = report.exhausted, let swap = report.swapForTasks else { return nil }
    let sum = ram.count.addingReportingOverflow(swap.count)
    guard !sum.overflow else { return nil }
    amount = Bytes(sum.partialValue)
    kind = report.boundary == .memcg ? .limit : report.isBoundToNodes ? .nodes : .ram
    limitPath =
      kind == .limit
      ? report.memcg?.limitPath?.value ?? report.memcg?.statsPath?.value : nil
    includesSwap = swap.count > 0
  }
}

extension OOMReport {
  /// What was exhausted: the cgroup's limit where that was hit, the memory of the nodes where these
  /// bounded the request, else managed RAM; nil where the report does not tell.
  var exhausted: Bytes? {
    let amount =
      switch boundary {
      case .memcg?: memcg?.memory?.value.limit
      case .cpuset?, .mempolicy?: memoryOfNodes
      default: memory?.managed?.bytes(pageSize)
      }
    return amount.flatMap { $0.count > 0 ? $0 : nil }
  }

  /// Whether a cpuset or a memory policy bounded the request.
  var isBoundToNodes: Bool { boundary == .cpuset || boundary == .mempolicy }

  /// The zones of the allowed nodes; empty where the log holds none of them.
  var zonesOfNodes: [ZoneState] {
    guard let memory, let allowed = allowedNodes else { return [] }
    return memory.zones.filter { $0.node.map(allowed.contains) ?? false }
  }

  /// What they manage; nil where there are none.
  var memoryOfNodes: Bytes? {
    let managed = zonesOfNodes.compactMap { $0.counters["managed"] ?? $0.counters["present"] }
    return managed.isEmpty ? nil : Bytes.sum(managed)
  }

  /// All RAM that the report tells of; nil where it does not.
  var ram: Bytes? {
    memory?.pagesRAM?.value.bytes(pageSize).flatMap { $0.count > 0 ? $0 : nil }
  }

  /// The swap that tasks could use beside it. Where the report bounds none, there is none as long as
  /// none is used: what is at its limit would have been swapped out.
  fileprivate var swapForTasks: Bytes? {
    if boundary == .memcg {
      if let own = memcg?.swap?.value, own.limit != nil || own.usage.count > 0 { return own.limit }
      if let both = memcg?.memorySwap?.value, let memory = memcg?.memory?.value {
        if let limit = both.limit, let ram = memory.limit {
          return Bytes(max(0, limit.count - ram.count))
        }
        if both.usage > memory.usage { return nil }
      }
    } else if let total = memory?.totalSwap?.value {
      return total
    }
    let isSwapped = (tasks?.rows ?? []).contains { ($0.swap?.count ?? 0) > 0 }
    return isSwapped ? nil : Bytes(0)
  }
}
