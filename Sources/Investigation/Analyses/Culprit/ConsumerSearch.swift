internal import KernelLog
internal import OOMReports

/// Finds who used most of what ran out: the largest class of use, then its owner.
///
/// Resident sizes are never added up to a use of memory, since pages are shared: they only tell
/// which task has most of a class that the kernel counted.
struct ConsumerSearch {
  private let report: OOMReport
  private let scope: Culprit.Scope

  /// File pages are given back when memory is short: only where they are by far the most, something
  /// must have kept them.
  private static let fileShare = 0.5
  /// What is in no counter is a use of its own from this share on; 1 or 2 % are usual.
  private static let gapShare = 0.1
  /// The classes of a cgroup at its limit make all of it: where the largest is less than this, lines of
  /// larger ones are lost.
  private static let leastShare = 0.1
  /// Tasks of one name are many from here on.
  private static let many = 4

  init(_ report: OOMReport, _ scope: Culprit.Scope) {
    self.report = report
    self.scope = scope
  }

  var answer: Culprit.Answer<Culprit.Consumer> {
    guard let usage else { return byTable }
    let classes = usage.classes.filter { candidate in
      let share = usage.share(candidate.amount)
      return switch candidate.kind {
      case .pageCacheBound: share >= Self.fileShare
      case .kernelUnaccounted, .swapBacked: share >= Self.gapShare
      // Locked pages are anonymous ones or shmem that left the lists; small amounts are usual.
      case .mlocked: share >= Self.gapShare
      default: true
      }
    }
    guard let largest = classes.max(by: { $0.amount < $1.amount }),
      scope != .cgroup || usage.share(largest.amount) >= Self.leastShare
    else { return byTable }
    return owner(of: largest, usage, rivals: classes)
  }

  private var usage: Usage? {
    switch scope {
    case .cgroup: Usage(cgroup: report)
    case .node: Usage(nodesOf: report)
    case .machine, .zone, .order, .manual: Usage(machine: report)
    }
  }

  private func owner(
    of largest: UsageClass, _ usage: Usage, rivals: [UsageClass]
  ) -> Culprit.Answer<Culprit.Consumer> {
    let share = usage.share(largest.amount)
    let figure = Culprit.Evidence(
      largest.line,
      "\(largest.figure): \(largest.amount)\(.part(share, of: whole))")
    let second = rivals.filter { $0 != largest }.map(\.amount.count).max() ?? 0
    let isClear = largest.amount.count > second * 3 / 2
    switch largest.kind {
    case .process: return anonymous(largest, usage, figure, isClear: isClear)
    case .shmem:
      let mapper = topTask { $0.rssShmem }.flatMap {
        $0.size.count * 2 >= largest.amount.count ? $0 : nil
      }
      return found(
        .shmem, mapper?.row, largest, share, isClear ? .certain : .likely,
        [figure] + evidence(mapper, "maps"),
        refutedBy: "a larger class of memory, or files on tmpfs that add up to less")
    case .mlocked:
      let holder = topTask { $0.rss }
      return found(
        .mlocked, holder?.row, largest, share, isClear ? .likely : .possible,
        [figure] + evidence(holder, "is resident with"),
        refutedBy: "VmLck of that process in /proc/PID/status being small")
    case .pagetables:
      let holder = topTask { row in
        row.pageTables.map { Pages($0.count / report.pageSize.bytes.count) } ?? row.pageTablePages
      }
      return found(
        .pagetables, holder?.row, largest, share, .likely,
        [figure] + evidence(holder, "has page tables of"),
        refutedBy: "a larger class of memory")
    case .swapBacked:
      let holder = topTask { $0.swap }
      return found(
        .swapBacked, holder?.row, largest, share, .likely,
        [figure] + evidence(holder, "has in swap"),
        refutedBy: "swap on a disk (/proc/swaps), which takes no RAM")
    case .slab:
      let cache = report.memory?.slabCaches.max { $0.total < $1.total }
      let named = cache.map {
        Culprit.Evidence($0.line, "cache \(LogText($0.name)): \($0.total)")
      }
      return Culprit.Answer(
        Culprit.Consumer(
          .slab, name: cache.map { LogText($0.name) }, amount: largest.amount, share: share),
        isClear ? .certain : .likely, [figure] + (named.map { [$0] } ?? []),
        refutedBy: "a larger class of memory")
    case .hugepages, .kernelUnaccounted, .pageCacheBound, .processes, .unknown:
      return found(
        largest.kind, nil, largest, share, isClear ? .likely : .possible, [figure],
        refutedBy: refutation(largest.kind))
    }
  }

