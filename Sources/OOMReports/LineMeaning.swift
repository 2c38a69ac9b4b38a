internal import KernelLog

/// What one line of a report says by itself, taken apart for whoever asks what it means.
package struct LineMeaning: Sendable {
  /// The kind of line, in a few words.
  package let kind: String
  /// Which kernels print it, and in which function.
  package let printedBy: String
  /// Whether it breaks off, so that some of it may be missing.
  package let isTorn: Bool
  /// A report that holds nothing but this line.
  package let report: OOMReport
  /// What the line says and no report keeps.
  package let aside: [LineFigure]

  /// What a message is; nil where it is none that an OOM report holds.
  ///
  /// Some lines are told by what stands before them: each place in a report is tried in turn.
  package init?(_ message: Span<UInt8>) {
    let places: [ReportBuilder.Section?] = [nil, .head, .memory, .memcgStats, .slab, .tasks]
    var torn: LineMeaning?
    for place in places {
      for grammar in Lines.all {
        var builder = ReportBuilder(firstLine: 1, time: LogTime(), isWhole: true)
        builder.section = place
        // The reaper speaks of a victim that a line before named.
        if let victim = ReaperLine.victim(of: message, line: 1) {
          builder.report.victims = [victim]
        }
        let reading = grammar.read(message, 1, &builder)
        guard reading != .other else { continue }
        let meaning = LineMeaning(grammar, message, builder.report, isTorn: reading == .torn)
        guard reading == .torn else {
          self = meaning
          return
        }
        torn = torn ?? meaning
        break
      }
    }
    guard let torn else { return nil }
    self = torn
  }

  private init(
    _ grammar: LineGrammar, _ message: Span<UInt8>, _ report: OOMReport, isTorn: Bool
  ) {
    kind = grammar.name
    printedBy = grammar.printedBy
    self.isTorn = isTorn
    self.report = report
    aside = grammar.aside?(message) ?? []
  }
}
