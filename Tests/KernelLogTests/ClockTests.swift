import KernelLog
import Testing

@Suite struct ClockTests {
  private static func stamp(_ civil: CivilTime, offset: Int? = nil) -> Stamp {
    var stamp = Stamp()
    stamp.civil = civil
    stamp.utcOffset = offset
    return stamp
  }

  private static func stamp(uptime: Int64) -> Stamp {
    var stamp = Stamp()
    stamp.uptimeMicros = uptime
    return stamp
  }

  /// Near New Year: the stamp's month and day, the reference, the year it must be.
  @Test(
    arguments: [
      (12, 31, CivilTime(year: 2027, month: 1, day: 1, hour: 3), 2026),
      (1, 1, CivilTime(year: 2027, month: 1, day: 1, hour: 3), 2027),
      // A day's grace: a log written by a clock that runs ahead, or in another zone.
      (1, 1, CivilTime(year: 2026, month: 12, day: 31, hour: 23), 2027),
      (1, 3, CivilTime(year: 2026, month: 12, day: 31, hour: 23), 2026),
      (12, 30, CivilTime(year: 2026, month: 12, day: 29, hour: 23), 2026),
      (12, 31, CivilTime(year: 2026, month: 12, day: 29, hour: 23), 2025),
      (2, 29, CivilTime(year: 2027, month: 6, day: 1), 2024),
      (6, 1, CivilTime(year: 2027, month: 6, day: 1), 2027),
    ] as [(Int, Int, CivilTime, Int)])
  func yearlessStamps(_ month: Int, _ day: Int, _ reference: CivilTime, _ year: Int) {
    let clock = Clock(referenceMicros: reference.unixMicrosAsUTC)
    let time = clock.time(of: Self.stamp(CivilTime(year: 0, month: month, day: day)))
    #expect(time.wallMicros == CivilTime(year: year, month: month, day: day).unixMicrosAsUTC)
    #expect(time.basis == .printedYearAssumed)
  }

  @Test func yearlessStampsWithoutReferenceHaveNoTime() {
    let time = Clock().time(of: Self.stamp(CivilTime(year: 0, month: 6, day: 1)))
    #expect(time.wallMicros == nil)
    #expect(time.basis == .none)
  }

  @Test(arguments: [
    CivilTime(year: 2026, month: 2, day: 30), CivilTime(year: 0, month: 2, day: 30),
    CivilTime(year: 2026, month: 13, day: 1), CivilTime(year: 0, month: 0, day: 0),
  ])
  func impossibleDatesHaveNoTime(_ civil: CivilTime) {
    let clock = Clock(referenceMicros: CivilTime(year: 2027, month: 6, day: 1).unixMicrosAsUTC)
    #expect(clock.time(of: Self.stamp(civil)).wallMicros == nil)
  }

  @Test func printedOffsetsCount() {
    let civil = CivilTime(year: 2026, month: 11, day: 23, hour: 8, minute: 36, second: 9)
    let time = Clock(utcOffset: { _ in 3600 }).time(of: Self.stamp(civil, offset: 9 * 3600))
    #expect(time.wallMicros == civil.unixMicrosAsUTC - 9 * 3_600_000_000)
    #expect(time.basis == .printed)
  }

  /// Central European time: +1, and +2 from 2026-03-29 01:00 UTC to 2026-10-25 01:00 UTC.
  private static let europe = Clock(utcOffset: { seconds in
    (1_774_746_000..<1_792_890_000).contains(seconds) ? 7200 : 3600
  })

  @Test(
    arguments: [
      (CivilTime(year: 2026, month: 1, day: 10, hour: 12), 1),
      (CivilTime(year: 2026, month: 3, day: 29, hour: 1, minute: 59), 1),
      (CivilTime(year: 2026, month: 3, day: 29, hour: 3), 2),
      (CivilTime(year: 2026, month: 7, day: 1, hour: 12), 2),
      (CivilTime(year: 2026, month: 10, day: 25, hour: 1, minute: 59), 2),
      (CivilTime(year: 2026, month: 10, day: 25, hour: 3), 1),
    ] as [(CivilTime, Int64)])
  func summerTime(_ civil: CivilTime, _ hours: Int64) {
    let time = Self.europe.time(of: Self.stamp(civil))
    #expect(time.wallMicros == civil.unixMicrosAsUTC - hours * 3_600_000_000)
    #expect(time.basis == .printedZoneAssumed)
  }

  @Test func theHourThatIsThereTwiceIsOneOfTheTwo() {
    let civil = CivilTime(year: 2026, month: 10, day: 25, hour: 2, minute: 30)
    let wall = Self.europe.time(of: Self.stamp(civil)).wallMicros
    let hours = wall.map { (civil.unixMicrosAsUTC - $0) / 3_600_000_000 }
    #expect(hours == 1 || hours == 2)
  }

  @Test func uptimeIsNeverTakenForATimeOfDay() {
    let clock = Clock(referenceMicros: 1_792_938_683_000_000)
    let time = clock.time(of: Self.stamp(uptime: 12_345_678))
    #expect(time.wallMicros == nil)
    #expect(time.uptimeMicros == 12_345_678)
    #expect(time.basis == .none)
  }

  @Test func theRunningKernelsStamps() {
    let (now, up) = (Int64(1_792_938_683_000_000), Int64(900_000_000))
    let clock = Clock.live(
      realtimeMicros: now, boottimeMicros: up + 300_000_000, monotonicMicros: up,
      utcOffset: { _ in 0 })
    let time = clock.time(of: Self.stamp(uptime: up - 60_000_000))
    #expect(time.wallMicros == now - 60_000_000)
    #expect(time.basis == .live)
    // It slept five minutes at some time: an older stamp may be so much too late.
    #expect(time.errorMicros == 300_010_000)
    let awake = Clock.live(
      realtimeMicros: now, boottimeMicros: up, monotonicMicros: up, utcOffset: { _ in 0 })
    #expect(awake.time(of: Self.stamp(uptime: up)).errorMicros == 10_000)
  }

  /// journald read the record 590 s after it was logged; its two clocks say so.
  @Test func journalEntriesAreReadLate() {
    var stamp = Self.stamp(uptime: 279_318_982)
    stamp.unixMicros = 1_795_390_522_819_300
    stamp.journalMonotonicMicros = 869_572_600
    let time = Clock().time(of: stamp)
    #expect(time.wallMicros == Int64(1_795_389_932_565_682))
    #expect(time.basis == .journal)
    stamp.journalMonotonicMicros = nil
    #expect(Clock().time(of: stamp).basis == .printed)
    #expect(Clock().time(of: stamp).wallMicros == 1_795_390_522_819_300)
  }
}
