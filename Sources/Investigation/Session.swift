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

  /// Reports that killed nothing, by all that tells them apart.
  private var silent: Set<SilentIdentity> = []
  /// The newest event of each kill line, and for each event the one before it with the same line.
  private var newestByLine: [UInt64: Int] = [:]
  private var alikeBefore: [Int] = []

  /// What makes two reports that killed nothing the same one.
  private struct SilentIdentity: Hashable {
    private let host: LogText?
    private let uptime: Int64?
    private let wall: Int64?
    private let invoker: LogText?
    private let limitPath: LogText?
    /// How many alike came before it in its input: they come many times a second, some of them with
    /// the same stamp.
    var ordinal = 0

    /// Nil for a report that says too little to be told from another one.
    init?(_ event: Event) {
      host = event.host
      uptime = event.time.uptimeMicros
      wall = uptime == nil ? event.time.wallMicros : nil
      invoker = event.invoker
      limitPath = event.limitPath
      guard uptime != nil || wall != nil else { return nil }
    }
  }

  private struct Counted: Hashable {
    let identity: SilentIdentity
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
      event.input = input
      guard isNew(event, &alike) else {
        inputs[input].duplicateCount += 1
        continue
      }
      alikeBefore.append(event.fingerprint.flatMap { newestByLine[$0] } ?? -1)
      if let line = event.fingerprint { newestByLine[line] = events.count }
      events.append(event)
      moments.append(place.moment)
      inputs[input].eventCount += 1
      inputs[input].killCount += event.killCount
      inputs[input].unplacedCount += event.time.wallMicros == nil ? 1 : 0
    }
    order = moments.indices.sorted { (moments[$0], $0) < (moments[$1], $1) }
    update()
  }

  /// Whether an event is not known from elsewhere. If it is, and the other place had no wall-clock
  /// time for it, the event gets that time.
  private mutating func isNew(_ event: Event, _ alike: inout [Counted: Int]) -> Bool {
    guard let line = event.fingerprint else {
      guard var identity = SilentIdentity(event) else { return true }
      let key = Counted(identity: identity, input: event.input)
      identity.ordinal = alike[key, default: 0]
      alike[key] = identity.ordinal + 1
      return silent.insert(identity).inserted
    }
    var index = newestByLine[line] ?? -1
    while index >= 0 {
      if Sameness.holds(events[index], event) {
        if events.time(at: index).wallMicros == nil, let wall = event.time.wallMicros {
          var time = event.time
          time.uptimeMicros = time.uptimeMicros ?? events.time(at: index).uptimeMicros
          events.setTime(time, at: index)
          moments[index] = wall
        }
        return false
      }
      index = alikeBefore[index]
    }
    return true
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
    view.removeAll(keepingCapacity: true)
    guard !filters.isEmpty else {
      view = order.map { $0 + 1 }
      return
    }
    for index in order {
      let time = events.time(at: index)
      let boot = events.boot(at: index)
      var passes = true
      var isPlaced = true
      for filter in filters {
        switch filter.admits(time, boot) {
        case true?: break
        case false?: passes = false
        case nil: isPlaced = false
        }
      }
      guard passes else { continue }
      if !isPlaced { unplacedInView += 1 }
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
