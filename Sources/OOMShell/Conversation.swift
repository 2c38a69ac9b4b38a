/// Where lines come from: a person at a terminal, or a pipe.
package protocol LineSource {
  /// Asks for the next line, without its end. It also forgets an interruption that came before.
  ///
  /// The prompt is empty for none; `complete` tells what a line, up to a byte offset, may go on
  /// with.
  mutating func nextLine(
    prompt: String, complete: @escaping @Sendable (String, Int) -> Completion
  ) -> LineEvent

  /// Keeps a line for this and later conversations.
  mutating func remember(_ line: String)
}

/// What a source of lines answers.
package enum LineEvent: Sendable, Equatable {
  case line(String)
  /// The user cancelled the line.
  case interrupted
  /// The next line cannot be read, and why.
  case unreadable(String)
  case end
}

/// Asks for lines and runs them until there are no more.
package struct Conversation<Source: LineSource> {
  package private(set) var shell: Shell
  package private(set) var source: Source
  /// What takes the answers.
  private let deliver: (Piece) -> Void
  /// How messages call the source where no person types; nil for the prompt.
  private let scriptName: String?
  private var lineNumber = 0

  /// Without a script name, a person is prompted and goes on after an error. With one the lines are
  /// a script: no prompt, no history, and the first error ends it.
  package init(
    _ shell: Shell, _ source: Source, scriptName: String? = nil,
    deliver: @escaping (Piece) -> Void
  ) {
    self.shell = shell
    self.source = source
    self.scriptName = scriptName
    self.deliver = deliver
  }

  /// Runs to the end of the lines, to `quit`, or, in a script, to the first error, and gives the
  /// exit status.
  package mutating func run() -> Int32 {
    while true {
      switch nextCommand() {
      case .end:
        return 0
      case .interrupted:
        if scriptName != nil { return CommandError.Code.interrupted.rawValue }
      case .broken(let error):
        deliver(.diagnostics(error.text + "\n"))
        return error.exitStatus
      case .line(let line):
        if let status = perform(line) { return status }
      }
    }
  }

  /// Runs a line; the answer is the exit status where this was the last one.
  private mutating func perform(_ line: Line) -> Int32? {
    if scriptName == nil, shell.remember(line.text) { source.remember(line.text) }
    let answer = shell.run(line.text, from: Origin(place: place(line.number)))
    for piece in answer.pieces { deliver(piece) }
    if let exit = answer.exit { return exit }
    return scriptName != nil && answer.status != 0 ? answer.status : nil
  }

  private func place(_ number: Int) -> Place? {
    scriptName.map { Place(file: $0, line: number) }
  }
}

extension Conversation {
  /// A command with the number of its first line.
  private struct Line {
    var text: String
    let number: Int
  }

  private enum Event {
    case line(Line)
    case interrupted
    case broken(CommandError)
    case end
  }

  /// What is wrong with a line that is not run: a header that asks for a newer version.
  private func headerFault(_ text: String, _ name: String) -> CommandError? {
    guard text.hasPrefix("#:") else { return nil }
    do throws(CommandError) {
      _ = try Script.parse(Array(text.utf8), name: name, firstLine: lineNumber)
      return nil
    } catch {
      return error
    }
  }

  /// Reads one command, over several lines where they end in a backslash.
  private mutating func nextCommand() -> Event {
    var command: Line?
    while true {
      let prompt = command == nil ? shell.state.view.prompt : SessionView.continuationPrompt
      let state = shell.state
      lineNumber += 1
      let event = source.nextLine(prompt: scriptName == nil ? prompt : "") { line, cursor in
        Completion.of(line, cursor: cursor, in: state)
      }
      switch event {
      case .interrupted: return .interrupted
      case .unreadable(let reason):
        return .broken(CommandError(.unreadable, reason, place: place(lineNumber)))
      case .end: return command.map(Event.line) ?? .end
      case .line(let text):
        if let scriptName, command == nil, !Script.isCommand(text) {
          if let fault = headerFault(text, scriptName) { return .broken(fault) }
          continue
        }
        let line = Line(
          text: command.map { $0.text.dropLast() + text } ?? text,
          number: command?.number ?? lineNumber)
        guard Lexer.scan(line.text).continues else { return .line(line) }
        command = line
      }
    }
  }
}
