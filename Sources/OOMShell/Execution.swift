internal import Presentation

extension ShellState {
  /// Runs the commands of a line, one after the other, up to the first error.
  mutating func perform(_ line: String) throws(CommandError) {
    let lexed = Lexer.scan(line)
    if let fault = lexed.fault { throw .lexical(fault, in: line) }
    if lexed.continues { throw .nothingFollows() }
    for words in lexed.commands where exit == nil {
      if environment.isInterrupted() { throw .interrupted() }
      let (command, arguments) = try read(words)
      let document = try command.run(&self, arguments)
      show(document)
    }
  }

  /// Finds the command of a line and matches its arguments.
  private func read(_ words: [Word]) throws(CommandError) -> (Command, Arguments) {
    let command = try commands.command(named: words[0].text, allowsPrefix: !origin.isScript)
    return (command, try ArgumentMatcher.match(words.dropFirst(), with: command))
  }

  /// Runs a line that comes from somewhere else, and comes back.
  mutating func perform(_ line: String, from origin: Origin) throws(CommandError) {
    let outer = self.origin
    self.origin = origin
    defer { self.origin = outer }
    do throws(CommandError) {
      try perform(line)
    } catch {
      throw error.placed(at: origin.place)
    }
  }

  /// Runs a script up to its first error. Its relative paths begin at the directory, or, if that is
  /// nil, where the process does.
  mutating func perform(_ script: Script, in directory: String?) throws(CommandError) {
    let depth = origin.depth + 1
    guard depth <= Script.depthLimit else { throw .tooDeep(script.name) }
    for step in script.steps where exit == nil {
      let place = Place(file: script.name, line: step.line)
      try perform(step.command, from: Origin(place: place, directory: directory, depth: depth))
    }
  }

  /// Reads and runs a script file. Its path is taken as it is; see `resolve`.
  mutating func performFile(_ path: String, shownAs name: String) throws(CommandError) {
    let bytes: [UInt8]
    do throws(Environment.Unreadable) {
      bytes = try environment.readScript(path)
    } catch {
      throw .unreadable(name, error.reason)
    }
    let script = try Script.parse(bytes, name: name)
    try perform(script, in: Script.directory(of: path))
  }
}
