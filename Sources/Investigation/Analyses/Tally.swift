internal import KernelLog

/// Events and kills counted by one dimension.
package struct Tally: Sendable {
  package let rows: [Row]
  /// Events that the log does not tell the value of.
  package let unknown: Int
  package let events: Int
  /// Processes killed in these events.
  package let kills: Int

  /// One value of the dimension.
  package struct Row: Sendable, Equatable {
    package let text: String
    package var events = 0
    package var kills = 0
    /// Number of the first and the last such event, in the order of time.
    package var first: Int
    package var last: Int
    fileprivate let order: Int
  }

  /// Counts events, which come in the order of time.
  ///
  /// The rows are in the order of their kills, but hours in the order of the day.
  package init(_ events: [Event], by dimension: Dimension, _ calendar: Dimension.Calendar) {
    var rows: [Dimension.Value: Row] = [:]
    var unknown = 0
    for event in events {
      let counts = dimension.counts(event, calendar)
      if counts.isEmpty { unknown += 1 }
      for count in counts {
        let value = count.value
        var row =
          rows[value]
          ?? Row(text: value.text, first: event.number, last: event.number, order: value.order)
        row.events += 1
        row.kills += count.kills
        row.last = event.number
        rows[value] = row
      }
    }
    kills = events.reduce(0) { $0 + $1.killCount }
    self.unknown = unknown
    self.events = events.count
    self.rows = rows.values.sorted { left, right in
      if dimension.name == "hours" { return left.order < right.order }
      return (right.kills, right.events, left.order, left.text)
        < (left.kills, left.events, right.order, right.text)
    }
  }
}
