package import KernelLog
package import OOMReports

/// What the kernel would have chosen had something been different, from the report's own table.
///
/// The order of the tasks follows exactly from the rule. Whether the memory would have been short
/// at all is bounded only: nothing tells what the tasks would have done next.
package struct WhatIf: Sendable, Equatable {
  package let before: Badness
  package let after: Badness
  /// Who would be killed, one after the other, each gone before the next.
  package let victims: [Badness.Candidate]
  package let outlook: Outlook
  /// Changes that do not bear on this event, each with the reason.
  package let idle: [IdleChange]
  /// What it matters that swapped pages may lie in RAM; nil where it does not.
  package let compression: Compression?

  /// One difference to what was.
  package enum Change: Sendable, Equatable {
    /// Another `oom_score_adj` for tasks of a name or pid.
    case adjust(Target, to: Int64)
    case kill(Target)
    /// The cgroup's limit.
    case limit(Amount)
    case ram(Amount)
    case swap(Amount)
  }

  /// Whom a change is about.
  package enum Target: Sendable, Equatable {
    case pid(Int64)
    case name(LogText)

    func holds(_ row: TaskRow) -> Bool {
      switch self {
      case .pid(let pid): row.pid == pid
      case .name(let name): row.name == name
      }
    }
  }

  /// Another size, or a difference to what was.
  package enum Amount: Sendable, Equatable {
    case exactly(Bytes)
    case more(Bytes)
    case less(Bytes)

    /// Below 0 where more is taken away than there was. Neither is more than a machine addresses.
    func applied(to amount: Int64) -> Int64 {
      switch self {
      case .exactly(let bytes): bytes.count
      case .more(let bytes): amount + bytes.count
      case .less(let bytes): amount - bytes.count
      }
    }
  }

  /// A change that does not bear on the event.
  package struct IdleChange: Sendable, Equatable {
    package let change: Change
    package let reason: Idle
  }

  /// Why a change changes nothing here.
  package enum Idle: Sendable, Equatable {
    /// A cgroup's limit was hit: the machine's memory did not matter.
    case limitWasHit
    /// No limit was hit.
    case noLimit
    /// The report does not print the figure that is to be changed.
    case notPrinted
  }

  /// What swap that is compressed in RAM (zram, zswap) changes.
  package enum Compression: Sendable, Equatable {
    /// What is swapped out seems to lie there, so that more swap takes RAM too.
    case takesMore
    /// If it lies there, some RAM comes back where swap is taken away.
    case comesBack
  }

  /// Whether the memory would still have been short at that moment.
  package struct Outlook: Sendable, Equatable {
    package let answer: Answer
    /// What the changes give to the request: at least and at most so many bytes more.
    package let low: Int64
    package let high: Int64

    /// What can be said of the shortage.
    package enum Answer: Sendable, Equatable {
      /// Memory was as short, or shorter.
      case stillShort
      /// The request would have been met at that moment; what came next is not known.
      case met
      case unknown
    }
  }

  /// Why changes cannot be computed.
  package enum Obstacle: Error, Sendable, Equatable {
    /// A change names no task of the table.
    case noSuchTask(Target)
    /// It takes away more than there was.
    case beyond(Change, was: Bytes)
    /// Adjustments are thousandths of all memory, and the log does not tell how much that was.
    case noTotal
  }

  /// Computes the consequences of changes that hold together.
  package init(
    _ report: OOMReport, _ badness: Badness, _ changes: [Change], victimLimit: Int = 5
  ) throws(Obstacle) {
    let adjusts = changes.contains {
      if case .adjust(_, let value) = $0 { value != 0 } else { false }
    }
    guard badness.total != nil || !adjusts else { throw .noTotal }
    var scene = Scene(report, badness)
    var idle: [IdleChange] = []
    for change in changes {
      if let reason = try scene.apply(change) {
        idle.append(IdleChange(change: change, reason: reason))
      }
    }
    let page = report.pageSize.bytes.count
    before = badness
    let after = Badness(rows: scene.rows, rule: badness.rule, total: scene.total, page: page)
    self.after = after
    self.idle = idle
    compression = scene.compression
    outlook = scene.outlook
    victims = Array(after.candidates.filter { $0.exclusion == nil }.prefix(victimLimit))
  }
}

/// The table and totals while changes are made to them.
private struct Scene {
  private let report: OOMReport
  private let page: Int64
  var rows: [TaskRow]
  var total: MemoryTotal?
  private(set) var compression: WhatIf.Compression?
  private var low: Int64 = 0
  private var high: Int64 = 0
  /// What killed tasks give back at most.
  private var freed: Int64 = 0

  init(_ report: OOMReport, _ badness: Badness) {
    self.report = report
    page = report.pageSize.bytes.count
    rows = report.tasks?.rows ?? []
    total = badness.total
  }

  /// Makes one change; tells why it changes nothing.
  mutating func apply(_ change: WhatIf.Change) throws(WhatIf.Obstacle) -> WhatIf.Idle? {
    switch change {
    case .adjust(let target, let value):
      try require(target)
      for index in rows.indices where target.holds(rows[index]) { rows[index].oomScoreAdj = value }
      return nil
    case .kill(let target):
      try require(target)
      for row in rows where target.holds(row) { free(row) }
      rows.removeAll(where: target.holds)
      return nil
    case .limit(let limit): return try setLimit(limit)
    case .ram(let amount): return try setRAM(amount)
    case .swap(let amount): return try setSwap(amount)
    }
  }

  private func require(_ target: WhatIf.Target) throws(WhatIf.Obstacle) {
    guard rows.contains(where: target.holds) else { throw .noSuchTask(target) }
  }

