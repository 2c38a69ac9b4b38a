internal import KernelLog
internal import OOMReports
internal import Presentation

/// The members of one object of an event record, read as the schema means them.
///
/// A member that is not there, or null, or of another type is a figure that is missing; so a record
/// of a later version, or one that a program has passed on, is read as far as it goes.
struct RecordFields {
  private let members: [String: JSONValue]

  /// Nil where the value is no object.
  init?(_ value: JSONValue?) {
    guard case .object(let list) = value else { return nil }
    members = Dictionary(list.map { ($0.name, $0.value) }) { _, later in later }
  }

  subscript(name: String) -> JSONValue? { members[name] }

  func object(_ name: String) -> RecordFields? { RecordFields(members[name]) }

  func objects(_ name: String) -> [RecordFields] { values(name).compactMap { RecordFields($0) } }

  func values(_ name: String) -> [JSONValue] {
    guard case .array(let values) = members[name] else { return [] }
    return values
  }

  func string(_ name: String) -> String? { members[name]?.text }

  /// A name or path, its escapes turned back into bytes.
  func text(_ name: String) -> LogText? { string(name).map { LogText(escaped: $0) } }

  func integer(_ name: String) -> Int64? { members[name]?.integer }

  func flag(_ name: String) -> Bool? {
    guard case .bool(let flag) = members[name] else { return nil }
    return flag
  }

  func size(_ name: String) -> Bytes? { integer(name).flatMap { Bytes(kB: $0) } }

  func pages(_ name: String) -> Pages? { integer(name).map { Pages($0) } }

  /// All members that are whole numbers.
  var integers: [String: Int64] { members.compactMapValues(\.integer) }

  /// Named figures, bytes or counts, as far as a machine can have so many.
  func figures(_ name: String) -> [String: Int64] {
    (object(name)?.integers ?? [:]).filter { Bytes(kB: $0.value / 1024) != nil }
  }

  func strings(_ name: String) -> [String] { values(name).compactMap(\.text) }

  func line(_ name: String) -> Int { Int(clamping: integer(name) ?? 1) }

  /// What a kill line is known by in every carrier.
  var fingerprint: UInt64? { string("fp").flatMap { UInt64($0, radix: 16) } }

  func word<Word: RawRepresentable<String>>(_ name: String) -> Word? {
    string(name).flatMap { Word(rawValue: $0) }
  }
}

extension JSONValue {
  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// A whole number, also where it was made a string, as programs do whose numbers are doubles.
  var integer: Int64? {
    switch self {
    case .int(let number): number
    case .string(let text): Int64(text)
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }
}
