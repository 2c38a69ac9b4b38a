internal import CEditline
internal import CPlatform
internal import Glibc

/// The prompt of an interactive session: libedit, with what it lacks.
///
/// Create and use it on one thread, after `Signals.start()`.
package final class LineEditor {
  /// Says what could stand at the cursor, which is an offset into the line's UTF-8.
  package typealias Completer = (_ line: String, _ cursor: Int) -> CompletionAnswer

  /// Lines of the user's ~/.editrc that libedit refused, as `path:line: text`.
  package private(set) var configurationProblems: [String] = []

  private let editor: EditLine
  private let output: TerminalWriter
  private let completer: Completer
  private let isUnicode: Bool

  private var keys = KeyReader(descriptor: STDIN_FILENO)
  private var queuedKeys: [UInt32] = []
  private var state = State.editing
  private var promptColumns = 0
  private var columns = 80
  private var pastedLines: [String] = []
  private var hasPastedLines = false
  private var lastRemembered: String?
  private var choices = Choices()

  private enum State {
    case editing, interrupted, ended
  }

  private struct Choices {
    var candidates: [CompletionAnswer.Candidate] = []
    var page = 0
    var charactersAfterCursor = 0
  }

  /// Whether a line can be edited at all: standard input is a terminal, and so is standard output or
  /// standard error.
  package static var isPossible: Bool {
    Terminal.isTerminal(STDIN_FILENO)
      && (Terminal.isTerminal(STDOUT_FILENO) || Terminal.isTerminal(STDERR_FILENO))
  }

  /// Starts an editor; nil where none is possible.
  ///
  /// - Parameters:
  ///   - program: the name that selects lines in ~/.editrc (`oomsh:bind …`).
  ///   - completer: asked when Tab is pressed.
  package init?(program: String, completer: @escaping Completer) {
    guard Self.isPossible else { return nil }
    isUnicode = Self.chooseCharacterSet()
    // libedit wants a terminal to write to; with `oomsh > file` that is standard error.
    let writesToStderr = !Terminal.isTerminal(STDOUT_FILENO)
    guard
      let editor = EditLine(
        program: program, writesToStderr: writesToStderr, longestHistory: HistoryFile.longest)
    else { return nil }
    self.editor = editor
    self.completer = completer
    output = TerminalWriter(descriptor: writesToStderr ? STDERR_FILENO : STDOUT_FILENO)
    editor.client = self
    bindKeys()
    let configuration = EditorConfiguration(applyingTo: editor, rebind: bindKeys)
    configurationProblems = configuration.problems
    keys.codes = configuration.codes
  }

  /// Shows the prompt, which may hold SGR colours, and lets the user edit a line.
  ///
  /// Lines that were pasted together come one by one, each shown behind the prompt, without asking.
  package func readLine(prompt: String) -> Input {
    Signals.takeInterrupt()
    if !pastedLines.isEmpty {
      let line = pastedLines.removeFirst()
      output.write(prompt + line + "\n")
      return .line(line)
    }
    let shown = EditorPrompt(prompt, isUnicode: isUnicode)
    prepare(promptColumns: shown.columnCount)
    let isEditing = editor.isEditing
    platform_catch_stop(true)
    if isEditing {
      // libedit would show the prompt first: what is typed at once would be echoed twice.
      editor.prepareTerminal(true)
      output.bracketPastes(true)
    }
    let text = editor.readLine(prompt: shown.text)
    if isEditing { output.bracketPastes(false) }
    platform_catch_stop(false)
    if state == .interrupted {
      output.write("^C\n")
      return .interrupted
    }
    guard let text else {
      output.write("\n")
      return .end
    }
    return .line(firstLine(of: text))
  }

  /// Puts a line where Up and ^R find it, unless `HistoryFile` would not keep it either.
  package func remember(_ line: String) {
    guard HistoryFile.keeps(line, after: lastRemembered) else { return }
    lastRemembered = line
    editor.remember(line)
  }

  /// Forgets the rest of the lines that were pasted together: for a command that ^C ended.
  package func discardPastedLines() {
    pastedLines = []
  }

  private func prepare(promptColumns: Int) {
    self.promptColumns = promptColumns
    columns = Terminal.size(of: output.descriptor).columns
    state = .editing
    queuedKeys = []
    hasPastedLines = false
    _ = keys.takePasted()
    // What came during a command changed nothing on a line that is only now to be drawn.
    for kind in [PLATFORM_STOP, PLATFORM_CONTINUE, PLATFORM_RESIZE] { platform_signal_take(kind) }
  }

  private func firstLine(of text: String) -> String {
    guard hasPastedLines else { return text }
    pastedLines = PastedText.lines(of: text)
    return pastedLines.isEmpty ? "" : pastedLines.removeFirst()
  }

  private func bindKeys() {
    editor.bind("^I", to: EditorKey.complete)
    editor.bind("^R", to: "em-inc-search-prev")
    editor.bind("^W", to: "ed-delete-prev-word")
    for key in EditorKey.table {
      guard let code = KeyCodes.code(of: key.function) else { continue }
      editor.bindEverywhere(KeyCodes.octal(code), to: key.function)
    }
  }

  /// libedit drops every byte beyond ASCII in a locale that is not UTF-8, and minimal systems have the
  /// user's locale not installed. C.UTF-8 is in every glibc of today. Says whether it is UTF-8 now.
  static func chooseCharacterSet() -> Bool {
    func isUTF8() -> Bool { unsafe String(cString: editline_codeset()) == "UTF-8" }
    unsafe setlocale(LC_CTYPE, "")
    if !isUTF8() { unsafe setlocale(LC_CTYPE, "C.UTF-8") }
    return isUTF8()
  }
}

