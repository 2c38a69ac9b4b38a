/// The word that is being typed, and the words of its command before it.
struct CompletionContext {
  let state: ShellState
  let words: [Word]
  let word: Word

  var candidates: [Completion.Candidate] {
    guard let name = words.first?.text else { return commandNames }
    guard let command = state.commands[name] ?? state.commands.shortened(name) else { return [] }
    return arguments(of: command)
  }

  private var commandNames: [Completion.Candidate] {
    matching(state.commands.commands.map { Choice($0.name, $0.summary) })
  }

  private func arguments(of command: Command) -> [Completion.Candidate] {
    var flags = command.named
    var positionals = command.positionals[...]
    var takesFlags = true
    var waiting: Parameter?
    for word in words.dropFirst() {
      let short = word.text.count == 2 && word.text.hasPrefix("-") ? word.text.last : nil
      if waiting != nil {
        waiting = nil
      } else if takesFlags, word.isFlag {
        if word.text == "--" { takesFlags = false }
        let name = word.text.dropFirst(2).prefix { $0 != "=" }
        if let used = flags.firstIndex(where: { $0.name == name }) {
          let flag = flags.remove(at: used)
          if flag.arity == .option, !word.text.contains("=") { waiting = flag }
        }
      } else if takesFlags, let short, let used = flags.firstIndex(where: { $0.short == short }) {
        waiting = flags.remove(at: used)
      } else if let first = positionals.first, !first.isLast {
        positionals.removeFirst()
      }
    }
    if let waiting { return values(of: waiting, matching: word.text) }
    if takesFlags, word.isFlag { return named(flags) }
    return positionals.first.map { values(of: $0, matching: word.text) } ?? []
  }

  /// Completes `--name` or the value of `--name=`.
  private func named(_ flags: [Parameter]) -> [Completion.Candidate] {
    guard let equals = word.text.firstIndex(of: "=") else {
      return
        flags
        .map { flag in
          let isOption = flag.arity == .option
          return Completion.Candidate(
            "--\(flag.name)\(isOption ? "=" : "")", flag.summary, isPartial: isOption)
        }
        .filter { $0.text.hasPrefix(word.text) }
    }
    let head = String(word.text[...equals])
    let typed = String(word.text[word.text.index(after: equals)...])
    guard let flag = flags.first(where: { "--\($0.name)=" == head }) else { return [] }
    return values(of: flag, matching: typed).map {
      Completion.Candidate(head + $0.text, $0.description, isPartial: $0.isPartial)
    }
  }

  private func values(of parameter: Parameter, matching typed: String) -> [Completion.Candidate] {
    switch parameter.kind {
    case .text, .integer, .size: return []
    case .time: return matching(Self.times, typed)
    case .log: return matching(Self.sources, typed) + paths(typed)
    case .choice(let choices): return matching(choices, typed)
    case .name(let choices): return matching(choices(state), typed)
    case .command: return matching(Help.names(in: state.commands), typed)
    case .setting: return matching(Setting.all.map { Choice($0.name, $0.summary) }, typed)
    case .settingValue:
      let setting = words.last.flatMap { Setting.named($0.text) }
      return matching(setting?.choices ?? [], typed)
    case .events: return events(typed)
    case .path, .directory: return paths(typed)
    }
  }

  private static let times = [
    Choice("1h", "the last hour of the data"), Choice("24h", "its last day"),
    Choice("7d", "its last week"), Choice("today", "from midnight on"),
    Choice("yesterday", "from the midnight before"),
  ]

  private static let sources = [
    Choice("dmesg", "the running kernel's log"), Choice("journal", "this machine's journal"),
  ]

  private func matching(_ choices: [Choice], _ typed: String? = nil) -> [Completion.Candidate] {
    choices.filter { $0.name.hasPrefix(typed ?? word.text) }.map { candidate($0.name, $0.summary) }
  }

  private func candidate(
    _ text: String, _ summary: String, isPartial: Bool = false
  ) -> Completion.Candidate {
    let quoted = Quoting.word(text, in: word.openQuote, isOpen: isPartial)
    return Completion.Candidate(quoted, Visible.text(summary), isPartial: isPartial)
  }
}

extension CompletionContext {
  /// Completes the last event of `2,4,7`.
  private func events(_ typed: String) -> [Completion.Candidate] {
    let start = typed.lastIndex(of: ",").map { typed.index(after: $0) } ?? typed.startIndex
    let (before, typed) = (typed[..<start], typed[start...])
    let named =
      state.view.events() + [
        Choice("first", "the first event in view"), Choice("last", "the last event in view"),
      ]
    return named.filter { $0.name.hasPrefix(typed) }.map { candidate(before + $0.name, $0.summary) }
  }

  /// Completes the last part of a path. Hidden files are offered to who types the dot.
  private func paths(_ typed: String) -> [Completion.Candidate] {
    let directory = Script.directory(of: typed)
    let start = typed.dropFirst(directory.count)
    let listed = directory.isEmpty ? state.resolve("./") : state.resolve(directory)
    return state.environment.listDirectory(listed)
      .filter { $0.name.hasPrefix(start) && (!$0.name.hasPrefix(".") || start.hasPrefix(".")) }
      .sorted { $0.name < $1.name }
      .map {
        candidate(
          directory + $0.name + ($0.isDirectory ? "/" : ""), "", isPartial: $0.isDirectory)
      }
  }
}
