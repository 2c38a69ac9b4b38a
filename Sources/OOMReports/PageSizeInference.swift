internal import KernelLog

/// The page size, which no report states, from whatever in it depends on it.
package enum PageSizeInference {
  /// What every source of the report says, which is seldom more than three: they agree in a report
  /// that nobody changed.
  package static func proofs(of report: OOMReport) -> [PageSize] {
    [fromBuddyLine(report), fromVictim(report), fromZones(report), fromRegisters(report)]
      .compactMap(\.self)
  }

  static func pageSize(of report: OOMReport) -> PageSize {
    fromBuddyLine(report) ?? fromVictim(report) ?? fromZones(report) ?? fromRegisters(report)
      ?? .assumed
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

  /// The page sizes that Linux can be built for.
  private static let sizes = [4, 8, 16, 32, 64, 256].map { Bytes($0 * 1024) }

  private static func isPageSize(_ size: Bytes) -> Bool { sizes.contains(size) }
}
