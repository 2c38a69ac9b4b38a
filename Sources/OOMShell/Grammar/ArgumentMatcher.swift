/// Matches the words after a command's name with its parameters.
struct ArgumentMatcher {
  private let command: Command
  private let words: ArraySlice<Word>
  private var arguments = Arguments()
  private var rest: [String] = []
  /// The positional parameters that have no value yet.
  private var open: ArraySlice<Parameter>

  /// - Throws: `usage`, with the legal values and the command to read up.
  static func match(
    _ words: ArraySlice<Word>, with command: Command
  ) throws(CommandError) -> Arguments {
    var matcher = ArgumentMatcher(words, command)
    return try matcher.matched()
  }

  private init(_ words: ArraySlice<Word>, _ command: Command) {
    self.command = command
    self.words = words
    self.open = command.positionals[...]
  }

  private mutating func matched() throws(CommandError) -> Arguments {
    var remaining = words
    var takesFlags = true
    while let word = remaining.popFirst() {
      if takesFlags, word.isFlag {
        if word.text == "--" {
          takesFlags = false
        } else {
          try takeNamed(word, &remaining)
        }
      } else if takesFlags, let parameter = command.parameter(short: word) {
        try takeNamed(Word("--\(parameter.name)", word.range), &remaining)
      } else {
        try takePositional(word)
      }
    }
    return try finished()
  }

  /// Takes `--name`, `--name=value`, or `--name` and the word after it.
  private mutating func takeNamed(
    _ word: Word, _ remaining: inout ArraySlice<Word>
  ) throws(CommandError) {
    let halves = word.text.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(halves[0])
    guard let parameter = command.parameters.first(where: { $0.isNamed && $0.name == name }) else {
      throw .unknownFlag(name, of: command)
    }
    guard !arguments.has(name) else { throw .repeatedFlag(name, of: command) }
    let attached = halves.count > 1 ? String(halves[1]) : nil
    if parameter.arity == .flag {
      guard attached == nil else { throw .flagTakesNoValue(name, of: command) }
      arguments.add(.text(""), typed: "", for: name)
    } else if let value = attached ?? remaining.popFirst()?.text {
      try add(value, for: parameter)
    } else {
      throw .missingFlagValue(parameter, of: command)
    }
  }

  private mutating func takePositional(_ word: Word) throws(CommandError) {
    guard let parameter = open.first else { throw .tooManyArguments(word.text, of: command) }
    switch parameter.arity {
    case .rest, .optionalRest: rest.append(word.text)
    case .oneOrMore, .zeroOrMore: try add(word.text, for: parameter, pattern: word.pattern)
    default:
      try add(word.text, for: parameter)
      open.removeFirst()
    }
  }

  private mutating func finished() throws(CommandError) -> Arguments {
    if let parameter = open.first, !rest.isEmpty {
      try add(rest.joined(separator: " "), for: parameter)
    }
    if let missing = open.first(where: { $0.isRequired && !arguments.has($0.name) }) {
      throw .missingArgument(missing, of: command)
    }
    return arguments
  }

  private mutating func add(
    _ text: String, for parameter: Parameter, pattern: String? = nil
  ) throws(CommandError) {
    if case .log = parameter.kind {
      arguments.add(.log(LogWord(text: text, pattern: pattern)), typed: text, for: parameter.name)
      return
    }
    let value: Arguments.Value
    do throws(GrammarFault) {
      value = try parameter.kind.value(text)
    } catch {
      throw .badArgument(error, parameter, of: command)
    }
    arguments.add(value, typed: text, for: parameter.name)
  }
}

extension Command {
  /// The parameter that a word of one dash and one letter names.
  fileprivate func parameter(short word: Word) -> Parameter? {
    guard word.text.count == 2, word.text.hasPrefix("-"), !word.startsQuoted else { return nil }
    return named.first { $0.short == word.text.last }
  }
}

extension Word {
  /// Whether it begins with two unquoted dashes.
  var isFlag: Bool { text.hasPrefix("--") && !startsQuoted }
}

extension Parameter.Kind {
  /// Reads one value.
  func value(_ text: String) throws(GrammarFault) -> Arguments.Value {
    switch self {
    case .text, .name, .path, .directory, .log, .command, .setting, .settingValue:
      return .text(text)
    case .events: return .events(try EventReference.parse(text))
    case .time: return .time(try TimeText.parse(text))
    case .size: return .size(try SizeText.parse(text))
    case .choice(let choices):
      guard choices.contains(where: { $0.name == text }) else {
        throw .notAmong(choices.map(\.name), text)
      }
      return .text(text)
    case .integer(let range):
      guard let number = Int(text), range.contains(number) else {
        throw .notAnInteger(in: range, text)
      }
      return .integer(number)
    }
  }
}

extension GrammarFault {
  /// A value that is none of the legal ones.
  static func notAmong(_ legal: [String], _ text: String) -> GrammarFault {
    let question = Suggestion.question(for: text, among: legal).map { "\($0) " } ?? ""
    return GrammarFault(
      "no such value: \(Visible.quoted(text))",
      hint: "\(question)legal: \(legal.joined(separator: ", "))")
  }

  static func notAnInteger(in range: ClosedRange<Int>, _ text: String) -> GrammarFault {
    let legal =
      range.upperBound == .max
      ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    return GrammarFault("\(Visible.quoted(text)) is no number that fits", hint: "legal: \(legal)")
  }
}
