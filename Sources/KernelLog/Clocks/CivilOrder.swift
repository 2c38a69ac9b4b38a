/// What the order of a host's lines tells about stamps that print too little: their year, and which
/// of the two hours they are of when clocks were set back.
struct CivilOrder: Sendable {
  /// How many years behind the first line, from an offset on.
  private var years: [(offset: Int, count: Int)] = []
  /// From which offsets on an hour that is there twice is the second one, and when that was.
  private var folds: [(offset: Int, wall: Int64)] = []
  /// The last stamp without a year.
  private(set) var last: CivilTime?
  /// The last wall-clock time in an assumed zone.
  private var wall: Int64?

  /// A stamp that goes back further is of the next year; less is disorder, or a clock set back.
  private static let mostDaysBack = 7
  private static let most = 256

  /// Notes a stamp without a year.
  mutating func observe(yearless civil: CivilTime, at offset: Int) {
    defer { last = civil }
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

  /// Chooses between the two moments that a stamp in an assumed zone may mean: the first, unless
  /// that lies before the line before.
  mutating func choose(_ moments: ZonedMoments, at offset: Int) -> Int64 {
    var chosen = moments.first
    if moments.second > moments.first, let wall, moments.first < wall - 1_000_000 {
      chosen = moments.second
      let isKnown = place(moments, at: offset) == .second
      if !isKnown, folds.count < Self.most { folds.append((offset, chosen)) }
    }
    wall = chosen
    return chosen
  }

  /// Which of two hours a line is of.
  enum Place { case first, second, unknown }

  /// What the lines show of the hour that a line is of: once it has come for the second time, those
  /// before were of the first.
  func place(_ moments: ZonedMoments, at offset: Int) -> Place {
    guard moments.second > moments.first else { return .first }
    let longest: Int64 = 2 * 3_600_000_000
    guard let fold = folds.first(where: { abs($0.wall - moments.second) <= longest }) else {
      return .unknown
    }
    return fold.offset <= offset ? .second : .first
  }

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
