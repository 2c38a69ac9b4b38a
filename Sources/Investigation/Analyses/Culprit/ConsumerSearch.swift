internal import KernelLog
internal import OOMReports

/// Finds who used most of what ran out: the largest class of use, then its owner.
///
/// Resident sizes are never added up to a use of memory, since pages are shared: they only tell
/// which task has most of a class that the kernel counted.
struct ConsumerSearch {
  private let report: OOMReport
  private let scope: Culprit.Scope
  /// Zones with room, where the report itself refutes that there was a shortage.
  private let room: [Refuter.Objection]
  private let tasks: TaskSearch

  /// File pages are given back when memory is short: only where they are by far the most, something
  /// must have kept them.
  private static let fileShare = 0.5
  /// What is in no counter is a use of its own from this share on; 1 or 2 % are usual.
  private static let gapShare = 0.1
  /// The classes of a cgroup at its limit make all of it: where the largest is less than this, lines of
  /// larger ones are lost. Of nodes and zones it need not be all that is printed, nor what they lack.
  private static let leastShare = 0.1

  init(_ report: OOMReport, _ scope: Culprit.Answer<Culprit.Scope>) {
    self.report = report
    self.scope = scope.value
    room = scope.isRefuted ? scope.against.map { Refuter.Objection(.doubts, $0) } : []
    tasks = TaskSearch(report)
  }

  var answer: Culprit.Answer<Culprit.Consumer> {
    if scope == .noZone { return forbidden }
    guard let usage else { return scope == .zone ? nobody : byTable }
    if let impossible = usage.impossible { return contradicted(impossible, usage) }
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
      ![.cgroup, .node, .zone].contains(scope) || usage.share(largest.amount) >= Self.leastShare
    else { return scope == .cgroup ? byTable : nobody }
    if let lost = usage.lost, largest.kind != .process, let top = tasks.top(tasks.own),
      min(lost.most, top.size) > largest.amount
    {
      return byTable
    }
    return owner(of: Found(largest, usage, rivals: classes, whole: whole))
  }

  private var usage: Usage? {
    switch scope {
    case .cgroup: Usage(cgroup: report)
    case .node: Usage(nodesOf: report)
    case .zone: isWholeMachine ? Usage(machine: report) : Usage(zonesOf: report)
    case .machine, .order, .manual, .noZone, .unknown: Usage(machine: report)
    }
  }

  /// Whether the zones that the request could use are all that the machine has: what kept it from them
  /// is that contiguous memory is not for it.
  private var isWholeMachine: Bool {
    let rooms = ZoneRoom.rooms(report).filter { !$0.zone.isEmpty }
    return rooms.allSatisfy(\.isAllowed)
      && report.memory.map { !MemoryLedger.isPartial($0, report.pageSize) } ?? false
  }

  private var whole: Sentence {
    switch scope {
    case .cgroup: "the cgroup's usage"
    case .node: "the nodes' memory"
    case .zone: "the zones that the request could use"
    default: "managed RAM"
    }
  }

  /// The largest class, among the others.
  private struct Found {
    let largest: UsageClass
    let usage: Usage
    let share: Double
    /// Whether no other class is nearly as large.
    let isClear: Bool
    let figure: Culprit.Evidence
    /// Classes that are larger and were passed over.
    let larger: [Refuter.Objection]

    init(_ largest: UsageClass, _ usage: Usage, rivals: [UsageClass], whole: Sentence) {
      self.largest = largest
      self.usage = usage
      let share = usage.share(largest.amount)
      self.share = share
      let second = rivals.filter { $0 != largest }.map(\.amount.count).max() ?? 0
      isClear = largest.amount.count > second * 3 / 2
      figure = Culprit.Evidence(
        largest.line, "\(largest.figure): \(largest.amount)\(.part(share, of: whole))")
      larger = usage.classes.filter { $0.amount > largest.amount }.map {
        Refuter.Objection(.doubts, $0.line, "\($0.figure) are more: \($0.amount)")
      }
    }
  }

