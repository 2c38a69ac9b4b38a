/// One numeric column of the task table, by the kernel's name for it.
struct TaskColumn: Sendable {
  let name: String
  /// Puts a row's figure into the row.
  let put: @Sendable (_ value: Int64?, _ row: inout TaskRow) -> Void

  /// Whether some kernel prints a column of that name.
  var isKnown: Bool { name == "cpu" || Self.known.contains { $0.name == name } }

  /// Whether it counts page tables of one level.
  var isTableCount: Bool { name.hasPrefix("nr_") }

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
    TaskColumn("total_vm") { $1.totalVM = $0.flatMap(Pages.init(printed:)) },
    TaskColumn("rss") { $1.rss = $0.flatMap(Pages.init(printed:)) },
    TaskColumn("rss_anon") { $1.rssAnon = $0.flatMap(Pages.init(printed:)) },
    TaskColumn("rss_file") { $1.rssFile = $0.flatMap(Pages.init(printed:)) },
    TaskColumn("rss_shmem") { $1.rssShmem = $0.flatMap(Pages.init(printed:)) },
    TaskColumn("pgtables_bytes") { $1.pageTables = $0.flatMap(Bytes.init(printed:)) },
    TaskColumn("nr_ptes") { $1.addPageTables($0) },
    TaskColumn("nr_pmds") { $1.addPageTables($0) },
    TaskColumn("nr_puds") { $1.addPageTables($0) },
    TaskColumn("swapents") { $1.swap = $0.flatMap(Pages.init(printed:)) },
    TaskColumn("oom_adj") { $1.oomAdj = $0 },
    TaskColumn("oom_score_adj") { $1.oomScoreAdj = $0 },
  ]

  /// The columns of a row whose header is lost, from how many numbers it has and what they can be;
  /// nil where no kernel prints so many (2.6.25, 2.6.36, 3.6, 4.0, 4.15, 6.8).
  ///
  /// Columns that could be one or another are named `?`, and their figures kept out of the row.
  static func inferred(_ numbers: [Int64?]) -> [TaskColumn]? {
    let names: [String]
    switch numbers.count {
    case 6: names = ["uid", "tgid", "total_vm", "rss", "cpu", "oom_adj"]
    case 7: names = ["uid", "tgid", "total_vm", "rss"] + fifthAndSixth(numbers) + ["oom_score_adj"]
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

  /// The two columns before `oom_score_adj` in a row of seven: three kernels print others.
  private static func fifthAndSixth(_ numbers: [Int64?]) -> [String] {
    guard let fifth = numbers[4], let sixth = numbers[5], let adj = numbers[6] else {
      return ["?", "?"]
    }
    // A process has at least one page of page tables.
    if fifth >= 4096, fifth % 4096 == 0 { return ["pgtables_bytes", "swapents"] }
    // oom_adj (-17…15) and oom_score_adj (-1000…1000) say the same on two scales.
    switch sixth {
    case ..<0: return ["cpu", "oom_adj"]
    case 0: return adj.magnitude >= 67 ? ["nr_ptes", "swapents"] : ["?", "?"]
    default: return sixth <= 15 && adj >= 58 ? ["cpu", "oom_adj"] : ["nr_ptes", "swapents"]
    }
  }
}

extension TaskRow {
  fileprivate mutating func addPageTables(_ pages: Int64?) {
    guard let pages = pages.flatMap(Pages.init(printed:)) else { return }
    pageTablePages = Pages((pageTablePages?.count ?? 0) + pages.count)
  }
}
