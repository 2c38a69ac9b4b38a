internal import Investigation
internal import OOMReports
internal import Presentation

/// The reports of some events, read whole: as many as an answer may cost.
struct ReadReports {
  /// By the number of the event. One whose bytes are gone is missing.
  private(set) var reports: [Int: OOMReport] = [:]
  /// Events whose reports were to be read, in the order of time.
  private(set) var numbers: [Int] = []
  /// How many there were.
  private let wanted: Int

  /// The newest of these events' reports; those of which the log holds a kill line alone have none.
  ///
  /// - Throws: `interrupted` when the user cancels.
  init(
    _ state: ShellState, _ numbers: [Int], limit: Int
  ) throws(CommandError) {
    wanted = numbers.count
    self.numbers = numbers.suffix(limit)
    defer { state.environment.progress(nil) }
    for (position, number) in self.numbers.enumerated() {
      if state.environment.isInterrupted() { throw .interrupted() }
      if position % 50 == 49 {
        state.environment.progress("\(position + 1) of \(self.numbers.count) reports read")
      }
      reports[number] = try? state.report(number).report
    }
  }

  /// What must be said where not all were read.
  var notes: [Block] {
    guard numbers.count < wanted else { return [] }
    return [
      .note(.info, "only the newest \(numbers.count) of \(wanted) reports were read for this")
    ]
  }

  /// What is known of the reading, as data.
  var members: [JSONValue.Member] {
    [
      .init("reports_read", .int(Int64(reports.count))),
      .init("reports_wanted", .int(Int64(wanted))),
    ]
  }
}
