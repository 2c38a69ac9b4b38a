internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

/// One figure that a line says, by its name in the event record.
struct RecordFigure: Equatable {
  let name: String
  let value: Cell
  var unit: String?
  /// What the glossary says of it.
  var entry: Glossary.Entry?

  /// Everything that a line says.
  static func figures(of meaning: LineMeaning) -> [RecordFigure] {
    let source = EventRecord.Source(name: "", carrier: "", byteRange: 0..<0, boot: 0)
    let record = EventRecord(meaning.report, source: source, tasks: .all).json
    // The line oom-kill: has names of its own for the two paths.
    let paths: Set<String> = meaning.report.decision == nil ? [] : ["limit_path", "task_path"]
    let kept = RecordWalk().figures(in: record).filter { !paths.contains($0.name) }
    // A fact may stand in several places of the record.
    let single: [RecordFigure] = kept.reduce(into: []) { figures, figure in
      let isKnown = figures.contains { (known: RecordFigure) in
        known.value == figure.value && (known.name == figure.name || known.isSame(as: figure))
      }
      if !isKnown { figures.append(figure) }
    }
    return single
      + meaning.aside.map { aside in
        let text = aside.text.description
        return RecordWalk().below("tasks")
          .figure(aside.name, text.isEmpty ? .missing : .text(text))
      }
  }

  private func isSame(as other: RecordFigure) -> Bool {
    guard let entry, entry == other.entry else { return false }
    // Sizes that happen to be equal are not one fact.
    if case .text = value { return true }
    return false
  }
}

/// The way through a record to its figures.
private struct RecordWalk {
  /// The unit of everything below.
  private var unit: String?
  /// Where words mean something of their own below.
  private var subject: String?

  /// What is of the record itself, not of the line.
  private static let bookkeeping: Set<String> = [
    "type", "id", "fp", "status", "outcome", "source", "seen_in", "boot", "time", "task_rows",
    "lines", "diagnostics", "page_size_proof", "trigger", "line", "first_line", "buddy_line",
    "reaped_line", "task_columns", "tasks_left_out", "kernel_release",
  ]

  /// What is false wherever no line says it.
  private static let marks: Set<String> = ["reaped", "kdump", "allocating_task_kill", "global"]

  /// Members below which words mean what this subject says.
  private static let subjects = [
    "system": "report-head", "stack": "report-head", "memory": "mem-info-block",
    "memcg": "control-groups", "stats": "cgroup-statistics", "victims": "task-tables",
    "tasks": "task-tables", "remarks": "killing",
  ]

  /// Members whose values are words of the glossary themselves.
  private static let words: Set<String> = ["gfp_flags", "taints", "kind", "zone"]

  /// Keys of memory.stat that count events; all others are bytes.
  private static let counts = [
    "pg", "total_pg", "workingset", "total_workingset", "thp_", "numa_", "pswp", "swpin", "swpout",
    "zswpin", "zswpout", "zswpwb",
  ]

  func figures(in value: JSONValue, named name: String = "") -> [RecordFigure] {
    switch value {
    case .null, .double, .string(""): []
    case .object(let members): figures(in: members, named: name)
    case .array(let items): items.flatMap { figures(in: $0, named: name) }
    case .bool(let flag): !flag && Self.marks.contains(name) ? [] : [figure(name, .flag(flag))]
    case .int(let number): [figure(name, .integer(number))]
    case .string(let text): [figure(name, .text(text))]
    }
  }

  private func figures(in members: [JSONValue.Member], named name: String) -> [RecordFigure] {
    // What repeats the line whole goes by the name of its list, such as registers.
    if let text = members.first(where: { $0.name == "text" }) {
      let others = members.filter { $0.name == "kind" || $0.name == "pid" }
      return others.isEmpty
        ? figures(in: text.value, named: name)
        : others.flatMap { below(name).figures(in: $0.value, named: $0.name) }
    }
    return members.filter { !Self.bookkeeping.contains($0.name) }.flatMap { member in
      below(member.name).figures(in: member.value, named: member.name)
    }
  }

  func below(_ name: String) -> RecordWalk {
    var walk = self
    if let subject = Self.subjects[name] { walk.subject = subject }
    switch name {
    case "counters_pages": walk.unit = "pages"
    case "counters_kb": walk.unit = "kB"
    case "stats": walk.unit = "bytes"
    default: break
    }
    return walk
  }

  func figure(_ name: String, _ value: Cell) -> RecordFigure {
    let stem = Glossary.stem(of: name)
    var word = stem
    if Self.words.contains(name), case .text(let text) = value { word = text }
    let entries = Glossary.entries(named: word)
    let isCount = subject == "cgroup-statistics" && Self.counts.contains(where: name.hasPrefix)
    var isFigure = false
    if case .integer = value { isFigure = true }
    return RecordFigure(
      name: stem, value: value,
      unit: Glossary.unit(of: name) ?? (isFigure && !isCount ? unit : nil),
      entry: entries.first { $0.subject == subject } ?? entries.first)
  }
}
