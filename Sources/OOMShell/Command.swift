package import Presentation

/// One command of the shell: a row of the table, from which help, usage, completion, suggestions
/// and the tests of its examples derive.
package struct Command: Sendable {
  package let name: String
  package let aliases: [String]
  package let group: Group
  /// What it does, in one line without a full stop.
  package let summary: String
  /// In the order in which they are typed; named ones (`--sort`) last.
  package let parameters: [Parameter]
  package let examples: [Example]
  /// Does it, and answers with a document.
  package let run: @Sendable (inout ShellState, Arguments) throws(CommandError) -> Document

  package init(
    _ name: String, aliases: [String] = [], _ group: Group, _ summary: String,
    parameters: [Parameter] = [], examples: [Example],
    run: @escaping @Sendable (inout ShellState, Arguments) throws(CommandError) -> Document
  ) {
    self.name = name
    self.aliases = aliases
    self.group = group
    self.summary = summary
    self.parameters = parameters
    self.examples = examples
    self.run = run
  }

  /// The headings of `help`, in its order.
  package enum Group: String, Sendable, CaseIterable {
    case sources, look, cause, time, count, machine, advice, shell

    /// What its commands are for, in a few words.
    package var summary: String {
      switch self {
      case .sources: "read logs"
      case .look: "events and reports"
      case .cause: "why, and what if"
      case .time: "a span of time"
      case .count: "count over events"
      case .machine: "memory settings"
      case .advice: "advice and terms"
      case .shell: "the conversation"
      }
    }
  }

  /// A line to try, and what it shows.
  package struct Example: Sendable, Equatable {
    package let line: String
    package let shows: String

    package init(_ line: String, _ shows: String) {
      self.line = line
      self.shows = shows
    }
  }
}

extension Command {
  /// The parameters that are told by their position.
  package var positionals: [Parameter] { parameters.filter { !$0.isNamed } }

  /// The parameters that are written `--name`.
  package var named: [Parameter] { parameters.filter(\.isNamed) }

  /// How it is written: `set [NAME [VALUE]]`.
  package var usage: String {
    var optional = ""
    var required = ""
    for parameter in positionals.reversed() {
      if parameter.isRequired {
        required = " \(parameter.form)\(optional)\(required)"
        optional = ""
      } else {
        optional = " [\(parameter.form)\(optional)]"
      }
    }
    return name + required + optional + named.map { " [\($0.form)]" }.joined()
  }
}
