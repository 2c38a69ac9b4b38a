internal import Investigation
internal import KernelLog
internal import OOMReports
internal import Presentation

extension Command {
  static let whatif = Command(
    "whatif", .cause, "whom it would have killed had something been different",
    parameters: [
      Parameter("EVENT", .events, .required, "an event"),
      Parameter(
        "CHANGE", .name(ChangeText.choices), .oneOrMore,
        "adj NAME|PID=N, kill NAME|PID, limit=[+|-]SIZE, ram=[+|-]SIZE, swap=[+|-]SIZE"),
    ],
    examples: [
      Example("whatif last ram=+8G", "with 8 GiB more"),
      Example("whatif 1 adj 1=-500 swap=0", "several changes at once"),
    ]
  ) { (state, arguments) throws(CommandError) in
    let changes = try ChangeText.parse(arguments.texts("CHANGE"))
    guard let number = try state.numbers(arguments.events("EVENT")).last else { return Document() }
    let report = try state.report(number).report
    switch try state.selection(of: number, report) {
    case .failure(let obstacle):
      throw CommandError(
        .failed, "event \(number) cannot be replayed", hint: SelectionWords.text(obstacle))
    case .success(let selection):
      do throws(WhatIf.Obstacle) {
        let answer = try WhatIf(report, selection.badness, changes)
        return WhatIfAnswer(number, report, answer, state.settings.units).document
      } catch {
        throw .whatif(error, number, state.settings.units)
      }
    }
  }
}

extension CommandError {
  fileprivate static func whatif(
    _ obstacle: WhatIf.Obstacle, _ number: Int, _ units: SizeUnits
  ) -> CommandError {
    switch obstacle {
    case .noTotal:
      CommandError(
        .failed, "event \(number) does not tell of how much memory an adjustment is a thousandth",
        hint: "another event of the same boot may: 'trust \(number)' says which lines are lost")
    case .noSuchTask(let target):
      CommandError(
        .failed, "no row of event \(number)'s task table is \(ChangeText.text(target))",
        hint: "'tasks \(number) --all' lists them")
    case .beyond(let change, let was):
      CommandError(
        .failed,
        "\(ChangeText.name(change)) cannot be so small: in event \(number) it was "
          + units.text(bytes: was.count),
        hint: "ram=SIZE says what it is to be, ram=-SIZE how much less; so do swap= and limit=")
    }
  }
}

/// Reads the changes that a person types after `whatif EVENT`.
enum ChangeText {
  @Sendable static func choices(_ state: ShellState) -> [Choice] {
    [
      Choice("adj", "NAME|PID=N: another oom_score_adj"), Choice("kill", "NAME|PID: gone before"),
      Choice("limit=", "[+|-]SIZE: another limit of the cgroup"),
      Choice("ram=", "[+|-]SIZE: another size of RAM"),
      Choice("swap=", "[+|-]SIZE: another size of swap"),
    ]
  }

  static func parse(_ words: [String]) throws(CommandError) -> [WhatIf.Change] {
    var changes: [WhatIf.Change] = []
    var sizes: Set<String> = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "adj" || word == "kill" {
        guard let operand = rest.popFirst() else { throw missing(word) }
        changes.append(word == "kill" ? .kill(target(operand)) : try adjustment(operand))
        continue
      }
      guard let mark = word.firstIndex(of: "=") else { throw unknown(word) }
      let value = String(word[word.index(after: mark)...])
      let name = String(word[..<mark])
      guard sizes.insert(name).inserted else { throw twice(name) }
      switch name {
      case "limit": changes.append(.limit(try amount(value)))
      case "ram": changes.append(.ram(try amount(value)))
      case "swap": changes.append(.swap(try amount(value)))
      default: throw unknown(word)
      }
    }
    return changes
  }

  static func text(_ target: WhatIf.Target) -> String {
    switch target {
    case .pid(let pid): "process \(pid)"
    case .name(let name): "called \(Visible.quoted(name.description))"
    }
  }

  /// What a change is about, in the word that is typed for it.
  static func name(_ change: WhatIf.Change) -> String {
    switch change {
    case .ram: "ram"
    case .swap: "swap"
    case .limit: "limit"
    case .adjust: "adj"
    case .kill: "kill"
    }
  }

  /// Digits are a pid; a name of digits alone can be given as its pid.
  private static func target(_ text: String) -> WhatIf.Target {
    Int64(text).map(WhatIf.Target.pid) ?? .name(LogText(escaped: text))
  }

  /// A name may hold `=`: the last one counts.
  private static func adjustment(_ text: String) throws(CommandError) -> WhatIf.Change {
    guard let mark = text.lastIndex(of: "="), mark != text.startIndex,
      let value = Int64(text[text.index(after: mark)...]), (-1000...1000).contains(value)
    else {
      throw CommandError(
        .usage, "whatif: \(Visible.quoted(text)) is no adjustment",
        hint: "it is NAME=N or PID=N with N from -1000 to 1000, as: adj mysqld=-500")
    }
    return .adjust(target(String(text[..<mark])), to: value)
  }

  private static func amount(_ text: String) throws(CommandError) -> WhatIf.Amount {
    if text.hasPrefix("+") { return .more(Bytes(try size(String(text.dropFirst())))) }
    if text.hasPrefix("-") { return .less(Bytes(try size(String(text.dropFirst())))) }
    return .exactly(Bytes(try size(text)))
  }

  /// A page of the smallest size.
  private static let leastSize: Int64 = 4096

  private static func size(_ text: String) throws(CommandError) -> Int64 {
    do throws(GrammarFault) {
      let size = try SizeText.parse(text)
      guard Bytes(kB: size / 1024) != nil else {
        throw GrammarFault("\(Visible.quoted(text)) is more than any machine can address")
      }
      // A figure that is copied from memory.max has no unit either, but is a page at least.
      guard size == 0 || size >= leastSize else {
        throw GrammarFault(
          "\(Visible.quoted(text)) is \(size) B, less than a page", hint: "8G is 8 GiB, 8M 8 MiB")
      }
      return size
    } catch {
      throw CommandError(.usage, "whatif: \(error.message)", hint: error.hint)
    }
  }

  private static func missing(_ word: String) -> CommandError {
    CommandError(
      .usage, "whatif: '\(word)' needs a name or pid behind it",
      hint: word == "adj" ? "as: adj mysqld=-500" : "as: kill 2348")
  }

  private static func twice(_ name: String) -> CommandError {
    CommandError(
      .usage, "whatif: two sizes for \(Visible.quoted(name))",
      hint: "each of ram, swap and limit can be changed once")
  }

  private static func unknown(_ word: String) -> CommandError {
    CommandError(
      .usage, "whatif: \(Visible.quoted(word)) is no change",
      hint: "a change is adj NAME=N, kill NAME, limit=+SIZE, ram=+SIZE or swap=SIZE")
  }
}
