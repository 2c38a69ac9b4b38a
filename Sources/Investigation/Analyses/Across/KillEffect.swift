package import KernelLog
package import OOMReports

/// What one kill of an incident gave back, as far as the log tells.
package struct KillEffect: Sendable, Equatable {
  package let event: Int
  package let pid: Int64
  package let comm: LogText
  /// The most that its death can have freed at once: the anonymous memory that it held in RAM. Nil
  /// also where the kill line has more than the machine's RAM.
  package let held: Bytes?
  /// Shared memory that it mapped: freed only if nobody else maps it, and no tmpfs file holds it.
  package let shared: Bytes?
  /// Anonymous memory that it still held when the OOM reaper was done.
  package let left: Bytes?
  /// The line that says so.
  package let leftLine: Int?
  /// Free memory at this event, and at the next one of the incident where the same ran out: RAM, or
  /// what the cgroup's limit leaves.
  package let free: Bytes?
  package let freeNext: Bytes?
  package let nextEvent: Int?
  package let missing: Missing?
  /// Whether its kill line has sizes that are more than the machine's RAM.
  package let isImpossible: Bool

  /// Why an event is without a report.
  package enum Missing: String, Sendable, Equatable {
    /// Ten reports came in the 5 seconds before it: the kernel prints no more of them in that time
    /// (`DEFAULT_RATELIMIT_BURST` and `_INTERVAL`, which `oom_kill_process()` asks).
    case rateLimited = "rate-limited"
    /// The log does not hold it.
    case unknown = "not-in-log"
  }

  /// How many reports the kernel lets pass in how many microseconds.
  static let burst = (reports: 10, micros: Int64(5_000_000))

  /// The kills of an incident in order, one for each victim.
  ///
  /// Figures of memory come from reports, so only the events that have one here tell them.
  package static func list(
    _ incident: Incident, _ store: EventStore, reports: [Int: OOMReport]
  ) -> [KillEffect] {
    let rooms = incident.events.map { number in
      reports[number].flatMap { Room($0) }
    }
    return incident.events.enumerated().flatMap { position, number -> [KillEffect] in
      let event = store[number - 1]
      let room = rooms[position]
      let next = room.flatMap { room in
        rooms[(position + 1)...].firstIndex { $0.map(room.isSame) ?? false }
      }
      let missing = event.status == .killOnly ? reason(position, incident, store) : nil
      let ram = reports[number]?.ram
      return RepeatedVictim.victims(of: event, reports[number]).map { victim in
        let (held, shared) = (victim.anonRSS, victim.shmemRSS)
        func isPossible(_ size: Bytes) -> Bool { ram.map { size <= $0 } ?? true }
        return KillEffect(
          event: number, pid: victim.pid, comm: victim.comm,
          held: held.flatMap { isPossible($0) ? $0 : nil },
          shared: shared.flatMap { isPossible($0) ? $0 : nil }, left: victim.reaped?.anonRSS,
          leftLine: victim.reaped == nil ? nil : victim.reapedLine, free: room?.free,
          freeNext: next.flatMap { rooms[$0]?.free }, nextEvent: next.map { incident.events[$0] },
          missing: missing,
          isImpossible: [held, shared].contains { $0.map { !isPossible($0) } ?? false })
      }
    }
  }

  /// Whether the kernel's own limit explains that an event has no report.
  private static func reason(
    _ position: Int, _ incident: Incident, _ store: EventStore
  ) -> Missing {
    let index = incident.events[position] - 1
    var passed = 0
    for number in incident.events[..<position].reversed() {
      guard let span = store.span(from: number - 1, to: index), span <= burst.micros else { break }
      passed += store.status(at: number - 1) == .killOnly ? 0 : 1
    }
    return passed >= burst.reports ? .rateLimited : .unknown
  }

  /// What is left of that which ran out.
  private struct Room {
    private let place: RepeatedVictim.Place
    /// The nodes that the request was bound to; nil where it was not.
    private let nodes: Set<Int>?
    let free: Bytes

    /// Whether another report tells of the same memory.
    func isSame(_ other: Room) -> Bool { place == other.place && nodes == other.nodes }

    init?(_ report: OOMReport) {
      if report.boundary == .memcg {
        guard let usage = report.memcg?.memory?.value, let limit = usage.limit,
          let path = report.memcg?.limitPath?.value ?? report.memcg?.statsPath?.value
        else { return nil }
        place = .limit(path, host: report.host)
        nodes = nil
        free = Bytes(limit.count - usage.usage.count)
      } else if report.isBoundToNodes {
        guard let allowed = report.allowedNodes,
          !report.zonesOfNodes.isEmpty,
          let bytes = Bytes.sum(report.zonesOfNodes.map { $0.counters["free"] })
        else { return nil }
        place = .host(report.host)
        nodes = allowed
        free = bytes
      } else {
        guard let pages = report.memory?.counters["free"]?.value,
          let bytes = pages.bytes(report.pageSize)
        else { return nil }
        place = .host(report.host)
        nodes = nil
        free = bytes
      }
    }
  }
}
