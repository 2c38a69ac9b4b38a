internal import KernelLog
internal import OOMReports

/// A thing that events and kills can be counted by.
package struct Dimension: Sendable {
  /// How the user names it.
  package let name: String
  package let summary: String
  /// The column's title.
  package let title: String
  /// The number that stands for an event's value, or for its first victim's; nil where the log does
  /// not tell.
  let key: @Sendable (EventStore, Int, inout CivilCalendar) -> Int64?
  /// The same of a further victim; nil where the whole event has one value.
  let victimKey: (@Sendable (EventStore, Victim) -> Int64?)?
  /// The value that a number stands for.
  let value: @Sendable (EventStore, Int64) -> Value

  /// One value of a dimension, and what it is sorted by among equals.
  package struct Value: Sendable, Hashable {
    package let text: String
    package let order: Int

    package init(_ text: String, order: Int = 0) {
      self.text = text
      self.order = order
    }
  }

  /// Every dimension, in the order of `help`.
  package static let all: [Dimension] = [
    Dimension(
      "victims", "names of the killed processes", title: "victim",
      named: { events, index in events.comm(at: index) },
      ofVictim: { events, victim in events.id(victim.comm).map(Int64.init) }),
    Dimension(
      "invokers", "names of the tasks whose allocation failed", title: "invoker",
      named: { events, index in events.invoker(at: index) }),
    Dimension(
      "cgroups", "cgroups whose limit was hit, else those of the victims", title: "cgroup",
      named: { events, index in events.limitPath(at: index) ?? events.taskPath(at: index) }),
    Dimension(
      "users", "user ids of the killed processes", title: "uid",
      key: { events, index, _ in events.uid(at: index) }, ofVictim: { _, victim in victim.uid },
      value: { _, uid in Value(String(uid), order: Int(clamping: uid)) }),
    Dimension(
      "hosts", "hosts that the log lines name", title: "host",
      named: { events, index in events.host(at: index) }),
    Dimension(
      "constraints", "what bounded the failed allocation", title: "constraint",
      key: { events, index, _ in
        events.constraint(at: index).flatMap { Constraint.allCases.firstIndex(of: $0) }
          .map(Int64.init)
      },
      value: { _, position in Value(Constraint.allCases[Int(position)].rawValue) }),
    Dimension(
      "hours", "hours of the day, to see when the pressure comes", title: "hour",
      key: { events, index, calendar in
        events.time(at: index).wallMicros.map { wall in
          let local = wall + Int64(calendar.offset(at: wall)) * 1_000_000
          return local.flooredDivision(by: 3_600_000_000).modulo(24)
        }
      },
      value: { _, hour in Value("\(hour < 10 ? "0" : "")\(hour):00", order: Int(hour)) }),
  ]

  /// The dimension of a name; nil where there is none.
  package static func named(_ name: String) -> Dimension? { all.first { $0.name == name } }

  private init(
    _ name: String, _ summary: String, title: String,
    key: @escaping @Sendable (EventStore, Int, inout CivilCalendar) -> Int64?,
    ofVictim victimKey: (@Sendable (EventStore, Victim) -> Int64?)? = nil,
    value: @escaping @Sendable (EventStore, Int64) -> Value
  ) {
    self.name = name
    self.summary = summary
    self.title = title
    self.key = key
    self.victimKey = victimKey
    self.value = value
  }

  /// A dimension whose values are names from the log.
  private init(
    _ name: String, _ summary: String, title: String,
    named id: @escaping @Sendable (EventStore, Int) -> EventStore.NameID?,
    ofVictim victimKey: (@Sendable (EventStore, Victim) -> Int64?)? = nil
  ) {
    self.init(
      name, summary, title: title,
      key: { events, index, _ in id(events, index).map(Int64.init) }, ofVictim: victimKey,
      value: { events, id in Value(events.name(EventStore.NameID(id))?.description ?? "") })
  }
}

extension Int64 {
  /// The remainder, never below 0.
  fileprivate func modulo(_ divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
