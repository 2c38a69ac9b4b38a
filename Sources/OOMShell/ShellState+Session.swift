internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension ShellState {
  /// The numbers that event references name; the last one becomes the current event.
  mutating func numbers(
    _ references: [EventReference], default fallback: EventReference = .last
  ) throws(CommandError) -> [Int] {
    let wanted = references.isEmpty ? [fallback] : references
    let numbers = try wanted.resolved(
      count: session.events.count, view: session.view, current: session.current)
    session.current = numbers.last ?? session.current
    return numbers
  }

  /// The whole report of an event, read again from its input.
  func report(
    _ number: Int
  ) throws(CommandError) -> (event: Event, report: OOMReport, carrier: Carrier) {
    let event = session.event(number)
    let name = session.inputs[event.input].name
    do throws(Environment.Unreadable) {
      if let found = try sources[event.input].report(of: event) {
        return (event, found.report, found.carrier)
      }
    } catch {
      throw .unreadable(name, error)
    }
    guard try rawBytes(number).isEmpty else {
      throw CommandError(
        .failed, "the lines of event \(number), read again, are no report",
        hint: "'raw \(number)' shows them; \(Visible.quoted(name)) may have been changed")
    }
    throw CommandError(
      .failed, "the lines of event \(number) were not kept",
      hint: "\(Visible.quoted(name)) came through a pipe and holds too many reports; load a file")
  }

  /// The bytes of an event's report, as they stand in its input.
  func rawBytes(_ number: Int) throws(CommandError) -> [UInt8] {
    let event = session.event(number)
    guard !sources[event.input].isRecords else {
      throw CommandError(
        .failed, "the lines of event \(number) are not in its record",
        hint: "load the log itself: \(Visible.quoted(session.inputs[event.input].name))")
    }
    do throws(Environment.Unreadable) {
      return try sources[event.input].bytes(of: event)
    } catch {
      throw .unreadable(session.inputs[event.input].name, error)
    }
  }

  /// What the prompt and completion show of the session.
  mutating func refreshView() {
    let session = session
    let display = TimeDisplay(self)
    view = SessionView(
      shown: session.view.count, unplaced: session.unplacedInView, total: session.events.count,
      filters: session.filters.map { "\($0.edge.rawValue) \($0.text)" },
      events: {
        session.view.suffix(50).map { number in
          let event = session.event(number)
          let victim = event.victim.map { "\($0.comm) (\($0.pid))" } ?? event.outcome.rawValue
          return Choice(String(number), "\(display.text(event.time)) \(victim)")
        }
      })
  }
}

extension TimeDisplay {
  /// The text of a time with its zone, for sentences.
  func words(_ time: LogTime) -> String {
    time.wallMicros.map { "\(text(time)) \(zoneName(at: $0))" } ?? text(time)
  }

  /// The text of a time, for places that are no cells.
  func text(_ time: LogTime) -> String {
    if case .time(let shown, _) = cell(time) { return shown }
    return "no time"
  }
}

extension CommandError {
  static func unreadable(_ name: String, _ error: Environment.Unreadable) -> CommandError {
    var result = unreadable(name, error.reason)
    result.hint = error.hint
    return result
  }

  /// Nothing is loaded.
  static func nothingLoaded() -> CommandError {
    CommandError(
      .failed, "nothing is loaded", hint: "'load dmesg' reads the kernel's log, 'load FILE' a file")
  }
}
