internal import KernelLog
internal import OOMReports

/// Known events without a whole kill line, by what another log prints of them too.
///
/// They come many times a second, some of them with the same stamp: each known one is one event of
/// another log at most.
struct SilentEvents: Sendable {
  private var known: [Key: AlikeEvents] = [:]
  private var taken: Set<EventInLog> = []

  private struct Key: Hashable {
    let invoker: LogText?
    let limitPath: LogText?
    let pid: Int64?

    init(_ event: Event) {
      (invoker, limitPath, pid) = (event.invoker, event.limitPath, event.victim?.pid)
    }
  }

  /// Notes an event of a log that gets an index.
  mutating func note(_ event: Event, at index: Int, log: Int) {
    known[Key(event), default: AlikeEvents()].note(index, event.time, log: log)
  }

  /// The event of another log for which a condition holds, and which is none of this log's yet; nil
  /// where there is none.
  func index(of event: Event, log: Int, where isSame: (Int) -> Bool) -> Int? {
    known[Key(event)]?.first(at: event.time, log: log) {
      isSame($0) && !taken.contains(EventInLog(index: $0, log: log))
    }
  }

  /// Notes that a known event is one of a log's too.
  mutating func take(_ index: Int, for log: Int) {
    taken.insert(EventInLog(index: index, log: log))
  }

  /// Orders them by the times that they have now.
  mutating func orderAnew(_ events: EventStore, _ logs: [Int]) {
    known = known.mapValues { $0.noted(anew: events, logs) }
  }
}

/// A known event that a log has too.
struct EventInLog: Hashable, Sendable {
  let index: Int
  /// The first file of the log.
  let log: Int
}
