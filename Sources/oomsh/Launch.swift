internal import OOMShell
internal import Platform

/// A run of the program: the files, then what was asked for, or a conversation.
struct Launch {
  /// What the command line asks for.
  struct Options {
    /// Logs, or scripts.
    var files: [String]
    /// What to run, in the order in which it was given.
    var requests: [Plan.Request] = []
    /// The settings that were given, by name.
    var settings: [(name: String, value: String)] = []
    /// Below which directory /proc and /sys are.
    var root = "/"
    var keepsHistory = true
    var greets = true
  }

  private let options: Options
  private let output = Output()
  private var shell: Shell

  init(_ options: Options) {
    self.options = options
    shell = Shell(ShellState(environment: .live(root: options.root)))
  }

  /// Runs to the end.
  ///
  /// - Returns: The exit status.
  mutating func run() -> Int32 {
    do throws(CommandError) {
      for (name, value) in options.settings {
        try shell.state.settings.set(name, to: value, in: shell.state.environment)
      }
    } catch {
      output.deliver(.diagnostics(error.text + "\n"))
      return error.exitStatus
    }
    do throws(HostError) {
      try Signals.start()
    } catch {
      let fault = CommandError(.failed, "cannot catch signals", cause: error.reason)
      output.deliver(.diagnostics(fault.text + "\n"))
      return fault.exitStatus
    }
    shell.state.environment.deliver = output.deliver
    return perform(
      Plan(files: options.files, requests: options.requests, isScript: isScript))
  }

  private mutating func perform(_ plan: Plan) -> Int32 {
    let editor = plan.asksForCommands ? EditorSource(historyPath: historyPath) : nil
    if let editor { greet(editor, isEmpty: plan.logs.isEmpty) }
    let loaded = plan.loadLine.map { shell.run($0).status } ?? 0
    if loaded != 0, editor == nil, !shell.state.hasInputs { return loaded }
    let status = answer(plan, editor)
    // Of several files, those that could be read are asked about.
    return status == 0 && editor == nil ? loaded : status
  }

  /// Runs the commands of the command line, and those that are asked for.
  private mutating func answer(_ plan: Plan, _ editor: EditorSource?) -> Int32 {
    for step in plan.steps {
      let answer = run(step)
      if let exit = answer.exit { return exit }
      if answer.status != 0 { return answer.status }
    }
    guard plan.asksForCommands else { return 0 }
    if let editor {
      var conversation = Conversation(shell, editor, deliver: output.deliver)
      return conversation.run()
    }
    var conversation = Conversation(
      shell, PipeSource(), scriptName: "stdin", deliver: output.deliver)
    return conversation.run()
  }

  private mutating func run(_ step: Plan.Step) -> Shell.Answer {
    switch step {
    case .script(let path): shell.run(scriptAt: path)
    case .command(let text, let firstLine): shell.run(text, named: "-c", firstLine: firstLine)
    }
  }

  /// Two lines at most, on a terminal only.
  private func greet(_ editor: EditorSource, isEmpty: Bool) {
    for problem in editor.problems { output.deliver(.diagnostics("warning: \(problem)\n")) }
    guard options.greets else { return }
    var banner = "oomsh \(Version.text): 'help' lists the commands, 'quit' or Ctrl-D leaves.\n"
    if isEmpty { banner += "Nothing is loaded: 'load dmesg' reads the running kernel's log.\n" }
    output.deliver(.output(banner))
  }

  /// Nil where no history is wanted.
  private var historyPath: String? {
    options.keepsHistory ? HistoryFile.statePath("oomsh/history") : nil
  }

  /// Whether a file on the command line is a script. A pipe is not looked into, since what is read
  /// from it is gone.
  private func isScript(_ path: String) -> Bool {
    if Script.isScript(path: path) { return true }
    guard LogFile.isRegular(path), let file = try? LogFile(path: path),
      let head = try? file.readRange(0..<min(file.identity.size, 64))
    else { return false }
    return Script.isScript(path: path, head: head)
  }
}
