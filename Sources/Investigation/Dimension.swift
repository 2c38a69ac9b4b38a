internal import KernelLog
internal import OOMReports

/// A thing that events can be counted by.
package struct Dimension: Sendable {
  /// How the user names it.
  package let name: String
  package let summary: String
  /// The column's title.
  package let title: String
  /// What an event counts for; nil where the log does not tell.
  package let value: @Sendable (Event, Calendar) -> Value?

  /// One value of a dimension, and what it is sorted by among equals.
  package struct Value: Sendable, Hashable {
    package let text: String
    package let order: Int

    package init(_ text: String, order: Int = 0) {
      self.text = text
      self.order = order
    }
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
      name: "victims", summary: "names of the killed processes", title: "victim",
      value: { event, _ in event.victim.map { Value($0.comm.description) } }),
    Dimension(
      name: "invokers", summary: "names of the tasks whose allocation failed", title: "invoker",
      value: { event, _ in event.invoker.map { Value($0.description) } }),
    Dimension(
      name: "cgroups", summary: "cgroups whose limit was hit, else those of the victims",
      title: "cgroup",
      value: { event, _ in (event.limitPath ?? event.taskPath).map { Value($0.description) } }),
    Dimension(
      name: "users", summary: "user ids of the killed processes", title: "uid",
      value: { event, _ in
        event.victim?.uid.map { Value(String($0), order: Int(clamping: $0)) }
      }),
    Dimension(
      name: "hosts", summary: "hosts that the log lines name", title: "host",
      value: { event, _ in event.host.map { Value($0.description) } }),
    Dimension(
      name: "constraints", summary: "what bounded the failed allocation", title: "constraint",
      value: { event, _ in event.constraint.map { Value($0.rawValue) } }),
    Dimension(
      name: "hours", summary: "hours of the day, to see when the pressure comes", title: "hour",
      value: { event, calendar in
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
}
