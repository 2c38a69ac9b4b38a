package import KernelLog
internal import OOMReports

/// What is loaded, what is in view, and what relative times are relative to.
package struct Session: Sendable {
  package private(set) var inputs: [Input] = []
  package private(set) var events = EventStore()
  /// Of each input, the first file of its log: its own, or that of a rotated set.
  private var logs: [Int] = []
  package private(set) var filters: [Filter] = []
  /// Numbers of the events in view, in the order of time.
  package private(set) var view: [Int] = []
  /// Events in view only because their time could not be compared with a filter.
  package private(set) var unplacedInView = 0
  /// The event that was looked at last.
  package var current: Int?

  /// The numbers of all events in the order of time, whatever is in view.
  private var order: [Int] = []

  /// The events without a kill line.
  private var silent = SilentEvents()
  /// The events of which a log may hold a part alone.
  private var cut = CutEvents()
  /// By event and log, when a log that prints other times than are shown has an event.
  private var ownTimes: [EventInLog: LogTime] = [:]
  /// By event, those of its further victims that are events of their own already.
  private var counted: [Int: Set<Int64>] = [:]
  /// The newest event of each kill line, and for some events the one before with the same line.
  private var lines = LineIndex()
  private var alikeBefore: [Int: Int] = [:]
  /// The events of each kill line that came often.
  private var alikes: [UInt64: AlikeEvents] = [:]
  /// How many events have been noted; of a log that is taken over as it is, there are more already.
  private var noted = 0
  /// Events by their stamp and pid, where a carrier may have changed the name in the line.
  private var stamps = StampIndex()
  private var boots = SharedBoots()
  /// The ends of inputs that the user's anchors date.
  private var anchoredEnds: [Int: LogTime] = [:]

  /// Of how many events with one kill line it is quick enough to ask about each.
  private static let fewAlike = 8

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
    logs += first..<inputs.count
    for (index, item) in loaded.enumerated() {
      if let next = item.input.next { logs[next] = logs[first + index] }
    }
    if first == 0, loaded.count == 1, Self.isInOrderOfTime(loaded[0].events) {
      addFirst(loaded[0].events)
    } else {
      let ids = loaded.map { events.take(namesOf: $0.events) }
      for place in Self.inOrderOfTime(loaded.map(\.events)) {
        let log = loaded[place.input].events
        let input = first + place.input
        guard takes(place.index, of: log, input) else { continue }
        events.append(place.index, of: log, input: input, ids[place.input])
      }
      putInOrder()
    }
    for (index, pids) in counted { events.removeVictims(pids, at: index) }
    counted = [:]
    update()
  }

  /// Adds the events of the first log where they are in the order of time: its store is taken over
  /// as it is, up to the first event that comes twice.
  private mutating func addFirst(_ log: EventStore) {
    events = log
    lines.reserve(log.count)
    var isTakenOver = true
    var ids: [NameTable.ID] = []
    for index in 0..<log.count {
      if index % LineIndex.reach == 0 {
        lines.lookAhead(index..<min(index + LineIndex.reach, log.count), of: log)
      }
      let isNew = takes(index, of: log, 0)
      if isTakenOver, !isNew {
        isTakenOver = false
        events.removeAll(from: index)
        ids = events.take(namesOf: log)
      } else if isNew, !isTakenOver {
        events.append(index, of: log, input: 0, ids)
      }
    }
    // An event that came twice may have got a better time.
    if isTakenOver { order = Array(1..<events.count + 1) } else { putInOrder() }
  }

  /// Counts an event, and what it stands for, as one of an input.
  private mutating func count(_ index: Int, of log: EventStore, _ input: Int) {
    noted += 1
    inputs[input].eventCount += 1
    inputs[input].killCount += log.killCount(at: index) - (counted[noted - 1]?.count ?? 0)
    if log.wallMicros(at: index) == nil { inputs[input].unplacedCount += 1 }
  }

  /// Whether an event of a log is not known from elsewhere; then it is counted, and what the ones
  /// behind it are compared with is noted.
  private mutating func takes(_ index: Int, of log: EventStore, _ input: Int) -> Bool {
    let line = log.fingerprint(at: index)
    if let line, stamps.isIdle, cut.isIdle(for: logs[input]), !log.hasOddName(at: index),
      !log.isGroup(at: index), lines.noteFirst(noted, of: line, in: events)
    {
      count(index, of: log, input)
      return true
    }
    var event = log[index]
    event.input = input
    guard isNew(event) else {
      inputs[input].duplicateCount += 1
      return false
    }
    noteMembers(event, at: noted)
    if let line {
      note(line, event.time, input)
    } else {
      silent.note(event, at: noted, log: logs[input])
    }
    if event.isCutOff || !cut.isIdle(for: logs[input]) {
      cut.note(event, at: noted, log: logs[input])
    }
    if !stamps.isIdle { stamps.add(log[index], at: noted) }
    count(index, of: log, input)
    return true
  }

  /// Notes the kill line of the next event, which is at an index of a log.
  private mutating func note(_ line: UInt64, _ time: LogTime, _ input: Int) {
    guard let known = lines.note(noted, of: line, in: events) else { return }
    if alikes[line] == nil {
      alikeBefore[noted] = known
    } else {
      alikes[line]?.note(noted, time, log: logs[input])
    }
  }

  /// Notes the kill line of an event that had none.
  private mutating func noteLate(_ index: Int, of line: UInt64) {
    guard var later = newest(of: line), later > index else {
      alikeBefore[index] = newest(of: line)
      lines.renew(index, of: line, in: events)
      return
    }
    while let next = alikeBefore[later], next > index { later = next }
    (alikeBefore[index], alikeBefore[later]) = (alikeBefore[later], index)
  }

  /// Notes the further victims of an event, but for those that are events of their own: a log that
  /// holds kill lines alone does not show that the kernel killed a group.
  private mutating func noteMembers(_ event: Event, at index: Int) {
    for victim in event.otherVictims {
      guard let line = victim.fingerprint else { continue }
      guard let known = newest(of: line), known != index else {
        lines.keep(index, of: line)
        continue
      }
      var member = event
      (member.victim, member.fingerprint, member.status) = (victim, nil, .killOnly)
      if events.fingerprint(at: known) == line, events.isKillOnly(at: known),
        isSame(known, member, isMember: true)
      {
        counted[index, default: []].insert(victim.pid)
      }
    }
  }

  /// The newest event with a kill line.
  private func newest(of line: UInt64) -> Int? {
    lines.newest(of: line, in: events)
  }

  private mutating func putInOrder() {
    order = Array(1..<events.count + 1)
    var last = Int64.min
    var isInOrder = true
    forEachMoment { moment in
      isInOrder = isInOrder && moment >= last
      last = moment
    }
    if !isInOrder {
      var moments: [Int64] = []
      moments.reserveCapacity(events.count)
      forEachMoment { moments.append($0) }
      order.sort { (moments[$0 - 1], $0) < (moments[$1 - 1], $1) }
    }
    guard !boots.isEmpty else { return }
    // What nothing dates stands first.
    let dated = order.firstIndex { events.wallMicros(at: $0 - 1) != nil } ?? order.count
    boots.putInOrder(&order[..<dated], of: events)
  }

  /// What each event is ordered by, in the order of their numbers.
  private func forEachMoment(_ body: (Int64) -> Void) {
    var moments = EventMoments()
    for index in 0..<events.count { body(moments.next(events, index)) }
  }

  /// Whether an event is not known from elsewhere. If it is, the session keeps the better of both.
  private mutating func isNew(_ event: Event) -> Bool {
    guard let known = knownByLine(event) ?? knownByPart(event) else { return true }
    join(event, known)
    return false
  }

  /// The known event with the same kill line as one, or with none like it, that is this one.
  private mutating func knownByLine(_ event: Event) -> Int? {
    if let line = event.fingerprint {
      return known(event, of: line) ?? stamps.index(of: event, in: events, before: noted, logs)
    }
    let log = logs[event.input]
    let known = silent.index(of: event, log: log) {
      logs[events.input(at: $0)] != log && isSame($0, event)
    }
    if let known { silent.take(known, for: log) }
    return known
  }

  /// The known event that one is a part of, or the whole.
  private mutating func knownByPart(_ event: Event) -> Int? {
    let log = logs[event.input]
    guard logs.contains(where: { $0 != log }),
      event.isCutOff || !cut.isIdle(for: log)
    else { return nil }
    return cut.index(of: event, log: log, in: events, logs)
  }

  /// Whether an event with the same kill line as a known one, or none like it, is that one. A member of
  /// a known group has another line than the group's first.
  private func isSame(_ index: Int, _ event: Event, isMember: Bool = false) -> Bool {
    let isOneLine = !isMember && events.fingerprint(at: index) == event.fingerprint
    // Two uptimes are of two events, whatever else they print: to put one together takes longer.
    if let uptime = event.time.uptimeMicros, let other = events.uptimeMicros(at: index),
      uptime != other
    {
      let isKillOnly = event.status == .killOnly || events.isKillOnly(at: index)
      let reach = Sameness.reachOfUptimes(isOneLine: isOneLine, isKillOnly: isKillOnly)
      if abs(uptime - other) > reach { return false }
    }
    let known = events[index]
    // Times tell a file from another one that has taken its name.
    let isUndated = event.time.uptimeMicros == nil && event.time.wallMicros == nil
    if isUndated, known.input != event.input, isRepeat(event, of: known) { return true }
    let log = logs[event.input]
    let isOneLog = logs[known.input] == log
    if isOneLine, !isOneLog, known.otherPlaces.contains(where: { logs[$0.input] == log }) {
      return Sameness.isAgain(ownTimes[EventInLog(index: index, log: log)] ?? known.time, event)
    }
    return Sameness.holds(known, event, isOneLog: isOneLog)
  }

  /// The known event that one with the same kill line is; nil where it is none of them.
  private mutating func known(_ event: Event, of line: UInt64) -> Int? {
    if let alikes = alikes[line] {
      return alikes.first(at: event.time, log: logs[event.input]) { isSame($0, event) }
    }
    var next = newest(of: line)
    var passed: [Int] = []
    while let index = next {
      if isSame(index, event) { return index }
      passed.append(index)
      next = alikeBefore[index]
    }
    if passed.count > Self.fewAlike {
      alikes[line] = AlikeEvents(passed.reversed(), of: events, logs)
    }
    return nil
  }

  /// Whether an event stands at a place of a known one, in a file of the same name.
  private func isRepeat(_ event: Event, of known: Event) -> Bool {
    ([known.place] + known.otherPlaces).contains { place in
      inputs[place.input].name == inputs[event.input].name && place.firstLine == event.firstLine
    }
  }

  /// Makes the better of two reports of one event what is shown of it, and its better time its time.
  private mutating func join(_ event: Event, _ index: Int) {
    let known = events[index]
    let isRepeat = isRepeat(event, of: known)
    // From here on it is of that host, and of no other.
    if known.host == nil, let host = event.host { events.setHost(host, at: index) }
    let time = Sameness.time(of: known, event)
    if !Sameness.isAgain(time, event) {
      ownTimes[EventInLog(index: index, log: logs[event.input])] = event.time
    }
    if event.time.uptimeMicros != nil, event.time.uptimeMicros == known.time.uptimeMicros {
      boots.unite(events.boot(at: index), Boot(input: event.input, number: event.boot))
    }
    if !isRepeat, event.input != known.input, Sameness.areOneMoment(known, event) {
      inputs[event.input].note(event.time, and: known.time, of: known.input, kept: time)
    }
    if known.time.wallMicros == nil, time.wallMicros != nil {
      inputs[known.input].unplacedCount -= 1
    }
    if !isRepeat, Sameness.isMoreComplete(event, than: known) {
      var shown = event
      shown.host = event.host ?? known.host
      if let line = known.fingerprint, line != event.fingerprint { lines.keep(index, of: line) }
      if known.fingerprint == nil, let line = event.fingerprint {
        noteLate(index, of: line)
      }
      events.replace(shown, at: index)
      noteMembers(shown, at: index)
      let kills = event.killCount - (counted[index]?.count ?? 0)
      inputs[event.input].killCount += max(kills - known.killCount, 0)
      cut.note(shown, at: index, log: logs[event.input])
      events.addPlace(known.place, at: index)
    } else if !isRepeat {
      events.addPlace(event.place, at: index)
    }
    events.setTime(time, at: index)
    let input = events.input(at: index)
    guard time != known.time || input != known.input, let line = events.fingerprint(at: index)
    else { return }
    alikes[line]?.note(index, time, log: logs[input])
  }

  /// Where an event stands among the logs that are loaded together.
  private struct PlaceInLogs {
    let input: Int
    let index: Int
    /// What it is ordered by.
    let moment: Int64
  }

  /// The events of several inputs in the order of their moments.
  private static func inOrderOfTime(_ logs: [EventStore]) -> [PlaceInLogs] {
    var places: [PlaceInLogs] = []
    for (input, events) in logs.enumerated() {
      var moments = EventMoments()
      for index in 0..<events.count {
        let moment = moments.next(events, index)
        places.append(PlaceInLogs(input: input, index: index, moment: moment))
      }
    }
    places.sort { ($0.moment, $0.input, $0.index) < ($1.moment, $1.input, $1.index) }
    return places
  }

  /// Whether a log's events, as those of input 0, are in the order of their moments already.
  private static func isInOrderOfTime(_ events: EventStore) -> Bool {
    var moments = EventMoments()
    var last = Int64.min
    for index in 0..<events.count {
      if events.boot(at: index).input != 0 { return false }
      let moment = moments.next(events, index)
      if moment < last { return false }
      last = moment
    }
    return true
  }

  /// What relative times count back from: when a live input was read, else the newest time in the
  /// data, so that the same script gives the same answer tomorrow.
  package var anchor: LogTime {
    var latest = LogTime()
    for (index, input) in inputs.enumerated() {
      let end = anchoredEnds[index] ?? input.end
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

  /// Says when an event happened: the other events of its boot, up to a suspend, are dated by it.
  ///
  /// - Returns: How many events have the anchor's time; nil where the event's lines print no uptime.
  package mutating func anchor(_ number: Int, at wall: Int64) -> Int? {
    guard let uptime = events.time(at: number - 1).uptimeMicros else { return nil }
    return anchor(number, uptime: uptime, at: wall)
  }

  /// Says when an uptime was, in the boot of an event.
  package mutating func anchor(_ number: Int, uptime: Int64, at wall: Int64) -> Int {
    let index = number - 1
    events.anchor(index, uptime: uptime, wall: wall)
    let boot = events.boot(at: index)
    let end = inputs[boot.input].end
    let isLast = (0..<events.count).allSatisfy {
      let other = events.boot(at: $0)
      return other.input != boot.input || other.number <= boot.number
    }
    if isLast, !inputs[boot.input].isLive {
      anchoredEnds[boot.input] = UserAnchor(uptime: uptime, wall: wall).time(of: end)
    }
    orderAnew()
    return (0..<events.count).count {
      events.shareClock(index, $0) && events.time(at: $0).basis == .user
    }
  }

  /// Takes back what the user said of the clocks.
  package mutating func removeAnchors() {
    events.removeAnchors()
    anchoredEnds = [:]
    orderAnew()
  }

  /// Orders the events by the times that they have now.
  private mutating func orderAnew() {
    for index in inputs.indices { inputs[index].unplacedCount = 0 }
    for index in 0..<events.count where events.time(at: index).wallMicros == nil {
      inputs[events.boot(at: index).input].unplacedCount += 1
    }
    alikes = alikes.mapValues { $0.noted(anew: events, logs) }
    silent.orderAnew(events, logs)
    cut.orderAnew(events)
    putInOrder()
    update()
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
    guard !filters.isEmpty else {
      view = order
      return
    }
    for number in order {
      let index = number - 1
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
      view.append(number)
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
