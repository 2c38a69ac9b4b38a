internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let culprit = Command(
    "culprit", aliases: ["verdict"], .cause, "what ran out, who used it, why that task died",
    parameters: [Parameter("EVENT", .events, .optional, "an event; the newest where left out")],
    examples: [
      Example("culprit", "the verdict on the newest event, with what proves it"),
      Example("culprit 1", "on the first"),
    ]
  ) { (state, arguments) throws(CommandError) in
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    let scores = try? state.selection(of: number, report).get()
    let culprit = Culprit(report, scores: scores)
    return CulpritAnswer(number, culprit, report.pageSize, state.settings.units).document
  }
}

/// The verdict on an event as a document.
private struct CulpritAnswer {
  private let number: Int
  private let culprit: Culprit
  private let page: PageSize
  private let units: SizeUnits

  init(_ number: Int, _ culprit: Culprit, _ page: PageSize, _ units: SizeUnits) {
    self.number = number
    self.culprit = culprit
    self.page = page
    self.units = units
  }

  var document: Document {
    let consumer = culprit.consumer.value
    return Document(
      [
        .heading("Event \(number): \(headline)"),
        .table(
          Table(
            key: "verdict",
            columns: [
              Column("question", "question"),
              Column("answer", "answer", canWrap: true, readableWidth: 24),
              Column("certainty", "how sure"),
            ],
            rows: [
              row("what ran out", Self.words(culprit.scope.value), culprit.scope.certainty),
              row("who used it", words(consumer), culprit.consumer.certainty),
              row(
                "why that task", Self.words(culprit.selection.value), culprit.selection.certainty),
            ])),
        evidence, refutations,
      ] + (page.doubt.map { [.note(.info, $0)] } ?? []) + [
        .prose("See also 'why \(number)', 'mem \(number)', 'recommend \(number)'.")
      ], record: record)
  }

  private func row(_ question: String, _ answer: String, _ certainty: Culprit.Certainty) -> [Cell] {
    [.text(question), .text(answer), .text(certainty.rawValue)]
  }

  private var headline: String {
    let what = culprit.consumer.value.kind == .unknown ? "" : "; \(words(culprit.consumer.value))"
    return "\(Self.words(culprit.scope.value))\(what)"
  }

  private static func words(_ scope: Culprit.Scope) -> String {
    switch scope {
    case .machine: "the machine's memory"
    case .cgroup: "a cgroup's limit"
    case .node: "the allowed NUMA nodes"
    case .zone: "the zones that the request could use"
    case .noZone: "nothing: the allowed nodes have no zone for the request"
    case .order: "memory in one piece"
    case .manual: "nothing: SysRq asked for a kill"
    case .unknown: "not to be told from this log"
    }
  }

  private func words(_ consumer: Culprit.Consumer) -> String {
    let name = consumer.name.map { Visible.text($0.description) }
    let pid = consumer.pid.map { " (\($0))" } ?? ""
    let size = consumer.amount.map { " " + units.text(bytes: $0.count) } ?? ""
    let what =
      switch consumer.kind {
      case .process: "\(name.map { $0 + pid } ?? "memory of processes"):"
      // What they share is counted with each of them.
      case .processes: "many \(name ?? "processes"): at most"
      case .shmem: "shmem\(name.map { ", mapped by \($0)\(pid)" } ?? " (tmpfs or mapped)"):"
      case .hugepages: "pools of huge pages:"
      case .slab: "kernel slab\(name.map { ", most of it \($0)" } ?? ""):"
      case .pagetables: "page tables\(name.map { ", most of \($0)\(pid)" } ?? ""):"
      case .mlocked: "locked memory\(name.map { ", likely of \($0)\(pid)" } ?? ""):"
      case .swapBacked:
        "swap compressed in RAM (zram)\(name.map { ", mostly of \($0)\(pid)" } ?? ""):"
      case .kernelUnaccounted: "the kernel or a driver:"
      case .pageCacheBound: "page cache that was not given back:"
      case .unknown: "not to be told from this log"
      }
    return consumer.kind == .unknown ? what : what + size
  }

