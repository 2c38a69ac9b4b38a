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
    let there = event(uptime: 5, fingerprint: 1, host: "b")
    #expect(added([[here], [there]]) == [1, 1])
    // A log that names no host is of the first one's, and makes no two hosts one.
    let nameless = event(uptime: 5, fingerprint: 1)
    #expect(added([[nameless], [here], [there]]) == [1, 0, 1])
    #expect(added([[here], [nameless], [there]]) == [1, 0, 1])
  }

  /// One daemon writes the domain, another one does not.
  @Test(arguments: [
    ("web1", "web1.example.com", 0), ("web1.example.com", "web1", 0), ("web1", "web12", 1),
    ("web1.example.com", "web1.example.org", 1), ("10", "10.0.0.1", 1),
  ])
  func aHostAndItsDomain(_ known: String, _ other: String, _ new: Int) {
    let loads = [known, other].map { [event(uptime: 5, fingerprint: 1, host: $0)] }
    #expect(added(loads) == [1, new])
  }

  @Test func theHostIsTakenFromTheLogThatNamesIt() {
    var session = Session()
    session.add([
      (Input(name: "dmesg"), EventStore([event(uptime: 5, fingerprint: 1)])),
      (Input(name: "syslog"), EventStore([event(uptime: 5, fingerprint: 1, host: "a")])),
    ])
    #expect(session.events.count == 1)
    #expect(session.event(1).host == LogText("a"))
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

  /// Where one log shows how late its daemon wrote, another one without uptimes may be as late.
  @Test func aDaemonThatIsShownToBeLate() {
    let hour: Int64 = 3_600_000_000
    var shown = event(uptime: hour, wall: hour, fingerprint: 1)
    shown.time.basis = .header
    var late = event(wall: 3 * hour, fingerprint: 1)
    late.time.basis = .printed
    late.time.errorMicros = 1
    for loads in [[shown, late], [late, shown]] {
      var session = Session()
      for (index, event) in loads.enumerated() {
        session.add(Input(name: "log \(index)"), [event])
      }
      #expect(session.events.count == 1)
      #expect(session.events.time(at: 0) == shown.time)
    }
    var early = late
    early.time.wallMicros = 0
    #expect(added([[shown], [early]]) == [1, 1])
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
    var other = old
    other.firstLine = 9
    #expect(added([[old, old], [other]]) == [2, 1])
    // But for the same line of the same file.
    #expect(added([[old, other], [old, other]]) == [2, 0])
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

  /// What one form prints of a report that killed nothing, another one leaves out.
  @Test func formsHoldTheSameReportThatKilledNothing() {
    let second: Int64 = 1_000_000
    let ring = event(uptime: 5)
    let syslog = event(uptime: 5, wall: 100 * second, host: "a")
    let local = event(wall: 100 * second + 400_000)
    #expect(added([[ring], [syslog], [local]]) == [1, 0, 0])
    #expect(added([[local], [syslog], [ring]]) == [1, 0, 0])
    #expect(added([[syslog], [event(uptime: 5, host: "b")]]) == [1, 1])
    #expect(added([[syslog], [event(uptime: 6, wall: 100 * second)]]) == [1, 1])
    #expect(added([[local], [event(wall: 102 * second)]]) == [1, 1])
    #expect(added([[ring, ring], [syslog, syslog, syslog]]) == [2, 1])
  }

  /// A file of which nothing is dated.
  @Test func aFileLoadedAgainAddsNothing() {
    var session = Session()
    var log = [event(), event()]
    (log[0].firstLine, log[1].firstLine) = (3, 90)
    for _ in 0..<2 { session.add(Input(name: "log"), log) }
    #expect(session.events.count == 2)
    session.add(Input(name: "other"), log)
    #expect(session.events.count == 4)
  }

  /// `dmesg -T >> FILE`, twice: the second banner begins no boot that could have the first one's times.
  @Test func aCopyOfABootIsNoOther() {
    var copy = event(wall: 100, fingerprint: 1)
    copy.time.basis = .converted
    let first = copy
    (copy.boot, copy.isBootShown) = (1, true)
    #expect(added([[first, copy]]) == [1])
    copy.time.wallMicros = 8_000_000
    #expect(added([[first, copy]]) == [2])
  }

  private func session(_ loads: [(name: String, event: Event)]) -> Session {
    var session = Session()
    for load in loads { session.add(Input(name: load.name), [load.event]) }
    return session
  }

  /// dmesg, kern.log whose header is 637 s late, and the journal.
  @Test func oneKillInThreeLogsRemembersThemAll() {
    var ring = event(uptime: 279_318_982, fingerprint: 1)
    ring.status = .killOnly
    var syslog = event(uptime: 279_318_982, wall: 637_000_000, fingerprint: 1, host: "a")
    (syslog.firstLine, syslog.lastLine, syslog.time.basis) = (120, 180, .printed)
    var journal = event(uptime: 279_318_982, wall: 5, fingerprint: 1, host: "a")
    (journal.firstLine, journal.lastLine, journal.time.basis) = (1, 60, .journal)
    let session = session([("dmesg", ring), ("kern.log.1", syslog), ("journal", journal)])
    #expect(session.events.count == 1)
    let event = session.event(1)
    // The most complete report is shown, with the best clock.
    #expect(event.status == .complete && event.place.firstLine == 120 && event.input == 1)
    #expect(event.time.wallMicros == 5 && event.time.basis == .journal)
    #expect(event.otherPlaces.map(\.input) == [0, 2])
    #expect(session.inputs.map(\.duplicateCount) == [0, 1, 1])
    #expect(session.inputs.map(\.unplacedCount) == [0, 0, 0])
  }

  @Test func theSameFileTwiceIsNoSecondPlace() {
    let kill = event(uptime: 5, fingerprint: 1)
    let session = session([("log", kill), ("log", kill)])
    #expect(session.event(1).otherPlaces.isEmpty)
    #expect(session.inputs[1].duplicateCount == 1)
  }

  /// Without the stamp, its pid and sizes tell the kill, whatever a form made of its name.
  @Test func aChangedNameIsKnownByItsSizes() {
    var odd = event(uptime: 5, wall: 100, fingerprint: 1)
    odd.victim?.comm = LogText("\u{1B}[31mRED")
    var plain = event(wall: 1_000_100, fingerprint: 2)
    plain.victim?.comm = LogText("RED")
    for loads in [[odd], [plain]].permuted {
      var session = Session()
      for (index, load) in loads.enumerated() { session.add(Input(name: "log \(index)"), load) }
      #expect(session.events.count == 1)
      // The name that says most is shown.
      #expect(session.event(1).victim?.comm == odd.victim?.comm)
    }
    var other = plain
    other.victim?.anonRSS = Bytes(1)
    odd.victim?.anonRSS = Bytes(2)
    #expect(added([[odd], [other]]) == [1, 1])
    other = plain
    other.victim?.comm = LogText("BLUE")
    #expect(added([[odd], [other]]) == [1, 1])
    other = plain
    other.time.wallMicros = 7_200_000_000
    #expect(added([[odd], [other]]) == [1, 1])
  }

  private func event(inBoot boot: Int, isShown: Bool, wall: Int64? = nil) -> Event {
    var kill = event(uptime: 5, wall: wall, fingerprint: 1, host: "a")
    (kill.boot, kill.isBootShown) = (boot, isShown)
    if wall != nil { (kill.time.basis, kill.time.errorMicros) = (.printed, 1) }
    return kill
  }

  /// The same stamp, pid and text in two boots of one log are two kills, and in a copy of its lines
  /// one.
  @Test func bootsOfOneLog() {
    let first = event(inBoot: 0, isShown: false)
    #expect(added([[first, event(inBoot: 1, isShown: true)]]) == [2])
    #expect(added([[first, event(inBoot: 1, isShown: false)]]) == [1])
    #expect(added([[first], [event(inBoot: 1, isShown: true)]]) == [1, 0])
    let day = [0, 86_400_000_000].map { event(inBoot: $0 == 0 ? 0 : 1, isShown: false, wall: $0) }
    #expect(added([day]) == [2])
  }

  /// One daemon is not late for one copy of a line and prompt for another.
  @Test func withinOneLogMinutesTellKillsApart() {
    let kill = event(wall: 0, fingerprint: 1)
    let later = event(wall: 637_000_000, fingerprint: 1)
    #expect(added([[kill, later]]) == [2])
    #expect(added([[kill], [later]]) == [1, 0])
  }

  /// journalctl leaves control characters out, so the text of the line is another one.
  @Test func aNameThatACarrierChangedIsKnownByStampAndPID() {
    var odd = event(uptime: 5, fingerprint: 1)
    odd.victim?.comm = LogText("two\nlines")
    var changed = event(uptime: 5, fingerprint: 2)
    changed.victim?.comm = LogText("twolines")
    #expect(added([[odd], [changed]]) == [1, 0])
    #expect(added([[changed], [odd]]) == [1, 0])
    changed.time.uptimeMicros = 6
    #expect(added([[odd], [changed]]) == [1, 1])
    changed.time.uptimeMicros = 5
    changed.victim?.pid = 8
    #expect(added([[odd], [changed]]) == [1, 1])
  }

  /// A snapshot's clones have its stamps and pids, and other clocks.
  @Test func clonesAreNeverOne() {
    let here = event(uptime: 5, fingerprint: 1, host: "a")
    #expect(added([[here], [event(uptime: 5, fingerprint: 1, host: "b")]]) == [1, 1])
    var (one, two) = (event(uptime: 5, wall: 0, fingerprint: 1), event(uptime: 5, fingerprint: 1))
    (one.time.basis, one.time.errorMicros) = (.journal, 1000)
    two.time.wallMicros = 178_105_000_000
    (two.time.basis, two.time.errorMicros) = (.journal, 1000)
    #expect(added([[one], [two]]) == [1, 1])
  }

  @Test func equalPIDsAtOtherStampsAreOthers() {
    let kills = (1...3).map { event(uptime: Int64($0), fingerprint: 1) }
    #expect(added([kills, kills]) == [3, 0])
  }
}

/// What the user says of the clocks.
@Suite struct UserAnchorTests {
  private func event(_ pid: Int64, uptime: Int64?, segment: Int = 0, host: String = "a") -> Event {
    var event = Event(
      number: 0, time: LogTime(uptimeMicros: uptime), status: .complete, outcome: .killed,
      host: LogText(host), victim: Victim(pid: pid, comm: LogText("a"), line: 1), killCount: 1)
    event.fingerprint = UInt64(pid)
    event.segment = segment
    return event
  }

  @Test func anAnchorDatesItsStretchAndNoOther() {
    var session = Session()
    session.add(
      Input(name: "x"),
      [
        event(1, uptime: 1_000_000), event(2, uptime: 500_000_000),
        event(3, uptime: 2_000_000, segment: 1), event(4, uptime: 3_000_000, host: "b"),
        event(5, uptime: nil),
      ])
    #expect(session.anchor(2, at: 9_500_000_000) == 2)
    let times = (1...5).map { session.event($0).time }
    #expect(times.map(\.wallMicros) == [9_001_000_000, 9_500_000_000, nil, nil, nil])
    #expect(times[0].basis == .user && times[0].errorMicros == 1_000_000 + 499_000_000 / 20_000)
    #expect(session.inputs[0].unplacedCount == 3)
    #expect(session.anchor(5, at: 1) == nil)
    session.removeAnchors()
    #expect((1...5).allSatisfy { session.event($0).time.wallMicros == nil })
    #expect(session.inputs[0].unplacedCount == 5)
  }
}

extension [[Event]] {
  /// Two loads in both orders.
  fileprivate var permuted: [[[Event]]] { [self, reversed()] }
}
