/// A moment as somebody typed it. What it means is decided later, against the session's anchor and
/// zone, so that a script says the same tomorrow.
package enum TimeExpression: Sendable, Equatable {
  /// So many microseconds before the anchor: `24h`, `1d12h`.
  case ago(micros: Int64)
  /// So many microseconds after boot: `boot+123.4`.
  case sinceBoot(micros: Int64)
  /// A time of the day that lies so many days before the anchor's day: `today`, `yesterday 14:00`.
  case day(before: Int, TimeOfDay)
  /// The latest such time of the day up to the anchor: `14:31`.
  case clock(TimeOfDay)
  /// The latest such day of a year up to the anchor, as syslog prints it: `Oct 25 14:32:00`.
  case yearless(month: Int, day: Int, TimeOfDay)
  /// Microseconds since 1970-01-01 UTC: `@1790000000`.
  case epoch(micros: Int64)
  /// A date of the calendar, in the session's zone unless it names its own offset from UTC.
  case date(CalendarDate, TimeOfDay, offsetSeconds: Int?)
  /// The anchor itself.
  case now
}

/// A day of the Gregorian calendar; there is always such a day.
package struct CalendarDate: Sendable, Equatable {
  package let year: Int
  /// 1…12.
  package let month: Int
  /// 1…31.
  package let day: Int

  /// Nil where the calendar has no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// A time of the day, 00:00:00 up to 23:59:59.999999.
package struct TimeOfDay: Sendable, Equatable {
  package let hour: Int
  package let minute: Int
  package let second: Int
  package let micros: Int

  package static let midnight = TimeOfDay()

  private init() {
    (hour, minute, second, micros) = (0, 0, 0, 0)
  }

  /// Nil where a clock does not show such a time.
  package init?(hour: Int, minute: Int, second: Int = 0, micros: Int = 0) {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
      (0...999_999).contains(micros)
    else { return nil }
    self.hour = hour
    self.minute = minute
    self.second = second
    self.micros = micros
  }

  /// Microseconds since midnight, where no clock is changed in between.
  package var microsSinceMidnight: Int64 {
    Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + Int64(micros)
  }
}
