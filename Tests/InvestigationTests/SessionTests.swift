import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct SessionTests {
  private func event(
    _ pid: Int64, wall: Int64? = nil, uptime: Int64? = nil, boot: Int = 0, host: String? = nil,
    fingerprint: UInt64? = nil
  ) -> Event {
    var event = Event(
      number: 0, time: LogTime(uptimeMicros: uptime, wallMicros: wall), status: .complete,
      outcome: .killed, host: host.map { LogText($0) },
      victim: Victim(pid: pid, comm: LogText("a"), line: 1), killCount: 1, boot: boot)
    event.fingerprint = fingerprint ?? UInt64(pid)
    return event
  }

  private func pids(_ session: Session) -> [Int64] {
    session.eventsInView.compactMap { $0.victim?.pid }
  }

  @Test func inputsLoadedTogetherAreNumberedByTime() {
    var session = Session()
    session.add([
      (Input(name: "b"), EventStore([event(3, wall: 30), event(4, wall: 40)])),
      (Input(name: "a"), EventStore([event(1, wall: 10), event(5, wall: 50)])),
    ])
    #expect((1...4).map { session.event($0).victim?.pid } == [1, 3, 4, 5])
    #expect((1...4).map { session.event($0).input } == [1, 0, 0, 1])
    #expect(session.inputs.map(\.eventCount) == [2, 2])
  }

  /// The headers of a daemon that fell behind are late for some events and not for others.
  @Test func withinABootTheUptimeDecides() {
    func session(_ hosts: String?...) -> Session {
      let events = [(10, 1), (45, 2), (30, 3), (50, 4)].enumerated().map { index, time in
        event(
          Int64(index), wall: Int64(time.0), uptime: Int64(time.1), host: hosts[index % hosts.count]
        )
      }
      var session = Session()
      session.add(Input(name: "a"), events)
      return session
    }
    #expect(pids(session(nil)) == [0, 1, 2, 3])
    // Uptimes of two hosts, or of two boots, cannot be compared.
    #expect(pids(session("a", "b")) == [0, 2, 1, 3])
    var boots = Session()
    boots.add(
      Input(name: "a"),
      [event(0, wall: 45, uptime: 2), event(1, wall: 30, uptime: 3, boot: 1)])
    #expect(pids(boots) == [1, 0])
    // A log that begins with the newest is read the other way round.
    var reversed = Session()
    reversed.add(Input(name: "a"), [event(1, wall: 45, uptime: 9), event(0, wall: 30, uptime: 3)])
    #expect(pids(reversed) == [0, 1])
  }

  @Test func laterInputsGetLaterNumbers() {
    var session = Session()
    session.add(Input(name: "a"), [event(2, wall: 20)])
    session.add(Input(name: "b"), [event(1, wall: 10), event(3, wall: 30)])
    #expect((1...3).map { session.event($0).victim?.pid } == [2, 1, 3])
    #expect(pids(session) == [1, 2, 3])
  }

  @Test func aKnownEventIsNotAddedAgain() {
    var session = Session()
    session.add(Input(name: "a"), [event(1, uptime: 5), event(1, uptime: 6)])
    session.add(Input(name: "b"), [event(1, wall: 99, uptime: 5), event(1, uptime: 7)])
    #expect(session.inputs.map(\.eventCount) == [2, 1])
    #expect(session.inputs.map(\.duplicateCount) == [0, 1])
    session.add(Input(name: "c"), [event(1, uptime: 5, host: "h")])
    #expect(session.events.count == 3)
  }

  @Test func withoutAnUptimeTheWallClockTells() {
    var session = Session()
    session.add(Input(name: "a"), [event(1, wall: 5_000_000), event(1, wall: 9_000_000)])
    session.add(Input(name: "b"), [event(1, wall: 5_000_000)])
    #expect(session.events.count == 2)
  }

  @Test func whatTellsNothingIsNeverTheSame() {
    var nothing = event(1)
    nothing.fingerprint = nil
    var session = Session()
    session.add(Input(name: "a"), [nothing, nothing])
    #expect(session.events.count == 2)
  }

  @Test func everyVictimIsKept() {
    var group = event(1, wall: 1)
    group.otherVictims = [2, 3].map { Victim(pid: $0, comm: LogText("b"), line: 2) }
    group.killCount = 3
    var session = Session()
    session.add(Input(name: "a"), [event(9, wall: 0), group])
    #expect(session.event(2).victims.map(\.pid) == [1, 2, 3])
    #expect(session.event(1).victims.map(\.pid) == [9])
  }

  @Test(
    arguments: [
      (Filter.Edge.since, 100, 1, 99, false), (.since, 100, 1, 100, true),
      (.since, 100, 0, 500, false), (.since, 100, 2, 1, true), (.since, -5, 1, 1, true),
      (.since, -5, 0, 1, nil), (.until, 100, 1, 100, true), (.until, 100, 1, 101, false),
      (.until, 100, 0, 500, true), (.until, 100, 2, 1, false), (.until, -5, 0, 1, nil),
      (.until, -5, 1, 1, false),
    ] as [(Filter.Edge, Int64, Int, Int64, Bool?)])
  func uptimesAreComparedWithinABoot(
    _ edge: Filter.Edge, _ limit: Int64, _ boot: Int, _ uptime: Int64, _ admits: Bool?
  ) {
    let filter = Filter(
      edge: edge, bound: .uptime(limit, Boot(input: 3, number: 1)), text: "boot")
    let time = LogTime(uptimeMicros: uptime)
    #expect(filter.admits(time, Boot(input: 3, number: boot)) == admits)
    #expect(filter.admits(time, Boot(input: 2, number: boot)) == nil)
  }

  @Test func whatCannotBeComparedStaysAndIsCounted() {
    var session = Session()
    session.add(Input(name: "a"), [event(1, wall: 10), event(2, wall: 20), event(3, uptime: 5)])
    session.push(Filter(edge: .since, bound: .wall(15), text: "x"))
    #expect(session.view == [2, 3] || session.view == [3, 2])
    #expect(session.unplacedInView == 1)
    session.reset()
    #expect(session.view.count == 3 && session.unplacedInView == 0)
  }

  @Test func theAnchorIsTheNewestDatedEndElseTheLastLog() {
    func input(_ wall: Int64?, _ uptime: Int64?) -> Input {
      var input = Input(name: "a")
      input.end = LogTime(uptimeMicros: uptime, wallMicros: wall)
      return input
    }
    var session = Session()
    session.add(input(nil, 900), [])
    session.add(input(nil, 100), [])
    #expect(session.anchor.uptimeMicros == 100)
    #expect(session.lastBoot == Boot(input: 1, number: 0))
    session.add(input(50, nil), [])
    session.add(input(40, nil), [])
    #expect(session.anchor.wallMicros == 50)
    #expect(session.lastBoot == Boot(input: 1, number: 0))
  }

  /// Two dumps of one ring buffer: the kills that both hold show that they are of one boot.
  @Test func uptimesOfOneBootAreCompared() {
    func kill(_ uptime: Int64, boot: Int = 0) -> Event {
      var event = Event(
        number: 0, time: LogTime(uptimeMicros: uptime), status: .complete, outcome: .killed,
        victim: Victim(pid: uptime, comm: LogText("db"), line: 1), killCount: 1, boot: boot,
        fingerprint: UInt64(uptime))
      event.victim?.totalVM = Bytes(4096)
      return event
    }
    func order(_ loads: [[Event]]) -> [Int64?] {
      var session = Session()
      for log in loads { session.add(Input(name: "dmesg \(session.inputs.count)"), log) }
      return session.eventsInView.map(\.time.uptimeMicros)
    }
    let (early, late) = ([80, 94, 141].map { kill($0) }, [141, 151, 162].map { kill($0) })
    #expect(order([late, early]) == [80, 94, 141, 151, 162])
    #expect(order([early, late]) == [80, 94, 141, 151, 162])
    // Without one that both hold they may be of two boots.
    #expect(order([Array(late.dropFirst()), early]) == [151, 162, 80, 94, 141])
  }
}
