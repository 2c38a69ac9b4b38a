package import KernelLog
package import OOMReports

/// The verdict on one event, in three answers that do not hang on each other: what ran out, who
/// used it, and why that task was killed.
package struct Culprit: Sendable, Equatable {
  package let scope: Answer<Scope>
  package let consumer: Answer<Consumer>
  package let selection: Answer<Choice>

  /// What ran out.
  package enum Scope: String, Sendable, CaseIterable {
    case machine, cgroup
    /// The nodes of a cpuset or a memory policy.
    case node
    /// The zones that the request could use, while others had room.
    case zone
    /// Nothing: the nodes of the cpuset or policy have no zone that the request may use.
    case noZone = "no-zone"
    /// Memory in one piece.
    case order
    /// Nothing: somebody asked for a kill.
    case manual
    /// The log tells too little.
    case unknown
  }

  /// Who used most of what ran out.
  package struct Consumer: Sendable, Equatable {
    package let kind: Kind
    /// A process, a slab cache, a filesystem; nil where the log names none.
    package let name: LogText?
    package let pid: Int64?
    /// Nil where the log does not tell.
    package let amount: Bytes?
    /// Of the machine's managed RAM, the nodes' memory, or the cgroup's usage.
    package let share: Double?

    /// What the memory was used as.
    package enum Kind: String, Sendable, CaseIterable {
      case process
      /// Many processes of one name.
      case processes
      /// tmpfs files, or shared memory that processes map.
      case shmem
      case hugepages, slab, pagetables, mlocked
      /// Memory that was swapped out into compressed RAM.
      case swapBacked = "swap-backed"
      /// In no counter of the report: buffers of pipes and sockets, drivers, a leak in the kernel.
      case kernelUnaccounted = "kernel-unaccounted"
      /// File pages that could not be reclaimed in time.
      case pageCacheBound = "page-cache-bound"
      case unknown
    }

    package init(
      _ kind: Kind, name: LogText? = nil, pid: Int64? = nil, amount: Bytes? = nil,
      share: Double? = nil
    ) {
      self.kind = kind
      self.name = name
      self.pid = pid
      self.amount = amount
      self.share = share
    }
  }

  /// Why the kernel killed whom it killed.
  package enum Choice: String, Sendable, CaseIterable {
    /// The task with the most memory.
    case highestBadness = "highest-badness"
    /// A task that its `oom_score_adj` put before larger ones.
    case raisedAdj = "raised-adj"
    /// A larger task was kept back by its `oom_score_adj`.
    case protectedCulprit = "protected-culprit"
    case allocatingTask = "allocating-task"
    /// A whole cgroup (memory.oom.group).
    case group
    /// A child of the chosen task (to 5.0).
    case childSacrifice = "child-sacrifice"
    /// No task could be chosen.
    case noCandidate = "no-candidate"
    case panic, manual
    case unknown
  }

  /// An answer, how sure it is, what proves it, what speaks against it and what would refute it.
  package struct Answer<Value: Sendable & Equatable>: Sendable, Equatable {
    package let value: Value
    package let certainty: Certainty
    package let evidence: [Evidence]
    /// What the report itself holds against it.
    package let against: [Evidence]
    package let refutedBy: Sentence

    /// An answer is no surer than what speaks against it lets it be, and without evidence it is a
    /// guess.
    init(_ value: Value, _ certainty: Certainty, _ evidence: [Evidence], refutedBy: Refuter) {
      self.value = value
      self.certainty = evidence.isEmpty ? .possible : min(certainty, refutedBy.most)
      self.evidence = evidence
      against = refutedBy.objections.map(\.evidence)
      self.refutedBy = refutedBy.text
    }

    /// Whether the report itself refutes it.
    var isRefuted: Bool { certainty == .possible && !against.isEmpty }
  }

  /// How sure an answer is.
  package enum Certainty: String, Sendable, CaseIterable, Comparable {
    /// The log says so.
    case certain
    /// It follows from the log's figures.
    case likely
    /// The log does not prove the contrary.
    case possible

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .possible: 0
      case .likely: 1
      case .certain: 2
      }
    }
  }

  /// What a line of the log says.
  package struct Evidence: Sendable, Equatable {
    /// 1-based; nil where no single line says it.
    package let line: Int?
    package let text: Sentence

    init(_ line: Int?, _ text: Sentence) {
      self.line = line
      self.text = text
    }
  }

  /// Judges an event by its whole report.
  ///
  /// - Parameters:
  ///   - report: A whole report.
  ///   - scores: Its recomputed scores; nil where they cannot be computed.
  package init(_ report: OOMReport, scores: Selection?) {
    scope = Self.scope(of: report)
    consumer = ConsumerSearch(report, scope).answer
    selection = Self.selection(of: report, scores)
  }
}
