internal import Investigation
internal import OOMReports
internal import Presentation

/// An event of a list as data: the names of the event record, as far as a list knows them.
struct EventRow {
  private let event: Event
  private let source: String
  private let others: [(place: Event.Place, name: String)]

  init(_ event: Event, _ state: ShellState) {
    self.event = event
    source = state.session.inputs[event.input].name
    others = event.otherPlaces.map { ($0, state.session.inputs[$0.input].name) }
  }

  var json: JSONValue {
    .object([
      .init("type", "event"),
      .init("event", .int(Int64(event.number))),
      .init("status", .string(event.status.rawValue)),
      .init("outcome", .string(event.outcome.rawValue)),
      .init(
        "source",
        .object([
          .init("name", .string(source)),
          .init("first_line", .int(Int64(event.firstLine))),
          .init("last_line", .int(Int64(event.lastLine))),
          .init("first_byte", .int(Int64(event.byteRange.lowerBound))),
          .init("end_byte", .int(Int64(event.byteRange.upperBound))),
        ])),
      .init("seen_in", .places(others)),
      .init("host", .text(event.host)),
      .init("boot", .int(Int64(event.boot))),
      .init("time", event.time.json),
      .init("invoker", event.invoker.map { .object([.init("comm", .text($0))]) } ?? .null),
      .init("request", event.order.map { .object([.init("order", .int($0))]) } ?? .null),
      .init("constraint", .string(event.constraint?.rawValue)),
      .init("trigger", .string(event.trigger.rawValue)),
      .init(
        "memcg",
        event.limitPath == nil && event.taskPath == nil
          ? .null
          : .object([
            .init("limit_path", .text(event.limitPath)), .init("task_path", .text(event.taskPath)),
          ])),
      .init("victims", .array(event.victims.map(\.listed))),
      .init("kills", .int(Int64(event.killCount))),
    ])
  }
}
