package import KernelLog
package import OOMReports

/// The processes of one command and user, counted in the task tables of several events.
///
/// Only tables of one place are compared: a report of a cgroup lists the tasks of that cgroup alone.
package struct Population: Sendable, Equatable {
  package let comm: LogText
  package let uid: Int64?
  package let place: Place
  /// By event, in the order of time; at least two.
  package let samples: [Sample]
  package let verdicts: [Verdict]

  /// Whose tasks a table lists.
  package struct Place: Sendable, Hashable {
    package let host: LogText?
    package let boot: Boot
    /// The cgroup whose limit was hit; nil for the machine.
    package let limitPath: LogText?
    /// What bounded the allocation. Kernels to 5.2 list those tasks only that it concerns.
    package let constraint: Constraint?

    /// Whether it was some cgroup's limit, named or not.
    package var isLimit: Bool { constraint == .memcg }
  }

  /// The processes in one table.
  package struct Sample: Sendable, Equatable {
    package let event: Int
    package let time: LogTime
    package let count: Int
    /// Tasks of the whole table.
    package let tasks: Int
    /// Processes that the table before did not list; nil in the first.
    package let fresh: Int?
    /// Whether the pids of these follow each other: half of them at least within two of the one
    /// before, so that hardly anything else was started meanwhile.
    package let isFreshDense: Bool
    /// How many of them this event killed, or others before the next table.
    package internal(set) var killed: Int
    /// Their memory in RAM at least: all that is anonymous, and the shared memory of one. Pages that
    /// a fork left to both are counted in each. The largest alone where the table prints rss only.
    package let low: Bytes?
    /// At most: their resident sizes added up, which counts a shared page once for each process.
    package let high: Bytes?
    /// What they could fill: RAM, or the cgroup's limit.
    package let whole: Bytes?
    /// Whether anonymous memory of the machine or the cgroup, which counts each page once, was most
    /// of that. Nil where the report does not tell.
    package let isMostlyAnonymous: Bool?
    /// Whether they had most of all resident sizes in the table.
    package let hasMostRSS: Bool

    /// The sum of their resident sizes, one by one, divided by their number.
    package var mean: Bytes? { high.map { Bytes($0.count / Int64(max(count, 1))) } }
  }

  /// Why nothing can be said.
  package enum Refusal: Sendable, Equatable {
    /// Fewer than two reports have a whole task table.
    case tooFewTables(Int)
    /// No two tables are of one place: of one boot and the machine, or of one cgroup.
    case noTwoOfOnePlace(tables: Int)
    /// None of the tables that can be compared lists the name.
    case notListed
  }

  /// Counts commands in the tables of these events, which come in the order of time; all of them, or
  /// one name.
  ///
  /// The ones about which there is a verdict come first, then those with most memory.
  package static func find(
    _ name: LogText?, in events: [Event], reports: [Int: OOMReport]
  ) -> Result<[Population], Refusal> {
    var places: [Place: PopulationCount] = [:]
    for event in events {
      let boot = Boot(input: event.input, number: event.boot)
      let report = reports[event.number]
      if let report, report.hasWholeTable {
        let path = event.limitPath
        let place = Place(
          host: event.host, boot: boot, limitPath: path,
          constraint: path != nil ? .memcg : report.boundary)
        places[place, default: PopulationCount()].take(event, report, name)
      }
      let killed = Set(RepeatedVictim.victims(of: event, report).map(\.pid))
      for place in places.keys where place.host == event.host && place.boot == boot {
        places[place]?.kill(killed)
      }
    }
    let tables = places.values.reduce(0) { $0 + $1.tables }
    guard tables > 1 else { return .failure(.tooFewTables(tables)) }
    guard places.values.contains(where: { $0.tables > 1 }) else {
      return .failure(.noTwoOfOnePlace(tables: tables))
    }
    let all = places.flatMap { place, count in
      count.series.compactMap { key, samples -> Population? in
        guard samples.count > 1 else { return nil }
        return Population(key.comm, key.uid, place, samples)
      }
    }
    guard !all.isEmpty else { return .failure(.notListed) }
    return .success(all.sorted(by: precedes))
  }

  private static func precedes(_ left: Population, _ right: Population) -> Bool {
    if left.verdicts.isEmpty != right.verdicts.isEmpty { return right.verdicts.isEmpty }
    if left.largest != right.largest { return left.largest > right.largest }
    if left.most != right.most { return left.most > right.most }
    return (left.comm.description, left.uid ?? -1, left.samples[0].event)
      < (right.comm.description, right.uid ?? -1, right.samples[0].event)
  }

  private var largest: Bytes { samples.compactMap(\.high).max() ?? Bytes(0) }

  /// The most processes in one table.
  package var most: Int { samples.map(\.count).max() ?? 0 }

  /// Processes of it that these events killed.
  package var kills: Int { samples.reduce(0) { $0 + $1.killed } }

  private init(_ comm: LogText, _ uid: Int64?, _ place: Place, _ samples: [Sample]) {
    self.comm = comm
    self.uid = uid
    self.place = place
    self.samples = samples
    verdicts = Verdict.all(of: samples)
  }
}

extension Population.Refusal: Error {}

extension OOMReport {
  /// Whether the task table lists every task, as far as the log shows, and all of its rows are here.
  package var hasWholeTable: Bool { droppedRowCount == 0 && loggedWholeTable }

  /// Whether the log's task table lists every task, whatever an event record keeps of it: its head is
  /// there, and nothing is known to be lost. A row that is torn is one task less.
  package var loggedWholeTable: Bool {
    guard let tasks, tasks.headerLine != nil, tasks.rows.count + droppedRowCount > 0 else {
      return false
    }
    return status == .complete && !diagnostics.contains { $0.kind == .lost }
  }
}
