internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let timeline = Command(
    "timeline", .count, "kills by minute, hour, day or weekday, empty ones too",
    parameters: [
      .option(
        "by",
        .choice([
          Choice("minute", "minutes"), Choice("hour", "hours, as they come"),
          Choice("day", "days of the calendar"), Choice("weekday", "Mondays, Tuesdays and so on"),
        ]), "how long a row is; by the span of the events where left out"),
      .option("limit", .integer(1...1_000_000), "only the newest so many rows; 60 where left out"),
    ],
    examples: [
      Example("timeline", "when memory ran out, from the first event in view to the last"),
      Example("timeline --by=weekday", "whether some days of the week are worse"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    let session = state.session
    guard !session.view.isEmpty else { return ViewNotes.nothing(state) }
    let display = TimeDisplay(state)
    let unit = arguments.text("by").flatMap(Timeline.Unit.init(rawValue:))
    guard let timeline = Timeline(session.events, session.view, by: unit, display.calendar) else {
      throw .noWeekdays()
    }
    let answer = TimelineAnswer(timeline, display, limit: arguments.integer("limit") ?? 60)
    return Document(answer.blocks + ViewNotes.hidden(state), record: answer.record)
  }
}

extension CommandError {
  fileprivate static func noWeekdays() -> CommandError {
    CommandError(
      .failed, "no event in view has a wall-clock time, so nothing has a weekday",
      hint: "timeline --by=hour counts by the time since boot")
  }
}

/// A timeline as a document.
private struct TimelineAnswer {
  private let timeline: Timeline
  private let display: TimeDisplay
  private let limit: Int
  private let grid: Timeline.Grid

  /// Longer stretches without an event are one row.
  private static let longestGap = 3

  init(_ timeline: Timeline, _ display: TimeDisplay, limit: Int) {
    self.timeline = timeline
    self.display = display
    self.limit = limit
    grid = Timeline.Grid(timeline.unit, timeline.clock, display.calendar)
  }

  var blocks: [Block] {
    guard !timeline.buckets.isEmpty else {
      let none =
        timeline.hasUptimes
        ? "No event in view has a wall-clock time, and the uptimes of several boots are on no common "
          + "clock." : "No event in view has a time."
      return [.prose(none)] + notes(shown: 0, of: 0)
    }
    let rows = rows
    let shown = rows.suffix(limit)
    let most = timeline.buckets.map(\.kills).max() ?? 0
    let events = timeline.buckets.reduce(0) { $0 + $1.events }
    let kills = timeline.buckets.reduce(0) { $0 + $1.kills }
    let table = Table(
      key: "timeline",
      title: "\(kills) \(kills == 1 ? "kill" : "kills") in \(events) "
        + (events == 1 ? "event" : "events"),
      columns: [
        Column("start", title), Column("kills", "kills", .right), Column("bar", ""),
        Column("events", "events", .right, dropOrder: 1),
        Column("buckets", "buckets", .right, isForPrograms: true),
      ],
      rows: shown.map { row in
        switch row {
        case .bucket(let bucket):
          [
            cell(bucket.start), .integer(Int64(bucket.kills)),
            .bar(most > 0 ? Double(bucket.kills) / Double(most) : 0),
            .integer(Int64(bucket.events)), .integer(1),
          ]
        case .gap(let count):
          [
            .time(shown: "… \(count) \(timeline.unit.rawValue)s", iso: nil), .integer(0), .bar(0),
            .integer(0), .integer(Int64(count)),
          ]
        }
      })
    return [.table(table)] + notes(shown: shown.count, of: rows.count)
  }

  private enum Row {
    case bucket(Timeline.Bucket)
    /// So many empty buckets.
    case gap(Int)
  }

  /// Every bucket with events and the empty ones between them, long stretches of these as one row.
  private var rows: [Row] {
    var grid = grid
    var rows: [Row] = []
    var before: Int64?
    for bucket in timeline.buckets {
      if bucket.gap > Self.longestGap {
        rows.append(.gap(bucket.gap))
      } else if bucket.gap > 0, var start = before {
        for _ in 0..<bucket.gap {
          start = grid.next(start)
          if start < bucket.start { rows.append(.bucket(Timeline.Bucket(start: start))) }
        }
      }
      rows.append(.bucket(bucket))
      before = bucket.start
    }
    return rows
  }

  // MARK: names of buckets

  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// The offsets from UTC of the bucket's beginnings.
  private var offsets: Set<Int> {
    guard timeline.clock == .wall, isOfRealTime else { return [] }
    var calendar = display.calendar
    return Set(timeline.buckets.map { calendar.offset(at: $0.start) })
  }

  private var isOfRealTime: Bool { timeline.unit == .minute || timeline.unit == .hour }

  private var title: String {
    switch timeline.clock {
    case .uptime: "\(timeline.unit.rawValue) since boot"
    case .wall:
      timeline.unit.rawValue
        + (isOfRealTime ? TimeDisplay.suffix(offsets) : " (\(display.zoneDescription))")
    }
  }

  private func cell(_ start: Int64) -> Cell {
    switch (timeline.clock, timeline.unit) {
    case (.uptime, .day): return .text("day \(start + 1)")
    case (.uptime, _): return .text(TimeDisplay.clock(sinceBoot: start))
    case (.wall, .weekday): return .text(Self.weekdays[Int(start)])
    case (.wall, .day):
      let date = TimeDisplay.date(ofDay: start)
      return .time(shown: date, iso: date)
    case (.wall, .minute), (.wall, .hour):
      let zone = offsets.count > 1 ? " \(display.zoneName(at: start))" : ""
      return .time(shown: String(display.shown(start).dropLast(3)) + zone, iso: display.iso(start))
    }
  }

  // MARK: what the table does not say

  private func notes(shown: Int, of total: Int) -> [Block] {
    var notes: [String] = []
    if shown < total {
      notes.append("the newest \(shown) of \(total) rows; --limit=N shows more")
    }
    if timeline.undated > 0 {
      let kills = timeline.undatedKills
      notes.append(
        "\(Self.events(timeline.undated)) (\(kills) \(kills == 1 ? "kill" : "kills")) "
          + "\(timeline.undated == 1 ? "stands" : "stand") in no row: "
          + (timeline.clock == .wall
            ? "nothing tells the time of day" : "nothing tells the time since boot"))
    }
    if timeline.clock == .uptime {
      notes.append("no event has a wall-clock time: rows count from the start of the boot")
    }
    if timeline.unsure > 0 {
      notes.append(
        "the time of \(Self.events(timeline.unsure)) may be wrong by more than a "
          + (timeline.unit == .weekday ? "day" : timeline.unit.rawValue)
          + ": 'events' marks such times with ~")
    }
    return notes.map { .note(.info, $0) }
  }

  private static func events(_ count: Int) -> String {
    "\(count) \(count == 1 ? "event" : "events")"
  }

  var record: JSONValue {
    .object([
      .init("by", .string(timeline.unit.rawValue)),
      .init("clock", .string(timeline.clock == .wall ? "wall" : "uptime")),
      .init(
        "buckets",
        .array(
          timeline.buckets.map { bucket in
            .object([
              .init("start", start(bucket.start)), .init("events", .int(Int64(bucket.events))),
              .init("kills", .int(Int64(bucket.kills))),
              .init("empty_before", .int(Int64(bucket.gap))),
            ])
          })),
      .init("undated_events", .int(Int64(timeline.undated))),
      .init("undated_kills", .int(Int64(timeline.undatedKills))),
      .init("unsure_events", .int(Int64(timeline.unsure))),
    ])
  }

  /// ISO 8601, the name of a weekday, or microseconds since boot.
  private func start(_ start: Int64) -> JSONValue {
    if timeline.clock == .uptime {
      return .int(isOfRealTime ? start : start * Timeline.Unit.day.micros)
    }
    if timeline.unit == .weekday { return .string(Self.weekdays[Int(start)].lowercased()) }
    return .string(
      timeline.unit == .day ? TimeDisplay.date(ofDay: start) : display.iso(start))
  }
}
