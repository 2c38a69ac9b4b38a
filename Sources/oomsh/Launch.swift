internal import OOMShell
internal import Platform

/// A run of the program: the files, then what was asked for, or a conversation.
struct Launch {
  private let options: Oomsh
  private let output = Output()
  private var shell: Shell

  init(_ options: Oomsh) {
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
    return plan.isInteractive ? converse() : runSteps()
  }

  private var plan: Plan { Plan(files: options.files, steps: options.steps) }
}
