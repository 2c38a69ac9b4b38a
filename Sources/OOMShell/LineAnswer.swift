internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What `explain line` says of a line: who brought it, which kernels print it, and each figure in it.
struct LineAnswer {
  private let line: [UInt8]

  init(_ text: String) {
    line = Array(text.utf8)
  }

  func document() throws(CommandError) -> Document {
    let record = LogFormat.lines.record(at: 0, in: line.span)
    var decoder = MessageDecoder()
    let meaning = decoder.withMessage(of: record, in: line.span) { LineMeaning($0) }
    guard let meaning else {
      throw CommandError(
        .failed, "this is no line of an OOM report", hint: "quote it whole: explain line \"…\"")
    }
    var blocks: [Block] = [
      .heading(meaning.kind), .fields(Fields(key: "line", fields(record, meaning))),
    ]
    let figures = Self.leaves(of: meaning.report)
    if !figures.isEmpty { blocks.append(.table(Self.table(figures))) }
    if meaning.isTorn {
      blocks.append(.note(.warning, "the line breaks off: what is cut is missing here"))
    }
    if record.origin == .program {
      blocks.append(.note(.warning, "its prefix names a program: the kernel did not print it"))
    }
    return Document(blocks)
  }

  private func fields(_ record: LogRecord, _ meaning: LineMeaning) -> [Field] {
    var fields = [Field("printed_by", "printed by", .text(meaning.printedBy))]
    guard record.message.lowerBound > 0 else { return fields }
    let prefix = LogText(Array(line[..<record.message.lowerBound])).description
    fields.append(
      Field("prefix", "prefix", .text(prefix), meaning: "as \(record.carrier.rawValue) has it"))
    if let micros = record.stamp.uptimeMicros {
      fields.append(
        Field(
          "uptime", "since boot", .text(TimeDisplay.uptime(micros)),
          meaning: "the kernel's own stamp"))
    }
    if let host = record.host {
      fields.append(Field("host", "host", .text(LogText(Array(line[host])).description)))
    }
    return fields
  }

  /// A figure of the line, by its name in the event record.
  private struct Leaf {
    let name: String
    let value: JSONValue
  }

  /// What is of the record itself, not of the line.
  private static let bookkeeping: Set<String> = [
    "type", "id", "fp", "status", "outcome", "source", "seen_in", "boot", "time", "task_rows",
    "lines", "diagnostics", "page_size_proof", "trigger", "line", "first_line", "buddy_line",
    "reaped_line", "task_columns", "tasks_left_out", "kernel_release", "chosen", "is_on",
  ]

  private static func leaves(of report: OOMReport) -> [Leaf] {
    let source = EventRecord.Source(name: "", carrier: "", byteRange: 0..<0, boot: 0)
    return leaves(EventRecord(report, source: source, tasks: .all).json, "")
  }

  private static func leaves(_ value: JSONValue, _ name: String) -> [Leaf] {
    switch value {
    case .null, .bool(false): return []
    case .object(let members):
      return members.filter { !bookkeeping.contains($0.name) }
        .flatMap { leaves($0.value, $0.name) }
    case .array(let items): return items.flatMap { leaves($0, name) }
    default: return [Leaf(name: name, value: value)]
    }
  }

  private static func table(_ leaves: [Leaf]) -> Table {
    Table(
      key: "figures", title: "what it says",
      columns: [
        Column("name", "name"), Column("value", "value", canShrink: true),
        Column("meaning", "meaning", canShrink: true),
      ],
      rows: leaves.map { leaf in
        [.text(leaf.name), cell(leaf.value), meaning(of: leaf.name).map(Cell.text) ?? .missing]
      })
  }

  private static func cell(_ value: JSONValue) -> Cell {
    switch value {
    case .int(let number): .integer(number)
    case .string(let text): .text(text)
    case .bool(let flag): .flag(flag)
    default: .missing
    }
  }

  /// The glossary's title for a figure, whose record name ends in its unit.
  private static func meaning(of name: String) -> String? {
    let words = name.split(separator: "_").map(String.init)
    let units: Set<String> = ["kb", "pages", "bytes"]
    let unit = words.last.flatMap { units.contains($0) ? $0 : nil }
    let stem = unit == nil ? words : words.dropLast()
    for joined in [stem.joined(separator: "_"), stem.joined(separator: "-")] {
      if let title = Prose.title(.glossary, joined) {
        return unit.map { "\(title) (\($0 == "kb" ? "kB" : $0))" } ?? title
      }
    }
    return unit.map { $0 == "kb" ? "in kB" : "in \($0)" }
  }
}
