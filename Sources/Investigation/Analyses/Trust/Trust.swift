package import OOMReports

/// How far a report can be believed: invariants that hold in every report that the kernel printed
/// and nobody changed, each checked where the log holds what it takes.
package struct Trust: Sendable, Equatable {
  package let checks: [Check]

  /// One invariant, and whether it holds.
  package struct Check: Sendable, Equatable {
    /// Its name in data.
    package let key: String
    /// What must hold.
    package let claim: String
    package let outcome: Outcome
    /// The figures compared, or why they cannot be.
    package let text: Sentence
    /// How far off a genuine report may be.
    package let tolerance: Sentence
    /// 1-based lines of the log, in its order.
    package let lines: [Int]
  }

  /// What a check came to.
  package enum Outcome: String, Sendable, CaseIterable {
    case passed, failed
    case notPossible = "not-possible"
  }

  package init(_ report: OOMReport, text: ReportText) {
    checks = Self.look(at: report, text, Self.rows)
  }

  /// Which of these checks fail, of those that look at figures alone.
  static func failures(of keys: Set<String>, in report: OOMReport) -> [Check] {
    look(at: report, ReportText(), figures.filter { keys.contains($0.key) })
      .filter { $0.outcome == .failed }
  }

  private static func look(at report: OOMReport, _ text: ReportText, _ rows: [Row]) -> [Check] {
    let scene = Scene(report: report, text: text)
    return rows.map { row in
      let finding = row.look(scene)
      return Check(
        key: row.key, claim: row.claim, outcome: finding.outcome, text: finding.text,
        tolerance: row.tolerance, lines: Set(finding.lines).sorted())
    }
  }

  package var failed: [Check] { checks.filter { $0.outcome == .failed } }
  package var passedCount: Int { checks.count { $0.outcome == .passed } }

  /// What the checks come to. That all hold proves no origin: whoever knows them can write a report
  /// in which they hold.
  package var verdict: Verdict {
    let failed = failed.map(\.key)
    if failed.contains(where: Self.contradictions.contains) { return .contradictory }
    if !failed.isEmpty { return .incomplete }
    return passedCount == 0 ? .unknown : .consistent
  }

  /// What all checks together say.
  package enum Verdict: String, Sendable, CaseIterable {
    /// Nothing contradicts the rest.
    case consistent
    /// Lines or reports are missing or torn; what is there agrees.
    case incomplete
    /// Figures or lines contradict each other: edited, stitched together or damaged.
    case contradictory
    /// The log holds too little for any check.
    case unknown
  }

  /// What checks look at.
  struct Scene {
    let report: OOMReport
    let text: ReportText

    var page: PageSize { report.pageSize }
    var memory: MemoryState? { report.memory }

    func size(_ pages: Pages?) -> Bytes? { pages.flatMap { $0.bytes(page) } }
  }

  /// What a check found.
  struct Finding {
    let outcome: Outcome
    let text: Sentence
    let lines: [Int]

    static func passed(_ text: Sentence, _ lines: [Int] = []) -> Finding {
      Finding(outcome: .passed, text: text, lines: lines)
    }

    static func failed(_ text: Sentence, _ lines: [Int]) -> Finding {
      Finding(outcome: .failed, text: text, lines: lines)
    }

    static func notPossible(_ text: Sentence) -> Finding {
      Finding(outcome: .notPossible, text: text, lines: [])
    }
  }

  /// A row of the table of checks.
  struct Row: Sendable {
    let key: String
    let claim: String
    let tolerance: Sentence
    let look: @Sendable (Scene) -> Finding

    init(
      _ key: String, _ claim: String, tolerance: Sentence = "exact",
      _ look: @escaping @Sendable (Scene) -> Finding
    ) {
      self.key = key
      self.claim = claim
      self.tolerance = tolerance
      self.look = look
    }
  }

  static let rows: [Row] = figures + LogChecks.rows

  /// Checks of what was read from the log, not of its text.
  private static let figures =
    MemoryChecks.rows + TaskChecks.rows + WitnessChecks.rows + CgroupChecks.rows

  /// Checks whose failure no loss of lines explains.
  private static let contradictions = Set(figures.map(\.key) + ["clock", "order", "page_size"])
}
