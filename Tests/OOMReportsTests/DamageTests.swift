import KernelLog
import OOMReports
import TestSupport
import Testing

/// Logs lose lines, double them and tear them. What is said of a report then is as it was printed,
/// or missing; nobody is killed who was not, and who was is missing only where a kill line is.
@Suite struct DamageTests {
  @Test(arguments: SampleLog.ten)
  func wholeLines(_ sample: SampleLog) {
    for index in sample.lines.indices {
      for damage in Damage.whole { expectTruth(sample, damage, line: index) }
    }
  }

  /// At the middle of every other number or word, each time with another fate of the rest; within
  /// the figure that ends a line, with all of them.
  @Test(arguments: SampleLog.ten)
  func tornLines(_ sample: SampleLog) {
    let rests = Damage.Rest.allCases
    for index in sample.lines.indices {
      for (number, cut) in sample.cuts(ofLine: index).enumerated() {
        let isDelicate = sample.isInLastFigure(cut, ofLine: index)
        guard isDelicate || number % 2 == 0 else { continue }
        for rest in isDelicate ? rests : [rests[(number / 2 + index) % rests.count]] {
          expectTruth(sample, .torn(at: cut, rest), line: index)
        }
      }
    }
  }

  private func expectTruth(_ sample: SampleLog, _ damage: Damage, line index: Int) {
    let log = sample.log(damage, line: index)
    let events = Scan.events(in: log)
    let place: Comment = "\(sample), line \(index) \(damage): \(sample.text(ofLine: index))"
    let truth = ReportClaims(sample.printed.facts)
    let touched = index..<min(index + damage.lineCount, sample.lines.count)
    let isLost = sample.hidesForm(line: index) || touched.contains { sample.lines[$0].isKill }
    expectKills(events, sample, hasLost: isLost, place)
    // Without its first kills, a group's are single ones.
    let most = sample.mayPart(damage, line: index) ? sample.scenario == .group ? 4 : 2 : 1
    #expect(events.count <= most, place)
    // Behind a clock that leaps, what is left of a report is one of its own.
    for event in events where !sample.isClock(index) {
      let claims = ReportClaims(event.facts)
      var wrong = claims.wrong(truth).filter { !Self.isOpen($0, event.report) }
      if sample.isUndecidable(damage, line: index) || sample.losesLines(damage, line: index) {
        wrong.removeAll { Undecidable.isFigure($0, of: sample.text(ofLine: index)) }
      }
      let rows = Int(event.facts["taskRowCount"] ?? "") ?? 0
      #expect(rows <= Int(sample.printed.facts["taskRowCount"] ?? "") ?? 0, place)
      let missing = claims.missing(truth).filter { !Self.isText($0) }
      if sample.isTakenForName(damage, line: index) {
        wrong.removeAll { $0.contains(".oom_score_adj: ") }
      }
      #expect(wrong == [], place)
      if sample.mustTell(damage, line: index), !missing.isEmpty {
        // Of pages kept back, the zone above is named.
        let lines = index...index + 4
        #expect(event.report.diagnostics.contains { lines.contains($0.line) }, place)
      }
    }
    // Of all damages a fourth, whichever it is; of the lines that make the event, each.
    if log.count % 4 == 0 || touched.contains(where: { sample.lines[$0].isKill }) {
      expectSameOutlines(log, events, place)
    }
  }

  private func expectKills(
    _ events: [ReportScanner.Found], _ sample: SampleLog, hasLost: Bool, _ place: Comment
  ) {
    let killed = Set(events.flatMap { $0.report.victims.map(\.pid.description) })
    let printed = Set(
      sample.printed.facts.entries.filter {
        $0.key.hasPrefix("victim.") && $0.key.hasSuffix(".pid")
      }.values)
    #expect(killed.isSubset(of: printed), place)
    if !hasLost { #expect(killed == printed, place) }
  }

  /// What may differ from what was printed: what depends on which lines are there, texts that are
  /// shown as far as they go, and names.
  private static func isOpen(_ wrong: String, _ report: OOMReport) -> Bool {
    let key = String(wrong.prefix { $0 != ":" })
    switch key {
    case "status", "taskRowCount", "hardware", "ending": return true
    case "outcome": return report.outcome == .unknown
    case "pageSize": return report.pageSize.proof == .assumed
    default: return isText(key)
    }
  }

  /// Names, and the call trace.
  private static func isText(_ key: String) -> Bool {
    key.hasPrefix("stack.") || key.hasPrefix("hardware") || key.hasSuffix("comm")
      || key.hasSuffix("name")
  }

  /// A list's events are those of the whole reading, whether lines are skipped or not.
  private func expectSameOutlines(
    _ log: [UInt8], _ events: [ReportScanner.Found], _ place: Comment
  ) {
    let quick = Scan.events(in: log, isWhole: false)
    let slow = Scan.events(in: log, isWhole: false, isQuick: false)
    #expect(quick.map(\.byteRange) == events.map(\.byteRange), place)
    #expect(slow.map(\.byteRange) == events.map(\.byteRange), place)
    #expect(quick.map(\.report.victims) == slow.map(\.report.victims), place)
    #expect(quick.map(\.report.status) == slow.map(\.report.status), place)
    for (one, other) in zip(quick, events) {
      // Only the task table can show that the last figure is cut.
      let victims = zip(one.report.victims, other.report.victims).map { outline, whole in
        var outline = outline
        if whole.oomScoreAdj == nil { outline.oomScoreAdj = nil }
        return outline
      }
      #expect(victims == other.report.victims, place)
    }
  }

  @Test(arguments: SampleLog.ten)
  func everyLineDoubled(_ sample: SampleLog) {
    guard sample.form.carrier == .syslog else { return }
    let events = Scan.events(in: Array(sample.lines.flatMap { $0.bytes + $0.bytes }))
    #expect(events.count == 1)
    #expect(events.first?.facts.difference(from: sample.printed.facts) ?? ["missing"] == [])
  }

  @Test(arguments: SampleLog.ten)
  func cutAnywhere(_ sample: SampleLog) {
    let (log, truth) = (sample.log, ReportClaims(sample.printed.facts))
    for end in stride(from: 0, to: log.count, by: 131) {
      let events = Scan.events(in: Array(log[..<end]))
      #expect(events.count <= 1, "cut at \(end)")
      for event in events {
        var wrong = ReportClaims(event.facts).wrong(truth).filter { !Self.isOpen($0, event.report) }
        let line = log[..<end].split(separator: .newline).last ?? []
        wrong.removeAll { Undecidable.isFigure($0, of: String(decoding: line, as: UTF8.self)) }
        let isOfLast = log[end - 1].isDigit && (log[end].isDigit || log[end] == .minus)
        #expect(isOfLast ? wrong.count <= 1 : wrong == [], "cut at \(end)")
      }
      // Without its first kills, a group's are single ones.
      let rest = Scan.events(in: Array(log[end...]))
      #expect(rest.count <= (sample.scenario == .group ? 3 : 1), "begun at \(end)")
    }
  }

  @Test func aDoubledLogHoldsEachEventTwice() {
    let log = KernelPrinter(.linux618, .slab, seed: 11).print()
    let bytes = LogForm.dmesg.log(log.records)
    let events = Scan.events(in: bytes + bytes)
    #expect(events.count == 2)
    #expect(Set(events.map(\.report.fingerprint)).count == 1)
    #expect(events.first?.facts == events.last?.facts)
  }
}
