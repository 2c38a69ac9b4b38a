/// What the order of a host's lines tells about stamps that print too little: their year, and which
/// of the two hours they are of when clocks were set back.
struct CivilOrder: Sendable {
  /// How many years behind the first line, from an offset on.
  private var years: [(offset: Int, count: Int)] = []
  /// From which offsets on an hour that is there twice is the second one, and when that was.
  private var folds: [(offset: Int, wall: Int64)] = []
  /// The last stamp without a year.
  private(set) var last: CivilTime?
  /// How many years behind the first line a 29th of February came.
  private var leapYear: Int?
  /// The last wall-clock time in an assumed zone.
  private var wall: Int64?

  /// A stamp that goes back further is of the next year; less is disorder, or a clock set back.
  private static let mostDaysBack = 7
  private static let most = 256

  /// Notes a stamp without a year.
  mutating func observe(yearless civil: CivilTime, at offset: Int) {
    defer {
      last = civil
      if civil.month == 2, civil.day == 29 { leapYear = years.last?.count ?? 0 }
    }
    guard let last else { return }
    let days = Self.day(civil) - Self.day(last)
    let count = years.last?.count ?? 0
    if days < -Self.mostDaysBack {
      years.append((offset, count + 1))
    } else if days > Self.longestYear - Self.mostDaysBack {
      // A line of the old year among the first ones of the new.
      years.append((offset, count - 1))
    }
    if years.count > Self.most { years.removeFirst() }
  }

  /// Whether a stamp without a year is of the day of the last one.
  func isOfLastDay(_ month: Int, _ day: Int) -> Bool { last?.day == day && last?.month == month }

  /// Notes a stamp without a year of the day of the last one, by its time alone.
  mutating func observe(_ dayMicros: Int64) { last?.setTime(ofDay: dayMicros) }

  /// Notes the two moments that a stamp in an assumed zone may mean: it is of the first, unless that
  /// lies before the line before.
  mutating func observe(_ moments: ZonedMoments, at offset: Int) {
    guard moments.second > moments.first, let last = wall, moments.first < last - 1_000_000 else {
      wall = moments.first
      return
    }
    wall = moments.second
    if moment(of: moments, at: offset) != moments.second, folds.count < Self.most {
      folds.append((offset, moments.second))
    }
  }

  /// Which of two moments the lines show a stamp to mean: once an hour has come for the second time,
  /// those before were of the first. Nil where they show nothing.
  func moment(of moments: ZonedMoments, at offset: Int) -> Int64? {
    guard moments.second > moments.first else { return moments.first }
    let longest: Int64 = 2 * 3_600_000_000
    return folds.first { abs($0.wall - moments.second) <= longest }.map {
      $0.offset <= offset ? moments.second : moments.first
    }
  }

  /// The year of the last stamp without one: the likely one, or the last one before it of which the
  /// lines' leap day is one.
  func lastYear(_ clock: Clock) -> Int? {
    guard let year = last.flatMap(clock.likelyYear) else { return nil }
    guard let leapYear else { return year }
    let before = (years.last?.count ?? 0) - leapYear
    return (0..<8).lazy.map { year - $0 }.first {
      CivilTime(year: $0 - before, month: 2, day: 29).isValid
    } ?? year
  }

  /// Whether no year passed between the lines.
  var isOfOneYear: Bool { years.isEmpty }

  /// How many years a line lies before the last one.
  func yearsBeforeLast(at offset: Int) -> Int {
    let count = years.last { $0.offset <= offset }?.count ?? 0
    return (years.last?.count ?? 0) - count
  }

  /// As though every month had 31 days.
  private static func day(_ civil: CivilTime) -> Int { civil.month * 31 + civil.day }
  private static let longestYear = 12 * 31
}

/// The moments that a time of the day in a zone may mean: two different ones in the hour that is
/// there twice when clocks are set back.
struct ZonedMoments: Sendable, Equatable {
  let first: Int64
  let second: Int64
}