  private func refutation(_ kind: Culprit.Consumer.Kind) -> Sentence {
    switch kind {
    case .hugepages: "nr_hugepages being 0, or the pool lying on another node"
    case .kernelUnaccounted: "a counter that this report does not print"
    default: "the pages being clean, and given back at the next request"
    }
  }

  private var whole: Sentence {
    switch scope {
    case .cgroup: "the cgroup's usage"
    case .node: "the nodes' memory"
    default: "managed RAM"
    }
  }

  private func found(
    _ kind: Culprit.Consumer.Kind, _ row: TaskRow?, _ largest: UsageClass, _ share: Double,
    _ certainty: Culprit.Certainty, _ evidence: [Culprit.Evidence], refutedBy: Sentence
  ) -> Culprit.Answer<Culprit.Consumer> {
    Culprit.Answer(
      Culprit.Consumer(
        kind, name: row?.name, pid: row?.pid, amount: largest.amount, share: share),
      certainty, evidence, refutedBy: refutedBy)
  }

  private typealias Task = (row: TaskRow, size: Bytes)

  private func evidence(_ task: Task?, _ verb: String) -> [Culprit.Evidence] {
    task.map {
      [
        Culprit.Evidence(
          $0.row.line, "\($0.row.name) (\($0.row.pid)) \(Sentence([.text(verb)])) \($0.size)")
      ]
    } ?? []
  }

  private func topTask(_ size: (TaskRow) -> Pages?) -> Task? {
    (report.tasks?.rows ?? []).compactMap { row -> Task? in
      size(row)?.bytes(report.pageSize).map { (row: row, size: $0) }
    }.filter { $0.size.count > 0 }.max { $0.size < $1.size }
  }

  /// What a task has for itself, in RAM and in swap; where the table does not split its rss, shared
  /// pages are in it.
  private func own(_ row: TaskRow) -> Pages? {
    guard let resident = row.rssAnon ?? row.rss else { return nil }
    let sum = resident.count.addingReportingOverflow(max(0, row.swap?.count ?? 0))
    return sum.overflow ? nil : Pages(sum.partialValue)
  }

  private func anonymous(
    _ largest: UsageClass, _ usage: Usage, _ figure: Culprit.Evidence, isClear: Bool
  ) -> Culprit.Answer<Culprit.Consumer> {
    guard let top = topTask(own) else { return byVictim(largest, usage, figure) }
    let share = usage.shareWithSwap(top.size)
    if let crowd, crowd.size.count > top.size.count * 2 {
      let amount = min(crowd.size, largest.amount)
      return Culprit.Answer(
        Culprit.Consumer(.processes, name: crowd.name, amount: amount, share: usage.share(amount)),
        isClear ? .likely : .possible,
        [
          figure,
          Culprit.Evidence(
            crowd.line, "\(crowd.count, "task") called \(crowd.name), \(crowd.size) at most"),
        ],
        refutedBy: "most of their pages being shared, so that they count many times")
    }
    let next = topTask { $0.pid == top.row.pid ? nil : own($0) }
    let isAlone = top.size.count > (next?.size.count ?? 0) * 5 / 4
    let isMost = top.size.count * 2 >= largest.amount.count && isAlone
    return Culprit.Answer(
      Culprit.Consumer(
        .process, name: top.row.name, pid: top.row.pid, amount: top.size, share: share),
      isMost && isClear ? .certain : isMost ? .likely : .possible,
      [figure] + evidence(top, "has") + (isAlone ? [] : evidence(next, "has")),
      refutedBy: "a task that the table does not list, or pages that it shares with others")
  }

