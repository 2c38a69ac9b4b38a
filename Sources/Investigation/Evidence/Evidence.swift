package import OOMReports

/// What advice may rest on: the events in view, their reports, and the machine's facts.
package struct Evidence: Sendable {
  /// The events in view.
  package let events: [Event]
  /// Whole reports by event number; there may be reports of some events only.
  package let reports: [Int: OOMReport]
  /// Nil where nothing is known of the machine besides its log.
  package let host: HostFacts?
  /// The session's anchor in microseconds since 1970, to which "recent" is relative.
  package let anchorMicros: Int64?
  /// Events that were read from records, so that nothing tells how long their reports are.
  private let records: Set<Int>
  /// Those of them without a time of day that lack a year alone: their logs print none.
  let yearlessRecords: Set<Int>
  /// What ran out, by position in `events`.
  private let scopes: [Scope?]
  /// The verdicts on the reports, by event number.
  private let verdicts: [Int: Verdict]
  /// Processes that grew from table to table by what matters.
  private(set) var growing: [ProcessGrowth] = []
  /// Crowds of one name that fill what ran out.
  private(set) var pools: [Pool] = []

  package init(
    events: [Event], reports: [Int: OOMReport] = [:], host: HostFacts? = nil,
    anchorMicros: Int64? = nil, records: Set<Int> = [], yearlessRecords: Set<Int> = []
  ) {
    self.events = events
    self.reports = reports
    self.host = host
    self.anchorMicros = anchorMicros
    self.records = records
    self.yearlessRecords = yearlessRecords
    scopes = events.map { Scope($0, reports[$0.number]) }
    verdicts = reports.mapValues(Verdict.init)
    growing = findGrowing()
    pools = findPools()
  }

  /// What the analyses say of one report.
  private struct Verdict: Sendable {
    let culprit: Culprit
    /// Nil where the scores cannot be computed.
    let scores: Selection?

    init(_ report: OOMReport) {
      scores = try? Selection(report)
      culprit = Culprit(report, scores: scores)
    }
  }

  /// What bounded the allocation that failed.
  enum Scope: Sendable, Equatable {
    case machine, memcg, cpuset, mempolicy

    /// Nil where the log does not tell. Kernels before 5.0 do not name it: a memory cgroup is known
    /// by its figures, and a report with Mem-Info alone is taken for the whole machine.
    init?(_ event: Event, _ report: OOMReport?) {
      let byPath: Constraint? = event.limitPath == nil ? nil : .memcg
      switch event.constraint ?? byPath ?? report?.boundary {
      case Constraint.none?: self = .machine
      case .memcg?: self = .memcg
      case .cpuset?: self = .cpuset
      case .mempolicy?: self = .mempolicy
      case nil: return nil
      }
    }
  }

  /// An event with what is known of it.
  struct Case: Sendable {
    let event: Event
    let report: OOMReport?
    let scope: Scope?
    /// The verdict on the report; nil without one.
    var culprit: Culprit?
    /// The scores of its tasks; nil where they cannot be computed.
    var scores: Selection?

    /// Forced by SysRq: memory need not have been short.
    var isManual: Bool { event.trigger == .sysrq || event.order == -1 }
  }

  /// All events in view, one after the other.
  var cases: some Sequence<Case> {
    events.indices.lazy.map { position in
      let event = events[position]
      let verdict = verdicts[event.number]
      return Case(
        event: event, report: reports[event.number], scope: scopes[position],
        culprit: verdict?.culprit, scores: verdict?.scores)
    }
  }

  /// How many bytes the longest report of the log has; nil where only records are there.
  var longestReport: Int? {
    events.filter { !records.contains($0.number) }.map(\.byteRange.count).max()
      .flatMap { $0 > 0 ? $0 : nil }
  }

  /// The events in which memory was short, that is all but those forced by hand.
  var shortages: some Sequence<Case> { cases.lazy.filter { !$0.isManual } }

  /// Shortages of the whole machine, but for those that the report itself refutes.
  var machineShortages: some Sequence<Case> {
    shortages.lazy.filter { $0.scope == .machine && !$0.isRefuted }
  }

  /// Memory cgroups at their limits, but for those that the report itself shows to be below.
  var limitHits: some Sequence<Case> {
    shortages.lazy.filter { $0.scope == .memcg && !$0.isRefuted }
  }
}

extension Sequence<Evidence.Case> {
  /// The numbers of the events, to be cited.
  var numbers: [Int] { map(\.event.number) }
}
