package import KernelLog
internal import OOMReports

/// What is loaded, what is in view, and what relative times are relative to.
package struct Session: Sendable {
  package private(set) var inputs: [Input] = []
  package private(set) var events = EventStore()
  package private(set) var filters: [Filter] = []
  /// Numbers of the events in view, in the order of time.
  package private(set) var view: [Int] = []
  /// Events in view only because their time could not be compared with a filter.
  package private(set) var unplacedInView = 0
  /// The event that was looked at last.
  package var current: Int?

  /// What each event is ordered by.
  private var moments: [Int64] = []
  /// The indices of all events in the order of time, whatever is in view.
  private var order: [Int] = []
  private var known: Set<Identity> = []

  /// What makes two reports the same kill: the text of the kill line and its stamp, on one host.
  private struct Identity: Hashable {
    let fingerprint: UInt64
    let uptime: Int64
    let host: LogText?
  }

  package init() {}

  /// The index that the next input will have.
  package var nextInput: Int { inputs.count }

  /// Adds an input and its events.
  ///
  /// Events get numbers in the order of their time, behind those that are there already: a number,
  /// once given, stays. A kill that is known from elsewhere is not added again.
  package mutating func add(_ input: Input, _ found: [Event]) {
    var input = input
    for (event, moment) in Self.inOrderOfTime(found) {
      if let fingerprint = event.fingerprint, let uptime = event.time.uptimeMicros {
        let identity = Identity(fingerprint: fingerprint, uptime: uptime, host: event.host)
        guard known.insert(identity).inserted else {
          input.duplicateCount += 1
          continue
        }
      }
      events.append(event)
      moments.append(moment)
      input.eventCount += 1
      input.killCount += event.killCount
      input.unplacedCount += event.time.wallMicros == nil ? 1 : 0
    }
    inputs.append(input)
    order = moments.indices.sorted { (moments[$0], $0) < (moments[$1], $1) }
    update()
  }

  /// The events of one input by their wall-clock time, each with what it is ordered by: an event
  /// without such a time stays behind the one before it in the log.
  private static func inOrderOfTime(_ found: [Event]) -> [(event: Event, moment: Int64)] {
    var moment = Int64.min
    var placed: [(index: Int, moment: Int64)] = []
    for (index, event) in found.enumerated() {
      moment = event.time.wallMicros ?? moment
      placed.append((index, moment))
    }
    placed.sort { ($0.moment, $0.index) < ($1.moment, $1.index) }
    return placed.map { (found[$0.index], $0.moment) }
  }

  /// What relative times count back from: when a live input was read, else the newest time in the
  /// data, so that the same script gives the same answer tomorrow.
  package var anchor: LogTime {
    var latest = LogTime()
    for input in inputs {
      let end = input.end
      if let wall = end.wallMicros, wall >= latest.wallMicros ?? .min {
        latest = end
      } else if latest.wallMicros == nil, let uptime = end.uptimeMicros,
        uptime >= latest.uptimeMicros ?? .min
      {
        latest = end
      }
    }
    return latest
  }

  /// The last boot of the events that have no wall-clock time.
  package var lastBoot: Int { (0..<events.count).map { events.boot(at: $0) }.max() ?? 0 }

  /// Adds a filter; one of the same edge replaces the earlier one.
  package mutating func push(_ filter: Filter) {
    filters.removeAll { $0.edge == filter.edge }
    filters.append(filter)
    update()
  }

  /// Takes all filters away.
  package mutating func reset() {
    filters = []
    update()
  }

  private mutating func update() {
    unplacedInView = 0
    view = []
    for index in order {
      let time = events.time(at: index)
      let answers = filters.map { $0.admits(time, boot: events.boot(at: index)) }
      guard !answers.contains(false) else { continue }
      if answers.contains(nil) { unplacedInView += 1 }
      view.append(index + 1)
    }
  }

  /// The event with a number.
  package func event(_ number: Int) -> Event { events[number - 1] }

  /// The events in view, in the order of time.
  package var eventsInView: [Event] { view.map(event) }

  /// Processes killed in view.
  package var killsInView: Int {
    view.reduce(0) { $0 + events.killCount(at: $1 - 1) }
  }
}
