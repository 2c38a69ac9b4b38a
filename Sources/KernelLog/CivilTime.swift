/// A date and time of day as a clock on the wall shows it, without a zone.
package struct CivilTime: Sendable, Equatable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int
  package var micros: Int

  package init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    micros: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.micros = micros
  }

  /// The civil time at a moment, seen at an offset from UTC in seconds.
  package init(unixMicros: Int64, offset: Int) {
    let local = unixMicros + Int64(offset) * 1_000_000
    let days = local.flooredDivision(by: 86_400_000_000)
    let rest = local - days * 86_400_000_000
    (year, month, day) = Self.date(ofDay: Int(days))
    let seconds = Int(rest / 1_000_000)
    (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    micros = Int(rest % 1_000_000)
  }

  /// Makes it another time of the same day.
  mutating func setTime(ofDay dayMicros: Int64) {
    let seconds = Int(dayMicros / 1_000_000)
    (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    micros = Int(dayMicros % 1_000_000)
  }

  /// Microseconds since 1970-01-01 as though the zone were UTC.
  package var unixMicrosAsUTC: Int64 {
    let seconds = Int64(Self.dayNumber(year, month, day)) * 86_400
    return (seconds + Int64(hour * 3600 + minute * 60 + second)) * 1_000_000 + Int64(micros)
  }

  /// Whether every part lies in its range; a leap second counts as valid.
  package var isValid: Bool {
    (1...12).contains(month) && (1...Self.days(inMonth: month, of: year)).contains(day)
      && (0...23).contains(hour) && (0...59).contains(minute) && (0...60).contains(second)
  }

  /// How many days a month (1…12) of a year has.
  package static func days(inMonth month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in
  /// March so that the leap day is the last.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let era = marchYear.flooredDivision(by: 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(ofDay number: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = shifted.flooredDivision(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension BinaryInteger {
  /// Division that rounds towards minus infinity, for a positive divisor.
  fileprivate func flooredDivision(by divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
