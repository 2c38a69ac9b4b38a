/// One JSON value a command, on one line.
///
/// A document that has a record of its own gives that. Any other gives an object: tables as arrays
/// of objects and fields as an object, each under its key and in the document's order, then `text`,
/// `notes` and `lines` where there are such blocks. A key that is taken gets a number: `tasks`,
/// `tasks_2`. The last three names are never given to a table, so that their shape is stable.
enum JSONFormat {
  static func text(of document: Document, _ options: RenderOptions) -> String {
    (document.record ?? object(of: document)).encoded() + "\n"
  }

  private static func object(of document: Document) -> JSONValue {
    var members = UniqueMembers(reserved: ["text", "notes", "lines"])
    var text: [JSONValue] = []
    var notes: [JSONValue] = []
    var lines: [JSONValue] = []
    for block in document.blocks {
      switch block {
      case .heading, .prose(""): break
      case .prose(let prose): text.append(.string(prose))
      case .note(let severity, let note):
        notes.append(
          .object([
            JSONValue.Member("severity", .string(severity.rawValue)),
            JSONValue.Member("text", .string(note)),
          ]))
      case .fields(let fields): members.add(fields.key, value(of: fields))
      case .table(let table): members.add(table.key, value(of: table))
      case .verbatim(let verbatim): lines += verbatim.map { .string($0) }
      }
    }
    let remarks = [("text", text), ("notes", notes), ("lines", lines)]
    return .object(
      members.all
        + remarks.filter { !$0.1.isEmpty }.map { JSONValue.Member($0.0, .array($0.1)) })
  }

  private static func value(of fields: Fields) -> JSONValue {
    var members = UniqueMembers()
    for row in fields.rows {
      if let value = row.value.json { members.add(row.key, value) }
    }
    return .object(members.all)
  }

  private static func value(of table: Table) -> JSONValue {
    var names = UniqueNames()
    let columns = table.dataColumns.map { ($0, names.name(for: table.columns[$0].key)) }
    return .array(
      table.rows.map { row in
        .object(
          columns.map { JSONValue.Member($0.1, table.cell(row, $0.0).json ?? .null) })
      })
  }
}

/// Members of an object, none of which shares its name.
private struct UniqueMembers {
  private(set) var all: [JSONValue.Member] = []
  private var names: UniqueNames

  init(reserved: Set<String> = []) {
    names = UniqueNames(taken: reserved)
  }

  mutating func add(_ key: String, _ value: JSONValue) {
    all.append(JSONValue.Member(names.name(for: key), value))
  }
}
