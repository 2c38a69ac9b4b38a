package import Investigation
package import Presentation

/// What a conversation has come to: everything that a command may look at and change.
package struct ShellState: Sendable {
  package var environment: Environment
  package var settings = Settings()
  /// What is loaded and in view.
  package internal(set) var session = Session()
  /// Where the reports of each input can be read again.
  var sources: [LoadedSource] = []
  /// Whether anything has been loaded.
  package var hasInputs: Bool { !session.inputs.isEmpty }
  /// What is known of captured machines besides their logs.
  var machines: [CapturedMachine] = []
  /// The commands that can be run.
  package let commands: CommandTable
  /// What prompt and completion need to know of the session.
  package var view = SessionView()
  /// The lines typed so far, oldest first.
  package var history: [String] = []
  /// The last answer that showed anything.
  package internal(set) var lastDocument: Document?
  /// The status that `quit` has asked for; nothing is run after it.
  package var exit: Int32?
  /// Where the line that runs comes from.
  package internal(set) var origin = Origin.prompt
  /// What was said and not yet delivered.
  var pieces: [Piece] = []

  package init(environment: Environment = Environment(), commands: CommandTable = .standard) {
    self.environment = environment
    self.commands = commands
  }
}

/// Where a line comes from, which decides how strictly it is read and where its paths begin.
package struct Origin: Sendable, Equatable {
  /// What messages name; nil at the prompt.
  package var place: Place?
  /// The directory of the script; nil for the prompt, `-c` and standard input, which take paths as
  /// the process does.
  package var directory: String?
  /// How many scripts run one inside the other.
  package var depth: Int
  /// Whether the line is written down somewhere, and so must mean the same in a later version.
  package var isScript: Bool

  /// What has a place is a script unless `isScript` says otherwise.
  package init(
    place: Place? = nil, directory: String? = nil, depth: Int = 0, isScript: Bool? = nil
  ) {
    self.place = place
    self.directory = directory
    self.depth = depth
    self.isScript = isScript ?? (place != nil)
  }

  /// A person at the prompt.
  package static let prompt = Origin()
}

extension ShellState {
  /// Shows a document now, for commands that answer in several steps.
  package mutating func show(_ document: Document) {
    guard document != Document(), let format = OutputFormat.named(settings.format) else { return }
    lastDocument = document
    say(.output(format.render(document, settings.renderOptions(on: environment.terminal()))))
  }

  /// Reports what went wrong with a part of a command that goes on.
  package mutating func report(_ error: CommandError) {
    say(.diagnostics(error.placed(at: origin.place).text + "\n"))
  }

  /// Says only a document's notes, on the standard error.
  mutating func remark(on document: Document) {
    for case .note(let severity, let text) in document.blocks {
      say(.diagnostics("\(severity == .info ? "note" : "warning"): \(Visible.text(text))\n"))
    }
  }

  private mutating func say(_ piece: Piece) {
    switch piece {
    case .output(""), .diagnostics(""): return
    default: break
    }
    if let deliver = environment.deliver {
      deliver(piece)
    } else {
      pieces.append(piece)
    }
  }

  /// The path of a file that a command names.
  ///
  /// `~/` is the home directory. Inside a script file other relative paths begin at the script, so
  /// that a script and its logs can be moved and run from anywhere; everywhere else they begin
  /// where the process does.
  package func resolve(_ path: String) -> String {
    if path == "~" || path.hasPrefix("~/"), let home = environment.variable("HOME"), !home.isEmpty {
      return home + path.dropFirst()
    }
    guard let directory = origin.directory, !path.hasPrefix("/"), path != "-" else { return path }
    return directory + path
  }
}
