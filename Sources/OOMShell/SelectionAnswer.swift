internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What `why` says of an event: the verdict, what it rests on, and the ranking.
struct SelectionAnswer {
  private let number: Int
  private let report: OOMReport
  private let result: Result<Selection, BadnessRule.Obstacle>
  private let units: SizeUnits

  /// Rows of the ranking that everybody gets.
  private static let shown = 10

  init(
    _ number: Int, _ report: OOMReport, _ result: Result<Selection, BadnessRule.Obstacle>,
    _ units: SizeUnits
  ) {
    self.number = number
    self.report = report
    self.result = result
    self.units = units
  }

  var document: Document {
    switch result {
    case .failure(let obstacle):
      return Document(
        [heading, .prose(SelectionWords.text(obstacle))] + ending,
        record: .object([
          .init("event", .int(Int64(number))), .init("verdict", .string(obstacle.key)),
          .init("candidates", .array([])),
        ]))
    case .success(let selection):
      var blocks = [heading, .prose(words.verdict(selection, report))] + ending
      blocks.append(.fields(Fields(key: "rule", fields(selection))))
      blocks.append(.table(table(selection.badness, keeping: keep)))
      blocks += words.doubts(selection).map { .note(.info, $0) }
      return Document(blocks, record: record(selection))
    }
  }

  /// Why one task was spared, or chosen.
  func document(about pid: Int64) -> Document {
    guard case .success(let selection) = result else { return document }
    guard let candidate = selection.badness.candidate(pid) else {
      return Document([
        heading,
        .prose(
          "Process \(pid) stands in no row of the task table: kernel threads, process 1, tasks "
            + "without memory and tasks outside the cgroup or nodes in question are never listed, "
            + "and threads only by their process."),
      ])
    }
    var blocks: [Block] = [
      .heading("Process \(candidate.row.pid) (\(name(candidate.row))) at event \(number)"),
      .prose(words.fate(of: candidate, selection, report)),
    ]
    blocks.append(.table(table(selection.badness, keeping: keep.union([candidate.row.pid]))))
    return Document(blocks, record: record(selection, about: candidate))
  }

  private var words: SelectionWords { SelectionWords(report, units) }

  private var keep: Set<Int64> {
    Set(report.victims.map(\.pid) + [report.intent?.value.pid].compactMap { $0 })
  }

  private var heading: Block {
    guard let victim = report.victims.first else {
      guard report.outcome == .unknown else {
        return .heading("Event \(number): nothing was killed")
      }
      return .heading("Event \(number): how it ended is not in the log")
    }
    return .heading(
      "Why event \(number) killed \(Visible.text(victim.comm.description)) (\(victim.pid))")
  }

  /// The kernel's own words where it killed nothing.
  private var ending: [Block] {
    guard report.victims.isEmpty, let ending = report.ending else { return [] }
    return [
      .note(.info, "line \(ending.line): \(Visible.text(ending.value.description))")
    ]
  }

  private func name(_ row: TaskRow) -> String { Visible.text(row.name.description) }

  private func fields(_ selection: Selection) -> [Field] {
    let badness = selection.badness
    var fields = [
      Field("rule", "rule", .text(SelectionWords.rule(badness.rule))),
      Field("candidates", "tasks", .integer(Int64(badness.candidates.count { $0.rank != nil }))),
    ]
    if let total = badness.total, let bytes = Pages(total.low).bytes(report.pageSize) {
      fields.append(
        Field(
          "total", "adj is 1/1000 of", .bytes(bytes.count), meaning: SelectionWords.source(total),
          line: total.lines.first))
    }
    if let margin = words.margin(selection) {
      fields.append(
        Field("margin", "margin", margin.cell, meaning: "ahead of \(margin.rival)"))
    }
    if let printed = selection.printed {
      fields.append(
        Field(
          "printed_score", "printed score", .integer(printed.score),
          meaning: "recomputed: \(printed.computed)", line: printed.line))
      if let hidden = printed.hidden, let low = Pages(hidden.lowerBound).bytes(report.pageSize) {
        fields.append(
          Field(
            "hidden", "not in the table", .bytes(low.count),
            meaning: "at least; swap and page tables have no column here"))
      }
    }
    if let sparing = selection.chosen.flatMap({
      badness.sparingAdjustment($0)
    }) {
      fields.append(
        Field(
          "sparing_adj", "spared by adj", .integer(sparing),
          meaning: "the highest oom_score_adj with which another task comes first"))
    }
    return fields
  }

