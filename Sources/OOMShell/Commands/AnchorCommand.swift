internal import Investigation
internal import KernelLog
internal import Presentation

extension Command {
  static let anchor = Command(
    "anchor", .time, "show what ties times to the wall clock, or say it",
    parameters: [
      Parameter(
        "WHAT", .name { $0.view.events() + [Choice("reset", "take your anchors back")] }, .optional,
        "an event, boot+SECONDS, or reset"),
      Parameter("TIME", .time, .optionalRest, "when that was: '2026-11-22 08:25:32'"),
    ],
    examples: [
      Example("anchor", "what the times of each boot rest on, and how sure they are"),
      Example("anchor last '2026-11-22 08:25:32'", "dates the whole boot of the newest event"),
      Example("anchor boot+279.3 '2026-11-22 08:25:32'", "the same by a time since boot"),
      Example("anchor reset", "back to what the logs say"),
    ]
  ) { (state, arguments) throws(CommandError) in
    // What was typed is judged first: it is as wrong with nothing loaded.
    let wish = try AnchorWish(arguments)
    guard !state.session.inputs.isEmpty else { throw .nothingLoaded() }
    switch wish {
    case .show: return AnchorAnswer.table(state)
    case .reset:
      state.session.removeAnchors()
      state.refreshView()
      return AnchorAnswer.table(state)
    case .set(let moment, let time):
      let dated = try state.setAnchor(moment, time)
      state.refreshView()
      let events = dated == 1 ? "1 event is" : "\(dated) events are"
      return AnchorAnswer.table(state, said: "\(events) dated by this anchor.")
    }
  }
}

/// What is asked of the anchors.
private enum AnchorWish {
  case show, reset
  case set(Moment, TimeExpression)

  /// Whose time is said.
  enum Moment {
    case events([EventReference])
    /// Microseconds since the last boot.
    case uptime(Int64)
  }

  init(_ arguments: Arguments) throws(CommandError) {
    guard let what = arguments.text("WHAT") else {
      self = .show
      return
    }
    let time = arguments.time("TIME")
    guard what != "reset" else {
      guard time == nil else { throw .anchorTime("reset takes no time") }
      self = .reset
      return
    }
    guard let time else { throw .anchorTime("nothing says when \(Visible.quoted(what)) was") }
    if case .sinceBoot = time { throw .anchorTime("an anchor needs a date") }
    self = .set(try Self.moment(what), time)
  }

  private static func moment(_ what: String) throws(CommandError) -> Moment {
    if what.hasPrefix("boot+") {
      guard case .sinceBoot(let uptime)? = try? TimeText.parse(what) else {
        throw .anchorTime("\(Visible.quoted(what)) is no time since boot")
      }
      return .uptime(uptime)
    }
    do throws(GrammarFault) {
      return .events(try EventReference.parse(what))
    } catch {
      throw CommandError(.usage, error.message, hint: error.hint)
    }
  }
}

extension ShellState {
  /// Anchors the boot of an event, or the last boot, and returns how many events that dates.
  fileprivate mutating func setAnchor(
    _ moment: AnchorWish.Moment, _ time: TimeExpression
  ) throws(CommandError) -> Int {
    guard case .wall(let wall) = try bound(of: time, .since) else {
      throw .anchorTime("an anchor needs a date")
    }
    let references: [EventReference]
    switch moment {
    case .uptime(let uptime):
      let events = session.events
      guard let boot = session.lastBoot,
        let index = (0..<events.count).last(where: { events.boot(at: $0) == boot })
      else { throw CommandError(.failed, "no event of a boot is loaded") }
      return session.anchor(index + 1, uptime: uptime, at: wall)
    case .events(let named): references = named
    }
    let numbers = try numbers(references)
    guard let number = numbers.first, numbers.count == 1 else {
      throw CommandError(
        .failed, "one event anchors a boot, not \(numbers.count)",
        hint: "write: anchor EVENT '2026-11-22 08:25:32'")
    }
    guard let dated = session.anchor(number, at: wall) else {
      throw CommandError(
        .failed, "the lines of event \(number) print no time since boot",
        hint: "'load --tz=ZONE FILE' reads a log whose stamps are of another zone")
    }
    return dated
  }
}

/// What `anchor` shows: a row for each stretch of a boot that has events.
private enum AnchorAnswer {
  private struct Row {
    let input: Int
    let host: LogText?
    let boot: Int
    let segment: Int
    var count = 0
    var time: LogTime
  }

  static func table(_ state: ShellState, said: String? = nil) -> Document {
    let display = TimeDisplay(state)
    let session = state.session
    let rows = rows(session)
    let hasHosts = Set(rows.map(\.host)).count > 1
    let hasInputs = session.inputs.count > 1
    let times = display.layout(of: rows.map(\.time))
    var columns = [
      Column("input", "input", canShrink: true, isForPrograms: !hasInputs),
      Column("host", "host", canShrink: true, isForPrograms: !hasHosts),
    ]
    columns += [
      Column("boot", "boot", .right), Column("events", "events", .right),
      Column("last", "last event\(times.suffix)"), Column("error_us", "sure to", .right),
      Column("basis", "rests on", canShrink: true),
    ]
    let cells = rows.map { row -> [Cell] in
      [
        .path(session.inputs[row.input].name),
        row.host.map { .text($0.description) } ?? .missing,
        .integer(Int64(row.boot + 1)), .integer(Int64(row.count)), times.cell(row.time),
        row.time.wallMicros.flatMap { _ in row.time.errorMicros }.map {
          .micros($0, shown: Self.error($0))
        } ?? .missing,
        .text(row.time.basis.word),
      ]
    }
    var blocks: [Block] = said.map { [.prose($0)] } ?? []
    if !rows.isEmpty { blocks.append(.table(Table(key: "anchors", columns: columns, rows: cells))) }
    blocks.append(.prose("Spans such as 24h count back from \(display.words(session.anchor))."))
    return Document(blocks)
  }

  private static func rows(_ session: Session) -> [Row] {
    var rows: [Row] = []
    var places: [String: Int] = [:]
    for index in 0..<session.events.count {
      let event = session.events[index]
      let key = "\(event.input) \(event.segment) \(event.boot) \(event.host?.description ?? "")"
      let place = places[key] ?? rows.count
      if place == rows.count {
        places[key] = place
        rows.append(
          Row(
            input: event.input, host: event.host, boot: event.boot, segment: event.segment,
            time: event.time))
      }
      rows[place].count += 1
      if event.time.wallMicros != nil || rows[place].time.wallMicros == nil {
        rows[place].time = event.time
      }
    }
    return rows
  }

  /// `0.02 s`, `1 s`, `3 min`.
  static func error(_ micros: Int64) -> String {
    if micros >= 600_000_000 { return "\((micros + 59_999_999) / 60_000_000) min" }
    if micros >= 10_000_000 { return "\((micros + 999_999) / 1_000_000) s" }
    let hundredths = max((micros + 9_999) / 10_000, 1)
    let rest = hundredths % 100
    return rest == 0
      ? "\(hundredths / 100) s" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}

extension CommandError {
  fileprivate static func anchorTime(_ reason: String) -> CommandError {
    CommandError(.usage, reason, hint: "write: anchor EVENT '2026-11-22 08:25:32'")
  }
}