extension LineEditor: EditLineClient {
  func readCharacter() -> EditLine.Reading {
    while true {
      if !queuedKeys.isEmpty { return .character(queuedKeys.removeFirst()) }
      switch state {
      case .editing: break
      case .interrupted: return .givenUp
      case .ended: return .end
      }
      let isEditing = editor.isEditing
      switch isEditing ? keys.next() : keys.nextUndecoded() {
      case .character(let value): return .character(value)
      case .end: state = .ended
      case .signalled: answerSignals()
      case .interrupted:
        Signals.takeInterrupt()
        state = .interrupted
        // First out of a search and to the last row of the line, so that nothing is overwritten.
        if isEditing { queue(EditorKey.goToEnd) }
      }
    }
  }

  func insertPaste() -> EditLine.Reply {
    let text = PastedText(keys.takePasted())
    if text.hasSeveralLines { hasPastedLines = true }
    return editor.insert(text.insertion) ? .refresh : .beep
  }

  func complete() -> EditLine.Reply {
    let (bytes, cursor) = editor.line
    let answer = completer(String(decoding: bytes, as: UTF8.self), cursor)
    guard let edit = CompletionEdit(applying: answer, to: bytes, cursor: cursor) else {
      return .beep
    }
    editor.delete(edit.deletedCount)
    guard editor.insert(edit.insertion) else { return .beep }
    guard !edit.choices.isEmpty else { return .refresh }
    let isRepeated = edit.insertion.isEmpty && edit.choices == choices.candidates
    choices = Choices(
      candidates: edit.choices, page: isRepeated ? choices.page + 1 : 0,
      charactersAfterCursor: String(decoding: bytes[cursor...], as: UTF8.self).unicodeScalars.count)
    // The list goes below the last row of the line, so that the cursor has to be there first.
    queue(EditorKey.goToEnd, EditorKey.showChoices)
    return .refresh
  }

  func showChoices() -> EditLine.Reply {
    let lines = CandidateList.lines(
      choices.candidates, page: choices.page, size: Terminal.size(of: output.descriptor))
    output.write("\n" + lines.map { $0 + "\n" }.joined())
    editor.moveLeft(choices.charactersAfterCursor)
    editor.refresh()
    return .nothing
  }

  private func queue(_ functions: String...) {
    queuedKeys += functions.compactMap(KeyCodes.code(of:))
  }
}

// MARK: - Signals while a line is edited

extension LineEditor {
  private func answerSignals() {
    if platform_signal_take(PLATFORM_STOP) {
      output.bracketPastes(false)
      editor.prepareTerminal(false)
      platform_stop_now()
    }
    if platform_signal_take(PLATFORM_CONTINUE) {
      // libedit believes that the terminal is still as it left it, unless it is told otherwise.
      editor.prepareTerminal(false)
      editor.prepareTerminal(true)
      output.bracketPastes(true)
      repaint()
    }
    if platform_signal_take(PLATFORM_RESIZE) { followSize() }
  }

  /// Terminals wrap a long line anew by themselves, each in its own way: it is left to them until the
  /// next prompt. A line that fits into one row before and after is painted again.
  private func followSize() {
    let newColumns = Terminal.size(of: output.descriptor).columns
    let lineColumns = String(decoding: editor.line.bytes, as: UTF8.self).columnCount
    guard promptColumns + lineColumns < min(columns, newColumns) else { return }
    columns = newColumns
    editor.resize()
    repaint()
  }

  private func repaint() {
    output.clearLine()
    editor.refresh()
  }
}
