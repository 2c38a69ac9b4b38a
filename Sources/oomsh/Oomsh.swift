internal import ArgumentParser
internal import Glibc
internal import OOMShell

/// The command line. Everything that it means is in `Launch`.
@main
struct Oomsh: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oomsh",
    abstract: "Find out who ate the memory: asks OOM-killer reports questions.",
    usage: "oomsh [OPTION…] [FILE…] [-c COMMAND]… [-f SCRIPT]…",
    discussion: """
      FILEs are loaded first, then -c and -f run in the order given, up to the first error. Without \
      them oomsh asks for commands; on a standard input that is no terminal it runs those.
      Exit status: 0 ok, 1 a check failed, 2 usage, 3 a command failed, 4 unreadable input.
      """,
    version: "oomsh \(Version.text)")

  @Argument(help: "Logs, or .oomsh scripts; - reads a log from standard input.")
  var files: [String] = []

  @Option(
    name: [.customShort("c"), .customLong("command")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run a line of commands, then leave.", valueName: "command"),
    transform: Step.command)
  var commands: [Step] = []

  @Option(
    name: [.customShort("f"), .customLong("file")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run a script, then leave.", valueName: "script"),
    transform: Step.script)
  var scripts: [Step] = []

  @Option(help: "How answers look: table, line, json, csv or markdown.")
  var format: String?

  @Option(help: "The directory to read /proc and /sys below.")
  var root: String = "/"

  @Option(help: "The time zone: local, UTC, +09:00, Asia/Seoul.")
  var tz: String?

  @Option(help: "Colour: auto, always or never.")
  var color: String?

  @Option(help: "Columns of a table: auto or a number.")
  var width: String?

  @Flag(help: "Neither read nor write the history file.")
  var noHistory = false

  @Flag(name: .shortAndLong, help: "Print no banner.")
  var quiet = false

  /// What to run, in the order in which it was given.
  var requests: [Plan.Request] {
    (commands + scripts).sorted { $0.order < $1.order }.map(\.request)
  }

  /// The settings that were given, by name.
  var settings: [(name: String, value: String)] {
    [("format", format), ("tz", tz), ("color", color), ("width", width)]
      .compactMap { name, value in value.map { (name, $0) } }
  }

  static func main() {
    do {
      var launch = Launch(try parse())
      exit(launch.run())
    } catch {
      exit(report(error))
    }
  }

  /// Prints what the command line asked for, or what is wrong with it, and gives the status.
  private static func report(_ error: any Error) -> Int32 {
    let isRequest = exitCode(for: error).isSuccess
    let output = Output()
    if isRequest {
      output.deliver(.output(fullMessage(for: error) + "\n"))
      return 0
    }
    let fault = CommandError(.usage, message(for: error), hint: "see 'oomsh --help'")
    output.deliver(.diagnostics(fault.text + "\n"))
    return fault.exitStatus
  }
}