  /// Its own pages and its page tables come back; pages that it shares may stay with others.
  private mutating func free(_ row: TaskRow) {
    let tables = row.pageTables?.count ?? (row.pageTablePages?.count ?? 0) * page
    low += (row.rssAnon?.count ?? 0) * page + tables
    freed += ((row.rss?.count ?? 0) + (row.swap?.count ?? 0)) * page + tables
  }

  /// More than there is no task can give back: what tasks share is counted with each of them.
  private var most: Int64 {
    let memory = report.memory
    let whole =
      report.boundary == .memcg
      ? (report.memcg?.memory?.value.usage.count).map {
        $0 + (report.memcg?.swap?.value.usage.count ?? 0)
      }
      : (memory?.managed?.bytes(report.pageSize)?.count).map {
        $0 + (memory?.totalSwap?.value.count ?? 0)
      }
    return max(low, high + min(freed, whole ?? freed))
  }

  private mutating func setLimit(_ limit: WhatIf.Amount) throws(WhatIf.Obstacle) -> WhatIf.Idle? {
    guard report.boundary == .memcg else { return .noLimit }
    guard let memory = report.memcg?.memory?.value, let old = memory.limit else {
      return .notPrinted
    }
    let change = limit.applied(to: old.count) - old.count
    guard change >= -old.count else { throw .beyond(.limit(limit), was: old) }
    add(change, change)
    return nil
  }

  /// No machine runs without RAM.
  private mutating func setRAM(_ amount: WhatIf.Amount) throws(WhatIf.Obstacle) -> WhatIf.Idle? {
    guard report.boundary != .memcg else { return .limitWasHit }
    guard let managed = report.memory?.managed?.bytes(report.pageSize) else { return .notPrinted }
    let new = amount.applied(to: managed.count)
    guard new > 0 else { throw .beyond(.ram(amount), was: managed) }
    let change = new - managed.count
    // A task that is bound to some nodes has nothing of RAM in the others.
    if report.isBoundToNodes { add(min(change, 0), max(change, 0)) } else { add(change, change) }
    return nil
  }

  /// More swap takes what could be swapped out; less of it pushes back what lay there.
  private mutating func setSwap(_ amount: WhatIf.Amount) throws(WhatIf.Obstacle) -> WhatIf.Idle? {
    guard report.boundary != .memcg else { return .limitWasHit }
    guard let old = report.memory?.totalSwap?.value, let used = report.memory?.swapUsed?.value
    else { return .notPrinted }
    let new = amount.applied(to: old.count)
    guard new >= 0 else { throw .beyond(.swap(amount), was: old) }
    changeTotal(new - old.count, new - old.count)
    if new >= old.count {
      high += new - old.count
      compression = new > old.count && isSwapCompressed ? .takesMore : nil
    } else {
      let pushedBack = max(0, used.count - new)
      low -= pushedBack
      high -= max(0, pushedBack - compressed)
      compression = pushedBack > 0 && compressed > 0 ? .comesBack : nil
    }
    return nil
  }

  /// The most RAM that swapped pages can have taken themselves, compressed by zram or zswap: what is
  /// counted as that (6.18 and later), else what is in no counter.
  private var compressed: Int64 {
    guard let memory = report.memory else { return .max }
    let zones = memory.zones.map { $0.counters["zspages"] }
    if !zones.isEmpty, let counted = Bytes.sum(zones) { return counted.count }
    let gap = MemoryLedger(memory, pageSize: report.pageSize)?.gap.bound
    return gap.map { max(0, $0.count) } ?? .max
  }

  private var isSwapCompressed: Bool {
    guard let memory = report.memory else { return false }
    if memory.zones.contains(where: { ($0.counters["zspages"]?.count ?? 0) > 0 }) { return true }
    guard let ledger = MemoryLedger(memory, pageSize: report.pageSize) else { return false }
    return ledger.hidden != nil && ledger.isCompressedSwap(memory)
  }

  /// So much more at least, and at most.
  private mutating func add(_ least: Int64, _ most: Int64) {
    low += least
    high += most
    changeTotal(least, most)
  }

  private mutating func changeTotal(_ least: Int64, _ most: Int64) {
    guard let old = total else { return }
    total = MemoryTotal(
      low: old.low + least / page, high: old.high + most / page, source: .asked)
  }

  /// How much the request lacked at that moment, wherever what is freed may lie: in one of the zones
  /// that it may use the free pages would then be above the watermark. Nil where the report does not
  /// prove that any amount would have been enough.
  private var shortage: Int64? {
    let order = report.invocation?.value.order ?? 0
    let request = page << max(0, min(order, 30))
    // A cgroup is charged for pages, wherever they lie.
    guard report.boundary != .memcg else { return request }
    let rooms = ZoneRoom.rooms(report).filter { !$0.zone.isEmpty }
    // A large request needs its pages side by side, and what lies in other zones or nodes is no help.
    guard order == 0, !rooms.isEmpty, rooms.allSatisfy(\.isAllowed) else { return nil }
    var sum = request
    for room in rooms {
      guard let free = room.zone.counters["free"], let min = room.zone.counters["min"],
        let kept = Bytes.sum([min, room.reserve ?? Bytes(0), room.contiguous, room.highAtomic])
      else { return nil }
      sum += max(0, kept.count - free.count)
    }
    return sum
  }

  var outlook: WhatIf.Outlook {
    let isManual = report.trigger == .sysrq || (report.invocation?.value.order ?? 0) < 0
    let answer: WhatIf.Outlook.Answer
    if isManual || most <= 0 {
      answer = .stillShort
    } else if let shortage, low >= shortage {
      answer = .met
    } else {
      answer = .unknown
    }
    return WhatIf.Outlook(answer: answer, low: low, high: most)
  }
}
