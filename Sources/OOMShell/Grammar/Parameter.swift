/// What a command takes: one row of its grammar.
///
/// Usage, the check of what was typed, its error texts and completion all derive from here.
package struct Parameter: Sendable {
  /// How `Arguments` is asked for it and usage shows it: `EVENT`, or `sort` for `--sort`.
  package let name: String
  package let kind: Kind
  package let arity: Arity
  /// What it is for, in a few words.
  package let summary: String
  /// The letter after a single dash that says the same as its name.
  package let short: Character?

  /// What a value has to look like.
  package enum Kind: Sendable {
    /// Numbers and names of events.
    case events
    /// One of a fixed set.
    case choice([Choice])
    /// Anything; completion offers these values. The command itself judges the value.
    case name(@Sendable (ShellState) -> [Choice])
    case text
    /// A file; `ShellState.resolve` turns it into a path.
    case path
    /// The same for a directory.
    case directory
    /// A path, or the name of a source that is no file.
    case log
    case time
    case integer(ClosedRange<Int>)
    /// Bytes.
    case size
    /// The name of a command, or anything else that `help` knows.
    case command
    case setting
    /// A value of the setting that the word before it names.
    case settingValue
  }

  /// How often a parameter may stand, and how it is written.
  package enum Arity: Sendable {
    case required, optional
    /// The last one only: this one and all that follow.
    case oneOrMore, zeroOrMore
    /// The last one only: all that follow, joined by blanks into one value.
    case rest, optionalRest
    /// `--name`, present or not.
    case flag
    /// `--name=value` or `--name value`.
    case option
  }

  package init(
    _ name: String, _ kind: Kind, _ arity: Arity, _ summary: String, short: Character? = nil
  ) {
    self.short = short
    self.name = name
    self.kind = kind
    self.arity = arity
    self.summary = summary
  }

  /// A switch: `--all`.
  package static func flag(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, .text, .flag, summary)
  }

  /// A named value: `--sort=rss`.
  package static func option(
    _ name: String, _ kind: Kind, _ summary: String, short: Character? = nil
  ) -> Parameter {
    Parameter(name, kind, .option, summary, short: short)
  }
}

/// A legal value and what it means.
package struct Choice: Sendable, Equatable {
  package let name: String
  package let summary: String

  package init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}

extension Parameter {
  /// Whether it is written `--name`.
  package var isNamed: Bool {
    switch arity {
    case .flag, .option: true
    default: false
    }
  }

  /// Whether a command cannot do without it.
  package var isRequired: Bool {
    switch arity {
    case .required, .oneOrMore, .rest: true
    default: false
    }
  }

  /// Whether it takes all that follows.
  package var isLast: Bool {
    switch arity {
    case .oneOrMore, .zeroOrMore, .rest, .optionalRest: true
    default: false
    }
  }

  /// How usage writes it, without the brackets of an optional one.
  package var form: String {
    switch arity {
    case .flag: "--\(name)"
    case .option: "--\(name)=\(kind.placeholder)"
    default: isLast ? "\(name)…" : name
    }
  }
}

extension Parameter.Kind {
  /// What stands for a value of this kind where it has no name of its own.
  fileprivate var placeholder: String {
    switch self {
    case .events: "EVENT"
    case .choice(let choices): choices.map(\.name).joined(separator: "|")
    case .name, .command, .setting: "NAME"
    case .text, .settingValue: "TEXT"
    case .path, .log: "FILE"
    case .directory: "DIR"
    case .time: "TIME"
    case .integer: "N"
    case .size: "SIZE"
    }
  }
}
