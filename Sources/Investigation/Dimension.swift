internal import KernelLog
internal import OOMReports

/// A thing that events and kills can be counted by.
package struct Dimension: Sendable {
  /// How the user names it.
  package let name: String
  package let summary: String
  /// The column's title.
  package let title: String
  /// What an event counts for; empty where the log does not tell.
  package let counts: @Sendable (Event, Calendar) -> [Count]

  /// One value of a dimension, and what it is sorted by among equals.
  package struct Value: Sendable, Hashable {
    package let text: String
    package let order: Int

    package init(_ text: String, order: Int = 0) {
      self.text = text
      self.order = order
    }
  }

  /// How many of an event's kills go to a value.
  package struct Count: Sendable, Equatable {
    package let value: Value
    package let kills: Int
  }

  /// What the hours of the day need to know.
  package struct Calendar: Sendable {
    /// The offset from UTC in seconds at a moment (seconds since 1970).
    package let utcOffset: @Sendable (Int64) -> Int

    package init(utcOffset: @escaping @Sendable (Int64) -> Int) {
      self.utcOffset = utcOffset
    }
  }

  /// Every dimension, in the order of `help`.
  package static let all: [Dimension] = [
    Dimension(
      "victims", "names of the killed processes", title: "victim",
      ofVictim: { Value($0.comm.description) }),
    Dimension(
      "invokers", "names of the tasks whose allocation failed", title: "invoker",
      ofEvent: { event, _ in event.invoker.map { Value($0.description) } }),
    Dimension(
      "cgroups", "cgroups whose limit was hit, else those of the victims", title: "cgroup",
      ofEvent: { event, _ in (event.limitPath ?? event.taskPath).map { Value($0.description) } }),
    Dimension(
      "users", "user ids of the killed processes", title: "uid",
      ofVictim: { victim in
        victim.uid.map { Value(String($0), order: Int(clamping: $0)) }
      }),
    Dimension(
      "hosts", "hosts that the log lines name", title: "host",
      ofEvent: { event, _ in event.host.map { Value($0.description) } }),
    Dimension(
      "constraints", "what bounded the failed allocation", title: "constraint",
      ofEvent: { event, _ in event.constraint.map { Value($0.rawValue) } }),
    Dimension(
      "hours", "hours of the day, to see when the pressure comes", title: "hour",
      ofEvent: { event, calendar in
        event.time.wallMicros.map { wall in
          let hour = CivilTime(
            unixMicros: wall, offset: calendar.utcOffset(wall / 1_000_000)
          ).hour
          return Value("\(hour < 10 ? "0" : "")\(hour):00", order: hour)
        }
      }),
  ]

  /// The dimension of a name; nil where there is none.
  package static func named(_ name: String) -> Dimension? { all.first { $0.name == name } }

  /// A dimension in which the whole event has one value.
  private init(
    _ name: String, _ summary: String, title: String,
    ofEvent value: @escaping @Sendable (Event, Calendar) -> Value?
  ) {
    self.name = name
    self.summary = summary
    self.title = title
    counts = { event, calendar in
      value(event, calendar).map { [Count(value: $0, kills: event.killCount)] } ?? []
    }
  }

  /// A dimension in which every process killed has a value of its own.
  private init(
    _ name: String, _ summary: String, title: String,
    ofVictim value: @escaping @Sendable (Victim) -> Value?
  ) {
    self.name = name
    self.summary = summary
    self.title = title
    counts = { event, _ in
      var counts: [Count] = []
      for value in event.victims.compactMap(value) {
        let known = counts.firstIndex { $0.value == value }
        let kills = known.map { counts.remove(at: $0).kills } ?? 0
        counts.append(Count(value: value, kills: kills + 1))
      }
      return counts
    }
  }
}
