internal import KernelLog
internal import OOMReports

/// Single figures of events, for scans over all of them: an `Event` is made anew each time, with all
/// its names, and a million of them would take longer than any question.
extension EventStore {
  /// The number that stands for a name; nil where the log does not tell it.
  typealias NameID = NameTable.ID

  /// How many names there are.
  var nameCount: Int { names.count }

  /// The name of a number.
  func name(_ id: NameID) -> LogText? { names[id] }

  /// The number of a name; nil where no event has it.
  func id(_ name: LogText) -> NameID? {
    let id = names.known(name)
    return id == NameTable.none ? nil : id
  }

  func host(at index: Int) -> NameID? { Self.known(records[index].host) }
  func invoker(at index: Int) -> NameID? { Self.known(records[index].invoker) }
  func limitPath(at index: Int) -> NameID? { Self.known(records[index].limitPath) }
  func taskPath(at index: Int) -> NameID? { Self.known(records[index].taskPath) }
  /// The name of the first victim.
  func comm(at index: Int) -> NameID? { Self.known(records[index].comm) }

  /// Whether an event hit no cgroup's limit, and its victim's own cgroup is known.
  package func countsForHomeCgroup(at index: Int) -> Bool {
    limitPath(at: index) == nil && taskPath(at: index) != nil
  }

  func constraint(at index: Int) -> Constraint? { records[index].constraint }
  func trigger(at index: Int) -> OOMReport.Trigger { records[index].trigger }
  func status(at index: Int) -> OOMReport.Status { records[index].status }

  /// The process id of the first victim.
  func pid(at index: Int) -> Int64? { records[index].pid.known.map(Int64.init) }
  func uid(at index: Int) -> Int64? { figure(records[index].uid, at: index) { $0.uid } }

  /// What the first victim held in anonymous memory, in bytes.
  func anonRSS(at index: Int) -> Int64? { size(records[index].anonRSS, at: index) { $0.anonRSS } }

  /// The further victims of a group kill, in the order of their kill lines.
  func furtherVictims(at index: Int) -> [Victim] {
    records[index].kills == .several ? otherVictims[index] ?? [] : []
  }

  /// The offsets from UTC, in seconds, at the times of the events of these numbers.
  package func utcOffsets(_ numbers: [Int], _ calendar: CivilCalendar) -> Set<Int> {
    var calendar = calendar
    var offsets: Set<Int> = []
    var last: Int?
    for number in numbers {
      guard let wall = time(at: number - 1).wallMicros else { continue }
      let offset = calendar.offset(at: wall)
      if offset != last { offsets.insert(offset) }
      last = offset
    }
    return offsets
  }

  private static func known(_ id: NameID) -> NameID? { id == NameTable.none ? nil : id }
}
