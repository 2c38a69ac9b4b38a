/// What prompt and completion show of a session.
package struct SessionView: Sendable {
  /// The number of events that the filters let through.
  package var shown: Int
  /// How many of these passed only because nothing tells when they were.
  package var unplaced: Int
  /// The number of events loaded.
  package var total: Int
  /// The filters in force, as they were typed.
  package var filters: [String]
  /// The events in view, by number, each with what tells it apart: its time, its victim.
  package var events: @Sendable () -> [Choice]

  package init(
    shown: Int = 0, unplaced: Int = 0, total: Int = 0, filters: [String] = [],
    events: @escaping @Sendable () -> [Choice] = { [] }
  ) {
    self.shown = shown
    self.unplaced = unplaced
    self.total = total
    self.filters = filters
    self.events = events
  }
}

extension SessionView {
  /// Filters longer than this would leave no room to type.
  private static let filterLimit = 40

  /// What stands before the line that is typed: `oomsh 3/12 (since 24h)> `, or
  /// `oomsh 3+2?/12 (since 24h)> ` where two more could not be placed in time.
  package var prompt: String {
    guard total > 0 else { return "oomsh> " }
    let counts = shown == total && filters.isEmpty ? "\(total)" : "\(inView)/\(total)"
    guard !filters.isEmpty else { return "oomsh \(counts)> " }
    let names = Visible.text(filters.joined(separator: ", "))
    let isLong = names.count > Self.filterLimit
    let cut = isLong ? "\(names.prefix(Self.filterLimit - 3))..." : names
    return "oomsh \(counts) (\(cut))> "
  }

  private var inView: String {
    unplaced == 0 ? "\(shown)" : "\(shown - unplaced)+\(unplaced)?"
  }

  /// What stands before the rest of a line that ended in a backslash.
  package static let continuationPrompt = "   ...> "
}
