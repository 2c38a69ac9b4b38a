internal import KernelLog
internal import OOMReports

/// Events by host clock and pid, for those whose kill line is not the same in every log.
///
/// journalctl takes control characters out of a name and leaves nothing in their place, so the text
/// of the line differs there; its stamp, to the microsecond, and the pid do not. Names of plain text
/// need no such index, and nearly all are.
struct StampIndex: Sendable {
  private var indices: [Key: Int]?

  private struct Key: Hashable {
    let uptime: Int64
    let pid: Int64

    init?(_ event: Event) {
      guard let uptime = event.time.uptimeMicros, let pid = event.victim?.pid else { return nil }
      self.uptime = uptime
      self.pid = pid
    }
  }

  /// Notes an event that gets an index.
  mutating func add(_ event: Event, at index: Int) {
    guard indices != nil, let key = Key(event) else { return }
    indices?[key] = index
  }

  /// Whether an event of a victim's name need not be looked for.
  func isIdle(for name: LogText?) -> Bool { indices == nil && name?.isOdd != true }

  /// The event before `end` that has this one's stamp and pid, and a name that a carrier may have made of its
  /// name, or the other way round; nil where there is none.
  mutating func index(of event: Event, in events: EventStore, before end: Int) -> Int? {
    guard let key = Key(event), let name = event.victim?.comm else { return nil }
    if indices == nil {
      guard name.isOdd else { return nil }
      var built: [Key: Int] = [:]
      for index in 0..<end {
        if let key = Key(events[index]) { built[key] = index }
      }
      indices = built
    }
    guard let index = indices?[key] else { return nil }
    let known = events[index]
    guard let other = known.victim?.comm, name.isOdd || other.isOdd,
      Sameness.holds(known, event)
    else { return nil }
    return index
  }
}

extension LogText {
  /// Whether a name has bytes that some carrier leaves out or writes in its own way.
  fileprivate var isOdd: Bool {
    bytes.contains { $0 < 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") }
  }
}
