internal import KernelLog

/// The page size, which no report states, from whatever in it depends on it.
package enum PageSizeInference {
  /// What every source of the report says, which is seldom more than three: they agree in a report
  /// that nobody changed.
  package static func proofs(of report: OOMReport) -> [PageSize] {
    [
      fromBuddyLine(report), fromVictim(report), fromZones(report), fromRegisters(report),
      noLimit(of: report), fromPageTables(report),
    ].compactMap(\.self)
  }

  /// The page size of a report that has none yet; `noLimit` is the one by a cgroup's value for "no
  /// limit", which the report does not keep.
  static func pageSize(of report: OOMReport, noLimit page: Cited<Bytes>? = nil) -> PageSize {
    fromBuddyLine(report) ?? fromVictim(report) ?? fromZones(report) ?? fromRegisters(report)
      ?? page.map { PageSize($0.value, .noLimit(line: $0.line)) }
      ?? fromPageTables(report) ?? .assumed
  }

  private static func noLimit(of report: OOMReport) -> PageSize? {
    guard case .noLimit = report.pageSize.proof else { return nil }
    return report.pageSize
  }

  /// A buddy line begins with blocks of one page.
  static func fromBuddyLine(_ report: OOMReport) -> PageSize? {
    for zone in report.memory?.zones ?? [] {
      if let line = zone.buddyLine, let size = zone.freeBlocks.first?.size, isPageSize(size) {
        return PageSize(size, .buddyLine(line: line))
      }
    }
    return nil
  }

  /// A victim's total-vm stands in kB in its kill line and in pages in its row.
  static func fromVictim(_ report: OOMReport) -> PageSize? {
    for victim in report.victims {
      guard let total = victim.totalVM, total.count > 0,
        let row = report.tasks?.rows.first(where: { $0.pid == victim.pid }),
        let pages = row.totalVM, pages.count > 0
      else { continue }
      for size in sizes where pages.bytes(PageSize(size, .assumed)) == total {
        return PageSize(size, .victimRow(line: row.line, killLine: victim.line))
      }
    }
    return nil
  }

  /// All zones together are all of "pages RAM".
  static func fromZones(_ report: OOMReport) -> PageSize? {
    guard let memory = report.memory, let pages = memory.pagesRAM, pages.value.count > 0 else {
      return nil
    }
    for size in sizes where pages.value.bytes(PageSize(size, .assumed)) == present(memory) {
      return PageSize(size, .zonesPresent(line: pages.line, zones: memory.zones.map(\.line)))
    }
    return nil
  }

  /// What the zones that are printed hold together.
  static func present(_ memory: MemoryState) -> Bytes {
    Bytes(memory.zones.compactMap { $0.counters["present"]?.count }.reduce(0, &+))
  }

  private static func fromRegisters(_ report: OOMReport) -> PageSize? {
    let register = report.trace.registers.first {
      $0.value.bytes.starts(with: "RAX: ".utf8) || $0.value.bytes.starts(with: "EAX: ".utf8)
    }
    return register.map { PageSize(Bytes(4096), .registers(line: $0.line)) }
  }

  /// `pgtables_bytes` of each row is a number of tables (4.15 and later). A table takes a page, but
  /// for arm (half of one), s390 and ppc64 (parts of one): what all rows are multiples of is the size
  /// of a table, or a multiple of that by accident.
  ///
  /// Tables that are smaller by a factor of 4 would all be such multiples once in 4 times for each
  /// row; rows of equal sizes count once, since processes that forked are alike.
  static func fromPageTables(_ report: OOMReport) -> PageSize? {
    let rows = (report.tasks?.rows ?? []).filter { ($0.pageTables?.count ?? 0) > 0 }
    let sizes = Set(rows.compactMap { $0.pageTables?.count })
    guard let first = rows.first, sizes.count >= 3 else { return nil }
    let size = tableSizes.last { size in sizes.allSatisfy { $0 % size.bytes == 0 } }
    guard let size, sizes.count * size.odds >= 12 else { return nil }
    return PageSize(Bytes(size.bytes), .pageTables(line: first.line))
  }

  /// Sizes of tables, and the logarithm of the odds against each row's being a multiple by accident:
  /// what is smaller has 256 bytes, or 4 KiB.
  private static let tableSizes: [(bytes: Int64, odds: Int)] = [
    (4 << 10, 4), (16 << 10, 2), (64 << 10, 4),
  ]

  /// The page sizes that Linux can be built for.
  static let sizes = [4, 8, 16, 32, 64, 256].map { Bytes($0 * 1024) }

  private static func isPageSize(_ size: Bytes) -> Bool { sizes.contains(size) }
}
