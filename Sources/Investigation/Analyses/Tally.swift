internal import KernelLog
internal import OOMReports

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

  /// Counts the events of these numbers, which come in the order of time.
  ///
  /// The rows are in the order of their kills, but hours in the order of the day.
  package init(
    _ events: EventStore, _ numbers: [Int], by dimension: Dimension, _ calendar: CivilCalendar
  ) {
    var counts = Counts()
    var calendar = calendar
    var (kills, unknown) = (0, 0)
    for number in numbers {
      let killed = events.killCount(at: number - 1)
      kills += killed
      guard let key = dimension.key(events, number - 1, &calendar) else {
        unknown += 1
        continue
      }
      guard killed > 1, let victimKey = dimension.victimKey else {
        counts.add(key, kills: killed, number)
        continue
      }
      let keys = [key] + events.furtherVictims(at: number - 1).compactMap { victimKey(events, $0) }
      for key in Set(keys) { counts.add(key, kills: keys.count { $0 == key }, number) }
    }
    self.kills = kills
    self.unknown = unknown
    self.events = numbers.count
    self.rows = counts.rows { dimension.value(events, $0) }.sorted { left, right in
      if dimension.name == "hours" { return left.order < right.order }
      return (right.kills, right.events, left.order, left.text)
        < (left.kills, left.events, right.order, right.text)
    }
  }

  /// Counts by the numbers that stand for values.
  private struct Counts {
    private struct Entry {
      let key: Int64
      let first: Int
      var last: Int
      var events = 0
      var kills = 0
    }

    private var entries: [Entry] = []
    private var slots: [Int64: Int] = [:]

    mutating func add(_ key: Int64, kills: Int, _ number: Int) {
      let slot = slots[key] ?? open(key, number)
      entries[slot].events += 1
      entries[slot].kills += kills
      entries[slot].last = number
    }

    private mutating func open(_ key: Int64, _ number: Int) -> Int {
      slots[key] = entries.count
      entries.append(Entry(key: key, first: number, last: number))
      return entries.count - 1
    }

    func rows(_ value: (Int64) -> Dimension.Value) -> [Row] {
      entries.map { entry in
        let value = value(entry.key)
        return Row(
          text: value.text, events: entry.events, kills: entry.kills, first: entry.first,
          last: entry.last, order: value.order)
      }
    }
  }
}
