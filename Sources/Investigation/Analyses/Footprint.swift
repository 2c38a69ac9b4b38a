package import OOMReports

extension TaskRow {
  /// What the process held in RAM and in swap; nil where the row does not print its rss.
  ///
  /// It contains pages shared with others, so footprints must not be added up.
  package func footprint(_ pageSize: PageSize) -> Bytes? {
    guard let rss, rss.count >= 0 else { return nil }
    let pages = rss.count.addingReportingOverflow(max(0, swap?.count ?? 0))
    return pages.overflow ? nil : Pages(pages.partialValue).bytes(pageSize)
  }

  /// Whether the kernel never chooses it: -1000, or -17 on the old scale.
  package var isProtected: Bool {
    oomScoreAdj.map { $0 <= -1000 } ?? oomAdj.map { $0 <= -17 } ?? false
  }
}

extension OOMReport {
  /// The rows of the task table by footprint, largest first; rows without an rss are left out.
  package func largestTasks() -> [(row: TaskRow, footprint: Bytes)] {
    (tasks?.rows ?? [])
      .compactMap { row in row.footprint(pageSize).map { (row: row, footprint: $0) } }
      .sorted { ($1.footprint, $0.row.pid) < ($0.footprint, $1.row.pid) }
  }
}
