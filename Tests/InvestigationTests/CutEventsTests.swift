import KernelLog
import OOMReports
import Testing

@testable import Investigation

/// A report of which one log holds the beginning alone, and another one all of it.
@Suite struct CutEventsTests {
  private static let second: Int64 = 1_000_000
  /// 2026-11-22 14:00:00 UTC.
  private static let boot: Int64 = 1_795_356_000_000_000

  /// Which clocks a log prints.
  enum Clocks: CaseIterable {
    case uptime, wall, both

    func time(_ micros: Int64, boot: Int64) -> LogTime {
      LogTime(
        uptimeMicros: self == .wall ? nil : micros,
        wallMicros: self == .uptime ? nil : boot + micros, errorMicros: self == .uptime ? nil : 1,
        basis: self == .uptime ? .none : .printed)
    }

    func canBeCompared(with other: Clocks) -> Bool {
      self == .both || other == .both || self == other
    }
  }

  private static func beginning(
    _ at: Int64, _ clocks: Clocks = .both, invoker: String = "db", chosen: Int64? = nil,
    host: String? = nil, limit: String? = nil, boot: Int64 = Self.boot
  ) -> Event {
    var event = Event(
      number: 0, time: clocks.time(at, boot: boot), status: .truncated, outcome: .unknown,
      order: 0, host: host.map { LogText($0) }, invoker: LogText(invoker),
      limitPath: limit.map { LogText($0) })
    event.chosen = chosen.map { Event.Chosen(comm: LogText("java"), pid: $0) }
    return event
  }

  private static func whole(
    _ at: Int64, _ clocks: Clocks = .both, invoker: String = "db", pid: Int64 = 7,
    host: String? = nil, boot: Int64 = Self.boot
  ) -> Event {
    var event = Event(
      number: 0, time: clocks.time(at, boot: boot), status: .complete, outcome: .killed,
      order: 0, host: host.map { LogText($0) }, invoker: LogText(invoker),
      victim: Victim(pid: pid, comm: LogText("java"), line: 1), killCount: 1,
      fingerprint: UInt64(pid))
    event.victim?.totalVM = Bytes(4096)
    return event
  }

  private static func session(_ loads: [[Event]], together: Bool = false) -> Session {
    var session = Session()
    let logs = loads.enumerated().map { number, events in
      (Input(name: "log \(number)"), EventStore(events))
    }
    if together { session.add(logs) } else { logs.forEach { session.add([$0]) } }
    return session
  }

  @Test(arguments: Clocks.allCases, Clocks.allCases)
  func areOneEvent(_ first: Clocks, _ second: Clocks) {
    let cut = [Self.beginning(900 * Self.second, first)]
    let whole = [Self.whole(900 * Self.second + 12_000, second)]
    for loads in [[cut, whole], [whole, cut]] {
      for together in [false, true] {
        var session = Self.session(loads, together: together)
        let isOne = first.canBeCompared(with: second)
        #expect(session.events.count == (isOne ? 1 : 2))
        #expect(session.killsInView == 1)
        #expect(session.inputs.reduce(0) { $0 + $1.killCount } == 1)
        guard isOne else { continue }
        #expect(session.event(1).status == .complete)
        #expect(session.event(1).otherPlaces.count == 1)
        // Whatever comes again is known.
        session.add(Input(name: "again"), whole)
        session.add(Input(name: "again"), cut)
        #expect(session.events.count == 1)
      }
    }
  }

  /// The next report of the other log is another task's, or of another kill, host or boot.
  @Test(arguments: [
    whole(901 * second, invoker: "web"), whole(899 * second), whole(990 * second),
    whole(901 * second, pid: 8), whole(901 * second, host: "b"),
    whole(901 * second, boot: boot + 86_400 * second),
  ])
  func areTwoEvents(_ other: Event) {
    let cut = Self.beginning(900 * Self.second, chosen: 7, host: "a")
    for loads in [[[cut], [other]], [[other], [cut]]] {
      #expect(Self.session(loads).events.count == 2)
      #expect(Self.session(loads, together: true).events.count == 2)
    }
  }

