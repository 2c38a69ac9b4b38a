package import KernelLog
internal import OOMReports

/// What the processes of one name held when they were killed, over their restarts.
///
/// Needs no report: kill lines tell it. They are different processes, so a trend is one of the load
/// or of what was left to them, no proof of a leak.
package struct DeathSizes: Sendable, Equatable {
  package let repeated: RepeatedVictim
  package let slope: Result<RobustSlope, RobustSlope.Refusal>

  /// The deaths of a name at each place, of the events of these numbers in the order of time; names
  /// that were killed once only are left out.
  package static func find(
    _ name: LogText, in events: EventStore, _ numbers: [Int]
  ) -> [DeathSizes] {
    guard let id = events.id(name) else { return [] }
    let own = numbers.filter { number in
      events.comm(at: number - 1) == id
        || events.furtherVictims(at: number - 1).contains { $0.comm == name }
    }
    return RepeatedVictim.find(in: events, own).victims.filter { $0.comm == name }.map { repeated in
      let boots = Set(repeated.sizes.map { events.boot(at: $0.event - 1) })
      let points = repeated.sizes.map { size in
        (time: events.time(at: size.event - 1), size: size.anonRSS)
      }
      return DeathSizes(
        repeated: repeated, slope: RobustSlope.of(points, inOneBoot: boots.count == 1))
    }
  }
}
