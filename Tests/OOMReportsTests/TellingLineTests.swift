import KernelLog
import Testing

@testable import OOMReports

/// Undamaged reports are read for a list without their lines being looked at one by one, so a line
/// whose kind changes an event must hold a word that is searched for.
@Suite struct TellingLineTests {
  @Test func everyTellingLineHasAWord() {
    for grammar in Lines.all {
      for sample in grammar.samples {
        let bytes = Array(sample.utf8)
        let word = bytes.span.nextKey([.report, .detail], from: 0, to: bytes.count)
        #expect(word.offset != nil || !changesEvent(bytes), "\(grammar.name): \(sample)")
      }
    }
  }

  /// Whether an event is another with a line than without it, inside a report and in an empty one.
  private func changesEvent(_ line: [UInt8]) -> Bool {
    let opening = Array("java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0".utf8)
    return [[], [opening]].contains { lines in
      var with = ReportBuilder(firstLine: 1, time: LogTime(), isWhole: false)
      for line in lines { _ = Lines.read(line.span, 1, &with) }
      let without = with
      _ = Lines.read(line.span, 2, &with)
      return telling(with) != telling(without)
    }
  }

  private func telling(_ builder: ReportBuilder) -> OOMReport {
    var report = builder.report
    // These are no part of an event in a list.
    (report.system, report.hardware, report.tasks) = (nil, nil, nil)
    (report.memory, report.taints, report.workqueue, report.cpuset) = (nil, nil, nil, nil)
    (report.compactionNotice, report.suppressedReports, report.droppedLines) = (nil, nil, nil)
    (report.remarks, report.diagnostics) = ([], [])
    if var memcg = report.memcg {
      (memcg.memory, memcg.memorySwap, memcg.swap, memcg.kmem) = (nil, nil, nil, nil)
      (memcg.stats, memcg.protection, memcg.descendants) = ([:], nil, [])
      report.memcg = memcg == MemcgState() ? nil : memcg
    }
    return report
  }
}
