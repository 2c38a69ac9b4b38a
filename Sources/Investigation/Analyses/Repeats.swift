package import KernelLog
package import OOMReports

/// Processes of one name that were killed again and again at the same place.
///
/// They are different processes, each a successor of the one killed before. At the same cgroup limit
/// they all die at about the limit, whether they leak or not, so their sizes prove no leak; growth
/// of one and the same process is `ProcessGrowth`.
package struct RepeatedVictim: Sendable, Equatable {
  package let comm: LogText
  package let place: Place
  /// Kills of this name at this place.
  package let kills: Int
  package let distinctPIDs: Int
  /// Their events, in order.
  package let events: [Int]
  package let first: LogTime
  package let last: LogTime
  /// Those whose anon-rss the log prints, in the order of their kills.
  package let sizes: [Size]
  package let trend: SizeTrend

  /// What was exhausted when they were killed.
  package enum Place: Sendable, Hashable {
    /// The cgroup whose limit was reached, of a host.
    case limit(LogText, host: LogText?)
    /// A limit of a cgroup that the log does not name, of a host.
    case someLimit(host: LogText?)
    /// Anything else: the host, where the log names one.
    case host(LogText?)

    fileprivate init(of event: Event) {
      if let path = event.limitPath {
        self = .limit(path, host: event.host)
      } else {
        self = event.constraint == .memcg ? .someLimit(host: event.host) : .host(event.host)
      }
    }
  }

  /// What one of them held at its death.
  package struct Size: Sendable, Equatable {
    package let event: Int
    package let pid: Int64
    package let anonRSS: Bytes
  }

  /// The id of the text in book help that says what this trend proves.
  package var meaningID: String {
    if case .limit = place, trend == .sizesSteady { return "repeats.steady-at-limit" }
    return "repeats.\(trend.rawValue)"
  }

  /// Names killed in two events or more, most kills first, then in the order of their first kill.
  ///
  /// Reports, where given, tell the victims of an event; without one the event itself does. Kills by
  /// SysRq count as any other.
  package static func find(in events: [Event], reports: [Int: OOMReport] = [:]) -> [RepeatedVictim]
  {
    var groups = Groups<Key>()
    var times: [Int: LogTime] = [:]
    for event in events {
      times[event.number] = event.time
      for victim in victims(of: event, reports[event.number]) {
        let key = Key(comm: victim.comm, place: Place(of: event))
        groups.take(key, victim.pid, victim.anonRSS?.count, in: event.number)
      }
    }
    return groups.repeated { key, group in
      RepeatedVictim(key, group) { times[$0] ?? LogTime() }
    }
  }

  /// The same of the events of these numbers, which come in the order of time.
  package static func find(in events: EventStore, _ numbers: [Int]) -> [RepeatedVictim] {
    var groups = Groups<CompactKey>()
    for number in numbers {
      guard let comm = events.comm(at: number - 1), let pid = events.pid(at: number - 1) else {
        continue
      }
      let place = CompactPlace(events, number - 1)
      groups.take(
        CompactKey(comm: comm, place: place), pid, events.anonRSS(at: number - 1), in: number)
      for victim in events.furtherVictims(at: number - 1) {
        guard let comm = events.id(victim.comm) else { continue }
        groups.take(
          CompactKey(comm: comm, place: place), victim.pid, victim.anonRSS?.count, in: number)
      }
    }
    return groups.repeated { key, group in
      guard let comm = events.name(key.comm) else { return nil }
      let place = key.place.place(events)
      return RepeatedVictim(Key(comm: comm, place: place), group) { events.time(at: $0 - 1) }
    }
  }

  /// All victims that are known.
  static func victims(of event: Event, _ report: OOMReport?) -> [Victim] {
    if let victims = report?.victims, !victims.isEmpty { return victims }
    return event.victims
  }

  private struct Key: Hashable {
    let comm: LogText
    let place: Place
  }

  /// The same, its names as numbers.
  private struct CompactKey: Hashable {
    let comm: EventStore.NameID
    let place: CompactPlace
  }

  private struct CompactPlace: Hashable {
    private let path: EventStore.NameID?
    private let host: EventStore.NameID?
    private let isSomeLimit: Bool

    init(_ events: EventStore, _ index: Int) {
      path = events.limitPath(at: index)
      host = events.host(at: index)
      isSomeLimit = path == nil && events.constraint(at: index) == .memcg
    }

    func place(_ events: EventStore) -> Place {
      let host = host.flatMap { events.name($0) }
      if let path = path.flatMap({ events.name($0) }) { return .limit(path, host: host) }
      return isSomeLimit ? .someLimit(host: host) : .host(host)
    }
  }

  /// The kills of one name at one place.
  private struct Group {
    var pids: [Int64] = []
    var events: [Int] = []
    var sizes: [Size] = []

    mutating func take(_ pid: Int64, _ anonRSS: Int64?, in event: Int) {
      pids.append(pid)
      if events.last != event { events.append(event) }
      if let anonRSS { sizes.append(Size(event: event, pid: pid, anonRSS: Bytes(anonRSS))) }
    }
  }

  /// Groups in the order of their first kill.
  private struct Groups<Key: Hashable> {
    private var slots: [Key: Int] = [:]
    private var keys: [Key] = []
    private var groups: [Group] = []

    mutating func take(_ key: Key, _ pid: Int64, _ anonRSS: Int64?, in event: Int) {
      let slot = slots[key] ?? open(key)
      groups[slot].take(pid, anonRSS, in: event)
    }

    private mutating func open(_ key: Key) -> Int {
      slots[key] = keys.count
      keys.append(key)
      groups.append(Group())
      return keys.count - 1
    }

    func repeated(_ victim: (Key, Group) -> RepeatedVictim?) -> [RepeatedVictim] {
      zip(keys, groups).compactMap(victim).enumerated()
        .sorted { ($1.element.kills, $0.offset) < ($0.element.kills, $1.offset) }
        .map(\.element)
    }
  }

  /// Nil for a name that was killed in one event only.
  private init?(_ key: Key, _ group: Group, _ time: (Int) -> LogTime) {
    guard group.events.count > 1, let first = group.events.first, let last = group.events.last
    else { return nil }
    comm = key.comm
    place = key.place
    kills = group.pids.count
    distinctPIDs = Set(group.pids).count
    events = group.events
    self.first = time(first)
    self.last = time(last)
    sizes = group.sizes
    trend = SizeTrend(group.sizes.map(\.anonRSS))
  }
}
