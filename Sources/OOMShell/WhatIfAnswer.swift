internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What `whatif` says: who would be next, and what the changes do to the shortage.
struct WhatIfAnswer {
  private let number: Int
  private let report: OOMReport
  private let answer: WhatIf
  private let units: SizeUnits

  init(_ number: Int, _ report: OOMReport, _ answer: WhatIf, _ units: SizeUnits) {
    self.number = number
    self.report = report
    self.answer = answer
    self.units = units
  }

  var document: Document {
    var blocks: [Block] = [
      .heading("What if: event \(number)"), .prose(choice), .prose(outlook),
    ]
    blocks += answer.idle.map { .note(.warning, Self.words($0)) }
    blocks += answer.compression.map { [.note(.info, Self.words($0))] } ?? []
    if let doubt = SelectionWords(report, units).totalDoubt(answer.after) {
      blocks.append(.note(.warning, doubt))
    }
    if let group = report.groupKill {
      blocks.append(
        .note(
          .info,
          "memory.oom.group of \(Visible.text(group.value.description)) is set (line \(group.line)): "
            + "whoever is chosen in it, all of it is killed together"))
    }
    if !answer.victims.isEmpty { blocks.append(.table(table)) }
    return Document(blocks, record: record)
  }

  private var next: Badness.Candidate? { answer.victims.first }

  private func name(_ candidate: Badness.Candidate) -> String {
    "\(Visible.text(candidate.row.name.description)) (\(candidate.row.pid))"
  }

  /// The order is exact.
  private var choice: String {
    guard let next else {
      return "Nothing could be killed: no task is left that the kernel may choose."
    }
    let before = answer.before.first
    if before?.row.pid == next.row.pid {
      guard let victim = report.victims.first,
        !report.victims.contains(where: { $0.pid == next.row.pid })
      else { return "By its scores the kernel would have chosen the same task, \(name(next))." }
      return "By its scores the kernel would have chosen \(name(next)), as without this; it killed "
        + "\(Visible.text(victim.comm.description)) (\(victim.pid)), which they do not explain."
    }
    let old = before.map { " in place of \(name($0))" } ?? ""
    return "By its scores the kernel would have chosen \(name(next))\(old)."
  }

  /// Whether memory would have been short is bounded only.
  private var outlook: String {
    let outlook = answer.outlook
    func size(_ bytes: Int64) -> String { units.text(bytes: abs(bytes)) }
    func less(_ least: String) -> String { SizeUnits.interval(least, size(outlook.low)) }
    switch outlook.answer {
    case .stillShort where report.trigger == .sysrq:
      return "It would have happened all the same: somebody asked for it with SysRq."
    case .stillShort where outlook.low < 0:
      return
        "It would have happened \(outlook.high < 0 ? "" : "all the same, or ")earlier: "
        + "\(less(outlook.high < 0 ? size(outlook.high) : "nothing")) less could have been used."
    case .stillShort:
      return "It would have happened all the same: none of this leaves more memory."
    case .met:
      return "That request would have been met: \(amount) more was there at that moment. Whether "
        + "the tasks would have grown into it, the log cannot tell."
    case .unknown:
      return "Whether it would have happened is not known: up to \(size(outlook.high)) more may "
        + "have been there, but nothing proves that this request could have used it."
    }
  }

  private var amount: String {
    units.interval(answer.outlook.low, answer.outlook.high)
  }

  private static func words(_ compression: WhatIf.Compression) -> String {
    switch compression {
    case .takesMore:
      "swap seems to lie in RAM, compressed (zram, zswap): more of it takes RAM too, so that less "
        + "than its size is gained"
    case .comesBack:
      "if swap lies in RAM, compressed (zram, zswap), the RAM that it takes comes back with it"
    }
  }

  private static func words(_ idle: WhatIf.IdleChange) -> String {
    let why =
      switch idle.reason {
      case .limitWasHit: "a cgroup was at its limit, so the machine's memory did not matter"
      case .noLimit: "no cgroup's limit was hit"
      case .notPrinted: "the report does not print what it was"
      }
    return "\(ChangeText.name(idle.change)) changes nothing: \(why)"
  }

  private var table: Table {
    let isPages = answer.after.rule.scale == .pages
    return Table(
      key: "victims", title: "who would be killed next, one after the other",
      columns: [
        Column("order", "order", .right), Column("pid", "pid", .right),
        Column("name", "name", canShrink: true), Column("rss", "rss", .right, dropOrder: 2),
        Column("adj", "adj", .right, dropOrder: 1),
        Column("score", isPages ? "score" : "score ‰", .right),
        Column("rank_before", "rank before", .right, dropOrder: 3),
      ],
      rows: answer.victims.enumerated().map { index, candidate in
        let before = answer.before.candidate(candidate.row.pid)?.rank
        return [
          .integer(Int64(index + 1)), .integer(candidate.row.pid),
          .text(candidate.row.name.description),
          candidate.row.rss?.bytes(report.pageSize).map { .bytes($0.count) } ?? .missing,
          candidate.row.oomScoreAdj.map(Cell.integer) ?? .missing,
          isPages
            ? Pages(candidate.score).bytes(report.pageSize).map { .bytes($0.count) } ?? .missing
            : .integer(candidate.score),
          before.map { .integer(Int64($0)) } ?? .missing,
        ]
      })
  }

  private var record: JSONValue {
    let outlook = answer.outlook
    return .object([
      .init("event", .int(Int64(number))),
      .init("still_short", outlook.answer == .unknown ? .null : .bool(outlook.answer != .met)),
      .init("more_bytes_at_least", .int(outlook.low)),
      .init("more_bytes_at_most", .int(outlook.high)),
      .init(
        "victims",
        .array(
          answer.victims.map { candidate in
            .object([
              .init("pid", .int(candidate.row.pid)), .init("name", .text(candidate.row.name)),
              .init("score", .int(candidate.score)),
            ])
          })),
      .init("without_effect", .array(answer.idle.map { .string(Self.words($0)) })),
    ])
  }
}
