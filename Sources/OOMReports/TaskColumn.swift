/// One numeric column of the task table, by the kernel's name for it.
struct TaskColumn: Sendable {
  let name: String
  /// Puts a row's figure into the row.
  let put: @Sendable (_ value: Int64?, _ row: inout TaskRow) -> Void

  private init(_ name: String, _ put: @escaping @Sendable (Int64?, inout TaskRow) -> Void) {
    self.name = name
    self.put = put
  }

  /// A column that this version does not know is kept out of the row, and its figures with it.
  static func named(_ name: String) -> TaskColumn {
    known.first { $0.name == name } ?? TaskColumn(name) { _, _ in }
  }

  private static let known: [TaskColumn] = [
    TaskColumn("uid") { $1.uid = $0 },
    TaskColumn("tgid") { $1.tgid = $0 },
    TaskColumn("total_vm") { $1.totalVM = $0.map(Pages.init) },
    TaskColumn("rss") { $1.rss = $0.map(Pages.init) },
    TaskColumn("rss_anon") { $1.rssAnon = $0.map(Pages.init) },
    TaskColumn("rss_file") { $1.rssFile = $0.map(Pages.init) },
    TaskColumn("rss_shmem") { $1.rssShmem = $0.map(Pages.init) },
    TaskColumn("pgtables_bytes") { $1.pageTables = $0.map(Bytes.init) },
    TaskColumn("nr_ptes") { $1.addPageTables($0) },
    TaskColumn("nr_pmds") { $1.addPageTables($0) },
    TaskColumn("nr_puds") { $1.addPageTables($0) },
    TaskColumn("swapents") { $1.swap = $0.map(Pages.init) },
    TaskColumn("oom_adj") { $1.oomAdj = $0 },
    TaskColumn("oom_score_adj") { $1.oomScoreAdj = $0 },
  ]

  /// The columns of a row whose header is lost, from how many numbers it has and what they can be;
  /// nil where they could be several (kernel-line reference: 2.6.25, 2.6.36, 3.6, 4.0, 4.15, 6.8).
  static func inferred(_ numbers: [Int64?]) -> [TaskColumn]? {
    let names: [String]
    switch numbers.count {
    case 6: names = ["uid", "tgid", "total_vm", "rss", "cpu", "oom_adj"]
    case 7:
      let fifth = numbers[4] ?? 0
      let sixth = numbers[5] ?? 0
      if fifth >= 4096, fifth % 4096 == 0 {
        names = ["uid", "tgid", "total_vm", "rss", "pgtables_bytes", "swapents", "oom_score_adj"]
      } else if (-17...15).contains(sixth), sixth != 0 {
        names = ["uid", "tgid", "total_vm", "rss", "cpu", "oom_adj", "oom_score_adj"]
      } else {
        return nil
      }
    case 8:
      names = ["uid", "tgid", "total_vm", "rss", "nr_ptes", "nr_pmds", "swapents", "oom_score_adj"]
    case 10:
      names = [
        "uid", "tgid", "total_vm", "rss", "rss_anon", "rss_file", "rss_shmem", "pgtables_bytes",
        "swapents", "oom_score_adj",
      ]
    default: return nil
    }
    return names.map(named)
  }
}

extension TaskRow {
  fileprivate mutating func addPageTables(_ pages: Int64?) {
    guard let pages else { return }
    pageTablePages = Pages((pageTablePages?.count ?? 0) + pages)
  }
}