  private func owner(of found: Found) -> Culprit.Answer<Culprit.Consumer> {
    let isClear = found.isClear
    let refuter: Sentence = "a larger class of memory"
    switch found.largest.kind {
    case .process where scope == .zone && !isWholeMachine: return inZone(found)
    case .process: return anonymous(found)
    case .shmem:
      return answer(
        found, tasks.holder(of: found.largest.amount) { $0.rssShmem }, "maps",
        isClear ? .certain : .likely,
        refutedBy: "a larger class of memory, or files on tmpfs that add up to less")
    case .mlocked:
      let holder = tasks.holder(of: found.largest.amount) { $0.rss }
      return answer(
        found, holder, "is resident with", isClear ? .likely : .possible,
        refutedBy: holder == nil
          ? "files in a ramfs, or locked shared memory, which no process need map"
          : "VmLck of that process in /proc/PID/status being small")
    case .pagetables:
      return answer(
        found, tasks.holder(of: found.largest.amount, isAddable: true, tasks.pageTables),
        "page tables of", .likely, refutedBy: refuter)
    case .swapBacked:
      // Memory in no counter stands in no line.
      let isCounted = found.largest.line != nil
      return answer(
        found, tasks.holder(of: max(found.largest.amount, found.usage.swapped)) { $0.swap },
        "has in swap",
        isCounted ? .likely : .possible,
        refutedBy: isCounted ? refuter : "swap on a disk (/proc/swaps), which takes no RAM")
    case .slab: return slab(found, refuter)
    case .hugepages: return pools(found)
    case .kernelUnaccounted, .pageCacheBound, .processes, .unknown:
      return answer(
        found, nil, "", isClear && found.largest.kind != .unknown ? .likely : .possible,
        refutedBy: refutation(found.largest.kind))
    }
  }

  private func refutation(_ kind: Culprit.Consumer.Kind) -> Sentence {
    switch kind {
    case .kernelUnaccounted: "a counter that this report does not print"
    case .unknown: "how much of it was file pages, which this kernel does not print apart"
    default: "the pages being clean, and given back at the next request"
    }
  }

  /// Pools hold their memory whether anybody uses it or not; no report says who does.
  private func pools(_ found: Found) -> Culprit.Answer<Culprit.Consumer> {
    let free = (report.memory?.hugePools ?? []).filter { $0.free > 0 }
    let unused = Bytes.sum(free.map { $0.size.times($0.free) }) ?? Bytes(0)
    return Culprit.Answer(
      Culprit.Consumer(.hugepages, amount: found.largest.amount, share: found.share),
      found.isClear ? .likely : .possible,
      [
        found.figure,
        Culprit.Evidence(free.first?.line ?? found.figure.line, "\(unused) of them are free"),
      ],
      refutedBy: Refuter(
        "nr_hugepages being 0, or the pool lying on another node", found.larger + doubts(found)))
  }

  private func answer(
    _ found: Found, _ holder: TaskSearch.Holder?, _ verb: String, _ certainty: Culprit.Certainty,
    refutedBy: Sentence
  ) -> Culprit.Answer<Culprit.Consumer> {
    Culprit.Answer(
      Culprit.Consumer(
        found.largest.kind, name: holder?.name, pid: holder?.pid, amount: found.largest.amount,
        share: found.share),
      certainty, [found.figure] + (holder.map { [$0.evidence(verb)] } ?? []),
      refutedBy: Refuter(refutedBy, found.larger + doubts(found)))
  }

  /// The cache that has most of it is named.
  private func slab(_ found: Found, _ refuter: Sentence) -> Culprit.Answer<Culprit.Consumer> {
    let cache = scope == .zone ? nil : report.memory?.slabCaches.max { $0.total < $1.total }
    let isMost = cache.map { $0.total.count * 2 >= found.largest.amount.count } ?? false
    let named = cache.map {
      Culprit.Evidence($0.line, "cache \(LogText($0.name)): \($0.total)")
    }
    return Culprit.Answer(
      Culprit.Consumer(
        .slab, name: isMost ? cache.map { LogText($0.name) } : nil, amount: found.largest.amount,
        share: found.share),
      found.isClear ? .certain : .likely, [found.figure] + (named.map { [$0] } ?? []),
      refutedBy: Refuter(refuter, found.larger + doubts(found)))
  }

