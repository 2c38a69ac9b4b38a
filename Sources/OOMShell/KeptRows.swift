internal import OOMReports

extension OOMReport {
  /// How many rows the task table had in the log, of which an event record keeps some.
  var allRowCount: Int { (tasks?.rows.count ?? 0) + droppedRowCount }

  /// What to say beside figures of a table of which a record keeps some rows only; nil where it keeps
  /// all of them.
  var keptRowsNote: String? {
    droppedRowCount > 0
      ? "the event's record keeps \(tasks?.rows.count ?? 0) of \(allRowCount) rows of the task table"
      : nil
  }
}
