/// Reads the times that people type.
package struct TimeText {
  /// What is legal, for hints.
  static let forms =
    "24h, 1.5h, 3d, 14:31, 'yesterday 14:00', today, 2026-11-21, 'Nov 21 14:00:05', "
    + "'2026-11-21 14:00:05 +09:00', @1790000000 or boot+123.4"

  private let text: String
  private var rest: Substring.UTF8View

  /// Reads a whole text as one time.
  package static func parse(_ text: String) throws(GrammarFault) -> TimeExpression {
    var reader = TimeText(text)
    let expression = try reader.expression()
    guard reader.rest.isEmpty else { throw reader.fault() }
    return expression
  }

  /// Reads `+09:00`, `-0330` or `+09` as seconds; nil for anything else.
  static func parseOffset(_ text: String) -> Int? {
    guard text.hasPrefix("+") || text.hasPrefix("-") else { return nil }
    var reader = TimeText(text)
    guard let seconds = try? reader.offset(), reader.rest.isEmpty else { return nil }
    return seconds
  }

  private init(_ text: String) {
    self.text = text
    self.rest = text[...].utf8
  }
}

extension TimeText {
  private mutating func expression() throws(GrammarFault) -> TimeExpression {
    if take("now") { return .now }
    if take("boot+") { return .sinceBoot(micros: try seconds()) }
    if take("today") { return .day(before: 0, try timeOfDay(after: [" ", "T"])) }
    if take("yesterday") { return .day(before: 1, try timeOfDay(after: [" ", "T"])) }
    if take("@") { return .epoch(micros: try seconds()) }
    let hasWeekday = Self.weekdays.contains { take($0 + " ") }
    if let month = month() { return try monthAndDay(month) }
    guard !hasWeekday else { throw fault() }
    var ahead = self
    if ahead.digits(4) != nil, ahead.take("-") { return try date() }
    ahead = self
    if ahead.digits(2) != nil, ahead.take(":") { return .clock(try timeOfDay()) }
    return try span()
  }

  /// What `date`, `dmesg -T` and `logread` print first; the date says which day that was.
  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Reads the short English name of a month, as 1…12.
  private mutating func month() -> Int? {
    for (index, name) in Self.months.enumerated() where take(name + " ") { return index + 1 }
    return nil
  }

  /// Reads `25[ 14:32[:00]][ 2026]` after the month; one digit may stand behind two blanks.
  private mutating func monthAndDay(_ month: Int) throws(GrammarFault) -> TimeExpression {
    while take(" ") {}
    guard let day = digits(2) ?? digits(1) else { throw fault() }
    // Every day of a month is one of a leap year.
    guard CalendarDate(year: 2000, month: month, day: day) != nil else {
      throw GrammarFault("\(Visible.quoted(text)): the calendar has no such day")
    }
    let time = try timeOfDay(after: [" "])
    var ahead = self
    guard ahead.take(" "), let year = ahead.digits(4) else {
      return .yearless(month: month, day: day, time)
    }
    self = ahead
    guard let date = CalendarDate(year: year, month: month, day: day) else {
      throw GrammarFault("\(Visible.quoted(text)): the calendar has no such day")
    }
    return .date(date, time, offsetSeconds: nil)
  }

  /// Reads `24h`, `1.5h` or `1d12h`.
  private mutating func span() throws(GrammarFault) -> TimeExpression {
    var total: Int64 = 0
    repeat {
      guard let count = integer() else { throw fault() }
      var millionths = 0
      if take(".") {
        guard let value = fraction() else { throw fault() }
        millionths = value
      }
      guard let unit = rest.first else {
        throw GrammarFault(
          "\(Visible.quoted(text)) has no unit",
          hint: "write \(count)h for hours; the units are s, m, h, d and w")
      }
      guard let seconds = Self.units[unit] else {
        throw fault()
      }
      rest.removeFirst()
      let (micros, isTooLong) = count.multipliedReportingOverflow(by: seconds * 1_000_000)
      let (sum, isTooLongTogether) = total.addingReportingOverflow(micros)
      let (all, isTooLongInAll) = sum.addingReportingOverflow(Int64(millionths) * seconds)
      guard !isTooLong, !isTooLongTogether, !isTooLongInAll else {
        throw GrammarFault("\(Visible.quoted(text)) is too long ago")
      }
      total = all
    } while !rest.isEmpty
    return .ago(micros: total)
  }

