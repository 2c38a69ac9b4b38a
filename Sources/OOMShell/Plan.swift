/// What a command line asks for, in the order in which it is done.
package struct Plan: Sendable, Equatable {
  /// The files that are logs.
  package private(set) var logs: [String] = []
  /// The scripts among the files, then what `-c` and `-f` say in their order.
  package private(set) var steps: [Step] = []

  /// Something that the command line asks for.
  package enum Step: Sendable, Equatable {
    case script(path: String)
    /// The text of a `-c`. All of them together count as the lines of one script, so that a message
    /// can tell which one it means.
    case command(String, firstLine: Int)
  }

  /// One `-c` or `-f` as it was given.
  package enum Request: Sendable, Equatable {
    case command(String)
    case script(String)
  }

  /// Plans a run; `isScript` tells whether a file is a script and no log.
  package init(files: [String], requests: [Request], isScript: (String) -> Bool) {
    for file in files {
      if isScript(file) {
        steps.append(.script(path: file))
      } else {
        logs.append(file)
      }
    }
    var line = 1
    for request in requests {
      switch request {
      case .script(let path): steps.append(.script(path: path))
      case .command(let text):
        steps.append(.command(text, firstLine: line))
        line += text.split(separator: "\n", omittingEmptySubsequences: false).count
      }
    }
  }

  /// The line that loads the logs; nil where there are none.
  ///
  /// Where commands follow, their answers alone go to the standard output.
  package var loadLine: String? {
    guard !logs.isEmpty else { return nil }
    return (steps.isEmpty ? "load " : "load --quiet ")
      + logs.map { Quoting.word($0) }.joined(separator: " ")
  }

  /// Whether commands are read from standard input: nothing else is to be run, and it is no log.
  package var asksForCommands: Bool { steps.isEmpty && !logs.contains("-") }
}