  /// What speaks against an answer of these figures, whoever it names.
  private func doubts(_ found: Found) -> [Refuter.Objection] {
    let objections =
      switch found.largest.kind {
      case .process where !found.usage.countsShmem:
        [
          Refuter.Objection(
            .doubts, found.figure.line, "this kernel does not count shmem apart from it")
        ]
      case .kernelUnaccounted where scope != .cgroup: uncounted(found.largest.amount)
      default: [Refuter.Objection]()
      }
    let place =
      switch scope {
      case .order:
        [
          Refuter.Objection(
            .refutes, nil, "memory in one piece ran out, and no counter says who scattered it")
        ]
      case .machine: Culprit.boundToNodes(report)
      case .zone where isWholeMachine:
        [
          Refuter.Objection(
            .doubts, report.memory?.pagesCMA?.line,
            "how much of it lies in contiguous memory (CMA), not for this request, is not printed")
        ]
      default: [Refuter.Objection]()
      }
    return objections + place + room + lost(found) + unprinted(found)
      + .broken(["ledger", "statistics"], in: report) + .broken(["swap"], in: report, .doubts)
  }

  /// What kernels do not print of zones and nodes, where it may be more than the largest class.
  private func unprinted(_ found: Found) -> [Refuter.Objection] {
    guard let uncounted = found.usage.uncounted, uncounted > found.largest.amount else { return [] }
    return [
      Refuter.Objection(
        .refutes, nil, "\(uncounted) of \(whole) is in no figure that is printed of it")
    ]
  }

  /// Lines that the log has lost, where what they held may be more than the largest class, or nearly.
  private func lost(_ found: Found) -> [Refuter.Objection] {
    guard let lost = found.usage.lost, lost.most.count * 3 / 2 > found.largest.amount.count else {
      return []
    }
    return [
      Refuter.Objection(
        lost.most > found.largest.amount ? .refutes : .doubts, nil,
        "the log has lost \(lost.labels), which may hold up to \(lost.most)")
    ]
  }

  /// What else than the kernel or a driver may hold memory that is in no counter.
  private func uncounted(_ amount: Bytes) -> [Refuter.Objection] {
    guard let memory = report.memory else { return [] }
    let swap = memory.swapUsed(for: amount).map {
      Refuter.Objection(
        .refutes, $0.line, "\($0.value) lie in swap, which takes RAM if it is compressed (zram)")
    }
    let pools =
      memory.hugePools.isEmpty
      ? Refuter.Objection(.refutes, nil, "the report prints no pools of huge pages, used or not")
      : nil
    return [swap, pools].compactMap(\.self)
  }

  /// Anonymous memory: its largest task, or the many of one name.
  private func anonymous(_ found: Found) -> Culprit.Answer<Culprit.Consumer> {
    guard let top = tasks.top(own) else { return byVictim(found) }
    let usage = found.usage
    // A task's pages in RAM and in swap are compared with all of them.
    let all = Bytes(found.largest.amount.count + usage.swapped.count)
    let general = found.larger + doubts(found) + tasks.missing
    if let crowd = tasks.crowd(own), crowd.size.count > top.size.count * 2 {
      let amount = min(crowd.size, all)
      return Culprit.Answer(
        Culprit.Consumer(
          .processes, name: crowd.name, amount: amount, share: usage.shareWithSwap(amount)),
        found.isClear && crowd.size.count * 2 >= all.count ? .likely : .possible,
        [found.figure, crowd.evidence("at most")],
        refutedBy: Refuter(
          "most of their pages being shared, so that they count many times",
          general + tasks.sharing(crowd, of: found.largest.amount, all: all)))
    }
    let next = tasks.top { $0.pid == top.row.pid ? nil : own($0) }
    let isAlone = top.size.count > (next?.size.count ?? 0) * 5 / 4
    let isMost = top.size.count * 2 >= all.count && isAlone
    let amount = min(top.size, all)
    return Culprit.Answer(
      Culprit.Consumer(
        .process, name: top.row.name, pid: top.row.pid, amount: amount,
        share: usage.shareWithSwap(amount)),
      isMost && found.isClear ? .certain : isMost ? .likely : .possible,
      [found.figure] + [top, isAlone ? nil : next].compactMap { $0.map(evidence) },
      refutedBy: Refuter(
        "a task that the table does not list, or pages that it shares with others",
        general + tasks.sharing(top, of: found.largest.amount, all: all)
          + elsewhere(top.size, all)))
  }

  /// What a task has of what ran out: swap is no node's.
  private func own(_ row: TaskRow) -> Pages? {
    scope == .node ? tasks.resident(row) : tasks.own(row)
  }

  private func evidence(of task: TaskSearch.Task) -> Culprit.Evidence {
    scope == .node ? task.holder.evidence("has") : tasks.evidence(of: task)
  }

