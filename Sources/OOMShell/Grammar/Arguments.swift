/// What was typed after a command's name, checked against its parameters.
///
/// The accessors are asked by the parameter's name. They answer nil or nothing for what was left
/// out, and for a parameter of another kind.
package struct Arguments: Sendable, Equatable {
  enum Value: Sendable, Equatable {
    case text(String)
    case log(LogWord)
    case events([EventReference])
    case time(TimeExpression)
    case integer(Int)
    case size(Int64)
  }

  private(set) var values: [String: [Value]] = [:]
  /// The values as they were typed.
  private var sources: [String: String] = [:]

  package init() {}

  mutating func add(_ value: Value, typed text: String, for name: String) {
    values[name, default: []].append(value)
    sources[name] = text
  }

  /// The last value of a parameter as it was typed.
  package func source(_ name: String) -> String? { sources[name] }

  /// Whether the flag, or any value of the parameter, was given.
  package func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of a parameter of text, a choice, a name or a path.
  package func text(_ name: String) -> String? { texts(name).first }

  /// The values of a repeated parameter of text, choices, names or paths.
  package func texts(_ name: String) -> [String] {
    all(name) { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The words of a parameter of logs.
  func logs(_ name: String) -> [LogWord] {
    all(name) { if case .log(let word) = $0 { word } else { nil } }
  }

  /// The events of all words of the parameter; empty where none was given.
  package func events(_ name: String) -> [EventReference] {
    all(name) { if case .events(let events) = $0 { events } else { nil } }.flatMap(\.self)
  }

  /// The value of a parameter of time.
  package func time(_ name: String) -> TimeExpression? {
    all(name) { if case .time(let time) = $0 { time } else { nil } }.first
  }

  /// The value of a parameter of whole numbers.
  package func integer(_ name: String) -> Int? {
    all(name) { if case .integer(let value) = $0 { value } else { nil } }.first
  }

  /// Bytes.
  package func size(_ name: String) -> Int64? {
    all(name) { if case .size(let bytes) = $0 { bytes } else { nil } }.first
  }

  /// The values of one kind.
  private func all<Kind>(_ name: String, _ kind: (Value) -> Kind?) -> [Kind] {
    values[name, default: []].compactMap(kind)
  }
}

/// A word that names a log.
struct LogWord: Sendable, Equatable {
  let text: String
  /// The word as a pattern, what was quoted escaped; nil where it holds no unquoted `*`, `?` or `[`.
  let pattern: String?
}
