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

  /// What makes two reports the same event: the text of the kill line and its stamp, on one host.
  ///
  /// Where a log prints no uptime the wall clock stands for it, and where there is no kill line, what
  /// the report says before it. So a log that is loaded twice adds nothing, whatever it prints.
  private struct Identity: Hashable {
    private let host: LogText?
    private let uptime: Int64?
    private let wall: Int64?
    private let fingerprint: UInt64?
    private let invoker: LogText?
    private let limitPath: LogText?
    /// How many alike came before it in its input, where nothing tells them apart.
    var ordinal = 0

    /// Whether no other event can be the same by chance. Reports that killed nothing come many
    /// times a second, some of them with the same stamp.
    var isExact: Bool { fingerprint != nil }

    /// Nil for a report that says too little to be told from another one.
    init?(_ event: Event) {
      host = event.host
      uptime = event.time.uptimeMicros
      wall = uptime == nil ? event.time.wallMicros : nil
      fingerprint = event.fingerprint
      let isKill = fingerprint != nil
      invoker = isKill ? nil : event.invoker
      limitPath = isKill ? nil : event.limitPath
      guard isKill || uptime != nil || wall != nil else { return nil }
    }
  }

  private struct Counted: Hashable {
    let identity: Identity
    let input: Int
  }

  package init() {}

  /// The index that the next input will have.
  package var nextInput: Int { inputs.count }

  /// Adds an input and its events.
  package mutating func add(_ input: Input, _ found: [Event]) {
    add([(input, EventStore(found))])
  }

  /// Adds inputs that are loaded together, each with its events.
  ///
  /// Events get numbers in the order of their time, behind those that are there already: a number,
  /// once given, stays. An event that is known from elsewhere is not added again.
  package mutating func add(_ loaded: [(input: Input, events: EventStore)]) {
    let first = inputs.count
    inputs += loaded.map(\.input)
    var alike: [Counted: Int] = [:]
    for place in Self.inOrderOfTime(loaded.map(\.events)) {
      var event = loaded[place.input].events[place.index]
      let input = first + place.input
      if var identity = Identity(event) {
        if !identity.isExact {
          let key = Counted(identity: identity, input: input)
          identity.ordinal = alike[key, default: 0]
          alike[key] = identity.ordinal + 1
        }
        guard known.insert(identity).inserted else {
          inputs[input].duplicateCount += 1
          continue
        }
      }
      event.input = input
      events.append(event)
      moments.append(place.moment)
      inputs[input].eventCount += 1
      inputs[input].killCount += event.killCount
      inputs[input].unplacedCount += event.time.wallMicros == nil ? 1 : 0
    }
    order = moments.indices.sorted { (moments[$0], $0) < (moments[$1], $1) }
    update()
  }

  /// Where an event stands among the logs that are loaded together.
  private struct PlaceInLogs {
    let input: Int
    let index: Int
    /// What it is ordered by.
    let moment: Int64
  }

  /// The events of several inputs by their wall-clock time: an event without such a time stays
  /// behind the one before it in its log.
  private static func inOrderOfTime(_ logs: [EventStore]) -> [PlaceInLogs] {
    var places: [PlaceInLogs] = []
    for (input, events) in logs.enumerated() {
      var moment = Int64.min
      for index in 0..<events.count {
        moment = events.time(at: index).wallMicros ?? moment
        places.append(PlaceInLogs(input: input, index: index, moment: moment))
      }
    }
    places.sort { ($0.moment, $0.input, $0.index) < ($1.moment, $1.input, $1.index) }
    return places
  }

  /// What relative times count back from: when a live input was read, else the newest time in the
  /// data, so that the same script gives the same answer tomorrow.
  package var anchor: LogTime {
    var latest = LogTime()
    for input in inputs {
      let end = input.end
      if let wall = end.wallMicros, wall >= latest.wallMicros ?? .min {
        latest = end
      } else if latest.wallMicros == nil, end.uptimeMicros != nil {
        // Uptimes of two logs cannot be compared: the one loaded last counts.
        latest = end
      }
    }
    return latest
  }

  /// The boot that times since boot mean: the last one of the input that was loaded last, among
  /// those whose lines print such times; nil where there is none.
  package var lastBoot: Boot? {
    guard let input = inputs.lastIndex(where: { $0.end.uptimeMicros != nil }) else { return nil }
    let boots = (0..<events.count).lazy.map { events.boot(at: $0) }.filter { $0.input == input }
    return Boot(input: input, number: boots.map(\.number).max() ?? 0)
  }

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
      let answers = filters.map { $0.admits(time, events.boot(at: index)) }
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
