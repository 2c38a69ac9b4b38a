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

  /// The same of the events of these numbers, which come in the order of time: the first so many, and
  /// how many there are.
  ///
  /// Most names of a large log are of no interest, so what is said of one is gathered in a second
  /// pass, for those that are wanted.
  package static func find(
    in events: EventStore, _ numbers: [Int], limit: Int = .max
  ) -> (victims: [RepeatedVictim], count: Int) {
    var counts = CompactCounts()
    for number in numbers {
      forEachVictim(events, number) { key, _, _ in counts.take(key, number) }
    }
    let repeated = counts.repeated()
    var groups = Groups<CompactKey>()
    for key in repeated.prefix(limit) { groups.want(key) }
    for number in numbers where counts.isRepeated(number) {
      forEachVictim(events, number) { key, pid, size in groups.takeIfWanted(key, pid, size, number)
      }
    }
    let victims = groups.repeated { key, group in
      guard let comm = events.name(key.comm) else { return nil }
      return RepeatedVictim(Key(comm: comm, place: key.place(events)), group) {
        events.time(at: $0 - 1)
      }
    }
    return (victims, repeated.count)
  }

  /// The victims of an event: what they are grouped by, their pid and their anon-rss.
  private static func forEachVictim(
    _ events: EventStore, _ number: Int, _ body: (CompactKey, Int64, Int64?) -> Void
  ) {
    guard let comm = events.comm(at: number - 1), let pid = events.pid(at: number - 1) else {
      return
    }
    let key = CompactKey(events, number - 1, comm)
    body(key, pid, events.anonRSS(at: number - 1))
    for victim in events.furtherVictims(at: number - 1) {
      guard let comm = events.id(victim.comm) else { continue }
      body(CompactKey(key, comm), victim.pid, victim.anonRSS?.count)
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

  /// The same in two numbers, which are quick to hash.
  private struct CompactKey: Hashable {
    /// The numbers of the victim's name and of the limit's path.
    private let names: UInt64
    /// The number of the host's name, and whether the limit is one that the log does not name.
    private let rest: UInt64

    init(_ events: EventStore, _ index: Int, _ comm: EventStore.NameID) {
      let path = events.limitPath(at: index)
      let isSomeLimit = path == nil && events.constraint(at: index) == .memcg
      names = UInt64(comm) << 32 | UInt64(path ?? NameTable.none)
      rest = UInt64(events.host(at: index) ?? NameTable.none) << 1 | (isSomeLimit ? 1 : 0)
    }

    /// Another name at the same place.
    init(_ key: CompactKey, _ comm: EventStore.NameID) {
      names = UInt64(comm) << 32 | key.names & 0xFFFF_FFFF
      rest = key.rest
    }

    var comm: EventStore.NameID { EventStore.NameID(names >> 32) }

    func place(_ events: EventStore) -> Place {
      let host = events.name(EventStore.NameID(rest >> 1))
      if let path = events.name(EventStore.NameID(names & 0xFFFF_FFFF)) {
        return .limit(path, host: host)
      }
      return rest & 1 == 1 ? .someLimit(host: host) : .host(host)
    }
  }

  /// How often each name was killed at each place.
  private struct CompactCounts {
    private struct Count {
      let key: CompactKey
      var kills = 0
      var events = 0
      var last = 0
    }

    private var slots: [CompactKey: Int] = [:]
    private var counts: [Count] = []
    /// The slots that any of an event's victims have, by the event's number; -1 for several.
    private var slotOfEvent: [Int32] = []

    mutating func take(_ key: CompactKey, _ number: Int) {
      let slot = slots[key] ?? open(key)
      counts[slot].kills += 1
      if counts[slot].last != number {
        counts[slot].events += 1
        counts[slot].last = number
      }
      while slotOfEvent.count <= number { slotOfEvent.append(.max) }
      slotOfEvent[number] = slotOfEvent[number] == .max ? Int32(clamping: slot) : -1
    }

    private mutating func open(_ key: CompactKey) -> Int {
      slots[key] = counts.count
      counts.append(Count(key: key))
      return counts.count - 1
    }

    /// Whether an event may have killed a name that was killed in another one too.
    func isRepeated(_ number: Int) -> Bool {
      guard slotOfEvent.indices.contains(number), slotOfEvent[number] != .max else { return false }
      return slotOfEvent[number] < 0 || counts[Int(slotOfEvent[number])].events > 1
    }

    /// Those of two events or more, most kills first, then in the order of their first kill.
    func repeated() -> [CompactKey] {
      counts.indices.filter { counts[$0].events > 1 }
        .sorted { (counts[$1].kills, $0) < (counts[$0].kills, $1) }
        .map { counts[$0].key }
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

    /// Makes room for a key.
    mutating func want(_ key: Key) { _ = open(key) }

    /// Takes a kill where there is room for its key.
    mutating func takeIfWanted(_ key: Key, _ pid: Int64, _ anonRSS: Int64?, _ event: Int) {
      guard let slot = slots[key] else { return }
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