  /// In one log both are reports of their own, and so is all that follows the whole one.
  @Test func eachIsOneOfALogAtMost() {
    let cut = Self.beginning(900 * Self.second)
    let whole = (0..<4).map {
      Self.whole((901 + Int64($0)) * Self.second, pid: 7 + Int64($0))
    }
    #expect(Self.session([[cut, whole[0]]]).events.count == 2)
    for loads in [[[cut], whole], [whole, [cut]]] {
      let session = Self.session(loads)
      #expect(session.events.count == 4)
      #expect(session.events[0].otherPlaces.count == 1)
    }
    var other = Self.whole(900 * Self.second + 1, pid: 99)
    other.invoker = LogText("web")
    #expect(Self.session([[cut], [other] + whole]).events.count == 6)
    (other.invoker, other.status) = (nil, .headless)
    #expect(Self.session([[cut], [other] + whole]).events.count == 6)
  }

  /// By uptimes alone a kill may be of any boot.
  @Test func whichBootNobodyKnows() {
    let cut = Self.beginning(900 * Self.second, .uptime)
    var later = Self.whole(901 * Self.second, pid: 9, boot: Self.boot + 86_400 * Self.second)
    later.boot = 1
    let boots = [Self.whole(901 * Self.second, pid: 8), later]
    #expect(Self.session([boots, [cut]]).events.count == 3)
  }

  /// A log of the first lines alone, as a filter leaves it.
  @Test func manyBeginnings() {
    let count = 3_000
    let cuts = (0..<count).map { Self.beginning(Int64($0) * 300_000) }
    let whole = (0..<count).map {
      Self.whole(Int64($0) * 300_000 + 9_000, pid: Int64($0) + 1)
    }
    for loads in [[cuts, whole], [whole, cuts]] {
      let session = Self.session(loads)
      #expect(session.events.count == count)
      #expect(session.killsInView == count)
    }
  }

  /// A process that is killed again and again has one kill line.
  @Test func beginningsOfEqualKills() {
    let count = 40
    let cuts = (0..<count).map { Self.beginning(Int64($0) * 10 * Self.second) }
    let whole = (0..<count).map { Self.whole(Int64($0) * 10 * Self.second + 9_000) }
    let mixed = (0..<count).map { $0 % 2 == 0 ? cuts[$0] : whole[$0] }
    let others = (0..<count).map { $0 % 2 == 0 ? whole[$0] : cuts[$0] }
    for loads in [[cuts, whole, cuts], [mixed, others, whole], [mixed, whole, others]] {
      let session = Self.session(loads)
      #expect(session.events.count == count)
      #expect(session.killsInView == count)
    }
  }

  /// A line that broke off is known by its process.
  @Test func killLinesThatBrokeOff() {
    let whole = Self.whole(900 * Self.second)
    var torn = whole
    torn.fingerprint = nil
    torn.victim?.anonRSS = nil
    for loads in [[[torn], [whole]], [[whole], [torn]]] {
      var session = Self.session(loads)
      #expect(session.events.count == 1 && session.killsInView == 1)
      #expect(session.event(1).fingerprint == whole.fingerprint)
      session.add(Input(name: "again"), [torn, whole])
      #expect(session.events.count == 1)
    }
    var other = torn
    other.victim?.pid = 8
    #expect(Self.session([[other], [whole]]).events.count == 2)
    #expect(Self.session([[other], [torn]]).events.count == 2)
  }

  /// The line that chooses, as a filter leaves it.
  @Test func choicesAlone() {
    var choice = Self.beginning(900 * Self.second - 400, chosen: 7)
    (choice.invoker, choice.order, choice.status) = (nil, nil, .headless)
    let whole = Self.whole(900 * Self.second)
    for loads in [[[choice], [whole]], [[whole], [choice]]] {
      #expect(Self.session(loads).events.count == 1)
    }
    #expect(Self.session([[choice], [Self.whole(900 * Self.second, pid: 8)]]).events.count == 2)
  }
}
