import Testing

@testable import OOMShell

@Suite struct TimeTextTests {
  private static let day = CalendarDate(year: 2026, month: 11, day: 21)

  private static func date(
    _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0, _ micros: Int = 0, offset: Int? = nil
  ) -> TimeExpression? {
    guard let day, let time = TimeOfDay(hour: hour, minute: minute, second: second, micros: micros)
    else { return nil }
    return .date(day, time, offsetSeconds: offset)
  }

  private static func day(before: Int, _ hour: Int, _ minute: Int) -> TimeExpression? {
    TimeOfDay(hour: hour, minute: minute).map { .day(before: before, $0) }
  }

  @Test(
    arguments: [
      ("24h", .ago(micros: 86_400_000_000)), ("3d", .ago(micros: 259_200_000_000)),
      ("90m", .ago(micros: 5_400_000_000)), ("30s", .ago(micros: 30_000_000)),
      ("2w", .ago(micros: 1_209_600_000_000)), ("1d12h", .ago(micros: 129_600_000_000)),
      ("0s", .ago(micros: 0)), ("now", .now), ("20000h", .ago(micros: 72_000_000_000_000)),
      ("today", .day(before: 0, .midnight)), ("yesterday", .day(before: 1, .midnight)),
      ("yesterday 14:00", day(before: 1, 14, 0)), ("today 09:05", day(before: 0, 9, 5)),
      ("boot+123.4", .sinceBoot(micros: 123_400_000)), ("boot+0", .sinceBoot(micros: 0)),
      ("boot+1.1234567", .sinceBoot(micros: 1_123_456)),
      ("2026-11-21", date()), ("2026-11-21T14:00", date(14)),
      ("2026-11-21 14:00:05", date(14, 0, 5)), ("2026-11-21T14:00:05.25", date(14, 0, 5, 250_000)),
      ("2026-11-21T14:00:05,25", date(14, 0, 5, 250_000)),
      ("2026-11-21T14:00Z", date(14, offset: 0)),
      ("2026-11-21 14:00:05 +09:00", date(14, 0, 5, offset: 32_400)),
      ("2026-11-21T14:00-0330", date(14, offset: -12_600)),
      ("2026-11-21T14:00+09", date(14, offset: 32_400)),
      ("1.5h", .ago(micros: 5_400_000_000)), ("0.25d", .ago(micros: 21_600_000_000)),
      ("@1790000000", .epoch(micros: 1_790_000_000_000_000)),
      ("@1790000000.5", .epoch(micros: 1_790_000_000_500_000)),
      ("14:31", TimeOfDay(hour: 14, minute: 31).map { .clock($0) }),
      ("14:31:05", TimeOfDay(hour: 14, minute: 31, second: 5).map { .clock($0) }),
      ("Oct 25", .yearless(month: 10, day: 25, .midnight)),
      ("Feb  9", .yearless(month: 2, day: 9, .midnight)),
      (
        "Oct 25 14:32:00",
        TimeOfDay(hour: 14, minute: 32).map { .yearless(month: 10, day: 25, $0) }
      ),
      ("Sat Nov 21 14:00:05 2026", date(14, 0, 5)), ("Nov 21 14:00:05 2026", date(14, 0, 5)),
      (
        "Sun Oct 25 14:32:00",
        TimeOfDay(hour: 14, minute: 32).map { .yearless(month: 10, day: 25, $0) }
      ),
      ("2026-11-21T14:00 UTC", date(14, offset: 0)), ("2026-11-21Z", date(offset: 0)),
    ] as [(String, TimeExpression?)])
  func reads(text: String, expected: TimeExpression?) throws {
    #expect(try TimeText.parse(text) == expected)
  }

  @Test(arguments: [
    ("24", "'24' has no unit"), ("24x", "'24x' is no time"), ("h", "'h' is no time"),
    ("", "'' is no time"), ("-24h", "'-24h' is no time"), ("1.h", "'1.h' is no time"),
    ("14:61", "'14:61': no clock shows such a time"), ("@", "'@' is no time"),
    ("Feb 30", "'Feb 30': the calendar has no such day"), ("Oct", "'Oct' is no time"),
    ("Feb 29 14:00 2026", "'Feb 29 14:00 2026': the calendar has no such day"),
    ("Sun", "'Sun' is no time"), ("Sun 14:00", "'Sun 14:00' is no time"),
    ("Oct 25 1", "'Oct 25 1' is no time"),
    ("tomorrow", "'tomorrow' is no time"), ("todayx", "'todayx' is no time"),
    ("today 25:00", "'today 25:00': no clock shows such a time"),
    ("today 9:00", "'today 9:00' is no time"), ("boot+", "'boot+' is no time"),
    ("boot+1.", "'boot+1.' is no time"),
    ("2026-13-01", "'2026-13-01': the calendar has no such day"),
    ("2026-02-29", "'2026-02-29': the calendar has no such day"),
    ("2026-11-21T14", "'2026-11-21T14' is no time"),
    ("2026-11-21T14:00:60", "'2026-11-21T14:00:60': no clock shows such a time"),
    ("2026-11-21T14:00+99:00", "'2026-11-21T14:00+99:00' is no time"),
    ("2026-11-21T14:00+09:", "'2026-11-21T14:00+09:' is no time"),
    ("99999999999999999999h", "'99999999999999999999h' is no time"),
    ("9999999999999h", "'9999999999999h' is too long ago"),
    ("2026-11-21x", "'2026-11-21x' is no time"),
  ])
  func refuses(text: String, message: String) {
    #expect {
      try TimeText.parse(text)
    } throws: {
      ($0 as? GrammarFault)?.message == message
    }
  }

  @Test func proposesTheUnit() {
    let hint = "write 24h for hours; the units are s, m, h, d and w"
    #expect(throws: GrammarFault("'24' has no unit", hint: hint)) { try TimeText.parse("24") }
  }

  @Test func knowsLeapYears() {
    #expect(CalendarDate(year: 2024, month: 2, day: 29) != nil)
    #expect(CalendarDate(year: 2000, month: 2, day: 29) != nil)
    #expect(CalendarDate(year: 1900, month: 2, day: 29) == nil)
    #expect(CalendarDate(year: 2026, month: 4, day: 31) == nil)
    #expect(CalendarDate(year: 2026, month: 0, day: 1) == nil)
    #expect(CalendarDate(year: 2026, month: 1, day: 0) == nil)
  }

  @Test func countsMicrosecondsOfTheDay() {
    let time = TimeOfDay(hour: 1, minute: 2, second: 3, micros: 4)
    #expect(time?.microsSinceMidnight == 3_723_000_004)
  }

  @Test(
    arguments: [
      ("+09:00", 32_400), ("-0330", -12_600), ("+09", 32_400), ("+00:00", 0), ("09:00", nil),
      ("+9", nil), ("Z", nil), ("+09:00x", nil), ("", nil),
    ] as [(String, Int?)])
  func readsOffsets(text: String, seconds: Int?) {
    #expect(TimeText.parseOffset(text) == seconds)
  }
}
