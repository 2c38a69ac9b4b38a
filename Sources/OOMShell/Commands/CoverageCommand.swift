internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let coverage = Command(
    "coverage", .sources, "say what of each input was understood, and what was not",
    parameters: [
      Parameter("INPUT", .integer(1...Int.max), .optional, "one input, by its place in 'inputs'")
    ],
    examples: [
      Example("coverage", "forms, hosts, boots, cut reports, unread lines, lost messages"),
      Example("coverage 1", "of the first input alone"),
    ]
  ) { (state, arguments) throws(CommandError) in
    let inputs = state.session.inputs
    guard !inputs.isEmpty else { throw .nothingLoaded() }
    guard let number = arguments.integer("INPUT") else {
      return CoverageAnswer.document(inputs, TimeDisplay(state))
    }
    guard number <= inputs.count else {
      throw CommandError(
        .failed, "no input \(number) (1-\(inputs.count))", hint: "'inputs' lists them")
    }
    return CoverageAnswer.document([inputs[number - 1]], TimeDisplay(state))
  }
}

/// What the load counted, and nothing else.
private enum CoverageAnswer {
  static func document(_ inputs: [Input], _ display: TimeDisplay) -> Document {
    var blocks: [Block] = []
    for (index, input) in inputs.enumerated() {
      blocks.append(.heading(Visible.text(input.name)))
      blocks.append(
        .fields(Fields(key: index == 0 ? "input" : "input_\(index + 1)", fields(input, display))))
      blocks += unread(input)
    }
    return Document(blocks, record: .array(inputs.map(json)))
  }

  private static func fields(_ input: Input, _ display: TimeDisplay) -> [Field] {
    let coverage = input.coverage
    var fields = [
      Field("bytes", "size", .bytes(Int64(input.byteCount))),
      Field("lines", "lines", .integer(Int64(input.lineCount))),
    ]
    if let packing = input.packing {
      fields.append(Field("packing", "unpacked by", .text(packing)))
    }
    for carrier in Carrier.allCases {
      guard let count = coverage.carriers[carrier] else { continue }
      fields.append(
        Field(
          "form", "form", .text(carrier.rawValue),
          meaning: "\(count) \(count == 1 ? "event" : "events") came so"))
    }
    fields.append(Field("zone", "times", .text(zone(input, display))))
    if !coverage.hosts.isEmpty {
      let hosts = coverage.hosts.map { Visible.text($0.description) }.sorted()
      let shown = hosts.prefix(8).joined(separator: ", ") + (hosts.count > 8 ? ", …" : "")
      fields.append(Field("hosts", "hosts", .text(shown)))
    }
    fields.append(
      Field("boots", "boots", .integer(Int64(input.bootCount)), meaning: "those with an event"))
    for status in OOMReport.Status.allCases {
      guard let count = coverage.statuses[status] else { continue }
      fields.append(
        Field(status.rawValue, status.rawValue, .integer(Int64(count)), meaning: meaning(status)))
    }
    return fields + gaps(input)
  }

  private static func gaps(_ input: Input) -> [Field] {
    var fields: [Field] = []
    func add(_ key: String, _ label: String, _ count: Int, _ meaning: String) {
      guard count > 0 else { return }
      fields.append(Field(key, label, .integer(Int64(count)), meaning: meaning))
    }
    add("duplicates", "known already", input.duplicateCount, "events that were not added again")
    add("unplaced", "undated", input.unplacedCount, "events that nothing ties to the wall clock")
    add("lost", "overwritten", input.lostCount, "records, before they could be read")
    add("missed", "missed", input.missedCount, "kernel messages, as journald says")
    add(
      "diagnostics", "not understood", input.coverage.diagnosticCount,
      "lines inside reports; see below")
    add(
      "stray_kills", "stray kills", input.strayKills.count,
      "lines with the words of a kill, not shown to be the kernel's")
    if let damage = input.damage {
      fields.append(Field("damage", "cut off", .text(Visible.text(damage))))
    }
    if let complaint = input.complaint {
      fields.append(Field("complaint", "warned of", .text(Visible.text(complaint))))
    }
    return fields
  }

  private static func unread(_ input: Input) -> [Block] {
    let diagnostics = input.coverage.diagnostics
    guard !diagnostics.isEmpty else { return [] }
    var blocks: [Block] = [
      .table(
        Table(
          key: "diagnostics",
          columns: [
            Column("line", "line", .right), Column("kind", "what"),
            Column("text", "text", canShrink: true),
          ],
          rows: diagnostics.map {
            [.integer(Int64($0.line)), .text($0.kind.rawValue), .text($0.text.description)]
          }))
    ]
    let more = input.coverage.diagnosticCount - diagnostics.count
    if more > 0 { blocks.append(.note(.info, "and \(more) more")) }
    return blocks
  }

  private static func zone(_ input: Input, _ display: TimeDisplay) -> String {
    let name = input.end.wallMicros.map { display.zoneName(at: $0) } ?? ""
    let basis = input.end.basis
    if basis == .none { return "since boot only" }
    return basis.assumesZone ? "\(basis.word): \(name)" : basis.word
  }

  private static func meaning(_ status: OOMReport.Status) -> String {
    switch status {
    case .complete: "events from their first line to the kill"
    case .headless: "events whose beginning the log lacks"
    case .truncated: "events whose end the log lacks"
    case .killOnly: "events of which the log has the kill alone"
    }
  }

  private static func json(_ input: Input) -> JSONValue {
    let coverage = input.coverage
    return .object([
      .init("name", .string(input.name)),
      .init("bytes", .int(Int64(input.byteCount))), .init("lines", .int(Int64(input.lineCount))),
      .init("packing", input.packing.map(JSONValue.string) ?? .null),
      .init(
        "forms",
        .array(
          Carrier.allCases.compactMap { carrier in
            coverage.carriers[carrier].map {
              .object([.init("form", .string(carrier.rawValue)), .init("events", .int(Int64($0)))])
            }
          })),
      .init(
        "hosts", .array(coverage.hosts.map(\.description).sorted().map(JSONValue.string))),
      .init("boots", .int(Int64(input.bootCount))),
      .init(
        "statuses",
        .object(
          OOMReport.Status.allCases.map {
            .init($0.rawValue, .int(Int64(coverage.statuses[$0] ?? 0)))
          })),
      .init("duplicates", .int(Int64(input.duplicateCount))),
      .init("unplaced", .int(Int64(input.unplacedCount))),
      .init("lost", .int(Int64(input.lostCount))),
      .init("missed", .int(Int64(input.missedCount))),
      .init("damage", input.damage.map(JSONValue.string) ?? .null),
      .init("diagnostics", .int(Int64(coverage.diagnosticCount))),
      .init(
        "not_understood",
        .array(
          coverage.diagnostics.map {
            .object([
              .init("line", .int(Int64($0.line))), .init("kind", .string($0.kind.rawValue)),
              .init("text", .string($0.text.description)),
            ])
          })),
    ])
  }
}
