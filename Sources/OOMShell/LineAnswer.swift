internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// What `explain line` says of a line: who brought it, which kernels print it, and each figure in it.
struct LineAnswer {
  private let line: [UInt8]

  /// The subject in which each kind of line has an entry of its name.
  static let kinds = "kernel-lines"

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
    var blocks: [Block] = [.heading(meaning.kind)]
    let kinds = Glossary.entries(named: meaning.kind).filter { $0.subject == Self.kinds }
    blocks += kinds.map { .prose($0.text) }
    blocks.append(.fields(Fields(key: "line", fields(record, meaning))))
    let figures = RecordFigure.figures(of: meaning)
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

  /// The names are words that `explain` knows.
  private static func table(_ figures: [RecordFigure]) -> Table {
    let hasUnits = figures.contains { $0.unit != nil }
    return Table(
      key: "figures", title: "what it says; 'explain NAME' tells more of each",
      columns: [
        Column("name", "name"), Column("value", "value", canWrap: true),
        Column("unit", "unit", isForPrograms: !hasUnits),
        Column("meaning", "meaning", canWrap: true),
      ],
      rows: figures.map { figure in
        [
          .text(figure.name), figure.value, figure.unit.map(Cell.text) ?? .missing,
          figure.entry.map { .text($0.title) } ?? .missing,
        ]
      })
  }
}
