import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct TallyTests {
  private let utc = CivilCalendar { _ in 0 }

  private func tally(
    _ events: [Event], by name: String, _ calendar: CivilCalendar? = nil
  ) throws -> Tally {
    Tally(
      EventStore(events), events.map(\.number), by: try #require(Dimension.named(name)),
      calendar ?? utc)
  }

  /// An event that killed these processes, each a name and a uid.
  private func event(_ number: Int, _ victims: [(String, Int64)]) -> Event {
    var event = Sample.memcg(number).event
    let killed = victims.enumerated().map { index, one in
      var victim = Victim(pid: Int64(number * 10 + index), comm: LogText(one.0), line: 1)
      victim.uid = one.1
      return victim
    }
    event.victim = killed.first
    event.otherVictims = Array(killed.dropFirst())
    event.killCount = killed.count
    return event
  }

  @Test func everyProcessOfAGroupCountsForItsOwnName() throws {
    let events = [
      event(1, [("worker", 33), ("master", 0), ("worker", 33)]), event(2, [("worker", 33)]),
    ]
    let names = try tally(events, by: "victims")
    #expect(names.rows.map(\.text) == ["worker", "master"])
    #expect(names.rows.map(\.kills) == [3, 1] && names.rows.map(\.events) == [2, 1])
    #expect(names.kills == 4 && names.events == 2 && names.unknown == 0)
    let users = try tally(events, by: "users")
    #expect(users.rows.map(\.text) == ["33", "0"] && users.rows.map(\.kills) == [3, 1])
  }

  @Test func whatBelongsToTheEventCountsAllItsKills() throws {
    let events = [event(1, [("a", 1), ("b", 2)]), event(2, [("a", 1)])]
    let groups = try tally(events, by: "cgroups")
    #expect(groups.rows.map(\.kills) == [3] && groups.rows.map(\.events) == [2])
    #expect(groups.rows.map(\.first) == [1] && groups.rows.map(\.last) == [2])
  }

  @Test func whatTheLogDoesNotTellIsCounted() throws {
    var unknown = event(1, [("a", 1)])
    unknown.constraint = nil
    unknown.invoker = nil
    let events = [unknown, event(2, [])]
    #expect(try tally(events, by: "constraints").unknown == 1)
    #expect(try tally(events, by: "victims").unknown == 1)
    #expect(try tally(events, by: "hosts").unknown == 2)
    #expect(try tally(events, by: "hosts").rows.isEmpty)
  }

  @Test func mostKillsComeFirst() throws {
    let events = [event(1, [("b", 1)]), event(2, [("c", 1)]), event(3, [("c", 1)])]
    #expect(try tally(events, by: "victims").rows.map(\.text) == ["c", "b"])
  }

  @Test func hoursAreInTheOrderOfTheDayAndOfTheZone() throws {
    let hours: [Int64] = [22, 3, 3, 9]
    let events = hours.enumerated().map { index, hour in
      var event = event(index + 1, [("a", 1)])
      event.time.wallMicros = hour * 3_600_000_000
      return event
    }
    #expect(try tally(events, by: "hours").rows.map(\.text) == ["03:00", "09:00", "22:00"])
    let seoul = CivilCalendar { _ in 9 * 3600 }
    #expect(try tally(events, by: "hours", seoul).rows.map(\.text) == ["07:00", "12:00", "18:00"])
  }
}
