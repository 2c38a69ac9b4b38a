package import KernelLog

/// One row of the task table. Its sizes are pages.
package struct TaskRow: Sendable, Equatable {
  package var line: Int
  package var pid: Int64
  package var uid: Int64?
  package var tgid: Int64?
  package var totalVM: Pages?
  package var rss: Pages?
  package var rssAnon: Pages?
  package var rssFile: Pages?
  package var rssShmem: Pages?
  /// Memory of the page tables in bytes (4.15 and later).
  package var pageTables: Bytes?
  /// Number of page-table pages (`nr_ptes` + `nr_pmds`, before 4.15); each is one page.
  package var pageTablePages: Pages?
  package var swap: Pages?
  /// The old scale, -17…15 (before 3.6).
  package var oomAdj: Int64?
  package var oomScoreAdj: Int64?
  package var name: LogText

  package init(line: Int, pid: Int64, name: LogText) {
    self.line = line
    self.pid = pid
    self.name = name
  }
}

/// The task table ("Tasks state", "[ pid ]  uid  tgid …").
package struct TaskTable: Sendable, Equatable {
  /// The line of its header; nil where the header is lost and the columns were inferred.
  package var headerLine: Int?
  package var columns: [String]
  package var rows: [TaskRow] = []

  package init(headerLine: Int?, columns: [String]) {
    self.headerLine = headerLine
    self.columns = columns
  }
}

/// A process that the OOM killer killed, as its kill lines tell.
package struct Victim: Sendable, Equatable {
  package var pid: Int64
  package var comm: LogText
  package var uid: Int64?
  package var oomScoreAdj: Int64?
  /// Only where the kernel printed one (before 5.1).
  package var score: Int64?
  package var totalVM: Bytes?
  package var anonRSS: Bytes?
  package var fileRSS: Bytes?
  package var shmemRSS: Bytes?
  package var pageTables: Bytes?
  /// The line of its first kill line.
  package var line: Int
  /// A hash of that line without its prefix and its reason, the same in every carrier; nil where the
  /// line broke off.
  package var fingerprint: UInt64?
  /// The line on which the OOM reaper says that it took the memory; absence means nothing.
  package var reapedLine: Int?
  /// What the reaper left.
  package var reaped: ReaperResult?

  package init(pid: Int64, comm: LogText, line: Int) {
    self.pid = pid
    self.comm = comm
    self.line = line
  }
}

/// The resident memory that a victim still had when the OOM reaper was done with it.
package struct ReaperResult: Sendable, Equatable {
  package let anonRSS: Bytes?
  package let fileRSS: Bytes?
  package let shmemRSS: Bytes?

  package init(anonRSS: Bytes?, fileRSS: Bytes?, shmemRSS: Bytes?) {
    self.anonRSS = anonRSS
    self.fileRSS = fileRSS
    self.shmemRSS = shmemRSS
  }
}
