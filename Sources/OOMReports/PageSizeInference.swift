/// The page size, which no report states, from whatever in it depends on it.
enum PageSizeInference {
  static func pageSize(of report: OOMReport) -> PageSize {
    fromBuddyLine(report) ?? fromVictim(report) ?? fromZones(report) ?? .assumed
  }

  /// A buddy line begins with blocks of one page.
  private static func fromBuddyLine(_ report: OOMReport) -> PageSize? {
    for zone in report.memory?.zones ?? [] {
      if let line = zone.buddyLine, let size = zone.freeBlocks.first?.size, isPageSize(size) {
        return PageSize(size, .buddyLine(line: line))
      }
    }
    return nil
  }

  /// A victim's total-vm stands in kB in its kill line and in pages in its row.
  private static func fromVictim(_ report: OOMReport) -> PageSize? {
    for victim in report.victims {
      guard let total = victim.totalVM, total.count > 0,
        let row = report.tasks?.rows.first(where: { $0.pid == victim.pid }),
        let pages = row.totalVM, pages.count > 0
      else { continue }
      for size in sizes where pages.bytes(PageSize(size, .assumed)) == total {
        return PageSize(size, .victimRow(line: row.line))
      }
    }
    return nil
  }

  /// All zones together are all of "pages RAM".
  private static func fromZones(_ report: OOMReport) -> PageSize? {
    guard let memory = report.memory, let pages = memory.pagesRAM, pages.value.count > 0 else {
      return nil
    }
    let present = memory.zones.compactMap { $0.counters["present"]?.count }.reduce(0, &+)
    for size in sizes where pages.value.bytes(PageSize(size, .assumed)) == Bytes(present) {
      return PageSize(size, .zonesPresent(line: pages.line))
    }
    return nil
  }

  /// The page sizes that Linux can be built for.
  private static let sizes = [4, 8, 16, 32, 64, 256].map { Bytes($0 * 1024) }

  private static func isPageSize(_ size: Bytes) -> Bool { sizes.contains(size) }
}
