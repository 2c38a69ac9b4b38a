import KernelLog
import OOMReports
import TestSupport
import Testing

@testable import Investigation

/// A group kill in several logs, of which some hold its kill lines alone.
@Suite struct GroupKillTests {
  private static let pids: [Int64] = [317, 309, 313]

  private static func victim(_ pid: Int64) -> Victim {
    var victim = Victim(pid: pid, comm: LogText("worker"), line: 1)
    victim.totalVM = Bytes(pid * 4096)
    victim.fingerprint = UInt64(pid)
    return victim
  }

  private static func event(_ pids: ArraySlice<Int64>, _ time: LogTime, _ status: OOMReport.Status)
    -> Event
  {
    let victims = pids.map(victim)
    var event = Event(
      number: 0, time: time, status: status, outcome: .killed, victim: victims[0],
      killCount: victims.count, fingerprint: victims[0].fingerprint)
    event.otherVictims = Array(victims.dropFirst())
    return event
  }

  private static func time(_ micros: Int64, _ hasUptime: Bool) -> LogTime {
    hasUptime
      ? LogTime(uptimeMicros: 141_932_000 + micros)
      : LogTime(wallMicros: 1_700_000_000_000_000 + micros, errorMicros: 1, basis: .printed)
  }

  private static func whole(_ hasUptime: Bool) -> [Event] {
    [event(pids[...], time(0, hasUptime), .complete)]
  }

  /// The same log's kill lines; the first one is killed once more.
  private static func lines(_ hasUptime: Bool) -> [Event] {
    (pids + [pids[0]]).enumerated().map { index, pid in
      event([pid], time(Int64(index) * 2_500, hasUptime), .killOnly)
    }
  }

  @Test(arguments: [true, false])
  func eachIsKilledOnce(hasUptime: Bool) {
    let whole = Self.whole(hasUptime)
    let lines = Self.lines(hasUptime)
    let cut = [Self.event([Self.pids[0]], Self.time(0, hasUptime), .complete)]
    let group = [Self.event(Self.pids[...], Self.time(0, hasUptime), .killOnly)]
    let logs: [[Event]] = [whole, lines, cut, Array(lines.dropFirst()), group]
    for first in logs.indices {
      for second in logs.indices {
        for third in logs.indices {
          var session = Session()
          for log in [first, second, third] {
            session.add(Input(name: "log \(session.inputs.count)"), logs[log])
          }
          let all = [first, second, third] == [2, 2, 2] ? [Self.pids[0]] : Self.pids
          #expect(session.eventsInView.flatMap(\.victims).map(\.pid).sorted() == all.sorted())
          #expect(session.killsInView == all.count)
          #expect(session.inputs.reduce(0) { $0 + $1.killCount } == all.count)
        }
      }
    }
  }

  /// A later kill is not the group's, whatever its line says.
  @Test func laterKillsAreOthers() {
    let later = Self.event([Self.pids[1]], Self.time(60_000_000, true), .killOnly)
    let reported = Self.event([Self.pids[1]], Self.time(2_500, true), .complete)
    for other in [later, reported] {
      for loads in [[Self.whole(true), [other]], [[other], Self.whole(true)]] {
        var session = Session()
        for log in loads { session.add(Input(name: "log \(session.inputs.count)"), log) }
        #expect(session.killsInView == 4)
      }
    }
  }

  /// A log without times holds a kill once that another one dates.
  @Test func eachKillOfOneLogIsAnother() {
    func kill(_ time: LogTime) -> Event { Self.event([317], time, .killOnly) }
    let hour: Int64 = 3_600_000_000
    for basis in [LogTime.Basis.printedZoneAssumed, .converted, .printed] {
      let dated = (0..<4).map {
        kill(LogTime(wallMicros: 1_700_000_000_000_000 + $0 * hour, errorMicros: 1, basis: basis))
      }
      for single in [kill(LogTime(uptimeMicros: 5)), kill(LogTime()), dated[2]] {
        for loads in [[[single], dated], [dated, [single]]] {
          var session = Session()
          for log in loads { session.add(Input(name: "log \(session.inputs.count)"), log) }
          #expect(session.events.count == 4)
        }
      }
    }
  }
}
