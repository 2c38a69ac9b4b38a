import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// When two reports are the same event.
@Suite struct IdentityTests {
  private func event(
    uptime: Int64? = nil, wall: Int64? = nil, fingerprint: UInt64? = nil, host: String? = nil
  ) -> Event {
    var event = Event(
      number: 0, time: LogTime(uptimeMicros: uptime, wallMicros: wall), status: .complete,
      outcome: fingerprint == nil ? .noVictim : .killed, host: host.map { LogText($0) },
      invoker: LogText("db"))
    event.fingerprint = fingerprint
    event.killCount = fingerprint == nil ? 0 : 1
    return event
  }

  private func added(_ loads: [[Event]]) -> [Int] {
    var session = Session()
    return loads.map { events in
      let before = session.events.count
      session.add(Input(name: "log"), events)
      return session.events.count - before
    }
  }

  @Test func aKillIsKnownByItsLineAndStamp() {
    let kill = event(uptime: 5, fingerprint: 1)
    #expect(added([[kill], [kill]]) == [1, 0])
    #expect(added([[kill, kill]]) == [1])
    #expect(added([[kill], [event(uptime: 6, fingerprint: 1)]]) == [1, 1])
    #expect(added([[kill], [event(uptime: 5, fingerprint: 2)]]) == [1, 1])
    #expect(added([[kill], [event(uptime: 5, fingerprint: 1, host: "b")]]) == [1, 1])
  }

  @Test func aKillWithoutAnyTimeIsNeverTakenForAnother() {
    let kill = event(fingerprint: nil)
    #expect(added([[kill, kill]]) == [2])
  }

  /// A cgroup in which nothing may be killed reports a hundred times in two seconds.
  @Test(arguments: [true, false])
  func reportsOfOneSecondThatKilledNothingAreAllEvents(hasUptime: Bool) {
    let report = event(uptime: hasUptime ? 7 : nil, wall: hasUptime ? nil : 7)
    let log = [report, report, report]
    #expect(added([log]) == [3])
    #expect(added([log, log]) == [3, 0])
    #expect(added([log, log + [report]]) == [3, 1])
  }
}
