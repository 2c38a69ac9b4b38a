internal import OOMShell
internal import Platform

/// A person at a terminal, with the history of earlier sessions.
final class EditorSource: LineSource {
  private let editor: LineEditor
  private let completer: Completer
  private var history: HistoryFile?

  /// What Tab asks; the editor wants it before the first line is read.
  private final class Completer {
    var complete: (@Sendable (String, Int) -> Completion)?
  }

  /// Nil where no line can be edited.
  ///
  /// - Parameter historyPath: Nil keeps no history.
  init?(historyPath: String?) {
    let completer = Completer()
    let editor = LineEditor(program: "oomsh") { line, cursor in
      let answer =
        completer.complete?(line, cursor) ?? Completion(replaceFrom: cursor, candidates: [])
      return CompletionAnswer(
        replaceFrom: answer.replaceFrom,
        candidates: answer.candidates.map {
          CompletionAnswer.Candidate(text: $0.text, description: $0.description)
        })
    }
    guard let editor else { return nil }
    self.editor = editor
    self.completer = completer
    if let historyPath {
      let history = HistoryFile(path: historyPath)
      for line in history.lines { editor.remember(line) }
      self.history = consume history
    }
  }

  /// What the user should know before the first prompt.
  var problems: [String] {
    editor.configurationProblems + (history?.problem.map { ["no history: \($0)"] } ?? [])
  }

  func nextLine(
    prompt: String, complete: @escaping @Sendable (String, Int) -> Completion
  ) -> LineEvent {
    // Lines that were pasted behind a command which ^C ended were meant to follow it.
    if Signals.isInterrupted { editor.discardPastedLines() }
    completer.complete = complete
    defer { completer.complete = nil }
    return switch editor.readLine(prompt: prompt) {
    case .line(let line): .line(line)
    case .interrupted: .interrupted
    case .end: .end
    }
  }

  func remember(_ line: String) {
    editor.remember(line)
    // A failure is kept in `problem`; the session goes on without a history.
    try? history?.record(line)
  }
}
