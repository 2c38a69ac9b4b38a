import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

/// One process that the kernel kills for days: its kill lines are all the same.
@Suite struct AlikeEventsTests {
  enum Form: CaseIterable {
    case uptime, wall, both, neither
  }

  private static let count = 300

  /// One every ten seconds, as a log of this form has them.
  private func events(_ form: Form, hasSizes: Bool = true, later: Int64 = 0) -> [Event] {
    (0..<Self.count).map { index in
      let time = Int64(index * 10) * 1_000_000 + later
      var event = Event(
        number: 0,
        time: LogTime(
          uptimeMicros: form == .uptime || form == .both ? time : nil,
          wallMicros: form == .wall || form == .both ? time + 1_700_000_000_000_000 : nil,
          basis: .printed),
        status: .complete, outcome: .killed, firstLine: index + 1)
      event.fingerprint = 1
      event.victim = Victim(pid: 7, comm: LogText("db"), line: 1)
      event.victim?.totalVM = hasSizes ? Bytes(4096) : nil
      event.killCount = 1
      return event
    }
  }

  /// How many events each load adds.
  private func added(_ loads: [[Event]]) -> [Int] {
    var session = Session()
    return loads.enumerated().map { number, events in
      let before = session.events.count
      session.add(Input(name: "log \(number)"), events)
      return session.events.count - before
    }
  }

  @Test(arguments: Form.allCases, Form.allCases)
  func eachIsKnownAgainInAnotherLog(_ first: Form, _ second: Form) {
    #expect(added([events(first), events(second)]) == [Self.count, 0])
  }

  /// Without sizes a text alone is no proof; a stamp is.
  @Test func whatNothingTellsApartIsNew() {
    let loads = [events(.neither, hasSizes: false), events(.neither, hasSizes: false)]
    #expect(added(loads) == [Self.count, Self.count])
    #expect(
      added([events(.uptime, hasSizes: false), events(.uptime, hasSizes: false, later: 1)])
        == [Self.count, Self.count])
    let second: Int64 = 1_000_000
    let walls = [0, 2 * second].map { events(.wall, hasSizes: false, later: $0) }
    #expect(added(walls) == [Self.count, Self.count])
  }

  /// A rotated log holds each kill once, whichever of its files has it.
  @Test func filesOfOneLogAreOneLog() {
    for form in [Form.wall, .uptime, .both, .neither] {
      var session = Session()
      let all = events(form)
      var older = Input(name: "kern.log.1")
      older.next = 1
      session.add([
        (older, EventStore(Array(all.prefix(100)))),
        (Input(name: "kern.log"), EventStore(Array(all.dropFirst(100)))),
      ])
      #expect(session.events.count == Self.count)
      session.add(Input(name: "syslog"), all)
      #expect(session.events.count == Self.count)
    }
  }

  /// Each is found at the time of its twin, not at that of the newest one near it.
  @Test func theNearestIsTheOne() {
    var session = Session()
    session.add(Input(name: "kern.log"), events(.wall))
    session.add(Input(name: "dmesg"), events(.both))
    for index in 0..<Self.count {
      #expect(session.events.uptimeMicros(at: index) == Int64(index * 10) * 1_000_000)
    }
  }

  /// What the user says of a clock counts for what is loaded later.
  @Test func anchorsMoveThem() {
    let day: Int64 = 86_400_000_000
    var session = Session()
    session.add(Input(name: "dmesg"), events(.uptime, hasSizes: false))
    session.add(Input(name: "kern.log"), events(.wall, hasSizes: false, later: day))
    #expect(session.events.count == 2 * Self.count)
    session = Session()
    session.add(Input(name: "dmesg"), events(.uptime, hasSizes: false))
    _ = session.anchor(1, at: 1_700_000_000_000_000 + day)
    session.add(Input(name: "kern.log"), events(.wall, hasSizes: false, later: day))
    #expect(session.events.count == Self.count)
  }

  /// The index gives what a look at every entry would give.
  @Test(arguments: [Int64(0), 1, 3, .max])
  func theNearestEntryIsFound(_ reach: Int64) {
    var random = SplitMix64(seed: 7)
    var index = TimeIndex()
    var times: [Int64] = []
    for event in 0..<200 {
      let time = Int64.random(in: -50..<50, using: &random)
      index.add(event, at: time)
      times.append(time)
      let asked = Int64.random(in: -60..<60, using: &random)
      let odd: (Int) -> Bool = { $0 % 3 == 1 }
      let distances = times.indices.filter(odd).map { abs(times[$0] - asked) }
      let found = index.nearest(to: asked, within: reach, where: odd)
      let nearest = distances.min().flatMap { $0 <= reach ? $0 : nil }
      #expect(found.map { abs(times[$0] - asked) } == nearest)
      #expect(found.map(odd) != false)
    }
    #expect(index.nearest(to: .min, within: 5, where: { _ in true }) == nil)
    #expect(index.nearest(to: .max, within: 5, where: { _ in true }) == nil)
  }
}