  /// Where a task's pages lie is not printed. One that has more than `all` that the nodes hold has
  /// pages on others, and may have all of them there.
  private func elsewhere(_ size: Bytes, _ all: Bytes) -> [Refuter.Objection] {
    guard scope == .node else { return [] }
    return [
      Refuter.Objection(
        tasks.isOver(size, all) ? .refutes : .doubts, nil,
        "on which nodes a task's pages lie is not printed")
    ]
  }

  /// Whose pages lie in a zone no log tells: only what they are used as.
  private func inZone(_ found: Found) -> Culprit.Answer<Culprit.Consumer> {
    Culprit.Answer(
      Culprit.Consumer(.unknown, amount: found.largest.amount, share: found.share), .possible,
      [found.figure],
      refutedBy: "where the pages of each task lie, which no report prints")
  }

  /// Nothing is used up where nothing was to be had.
  private var forbidden: Culprit.Answer<Culprit.Consumer> {
    Culprit.Answer(
      Culprit.Consumer(.unknown), .possible, [],
      refutedBy: "a zone of these nodes that the request may use, and the log has lost")
  }

  private var nobody: Culprit.Answer<Culprit.Consumer> {
    Culprit.Answer(
      Culprit.Consumer(.unknown), .possible, [],
      refutedBy: "where the pages of each task lie, which no report prints")
  }

  /// A class that is larger than all there is was not printed by a kernel so.
  private func contradicted(
    _ impossible: UsageClass, _ usage: Usage
  ) -> Culprit.Answer<Culprit.Consumer> {
    Culprit.Answer(
      Culprit.Consumer(.unknown), .possible, [],
      refutedBy: Refuter(
        "figures of one report that agree with each other",
        [
          Refuter.Objection(
            .refutes, impossible.line,
            """
            \(impossible.figure): \(impossible.amount), more than it can be of \(whole), \
            \(usage.whole)
            """)
        ]))
  }

  /// Without a table the kill line is all there is of a task.
  private func byVictim(_ found: Found) -> Culprit.Answer<Culprit.Consumer> {
    let (largest, usage, figure) = (found.largest, found.usage, found.figure)
    guard
      let victim = report.victims.max(by: { ($0.anonRSS?.count ?? 0) < ($1.anonRSS?.count ?? 0) }),
      let anon = victim.anonRSS
    else {
      return Culprit.Answer(
        Culprit.Consumer(.process, amount: largest.amount, share: found.share), .possible, [figure],
        refutedBy: Refuter(tasks.absence))
    }
    // A task's pages may lie on other nodes, and be charged to another cgroup.
    if scope == .machine || scope == .order || scope == .manual,
      let more = UsageClass(.process, anon, "anon-rss of the kill line", victim.line),
      usage.isImpossible(more)
    {
      return contradicted(more, usage)
    }
    let isMost = anon.count * 2 >= largest.amount.count
    let amount = isMost ? min(anon, largest.amount) : largest.amount
    return Culprit.Answer(
      Culprit.Consumer(
        isMost ? .process : .unknown, name: isMost ? victim.comm : nil,
        pid: isMost ? victim.pid : nil, amount: amount, share: usage.share(amount)),
      isMost ? .likely : .possible,
      [figure, Culprit.Evidence(victim.line, "\(victim.comm) (\(victim.pid)) had \(anon)")],
      refutedBy: Refuter(
        tasks.absence, found.larger + doubts(found) + elsewhere(anon, largest.amount)))
  }

  /// Where no figures of what ran out are printed, the largest task is all that can be named.
  private var byTable: Culprit.Answer<Culprit.Consumer> {
    let refuter = Refuter(
      "the figures of what ran out, which this log does not hold", tasks.missing)
    guard let top = tasks.top(tasks.own) else {
      return Culprit.Answer(
        Culprit.Consumer(.unknown), .possible, [],
        refutedBy: "the report, of which this log holds too little")
    }
    if let crowd = tasks.crowd(tasks.own), crowd.size.count > top.size.count * 2 {
      return Culprit.Answer(
        Culprit.Consumer(.processes, name: crowd.name, amount: crowd.size), .possible,
        [crowd.evidence("at most")], refutedBy: refuter)
    }
    return Culprit.Answer(
      Culprit.Consumer(.process, name: top.row.name, pid: top.row.pid, amount: top.size),
      .possible, [tasks.evidence(of: top)], refutedBy: refuter)
  }
}
