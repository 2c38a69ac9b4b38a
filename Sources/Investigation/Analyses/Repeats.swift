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
    var groups: [Key: Group] = [:]
    var order: [Key] = []
    for (position, event) in events.enumerated() {
      for victim in victims(of: event, reports[event.number]) {
        let place = Place(of: event)
        let key = Key(comm: victim.comm, place: place)
        if groups[key] == nil { order.append(key) }
        groups[key, default: Group(first: position)].take(victim, in: event, at: position)
      }
    }
    return
      order
      .compactMap { key in groups[key].flatMap { RepeatedVictim(key, $0, events) } }
      .enumerated()
      .sorted { ($1.element.kills, $0.offset) < ($0.element.kills, $1.offset) }
      .map(\.element)
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

  private struct Group {
    let first: Int
    var last = 0
    var kills = 0
    var pids: Set<Int64> = []
    var events: [Int] = []
    var sizes: [Size] = []

    init(first: Int) { self.first = first }

    mutating func take(_ victim: Victim, in event: Event, at position: Int) {
      kills += 1
      last = position
      pids.insert(victim.pid)
      if events.last != event.number { events.append(event.number) }
      if let size = victim.anonRSS {
        sizes.append(Size(event: event.number, pid: victim.pid, anonRSS: size))
      }
    }
  }

  private init?(_ key: Key, _ group: Group, _ events: [Event]) {
    guard group.events.count > 1 else { return nil }
    comm = key.comm
    place = key.place
    kills = group.kills
    distinctPIDs = group.pids.count
    self.events = group.events
    first = events[group.first].time
    last = events[group.last].time
    sizes = group.sizes
    trend = SizeTrend(group.sizes.map(\.anonRSS))
  }
}