  /// Tasks of one name with the most memory together.
  private var crowd: (name: LogText, count: Int, size: Bytes, line: Int)? {
    guard report.droppedRowCount == 0 else { return nil }
    var groups: [LogText: (count: Int, pages: Int64, line: Int)] = [:]
    for row in report.tasks?.rows ?? [] {
      guard let own = own(row) else { continue }
      let group = groups[row.name] ?? (0, 0, row.line)
      groups[row.name] = (group.count + 1, group.pages + own.count, group.line)
    }
    let crowds = groups.filter { $0.value.count >= Self.many }
    guard
      let largest = crowds.max(by: {
        ($0.value.pages, $1.key.description) < ($1.value.pages, $0.key.description)
      }),
      let size = Pages(largest.value.pages).bytes(report.pageSize)
    else { return nil }
    return (largest.key, largest.value.count, size, largest.value.line)
  }

  /// Without a table the kill line is all there is of a task.
  private func byVictim(
    _ largest: UsageClass, _ usage: Usage, _ figure: Culprit.Evidence
  ) -> Culprit.Answer<Culprit.Consumer> {
    guard
      let victim = report.victims.max(by: { ($0.anonRSS?.count ?? 0) < ($1.anonRSS?.count ?? 0) }),
      let anon = victim.anonRSS
    else {
      return Culprit.Answer(
        Culprit.Consumer(.process, amount: largest.amount), .possible, [figure],
        refutedBy: "the task table, which this log does not hold")
    }
    let isMost = anon.count * 2 >= largest.amount.count
    let share = usage.share(isMost ? anon : largest.amount)
    return Culprit.Answer(
      Culprit.Consumer(
        isMost ? .process : .unknown, name: isMost ? victim.comm : nil,
        pid: isMost ? victim.pid : nil, amount: isMost ? anon : largest.amount, share: share),
      isMost ? .likely : .possible,
      [figure, Culprit.Evidence(victim.line, "\(victim.comm) (\(victim.pid)) had \(anon)")],
      refutedBy: "the task table, which this log does not hold")
  }

  /// Where no figures of what ran out are printed, the largest task is all that can be named.
  private var byTable: Culprit.Answer<Culprit.Consumer> {
    guard let top = topTask(own) else {
      return Culprit.Answer(
        Culprit.Consumer(.unknown), .possible, [],
        refutedBy: "the report, of which this log holds too little")
    }
    if let crowd, crowd.size.count > top.size.count * 2 {
      return Culprit.Answer(
        Culprit.Consumer(.processes, name: crowd.name, amount: crowd.size), .possible,
        [Culprit.Evidence(crowd.line, "\(crowd.count, "task") called \(crowd.name)")],
        refutedBy: "the figures of what ran out, which this log does not hold")
    }
    return Culprit.Answer(
      Culprit.Consumer(
        .process, name: top.row.name, pid: top.row.pid, amount: top.size), .possible,
      evidence(top, "has"),
      refutedBy: "the figures of what ran out, which this log does not hold")
  }
}

extension Usage {
  /// A share of what ran out. Counters are read one after the other, so a sum may exceed it a bit.
  func share(_ amount: Bytes) -> Double {
    min(1, Double(amount.count) / Double(max(1, whole.count)))
  }

  /// The same for an amount that holds what was swapped out.
  func shareWithSwap(_ amount: Bytes) -> Double {
    min(1, Double(amount.count) / Double(max(1, whole.count + swapped.count)))
  }
}
