package import KernelLog
package import OOMReports

/// What a cgroup at its limit used its memory for, class by class, in bytes.
package struct CgroupLedger: Sendable, Equatable {
  /// All that is charged to the cgroup and those below. Always more than 0.
  package let usage: Bytes
  package let usageLine: Int
  package let version: Version
  /// The classes, which do not overlap.
  package let lines: [LedgerLine]
  /// What is in no class; below 1 % is usual, since each processor has charged up to 64 pages in
  /// advance.
  package let gap: LedgerGap
  /// The cgroups that hold the memory, with what they hold themselves, largest first (3.10 to 5.2).
  package let holders: [Holder]
  /// Classes that this kernel does not print of a cgroup, so that they are in the gap.
  package let notPrinted: [String]

  /// One cgroup of several under the limit.
  package struct Holder: Sendable, Equatable {
    package let path: LogText
    /// Anonymous memory and page cache of its own, without the cgroups below it.
    package let amount: Bytes
    package let line: Int
  }

  /// Which of the two interfaces the cgroup belongs to, and how that shows.
  package enum Version: Sendable, Equatable {
    case v1(because: Sentence, line: Int)
    case v2(because: Sentence, line: Int)
    /// Kernels before 5.3 print both alike.
    case unknown(because: Sentence)

    /// 1 or 2; nil where it cannot be told.
    package var number: Int64? {
      switch self {
      case .v1: 1
      case .v2: 2
      case .unknown: nil
      }
    }

    package var because: Sentence {
      switch self {
      case .v1(let because, _), .v2(let because, _), .unknown(let because): because
      }
    }
  }

  /// Nil where the report prints no usage of a cgroup.
  package init?(_ report: OOMReport) {
    guard let memcg = report.memcg, let memory = memcg.memory, memory.value.usage.count > 0 else {
      return nil
    }
    let figures = CgroupFigures(memcg)
    usage = memory.value.usage
    usageLine = memory.line
    version = Version(report, memcg)
    lines = figures.lines
    holders = figures.holders
    notPrinted = lines.isEmpty ? [] : figures.notPrinted
    gap =
      lines.isEmpty
      ? .unknown(because: "the log holds no statistics of the cgroup")
      : LedgerGap(
        of: usage, lines: lines, slack: usage.count / 50 + (1 << 20), partial: figures.partial)
  }

  /// The class of a name; nil where it is not among the report's.
  package subscript(key: String) -> LedgerLine? { lines.first { $0.key == key } }

  /// A class as a share of the usage.
  package func share(_ amount: Bytes?) -> Double? {
    amount.map { Double($0.count) / Double(usage.count) }
  }

  /// Anonymous memory and mapped pages of the cgroup's tasks, as an interval.
  package func tasks(_ report: OOMReport) -> TaskMemory? {
    let all = Bytes.sum([self["anonymous"]?.amount, self["file"]?.amount, self["shmem"]?.amount])
    return TaskMemory(report, anonymous: self["anonymous"]?.amount, users: all ?? usage)
  }
}

extension CgroupLedger.Version {
  init(_ report: OOMReport, _ memcg: MemcgState) {
    if let swap = memcg.swap {
      self = .v2(because: "swap has a limit of its own", line: swap.line)
    } else if let group = report.groupKill {
      self = .v2(because: "memory.oom.group is set, which only version 2 has", line: group.line)
    } else if let both = memcg.memorySwap ?? memcg.kmem {
      // To 5.2 the statistics are one line, in KB; their keys begin with `cache`.
      let isLater = memcg.stats["cache"] == nil || memcg.stats["hierarchical_memory_limit"] != nil
      self =
        isLater && !memcg.stats.isEmpty
        ? .v1(because: "memory and swap have one limit together", line: both.line)
        : .unknown(because: "kernels before 5.3 print both versions alike; version 1 is likely")
    } else {
      self = .unknown(because: "no line of the report tells them apart")
    }
  }
}
