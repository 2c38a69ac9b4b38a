package import KernelLog
package import OOMReports

/// Events that follow each other closely on one host: one shortage, however many died of it.
package struct Incident: Sendable, Equatable {
  /// Numbers of its events, in the order of time.
  package private(set) var events: [Int] = []
  package private(set) var kills = 0
  /// Names of the killed processes, most kills first, then in the order of their first kill.
  package private(set) var victims: [Count] = []
  /// What bounded the allocations, in the order of their first event.
  package private(set) var constraints: [Constraint] = []
  /// The cgroups whose limits were hit, in the order of their first event.
  package private(set) var limitPaths: [LogText] = []
  package let host: LogText?
  /// Whether its events could be told apart from others by time; if not, there is one only.
  package private(set) var isPlaced = true
  /// Events of which the log holds the kill line alone.
  package private(set) var killsWithoutReport: [Int] = []
  /// Processes killed in more than one of its events.
  package private(set) var killedAgain: [Again] = []

  /// How often a name was killed.
  package struct Count: Sendable, Equatable {
    package let comm: LogText
    package fileprivate(set) var kills: Int
  }

  /// One process that several events killed.
  package struct Again: Sendable, Equatable {
    package let comm: LogText
    package let pid: Int64
    package let events: [Int]
  }

  /// The usual gap, in seconds: a service that is started again and dies again is one incident.
  package static let usualGap = 60

  /// Folds the events of these numbers, which come in the order of time.
  ///
  /// An event belongs to the incident of the event before it on its host, in its boot as far as the
  /// log tells boots apart, if at most `gap` seconds lie between them. Without a host's name, the
  /// input stands for the host. An event without a time that can be compared stays alone.
  package static func find(in events: EventStore, _ numbers: [Int], gap: Int) -> [Incident] {
    let limit = Int64(gap).multipliedReportingOverflow(by: 1_000_000)
    var groups: [[Int]] = []
    var open: [Machine: Int] = [:]
    for number in numbers {
      let machine = Machine(events, number - 1)
      if let slot = open[machine], let last = groups[slot].last,
        let span = events.span(from: last - 1, to: number - 1),
        limit.overflow || span <= limit.partialValue
      {
        groups[slot].append(number)
      } else {
        open[machine] = groups.count
        groups.append([number])
      }
    }
    return groups.map { Incident(events, $0) }
  }

  private struct Machine: Hashable {
    let host: EventStore.NameID?
    /// Nil where the host has a name, by which several logs tell of it.
    let input: Int?

    init(_ events: EventStore, _ index: Int) {
      host = events.host(at: index)
      input = host == nil ? events.boot(at: index).input : nil
    }
  }

  private init(_ store: EventStore, _ numbers: [Int]) {
    events = numbers
    host = numbers.first.flatMap { store.host(at: $0 - 1) }.flatMap { store.name($0) }
    var counts: [LogText: Int] = [:]
    var pids: [Process: [Int]] = [:]
    var order: [Process] = []
    for number in numbers {
      let index = number - 1
      let time = store.time(at: index)
      isPlaced = isPlaced && (time.wallMicros != nil || time.uptimeMicros != nil)
      kills += store.killCount(at: index)
      if let constraint = store.constraint(at: index), !constraints.contains(constraint) {
        constraints.append(constraint)
      }
      if let path = store.limitPath(at: index).flatMap({ store.name($0) }),
        !limitPaths.contains(path)
      {
        limitPaths.append(path)
      }
      if store.status(at: index) == .killOnly { killsWithoutReport.append(number) }
      for victim in store[index].victims {
        if let slot = counts[victim.comm] {
          victims[slot].kills += 1
        } else {
          counts[victim.comm] = victims.count
          victims.append(Count(comm: victim.comm, kills: 1))
        }
        let process = Process(comm: victim.comm, pid: victim.pid)
        if pids[process] == nil { order.append(process) }
        pids[process, default: []].append(number)
      }
    }
    victims = victims.enumerated()
      .sorted { ($1.element.kills, $0.offset) < ($0.element.kills, $1.offset) }.map(\.element)
    killedAgain = order.compactMap { process in
      guard let events = pids[process], events.count > 1 else { return nil }
      return Again(comm: process.comm, pid: process.pid, events: events)
    }
  }

  private struct Process: Hashable {
    let comm: LogText
    let pid: Int64
  }
}

extension EventStore {
  /// Microseconds from one event to a later one of the same host; nil where their times cannot be
  /// compared, or run backwards, or belong to two boots.
  package func span(from first: Int, to second: Int) -> Int64? {
    let (start, end) = (time(at: first), time(at: second))
    let (boot, other) = (self.boot(at: first), self.boot(at: second))
    if boot.input == other.input, boot.number != other.number { return nil }
    var clocks = [(start.wallMicros, end.wallMicros)]
    if boot == other { clocks.insert((start.uptimeMicros, end.uptimeMicros), at: 0) }
    for case (let start?, let end?) in clocks {
      let span = end.subtractingReportingOverflow(start)
      return span.overflow || span.partialValue < 0 ? nil : span.partialValue
    }
    return nil
  }
}
