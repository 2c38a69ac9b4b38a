internal import KernelLog

/// Known events with one kill line, by the times that decide whether another one is one of them.
///
/// Few lines come twice, but a kernel may report one process that does not die for days, and then a
/// look at each of its reports for each new one never ends.
struct AlikeEvents: Sendable {
  /// By uptime, those that have one.
  private var uptimes = TimeIndex()
  /// By log, in the order in which the logs came.
  private var groups: [Group] = []

  /// Events that are compared with another one by the same rule.
  private struct Group {
    let log: Int
    let hasUptime: Bool
    /// By wall-clock time, those that have one.
    var walls = TimeIndex()
    var undated: [Int] = []

    /// The first event for which a condition holds among those that may be one of a log at a moment on
    /// the wall clock.
    func first(at wall: Int64?, log: Int, where holds: (Int) -> Bool) -> Int? {
      let isOneLog = log == self.log
      let reach = isOneLog ? Sameness.reachInOneLog : Sameness.reach
      if let wall, let found = walls.nearest(to: wall, within: reach, where: holds) { return found }
      // What one of the two does not print cannot tell events of one log apart.
      guard !isOneLog else { return nil }
      return (wall == nil ? walls.last(where: holds) : nil) ?? undated.last(where: holds)
    }
  }

  init() {}

  /// Notes events by their times; `logs` has the first file of each input's log.
  init(_ indices: some Sequence<Int>, of events: EventStore, _ logs: [Int]) {
    for index in indices {
      note(index, events.time(at: index), log: logs[events.input(at: index)])
    }
  }

  /// The same events by the times that they have now.
  func noted(anew events: EventStore, _ logs: [Int]) -> AlikeEvents {
    var indices: Set<Int> = []
    for group in groups { indices.formUnion(group.walls.events + group.undated) }
    return AlikeEvents(indices.sorted(), of: events, logs)
  }

  /// Notes an event behind all that were noted, or the better time of one of them.
  mutating func note(_ index: Int, _ time: LogTime, log: Int) {
    if let uptime = time.uptimeMicros { uptimes.add(index, at: uptime) }
    let hasUptime = time.uptimeMicros != nil
    let known = groups.lastIndex { $0.log == log && $0.hasUptime == hasUptime }
    let place = known ?? groups.count
    if known == nil { groups.append(Group(log: log, hasUptime: hasUptime)) }
    if let wall = time.wallMicros {
      groups[place].walls.add(index, at: wall)
    } else {
      groups[place].undated.append(index)
    }
  }

  /// The first event for which a condition holds among those that may be the same as one of a log at
  /// a time; of each log the nearest ones are asked first.
  func first(at time: LogTime, log: Int, where holds: (Int) -> Bool) -> Int? {
    if let uptime = time.uptimeMicros,
      let found = uptimes.nearest(to: uptime, within: Sameness.longestEcho, where: holds)
    {
      return found
    }
    // Those with an uptime have had their turn, if it counts.
    for group in groups.reversed() where time.uptimeMicros == nil || !group.hasUptime {
      if let found = group.first(at: time.wallMicros, log: log, where: holds) { return found }
    }
    return nil
  }
}

/// Events in the order of one of their times.
struct TimeIndex: Sendable {
  private var entries: [Entry] = []

  private struct Entry {
    let micros: Int64
    let event: Int
  }

  var events: [Int] { entries.map(\.event) }

  /// Adds an event; mostly its time is the newest.
  mutating func add(_ event: Int, at micros: Int64) {
    entries.insert(Entry(micros: micros, event: event), at: place(behind: micros))
  }

  /// The event nearest to a time for which a condition holds, the newer one of two.
  func nearest(to micros: Int64, within reach: Int64, where holds: (Int) -> Bool) -> Int? {
    var above = place(behind: micros)
    var below = above - 1
    while below >= 0 || above < entries.count {
      let distance = below >= 0 ? micros.distance(toEarlier: entries[below].micros) : .max
      let other = above < entries.count ? entries[above].micros.distance(toEarlier: micros) : .max
      guard min(distance, other) <= reach else { return nil }
      let next = distance < other ? below : above
      if distance < other { below -= 1 } else { above += 1 }
      if holds(entries[next].event) { return entries[next].event }
    }
    return nil
  }

  /// The events at the times of a range, in their order.
  func events(in range: ClosedRange<Int64>) -> some BidirectionalCollection<Int> {
    let first = place(behind: range.lowerBound - 1)
    return entries[first..<max(first, place(behind: range.upperBound))].lazy.map(\.event)
  }

  /// The event of the newest time for which a condition holds.
  func last(where holds: (Int) -> Bool) -> Int? {
    entries.last { holds($0.event) }?.event
  }

  /// The place behind all entries that are not newer than a time.
  private func place(behind micros: Int64) -> Int {
    guard let last = entries.last, last.micros > micros else { return entries.count }
    var (low, high) = (0, entries.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].micros > micros { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Int64 {
  /// How far it is from an earlier time; the largest number where no number is large enough.
  fileprivate func distance(toEarlier other: Int64) -> Int64 {
    let (distance, overflows) = subtractingReportingOverflow(other)
    return overflows ? .max : distance
  }
}
