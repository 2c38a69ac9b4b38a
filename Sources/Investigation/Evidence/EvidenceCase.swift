internal import KernelLog
internal import OOMReports

/// What single reports say, as several rules ask for it.
extension Evidence.Case {
  var memory: MemoryState? { report?.memory }

  /// Nil where the classes exceed RAM: then one of them is wrong.
  var ledger: MemoryLedger? {
    guard let report,
      let ledger = report.memory.flatMap({ memory in
        MemoryLedger(memory, pageSize: report.pageSize)
      }), Trust.failures(of: ["ledger"], in: report).isEmpty
    else { return nil }
    return ledger
  }

  /// Whether the report itself refutes that what is said to have run out did.
  var isRefuted: Bool { culprit?.scope.isRefuted ?? false }

  /// The machine's swap at the time of the report; nil where its figures contradict others.
  var swap: SwapState? {
    guard let report, let total = memory?.totalSwap?.value, let free = memory?.freeSwap?.value,
      Trust.failures(of: ["swap", "swapents"], in: report).isEmpty
    else { return nil }
    return SwapState(total: total, free: free)
  }

  /// The cgroup whose limit was reached.
  var limitPath: LogText? { event.limitPath ?? report?.memcg?.limitPath?.value }

  /// The cgroup that the victim lived in.
  var taskPath: LogText? { event.taskPath ?? report?.memcg?.taskPath?.value }

  /// All victims that are known.
  var victims: [Victim] { RepeatedVictim.victims(of: event, report) }

  /// Memory that the victim could have been chosen by: RAM, the memory of the nodes, or the cgroup's
  /// limit.
  var available: Bytes? {
    switch scope {
    case .memcg: report?.memcg?.memory?.value.limit
    case .cpuset, .mempolicy: report?.exhausted
    case .machine, nil: ledger?.managed
    }
  }

  /// What `available` is called.
  var availableName: Sentence {
    switch scope {
    case .memcg: "the limit"
    case .cpuset, .mempolicy: "the nodes' memory"
    case .machine, nil: "RAM"
    }
  }

  /// That, and the swap in use beside it: what amounts with swap are parts of.
  var availableWithSwap: Bytes? {
    guard scope == .memcg else {
      return Bytes.sum([available, memory?.swapUsed?.value ?? Bytes(0)])
    }
    let memcg = report?.memcg
    let both = memcg?.memorySwap.map { both in
      Bytes(max(0, both.value.usage.count - (memcg?.memory?.value.usage.count ?? 0)))
    }
    return Bytes.sum([available, memcg?.swap?.value.usage ?? both ?? Bytes(0)])
  }

  /// shmem of what ran out: the machine, or the cgroup.
  var shmem: Bytes? {
    scope == .memcg ? cgroupLedger?["shmem"]?.amount : ledger?.shmem
  }

  /// Nil where the classes exceed the cgroup's usage: then one of the figures is wrong.
  private var cgroupLedger: CgroupLedger? {
    guard let report, Trust.failures(of: ["statistics"], in: report).isEmpty else { return nil }
    return CgroupLedger(report)
  }

  /// A class of the cgroup's ledger as a share of its usage.
  func memcgShare(_ key: String) -> Double? {
    cgroupLedger.flatMap { $0.share($0[key]?.amount) }
  }

  /// What most of the memory was used as; nil without a report.
  var consumer: Culprit.Consumer.Kind? { culprit?.consumer.value.kind }

  /// Whether processes' own memory is what ran out, not files, kernel memory or pools.
  var isFilledByProcesses: Bool { consumer == .process || consumer == .processes }

  /// Whether a shortage of the machine was one of its whole memory: not of a low zone or of memory
  /// that is no device's only, and not of contiguous pieces only.
  var isOfWholeMachine: Bool {
    scope == .machine && lowZone == nil && contiguousZone == nil && !isFragmented
  }
}

/// Swap at the time of a report.
enum SwapState: Equatable {
  /// The machine has none.
  case none
  /// At most a twentieth is free.
  case exhausted(total: Bytes)
  /// Something is free, but not enough to be called unused.
  case nearlyFull
  /// At least a quarter is free.
  case free(Bytes, total: Bytes)

  init(total: Bytes, free: Bytes) {
    // Two counters read one after the other: `Free swap` can race below 0.
    let share = total.count > 0 ? Double(free.count) / Double(total.count) : 0
    self =
      if total.count <= 0 {
        .none
      } else if share <= 0.05 {
        .exhausted(total: total)
      } else if share >= 0.25 {
        .free(free, total: total)
      } else {
        .nearlyFull
      }
  }
}
