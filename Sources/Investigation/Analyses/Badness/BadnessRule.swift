internal import KernelLog
package import OOMReports

/// By which rule a kernel scored the tasks that it could kill (`oom_badness()`).
///
/// The columns of the task table tell the rule, since distributions carry changes back; the release
/// only helps where two rules print the same table.
package struct BadnessRule: Sendable, Equatable {
  package let scale: Scale
  /// What tasks with CAP_SYS_ADMIN were let off. No log prints capabilities: uid 0 stands for them.
  package let rootBonus: RootBonus
  /// Which of the tasks with the highest score was taken.
  package let tie: Tie
  /// Whether no score is below 1 (to 5.8); later ones may be negative.
  package let isFloored: Bool

  /// In what scores are compared.
  package enum Scale: Sendable, Equatable {
    /// Whole thousandths of all memory, 1…1000, with `oom_score_adj` added (2.6.36–3.5, RHEL 6).
    case perMille
    /// Pages, with `oom_score_adj` thousandths of all memory added (3.6 and later).
    case pages
  }

  /// Whether tasks of root were let off.
  package enum RootBonus: Sendable, Equatable {
    /// 30 thousandths of all memory, or 3 % of the task's own (2.6.36–4.16).
    case applies
    /// 4.17 and later.
    case none
    /// The report tells neither.
    case unknown
  }

  /// Which of several tasks with one score is taken.
  package enum Tie: Sendable, Equatable {
    /// The first in the kernel's list of tasks, which is the order of the table (to about 5.2).
    case first
    /// The last one.
    case last
  }

  /// Why a report's scores cannot be computed.
  package enum Obstacle: Error, Sendable, Equatable {
    /// `vm.oom_dump_tasks=0`, a rate limit, or a log that lost it.
    case noTable
    /// An event record that keeps some rows only, or none.
    case rowsDropped(kept: Int, of: Int)
    /// To 2.6.35 scores rest on address space, run time, nice value and children, which no log
    /// prints.
    case oldRule
    /// Its columns could not be told.
    case unknownColumns
    /// The size of the memory in question is not in the log, and there are adjustments.
    case noTotal
  }

  /// The rule of a report.
  package init(_ report: OOMReport) throws(Obstacle) {
    guard report.droppedRowCount == 0 else {
      let kept = report.tasks?.rows.count ?? 0
      throw .rowsDropped(kept: kept, of: kept + report.droppedRowCount)
    }
    guard let table = report.tasks, !table.rows.isEmpty else { throw .noTable }
    let columns = Set(table.columns)
    guard columns.contains("oom_score_adj") else {
      throw columns.contains("oom_adj") ? .oldRule : .unknownColumns
    }
    let release = report.system?.value.kernelRelease.flatMap(KernelRelease.init)
    let hasScore = report.intent != nil
    tie = hasScore || release.map { $0 < KernelRelease(5, 3) } ?? false ? .first : .last
    isFloored = hasScore || release.map { $0 < KernelRelease(5, 9) } ?? false
    guard !columns.contains("oom_adj"), release.map({ $0 >= KernelRelease(3, 6) }) ?? true else {
      scale = .perMille
      rootBonus = .applies
      return
    }
    scale = .pages
    if let release {
      rootBonus = release < KernelRelease(4, 17) ? .applies : .none
    } else if columns.contains("nr_ptes") {
      rootBonus = .applies
    } else {
      rootBonus = hasScore ? .unknown : .none
    }
  }
}

/// The first two numbers of a kernel's release.
struct KernelRelease: Comparable {
  private let major: Int
  private let minor: Int

  init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `5.10.0-46-cloud-amd64`; nil where the text begins otherwise.
  init?(_ text: LogText) {
    let parts = text.description.split(separator: ".", maxSplits: 2)
    guard parts.count >= 2, let major = Int(parts[0]),
      let minor = Int(parts[1].prefix { $0.isNumber })
    else { return nil }
    self.init(major, minor)
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
