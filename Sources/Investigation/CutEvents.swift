internal import KernelLog

/// Events of which a log holds no whole kill line, and those that may be the whole of one: a log was
/// copied while the report was written or filtered, its daemon lost lines, or the machine crashed.
///
/// Their kill lines cannot tell. But the kernel writes one report at a time, so the next kill behind
/// what there is of one is the whole one's, if the same task asked for memory, or was chosen. Logs that
/// hold all kill lines need no such index, and nearly all do.
struct CutEvents: Sendable {
  private var cut = Moments()
  /// Of each event that is cut off, its log.
  private var logs: Set<Int> = []
  /// All that came to their end; nil until one of them is asked for.
  private var whole: Moments?
  /// What is one of a log's already, or has another kill of the log behind it.
  private var settled: Set<EventInLog> = []

  /// Events by their times: those of their kills, or of their first lines where these are lost.
  fileprivate struct Moments {
    var uptimes = TimeIndex()
    var walls = TimeIndex()

    mutating func note(_ index: Int, _ time: LogTime) {
      if let uptime = time.uptimeMicros { uptimes.add(index, at: uptime) }
      if let wall = time.wallMicros { walls.add(index, at: wall) }
    }
  }

  /// Whether an event of a log that came to its end need not be asked about, nor be noted.
  func isIdle(for log: Int) -> Bool { whole == nil && logs.allSatisfy { $0 == log } }

  /// Notes an event of a log that gets an index.
  mutating func note(_ event: Event, at index: Int, log: Int) {
    if event.isCutOff {
      cut.note(index, event.time)
      logs.insert(log)
    } else {
      whole?.note(index, event.time)
    }
  }

  /// The event of another log that this one of a log is a part of, or the whole; nil where there is
  /// none. `logs` has the first file of each input's log.
  mutating func index(of event: Event, log: Int, in events: EventStore, _ logs: [Int]) -> Int? {
    let isCut = event.isCutOff
    if isCut, whole == nil { whole = Self.whole(of: events) }
    guard let others = isCut ? whole : cut else { return nil }
    func answer(_ index: Int) -> Bool? {
      guard logs[events.input(at: index)] != log,
        !settled.contains(EventInLog(index: index, log: log))
      else { return nil }
      let other = events[index]
      return isCut ? Sameness.isPart(event, of: other) : Sameness.isPart(other, of: event)
    }
    for near in others.near(event.time, areBehind: isCut) {
      let known = near.compactMap { index in answer(index).map { (index: index, isOne: $0) } }
      guard let (next, isOne) = known.first else { continue }
      // By uptimes alone it may be of any boot.
      let isSure = event.time.wallMicros != nil && events.wallMicros(at: next) != nil
      guard isSure || known.allSatisfy({ events.boot(at: $0.index) == events.boot(at: next) })
      else {
        return nil
      }
      settled.insert(EventInLog(index: next, log: log))
      return isOne ? next : nil
    }
    return nil
  }

  private static func whole(of events: EventStore) -> Moments {
    var whole = Moments()
    for index in 0..<events.count where !events.isCutOff(at: index) {
      whole.note(index, events.time(at: index))
    }
    return whole
  }

  /// Orders them by the times that they have now.
  mutating func orderAnew(_ events: EventStore) {
    (cut, whole) = (Moments(), nil)
    for index in 0..<events.count where events.isCutOff(at: index) {
      cut.note(index, events.time(at: index))
    }
  }
}

extension CutEvents.Moments {
  /// Those that are the most likely to be of one report with a time, by each of the clocks that it has.
  func near(_ time: LogTime, areBehind: Bool) -> [[Int]] {
    [time.uptimeMicros.map { (uptimes, $0) }, time.wallMicros.map { (walls, $0) }]
      .compactMap(\.self)
      .map { index, micros in
        let reach = Sameness.longestReport
        let (before, behind) = areBehind ? (Sameness.reachInOneLog, reach) : (reach, 0)
        let near = index.events(in: micros - before...micros + behind)
        return areBehind ? Array(near.prefix(Self.fewNear)) : near.suffix(Self.fewNear).reversed()
      }
  }

  /// The next one decides; some more show whether it is the only one.
  private static let fewNear = 8
}