  private static func words(_ choice: Culprit.Choice) -> String {
    switch choice {
    case .highestBadness: "it had the highest score"
    case .raisedAdj: "its oom_score_adj put it before larger tasks"
    case .protectedCulprit: "oom_score_adj kept a larger task back"
    case .allocatingTask: "it was the one that asked for memory"
    case .group: "its whole cgroup was killed"
    case .childSacrifice: "a child died in place of the chosen task"
    case .noCandidate: "there was no task to kill"
    case .panic: "the kernel panicked, as it was set to"
    case .manual: "SysRq asked for a kill"
    case .unknown: "the log does not tell"
    }
  }

  /// What speaks for the answers, then what speaks against them.
  private var allEvidence: [(line: Int?, text: String)] {
    let grounds = culprit.scope.evidence + culprit.consumer.evidence + culprit.selection.evidence
    let objections = [
      ("what ran out", culprit.scope.against), ("who used it", culprit.consumer.against),
      ("why that task", culprit.selection.against),
    ]
    var against: [(evidence: Culprit.Evidence, questions: [String])] = []
    for (question, evidence) in objections.flatMap({ pair in pair.1.map { (pair.0, $0) } }) {
      if let index = against.firstIndex(where: { $0.evidence == evidence }) {
        against[index].questions.append(question)
      } else {
        against.append((evidence, [question]))
      }
    }
    return grounds.map { ($0.line, text($0.text)) }
      + against.map { objection in
        let questions = objection.questions.map { "'\($0)'" }.joined(separator: " and ")
        return (objection.evidence.line, "against \(questions): \(text(objection.evidence.text))")
      }
  }

  private func text(_ sentence: Sentence) -> String {
    sentence.text { units.text(bytes: $0.count) }
  }

  private var evidence: Block {
    .table(
      Table(
        key: "evidence", title: "evidence",
        columns: [Column("line", "line", .right), Column("text", "what it says", canWrap: true)],
        rows: allEvidence.map {
          [$0.line.map { .integer(Int64($0)) } ?? .missing, .text($0.text)]
        }))
  }

  private var refutations: Block {
    .fields(
      Fields(
        key: "refuted_by", title: "what would refute it",
        [
          Field("scope", "what ran out", .text(text(culprit.scope.refutedBy))),
          Field("consumer", "who used it", .text(text(culprit.consumer.refutedBy))),
          Field("selection", "why that task", .text(text(culprit.selection.refutedBy))),
        ]))
  }

  private var record: JSONValue {
    let consumer = culprit.consumer.value
    return .object([
      .init("event", .int(Int64(number))),
      .init("scope", .string(culprit.scope.value.rawValue)),
      .init(
        "consumer",
        .object([
          .init("kind", .string(consumer.kind.rawValue)),
          .init("name", .text(consumer.name)), .init("pid", .int(consumer.pid)),
          .init("kb", .int(consumer.amount?.kB)),
          .init(
            "share", consumer.share.map { .double(($0 * 10_000).rounded() / 10_000) } ?? .null),
        ])),
      .init("selection", .string(culprit.selection.value.rawValue)),
      .init(
        "certainty",
        .object([
          .init("scope", .string(culprit.scope.certainty.rawValue)),
          .init("consumer", .string(culprit.consumer.certainty.rawValue)),
          .init("selection", .string(culprit.selection.certainty.rawValue)),
        ])),
      .init(
        "evidence",
        .array(
          allEvidence.map {
            .object([
              .init("line", .int($0.line.map(Int64.init))), .init("text", .string($0.text)),
            ])
          })),
      .init(
        "refuted_by",
        .array(
          [
            culprit.scope.refutedBy, culprit.consumer.refutedBy, culprit.selection.refutedBy,
          ].map { .string(text($0)) })),
    ])
  }
}
