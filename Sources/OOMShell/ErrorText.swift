/// Every text of the conversation's own errors. Commands add theirs next to what they do.
extension CommandError {
  /// The user pressed ^C.
  package static func interrupted() -> CommandError {
    CommandError(.interrupted, "interrupted")
  }

  /// An input that cannot be read, and why, in the words of the system.
  package static func unreadable(_ name: String, _ reason: String) -> CommandError {
    CommandError(.unreadable, "cannot read \(Visible.quoted(name))", cause: Visible.text(reason))
  }

  /// A log that could be read in part, and what became of that part.
  package static func damaged(
    _ name: String, _ reason: String, hint: String?, done: String
  ) -> CommandError {
    CommandError(
      .unreadable, "\(Visible.quoted(name)) is cut or damaged; what came before was \(done)",
      hint: hint, cause: Visible.text(reason))
  }

  /// A log that was loaded in part.
  static func damaged(_ name: String, _ error: Environment.Unreadable) -> CommandError {
    damaged(name, error.reason, hint: error.hint, done: "loaded")
  }

  static func help(_ command: Command) -> String { "see 'help \(command.name)'" }
}

/// Lines that cannot be cut into words.
extension CommandError {
  static func lexical(_ fault: LexicalFault, in line: String) -> CommandError {
    let before = String(decoding: line.utf8.prefix(fault.offset), as: UTF8.self)
    let column = "column \(before.count + 1)"
    switch fault {
    case .unclosedQuote(let quote, _):
      let mark = Character(Unicode.Scalar(quote))
      return CommandError(
        .usage, "the \(mark) at \(column) is not closed",
        hint: "close it, or write \\\(mark) for the character itself")
    case .unknownEscape(let escape, _):
      return CommandError(
        .usage, "\(Visible.text(escape)) at \(column) is no escape",
        hint: #"legal: \n \t \" \\ \u{1F600}; inside '…' a backslash is an ordinary character"#)
    case .badScalar:
      return CommandError(
        .usage, "\\u at \(column) names no character",
        hint: #"write the character's number in hexadecimal: \u{e9}, \u{1F600}"#)
    case .reserved(let mark, _):
      let use = mark == "|" ? "pipes" : "redirection to a file"
      return CommandError(
        .usage, "\(mark) at \(column): this version has no \(use)",
        hint: "for the character itself write '\(mark)' in quotes; for \(use) use your system "
          + "shell: oomsh -c COMMAND \(mark) …")
    }
  }

  static func nothingFollows() -> CommandError {
    CommandError(
      .usage, "the line ends in a backslash and nothing follows",
      hint: #"write \\ for the character itself"#)
  }
}

/// Names that nothing has.
extension CommandError {
  static func unknownCommand(_ word: String, among names: [String]) -> CommandError {
    let question = Suggestion.question(for: word, among: names).map { "\($0) " } ?? ""
    return CommandError(
      .usage, "unknown command \(Visible.quoted(word))",
      hint: "\(question)'help' lists the commands")
  }

  static func ambiguousCommand(_ word: String, _ meant: [String]) -> CommandError {
    CommandError(
      .usage, "\(Visible.quoted(word)) is the beginning of several commands",
      hint: "legal: \(meant.joined(separator: ", "))")
  }

  static func shortenedCommand(_ word: String, _ meant: [String]) -> CommandError {
    CommandError(
      .usage, "\(Visible.quoted(word)) is a shortened command, which only the prompt takes",
      hint: "write it out: \(meant.joined(separator: " or "))")
  }

  static func unknownSetting(_ name: String, among names: [String]) -> CommandError {
    let question = Suggestion.question(for: name, among: names).map { "\($0) " } ?? ""
    return CommandError(
      .usage, "unknown setting \(Visible.quoted(name))",
      hint: "\(question)legal: \(names.joined(separator: ", ")); see 'help set'")
  }

  static func badSettingValue(_ text: String, of setting: Setting) -> CommandError {
    let near = Suggestion.question(for: text, among: setting.choices.map(\.name))
    let question = near.map { "\($0) " } ?? ""
    return CommandError(
      .usage, "\(setting.name) cannot be \(Visible.quoted(text))",
      hint: "\(question)legal: \(setting.legal); see 'set \(setting.name)'")
  }
}

/// Arguments that do not fit.
extension CommandError {
  static func unknownFlag(_ name: String, of command: Command) -> CommandError {
    let names = command.named.map(\.name)
    let near = Suggestion.question(for: name, among: names, after: "--")
    let question = near.map { "\($0) " } ?? ""
    let legal = names.map { "--\($0)" }
    let list = legal.isEmpty ? "it has none" : "legal: \(legal.joined(separator: ", "))"
    return CommandError(
      .usage, "\(command.name): unknown flag \(Visible.quoted("--\(name)"))",
      hint: "\(question)\(list); \(help(command))")
  }

  static func repeatedFlag(_ name: String, of command: Command) -> CommandError {
    CommandError(
      .usage, "\(command.name): --\(name) is given twice", hint: "usage: \(command.usage)")
  }

  static func flagTakesNoValue(_ name: String, of command: Command) -> CommandError {
    CommandError(
      .usage, "\(command.name): --\(name) takes no value", hint: "usage: \(command.usage)")
  }

  static func missingFlagValue(_ parameter: Parameter, of command: Command) -> CommandError {
    CommandError(
      .usage, "\(command.name): --\(parameter.name) needs a value",
      hint: "write \(parameter.form); \(help(command))")
  }

  static func missingArgument(_ parameter: Parameter, of command: Command) -> CommandError {
    var legal = ""
    if case .choice(let choices) = parameter.kind {
      legal = "; \(parameter.name) is one of \(choices.map(\.name).joined(separator: ", "))"
    }
    return CommandError(
      .usage, "\(command.name): \(parameter.name) is missing",
      hint: "usage: \(command.usage)\(legal); \(help(command))")
  }

  static func tooManyArguments(_ text: String, of command: Command) -> CommandError {
    let isEvent = command.name == Command.events.name && Int(text) != nil
    let question = isEvent ? "'show \(text)' shows one event; " : ""
    return CommandError(
      .usage, "\(command.name): nothing is expected at \(Visible.quoted(text))",
      hint: "\(question)usage: \(command.usage); \(help(command))")
  }

  static func badArgument(
    _ fault: GrammarFault, _ parameter: Parameter, of command: Command
  ) -> CommandError {
    let name = parameter.isNamed ? "--\(parameter.name)" : parameter.name
    let hint = fault.hint.map { "\($0); " } ?? ""
    return CommandError(
      .usage, "\(command.name): \(name): \(fault.message)", hint: hint + help(command))
  }
}

/// Events that are not there.
extension CommandError {
  static func noEvents() -> CommandError {
    CommandError(
      .failed, "no events are loaded", hint: "'load dmesg' or 'load FILE'; 'inputs' lists both")
  }

  static func noEvent(_ number: Int, of count: Int) -> CommandError {
    CommandError(.failed, "no event \(number) (1-\(count))", hint: "'events' lists them")
  }

  static func nothingInView() -> CommandError {
    CommandError(
      .failed, "no event is in view", hint: "'filters' shows what hides them, 'reset' shows all")
  }

  static func noCurrentEvent() -> CommandError {
    CommandError(
      .failed, "no event was looked at yet", hint: "'show 1' or 'show last' makes one the current")
  }
}

/// Scripts.
extension CommandError {
  static func tooDeep(_ name: String) -> CommandError {
    CommandError(
      .failed, "\(Visible.quoted(name)) would be script \(Script.depthLimit + 1) inside another",
      hint: "does a script call itself?")
  }

  static func notUTF8(at place: Place) -> CommandError {
    CommandError(
      .unreadable, "the line is not UTF-8",
      hint: "a script is UTF-8 text; is this a log? 'load' it",
      place: place)
  }

  static func holdsNUL(at place: Place) -> CommandError {
    CommandError(
      .unreadable, "the line holds a NUL byte",
      hint: "a script is UTF-8 text; is this a log? 'load' it",
      place: place)
  }

  static func lateHeader(at place: Place) -> CommandError {
    CommandError(
      .usage, "a header after the first command",
      hint: "move it up, or write '# :' for a comment", place: place)
  }

  static func unknownVersion(_ text: String, at place: Place) -> CommandError {
    CommandError(
      .usage, "this script asks for version \(Visible.quoted(text)) of the language",
      hint: "this oomsh reads version \(Script.version)", place: place)
  }

  static func expectsNothing(at place: Place) -> CommandError {
    CommandError(
      .usage, "an expected answer without a command before it",
      hint: "lines that begin with |, !| or ? stand right after their command", place: place)
  }

  static func badStatus(_ text: String, at place: Place) -> CommandError {
    CommandError(
      .usage, "\(Visible.quoted(text)) is no exit status", hint: "legal: 0 to 255", place: place)
  }
}