  /// Seconds in a unit, by the letter that stands for it.
  private static let units: [UInt8: Int64] = [
    UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600,
    UInt8(ascii: "d"): 86_400, UInt8(ascii: "w"): 604_800,
  ]

  /// Reads `2026-11-21[T14:00[:05[.25]]][ +09:00]`.
  private mutating func date() throws(GrammarFault) -> TimeExpression {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2)
    else { throw fault() }
    guard let date = CalendarDate(year: year, month: month, day: day) else {
      throw GrammarFault("\(Visible.quoted(text)): the calendar has no such day")
    }
    let time = try timeOfDay(after: ["T", " "])
    return .date(date, time, offsetSeconds: try offset())
  }

  /// Reads a time of the day after one of the marks; midnight where none of them follows.
  private mutating func timeOfDay(after marks: [String]) throws(GrammarFault) -> TimeOfDay {
    var ahead = self
    guard marks.contains(where: { ahead.take($0) }), ahead.digits(1) != nil else {
      return .midnight
    }
    for mark in marks where take(mark) { break }
    return try timeOfDay()
  }

  /// Reads `14:00[:05[.25]]`.
  private mutating func timeOfDay() throws(GrammarFault) -> TimeOfDay {
    guard let hour = digits(2), take(":"), let minute = digits(2) else { throw fault() }
    var second = 0
    var micros = 0
    if take(":") {
      guard let value = digits(2) else { throw fault() }
      second = value
      if take(".") || take(",") {
        guard let value = fraction() else { throw fault() }
        micros = value
      }
    }
    guard let time = TimeOfDay(hour: hour, minute: minute, second: second, micros: micros) else {
      throw GrammarFault("\(Visible.quoted(text)): no clock shows such a time")
    }
    return time
  }

  /// Reads `Z`, `+09:00`, `+0900` or `+09`, with or without a blank before it.
  private mutating func offset() throws(GrammarFault) -> Int? {
    if rest.isEmpty { return nil }
    _ = take(" ")
    if take("Z") || take("UTC") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = digits(2) else { throw fault() }
    let hasColon = take(":")
    let minutes = rest.isEmpty && !hasColon ? 0 : digits(2)
    guard let minutes, hours <= 18, minutes <= 59 else { throw fault() }
    return (hours * 60 + minutes) * (isWest ? -60 : 60)
  }

  /// Reads seconds with up to six decimals, in microseconds.
  private mutating func seconds() throws(GrammarFault) -> Int64 {
    guard let whole = integer() else { throw fault() }
    var micros = 0
    if take(".") {
      guard let value = fraction() else { throw fault() }
      micros = value
    }
    let (total, isTooLong) = whole.multipliedReportingOverflow(by: 1_000_000)
    guard !isTooLong, total < Int64.max - 1_000_000 else { throw fault() }
    return total + Int64(micros)
  }
}

extension TimeText {
  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest.removeFirst(text.utf8.count)
    return true
  }

  /// Exactly so many digits.
  private mutating func digits(_ count: Int) -> Int? {
    let figure = rest.prefix(count)
    guard figure.count == count, figure.allSatisfy(\.isDigit) else { return nil }
    rest.removeFirst(count)
    return Int(String(decoding: figure, as: UTF8.self))
  }

  /// As many digits as there are; nil for none, and where they are too many for a number.
  private mutating func integer() -> Int64? {
    let figure = rest.prefix(while: \.isDigit)
    rest.removeFirst(figure.count)
    return Int64(String(decoding: figure, as: UTF8.self))
  }

  /// Decimals as microseconds; what is finer is cut off.
  private mutating func fraction() -> Int? {
    let figure = rest.prefix(while: \.isDigit)
    rest.removeFirst(figure.count)
    guard !figure.isEmpty else { return nil }
    let digits = String(decoding: figure.prefix(6), as: UTF8.self)
    return Int(digits + String(repeating: "0", count: 6 - digits.utf8.count))
  }

  private func fault() -> GrammarFault {
    GrammarFault("\(Visible.quoted(text)) is no time", hint: "a time is \(Self.forms)")
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
