import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// When two reports are the same event.
@Suite struct IdentityTests {
  private func event(
    uptime: Int64? = nil, wall: Int64? = nil, fingerprint: UInt64? = nil, host: String? = nil,
    hasSizes: Bool = true
  ) -> Event {
    var event = Event(
      number: 0, time: LogTime(uptimeMicros: uptime, wallMicros: wall), status: .complete,
      outcome: fingerprint == nil ? .noVictim : .killed, host: host.map { LogText($0) },
      invoker: LogText("db"))
    event.fingerprint = fingerprint
    if fingerprint != nil {
      event.victim = Victim(pid: 7, comm: LogText("db"), line: 1)
      event.victim?.totalVM = hasSizes ? Bytes(4096) : nil
    }
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
    let here = event(uptime: 5, fingerprint: 1, host: "a")
    #expect(added([[here], [event(uptime: 5, fingerprint: 1, host: "b")]]) == [1, 1])
  }

  /// One form of a log prints the uptime, another the wall clock, a third the host.
  @Test func formsThatPrintDifferentThingsHoldTheSameKill() {
    let ring = event(uptime: 5, fingerprint: 1)
    let local = event(wall: 100, fingerprint: 1)
    let syslog = event(uptime: 5, wall: 100, fingerprint: 1, host: "a")
    let bare = event(fingerprint: 1)
    for forms in [[ring, local], [local, syslog], [syslog, ring], [bare, ring], [local, bare]] {
      #expect(added(forms.map { [$0] }) == [1, 0])
      #expect(added(forms.reversed().map { [$0] }) == [1, 0])
    }
    #expect(added([[ring], [syslog], [local], [bare]]) == [1, 0, 0, 0])
  }

  @Test func aDaemonMayBeLateButNotByHours() {
    let kill = event(wall: 0, fingerprint: 1)
    #expect(added([[kill], [event(wall: 637_000_000, fingerprint: 1)]]) == [1, 0])
    #expect(added([[kill], [event(wall: 7_200_000_000, fingerprint: 1)]]) == [1, 1])
  }

  @Test func anUndatedKillGetsTheTimeOfTheOtherLog() {
    var session = Session()
    session.add(Input(name: "kmsg"), [event(uptime: 5, fingerprint: 1)])
    session.add(Input(name: "syslog"), [event(uptime: 5, wall: 100, fingerprint: 1)])
    #expect(session.event(1).time.wallMicros == 100)
    #expect(session.event(1).time.uptimeMicros == 5)
  }

  /// A pid comes again; only its sizes tell one kill from another where no time does.
  @Test func withoutTimesAndSizesNothingIsTheSame() {
    let old = event(fingerprint: 1, hasSizes: false)
    #expect(added([[old, old], [old]]) == [2, 1])
    let kill = event(fingerprint: 1)
    #expect(added([[kill, kill], [kill]]) == [2, 0])
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
