/// The conversation: one line in, one answer out.
///
/// It does no input or output of its own; what it needs of the machine is in its `Environment`.
package struct Shell: Sendable {
  package var state: ShellState

  package init(_ state: ShellState) {
    self.state = state
  }

  /// What a line, or a script, came to.
  package struct Answer: Sendable, Equatable {
    /// What was said, in order; empty where the environment takes it at once.
    package var pieces: [Piece]
    /// 0, or the exit status of the error that stopped it.
    package var status: Int32
    /// The status that `quit` has asked for.
    package var exit: Int32?

    /// Whether the conversation is over.
    package var wantsExit: Bool { exit != nil }

    /// What goes to the standard output.
    package var output: String {
      pieces.map { if case .output(let text) = $0 { text } else { "" } }.joined()
    }

    /// What goes to the standard error.
    package var diagnostics: String {
      pieces.map { if case .diagnostics(let text) = $0 { text } else { "" } }.joined()
    }
  }

  /// Runs one line. Several lines may have been joined to one by trailing backslashes.
  package mutating func run(_ line: String, from origin: Origin = .prompt) -> Answer {
    answer { (state) throws(CommandError) in try state.perform(line, from: origin) }
  }

  /// Runs a script that has been read, up to its first error. Its relative paths begin at the
  /// directory, which ends in `/`, or, if that is nil, where the process does.
  package mutating func run(_ script: Script, in directory: String? = nil) -> Answer {
    answer { (state) throws(CommandError) in try state.perform(script, in: directory) }
  }

  /// Reads the text of a script and runs it up to its first error. Messages call it by the name and
  /// count its lines from `firstLine`.
  package mutating func run(_ text: String, named name: String, firstLine: Int = 1) -> Answer {
    answer { (state) throws(CommandError) in
      let script = try Script.parse(Array(text.utf8), name: name, firstLine: firstLine)
      try state.perform(script, in: nil)
    }
  }

  /// Reads a script file and runs it up to its first error.
  package mutating func run(scriptAt path: String) -> Answer {
    answer { (state) throws(CommandError) in try state.performFile(path, shownAs: path) }
  }

  private mutating func answer(
    _ body: (inout ShellState) throws(CommandError) -> Void
  ) -> Answer {
    var status: Int32 = 0
    do throws(CommandError) {
      try body(&state)
    } catch {
      status = error.exitStatus
      state.report(error)
    }
    defer { state.pieces = [] }
    return Answer(pieces: state.pieces, status: status, exit: state.exit)
  }
}

extension Shell {
  /// Keeps a typed line for `history`, and says whether it is worth keeping.
  ///
  /// Empty lines, repetitions of the line before, and lines that begin with a blank are not.
  package mutating func remember(_ line: String) -> Bool {
    guard let first = line.utf8.first, !first.isBlank, line != state.history.last else {
      return false
    }
    state.history.append(line)
    return true
  }
}
