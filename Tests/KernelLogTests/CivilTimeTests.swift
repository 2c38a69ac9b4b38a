import KernelLog
import TestSupport
import Testing

@Suite struct CivilTimeTests {
  @Test func everyDayFrom1970To2100ComesBack() {
    var (year, month, day) = (1970, 1, 1)
    var wrong: [CivilTime] = []
    for number in 0..<47_847 {
      let micros = Int64(number) * 86_400_000_000
      let civil = CivilTime(year: year, month: month, day: day)
      if CivilTime(unixMicros: micros, offset: 0) != civil || civil.unixMicrosAsUTC != micros {
        wrong.append(civil)
      }
      day += 1
      if day > CivilTime.days(inMonth: month, of: year) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(wrong.isEmpty)
    #expect((year, month, day) == (2101, 1, 1))
  }

  @Test func momentsComeBack() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<2000 {
      let micros = Int64.random(in: -10_000_000_000_000_000...9_000_000_000_000_000, using: &random)
      let offset = random.number(-14...14) * 3600 + random.pick(0, 1800, 2700)
      let civil = CivilTime(unixMicros: micros, offset: offset)
      #expect(civil.isValid)
      #expect(civil.unixMicrosAsUTC - Int64(offset) * 1_000_000 == micros)
    }
  }

  @Test(
    arguments: [
      (CivilTime(year: 1972, month: 2, day: 29), true),
      (CivilTime(year: 2000, month: 2, day: 29), true),
      (CivilTime(year: 2100, month: 2, day: 29), false),
      (CivilTime(year: 2023, month: 2, day: 29), false),
      (CivilTime(year: 2024, month: 2, day: 30), false),
      (CivilTime(year: 2024, month: 13, day: 1), false),
      (CivilTime(year: 2024, month: 0, day: 1), false),
      (CivilTime(year: 2024, month: 4, day: 31), false),
      (CivilTime(year: 2024, month: 12, day: 31), true),
      (CivilTime(year: 2024, month: 1, day: 0), false),
      (CivilTime(year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60), true),
      (CivilTime(year: 2016, month: 12, day: 31, hour: 24), false),
      (CivilTime(year: 2016, month: 12, day: 31, minute: 60), false),
      (CivilTime(year: 2016, month: 12, day: 31, second: 61), false),
    ] as [(CivilTime, Bool)])
  func validity(_ civil: CivilTime, isValid: Bool) {
    #expect(civil.isValid == isValid)
  }

  @Test func knownMoments() {
    #expect(
      CivilTime(year: 2026, month: 10, day: 25, hour: 14, minute: 31, second: 23).unixMicrosAsUTC
        == 1_792_938_683_000_000)
    #expect(CivilTime(unixMicros: -1, offset: 0).year == 1969)
    #expect(CivilTime(unixMicros: 0, offset: 9 * 3600).hour == 9)
  }
}
