internal import KernelLog

/// Kills and events by stretches of time.
///
/// Minutes and hours are stretches of real time, so that the hour that comes twice when clocks are
/// set back is two; days are those of the calendar, of 23 to 25 hours.
package struct Timeline: Sendable, Equatable {
  package let unit: Unit
  package let clock: Clock
  /// In the order of time; those without events between others are left out. Of weekdays all seven.
  package let buckets: [Bucket]
  /// Events that no bucket holds, since nothing tells when they were.
  package let undated: Int
  package let undatedKills: Int
  /// Whether such events have uptimes, of several boots: these are on no common clock.
  package let hasUptimes: Bool
  /// Events in buckets whose time may be wrong by more than a bucket, or by nobody knows how much.
  package let unsure: Int

  /// How long a bucket is.
  package enum Unit: String, Sendable, CaseIterable {
    case minute, hour, day, weekday

    /// In microseconds.
    package var micros: Int64 {
      switch self {
      case .minute: 60_000_000
      case .hour: 3_600_000_000
      case .day, .weekday: 86_400_000_000
      }
    }

    /// The unit that shows a span well: up to two hours by minutes, up to three days by hours.
    package init(span: Int64) {
      self = span <= 7_200_000_000 ? .minute : span <= 259_200_000_000 ? .hour : .day
    }
  }

  /// What times are counted on.
  package enum Clock: Sendable, Equatable {
    case wall
    /// Time since the start of the only boot, where no event has a wall-clock time.
    case uptime
  }

  /// One stretch of time.
  package struct Bucket: Sendable, Equatable {
    /// Where it begins: microseconds since 1970 (since boot), for days the number of the day since
    /// 1970-01-01, for weekdays 0 (Monday) to 6.
    package let start: Int64
    package var events = 0
    package var kills = 0
    /// Empty buckets between this one and the one before it.
    package var gap = 0

    package init(start: Int64) { self.start = start }
  }

  /// Counts the events of these numbers, which come in the order of time.
  ///
  /// The unit is chosen by the span where none is given. Nil by weekday where only uptimes are known.
  package init?(
    _ events: EventStore, _ numbers: [Int], by wanted: Unit?, _ calendar: CivilCalendar
  ) {
    let clock = Self.clock(of: events, numbers)
    guard clock == .wall || wanted != .weekday else { return nil }
    let unit = wanted ?? Unit(span: Self.span(of: events, numbers, clock))
    var grid = Grid(unit, clock, calendar)
    var counts = Counts(unit)
    var (undated, undatedKills, unsure, hasUptimes) = (0, 0, 0, false)
    for number in numbers {
      let time = events.time(at: number - 1)
      let kills = events.killCount(at: number - 1)
      guard let moment = clock == .wall ? time.wallMicros : time.uptimeMicros else {
        undated += 1
        hasUptimes = hasUptimes || time.uptimeMicros != nil
        undatedKills += kills
        continue
      }
      if clock == .wall, time.errorMicros.map({ $0 > unit.micros }) ?? true { unsure += 1 }
      counts.add(grid.start(of: moment), kills)
    }
    self.unit = unit
    self.clock = clock
    self.undated = undated
    self.undatedKills = undatedKills
    self.hasUptimes = hasUptimes
    self.unsure = unsure
    buckets = counts.buckets { grid.emptyBuckets(between: $0, and: $1) }
  }

  /// Uptimes can be compared within one boot only.
  private static func clock(of events: EventStore, _ numbers: [Int]) -> Clock {
    var boot: Boot?
    for number in numbers {
      if events.time(at: number - 1).wallMicros != nil { return .wall }
      let own = events.boot(at: number - 1)
      if boot != nil, boot != own { return .wall }
      boot = own
    }
    return numbers.contains { events.time(at: $0 - 1).uptimeMicros != nil } ? .uptime : .wall
  }

  private static func span(of events: EventStore, _ numbers: [Int], _ clock: Clock) -> Int64 {
    var first = Int64.max
    var last = Int64.min
    for number in numbers {
      let time = events.time(at: number - 1)
      guard let moment = clock == .wall ? time.wallMicros : time.uptimeMicros else { continue }
      first = min(first, moment)
      last = max(last, moment)
    }
    guard first <= last else { return 0 }
    let span = last.subtractingReportingOverflow(first)
    return span.overflow ? .max : span.partialValue
  }

  /// Counts by the beginnings of buckets. Events come in order, so the last bucket mostly is the one.
  private struct Counts {
    private var buckets: [Bucket] = []
    private var slots: [Int64: Int] = [:]
    private let isWeek: Bool

    init(_ unit: Unit) {
      isWeek = unit == .weekday
      guard isWeek else { return }
      for day in 0..<7 { _ = open(Int64(day)) }
    }

    mutating func add(_ start: Int64, _ kills: Int) {
      let slot =
        buckets.last?.start == start ? buckets.count - 1 : slots[start] ?? open(start)
      buckets[slot].events += 1
      buckets[slot].kills += kills
    }

    private mutating func open(_ start: Int64) -> Int {
      slots[start] = buckets.count
      buckets.append(Bucket(start: start))
      return buckets.count - 1
    }

    func buckets(_ between: (Int64, Int64) -> Int) -> [Bucket] {
      guard !isWeek else { return buckets }
      var sorted = buckets.sorted { $0.start < $1.start }
      for index in sorted.indices.dropFirst() {
        sorted[index].gap = between(sorted[index - 1].start, sorted[index].start)
      }
      return sorted
    }
  }
}

extension Timeline {
  /// Where buckets begin.
  package struct Grid {
    private let unit: Unit
    private let clock: Clock
    private var calendar: CivilCalendar

    package init(_ unit: Unit, _ clock: Clock, _ calendar: CivilCalendar) {
      self.unit = unit
      self.clock = clock
      self.calendar = clock == .wall ? calendar : CivilCalendar { _ in 0 }
    }

    /// The beginning of the bucket that a moment lies in.
    mutating func start(of moment: Int64) -> Int64 {
      let offset = Int64(calendar.offset(at: moment)) * 1_000_000
      let local = moment.addingReportingOverflow(offset).partialValue
      let whole = local.flooredDivision(by: unit.micros)
      switch unit {
      case .minute, .hour: return moment - (local - whole * unit.micros)
      case .day: return whole
      // 1970-01-01 was a Thursday.
      case .weekday: return (whole + 3) - (whole + 3).flooredDivision(by: 7) * 7
      }
    }

    /// The bucket behind one.
    package mutating func next(_ start: Int64) -> Int64 {
      guard unit == .minute || unit == .hour else { return start + 1 }
      let next = self.start(of: start + unit.micros)
      return next > start ? next : start + unit.micros
    }

    /// How many buckets lie between two.
    func emptyBuckets(between first: Int64, and second: Int64) -> Int {
      let size = unit == .minute || unit == .hour ? unit.micros : 1
      return max(0, Int((second - first - 1) / size))
    }
  }
}
