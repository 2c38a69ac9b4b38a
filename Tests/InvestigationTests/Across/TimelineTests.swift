import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct TimelineTests {
  private let utc = CivilCalendar { _ in 0 }
  private static let hour: Int64 = 3_600_000_000
  private static let day: Int64 = 24 * hour

  /// Events with one kill each at these moments; nil has no wall-clock time.
  private func store(_ moments: [Int64?], uptimes: [Int64?] = []) -> EventStore {
    EventStore(
      moments.enumerated().map { index, wall in
        var event = Sample.machine(index + 1).event
        event.time = LogTime(
          uptimeMicros: index < uptimes.count ? uptimes[index] : nil, wallMicros: wall,
          errorMicros: wall.map { _ in 0 }, basis: .printed)
        return event
      })
  }

  private func timeline(
    _ events: EventStore, by unit: Timeline.Unit? = nil, _ calendar: CivilCalendar? = nil
  ) -> Timeline? {
    Timeline(events, Array(1...max(events.count, 1)), by: unit, calendar ?? utc)
  }

  @Test func countsByHourAndTellsOfEmptyOnes() throws {
    let hour = Self.hour
    let found = try #require(timeline(store([0, hour - 1, hour, 5 * hour]), by: .hour))
    #expect(found.buckets.map(\.start) == [0, hour, 5 * hour])
    #expect(found.buckets.map(\.events) == [2, 1, 1] && found.buckets.map(\.kills) == [2, 1, 1])
    #expect(found.buckets.map(\.gap) == [0, 0, 3])
  }

  @Test(
    arguments: [
      (0, .minute), (2 * hour, .minute), (2 * hour + 1, .hour), (3 * day, .hour),
      (3 * day + 1, .day),
    ] as [(Int64, Timeline.Unit)])
  func theSpanChoosesTheUnit(_ span: Int64, _ unit: Timeline.Unit) throws {
    #expect(try #require(timeline(store([1_000_000, 1_000_000 + span]))).unit == unit)
  }

  @Test func anHourThatComesTwiceIsTwo() throws {
    // Central Europe, 2026-10-25: at 01:00 UTC clocks go from 03:00 +02:00 back to 02:00 +01:00.
    let change: Int64 = 1_792_890_000
    let berlin = CivilCalendar { $0 < change ? 7200 : 3600 }
    let first = (change - 1800) * 1_000_000
    let found = try #require(timeline(store([first, first + Self.hour]), by: .hour, berlin))
    #expect(found.buckets.map(\.start) == [(change - 3600) * 1_000_000, change * 1_000_000])
    #expect(found.buckets.map(\.gap) == [0, 0])
  }

  @Test func daysAreThoseOfTheZone() throws {
    let seoul = CivilCalendar { _ in 9 * 3600 }
    let events = store([14 * Self.hour, 16 * Self.hour])
    #expect(try #require(timeline(events, by: .day)).buckets.map(\.start) == [0])
    let found = try #require(timeline(events, by: .day, seoul))
    #expect(found.buckets.map(\.start) == [0, 1])
    // 1970-01-01 was a Thursday.
    let week = try #require(timeline(events, by: .weekday, seoul))
    #expect(week.buckets.map(\.kills) == [0, 0, 0, 1, 1, 0, 0])
  }

  @Test func momentsBefore1970AndHalfHoursHaveTheirBuckets() throws {
    let india = CivilCalendar { _ in 19_800 }
    let found = try #require(timeline(store([-1, 0]), by: .hour, india))
    #expect(found.buckets.map(\.start) == [-Self.hour / 2])
  }

  @Test func theUndatedAreCountedApart() throws {
    let found = try #require(timeline(store([0, nil, nil])))
    #expect(found.undated == 2 && found.undatedKills == 2 && found.buckets.count == 1)
  }

  @Test func withoutWallClockTheBootIsTheClock() throws {
    let events = store([nil, nil], uptimes: [60_000_000, 200_000_000])
    let found = try #require(timeline(events))
    #expect(found.clock == .uptime && found.unit == .minute)
    #expect(found.buckets.map(\.start) == [60_000_000, 180_000_000])
    #expect(timeline(events, by: .weekday) == nil)
  }

  @Test func uptimesOfTwoBootsAreNotMixed() throws {
    var first = Sample.machine(1).event
    var second = Sample.machine(2).event
    first.time.wallMicros = nil
    second.time.wallMicros = nil
    second.boot = 1
    let found = try #require(timeline(EventStore([first, second])))
    #expect(found.clock == .wall && found.buckets.isEmpty && found.undated == 2)
  }

  @Test func timesThatAreLessSureThanABucketAreSaid() throws {
    var event = Sample.machine(1).event
    event.time.errorMicros = 120_000_000
    #expect(try #require(timeline(EventStore([event]), by: .minute)).unsure == 1)
    #expect(try #require(timeline(EventStore([event]), by: .hour)).unsure == 0)
    event.time.errorMicros = nil
    #expect(try #require(timeline(EventStore([event]), by: .hour)).unsure == 1)
  }
}