  private func table(_ badness: Badness, keeping pids: Set<Int64>) -> Table {
    let rows = badness.candidates.enumerated().filter { index, candidate in
      index < Self.shown || pids.contains(candidate.row.pid)
    }.map(\.element)
    let isPages = badness.rule.scale == .pages
    func size(_ pages: Pages?) -> Cell {
      pages?.bytes(report.pageSize).map { .bytes($0.count) } ?? .missing
    }
    return Table(
      key: "candidates",
      title: "highest score first: \(rows.count) of \(badness.candidates.count) tasks",
      columns: [
        Column("rank", "rank", .right), Column("pid", "pid", .right),
        Column("name", "name", canShrink: true), Column("rss", "rss", .right, dropOrder: 3),
        Column("swap", "swap", .right, dropOrder: 5),
        Column("page_tables", "pgtables", .right, dropOrder: 6),
        Column("adj", "adj", .right, dropOrder: 1),
        Column("score", isPages ? "score" : "score ‰", .right),
        Column("remark", "", canShrink: true, dropOrder: 2),
      ],
      rows: rows.map { candidate in
        let row = candidate.row
        return [
          candidate.rank.map { .integer(Int64($0)) } ?? .missing, .integer(row.pid),
          .text(row.name.description), size(row.rss), size(row.swap),
          row.pageTables.map { .bytes($0.count) } ?? size(row.pageTablePages),
          row.oomScoreAdj.map(Cell.integer) ?? .missing,
          isPages ? size(Pages(candidate.score)) : .integer(candidate.score),
          .text(remark(candidate)),
        ]
      })
  }

  private func remark(_ candidate: Badness.Candidate) -> String {
    if report.victims.contains(where: { $0.pid == candidate.row.pid }) { return "killed" }
    if report.intent?.value.pid == candidate.row.pid { return "chosen" }
    return candidate.exclusion.map(SelectionWords.short) ?? ""
  }

  private func record(
    _ selection: Selection, about candidate: Badness.Candidate? = nil
  ) -> JSONValue {
    let badness = selection.badness
    var members: [JSONValue.Member] = [
      .init("event", .int(Int64(number))),
      .init("verdict", .string(selection.verdict.key)),
      .init("text", .string(words.verdict(selection, report))),
      .init("rule", .string(SelectionWords.rule(badness.rule))),
      .init("total_pages", .int(badness.total?.low)),
      .init("chosen_pid", .int(selection.chosen?.row.pid)),
      .init("tied", .int(selection.verdict.tied.map(Int64.init))),
      .init("printed_score", .int(selection.printed?.score)),
      .init("computed_score", .int(selection.printed?.computed)),
      .init(
        "score_fits", selection.printed.map { .bool($0.fit != .contradicts) } ?? .null),
      .init("hidden_pages_at_least", .int(selection.printed?.hidden?.lowerBound)),
    ]
    if let candidate {
      members.append(.init("pid", .int(candidate.row.pid)))
      members.append(.init("fate", .string(words.fate(of: candidate, selection, report))))
    }
    members.append(
      .init(
        "candidates",
        .array(
          badness.candidates.map { candidate in
            .object([
              .init("rank", .int(candidate.rank.map(Int64.init))),
              .init("pid", .int(candidate.row.pid)),
              .init("name", .text(candidate.row.name)),
              .init("adj", .int(candidate.row.oomScoreAdj)),
              .init("pages", .int(candidate.pages)), .init("score", .int(candidate.score)),
              .init("excluded", .string(candidate.exclusion.map(SelectionWords.short))),
              .init("line", .int(Int64(candidate.row.line))),
            ])
          })))
    return .object(members)
  }
}
