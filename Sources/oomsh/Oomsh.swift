internal import ArgumentParser
internal import Glibc
internal import OOMShell
internal import Platform

/// The command line. Everything that it means is in `Launch`.
@main
struct Oomsh: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oomsh",
    abstract: "Find out who ate the memory: asks OOM-killer reports questions.",
    usage: "oomsh [OPTION…] [FILE…] [-c COMMAND]… [-f SCRIPT]…",
    discussion: """
      FILEs are loaded first, then -c and -f run in the order given, up to the first
      error. Without these, commands are read from the prompt or from a pipe.
      """,
    version: "oomsh \(Version.text)")

  @Argument(help: "Logs, or .oomsh scripts; - is a log on standard input.")
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

  @Option(help: "Read /proc and /sys below this directory.")
  var root: String?

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

  /// What it all amounts to.
  var options: Launch.Options {
    var options = Launch.Options(files: files)
    options.requests = (commands + scripts).sorted { $0.order < $1.order }.map(\.request)
    options.settings = [("format", format), ("tz", tz), ("color", color), ("width", width)]
      .compactMap { name, value in value.map { (name, $0) } }
    if let root { options.root = root }
    (options.keepsHistory, options.greets) = (!noHistory, !quiet)
    return options
  }

  static func main() {
    let words = (1..<max(CommandLine.argc, 1)).compactMap { index in
      unsafe CommandLine.unsafeArgv[Int(index)].map { unsafe PathText.text($0) }
    }
    Glibc.exit(status(of: words))
  }

  /// Runs a command line.
  ///
  /// - Returns: The exit status.
  static func status(of arguments: [String]) -> Int32 {
    let isExtract = arguments.first == Extract.word
    do {
      if isExtract {
        try Extract.parse(Array(arguments.dropFirst())).run()
        return 0
      }
      // Names of files alone mean themselves: to take them apart would be most of the start.
      let isPlain = !arguments.contains { $0.first == "-" && $0 != "-" }
      var launch = Launch(try isPlain ? Launch.Options(files: arguments) : parse(arguments).options)
      return launch.run()
    } catch let error as CommandError {
      Output().deliver(.diagnostics(error.text + "\n"))
      return error.exitStatus
    } catch {
      return isExtract ? report(error, of: Extract.self) : report(error, of: Oomsh.self)
    }
  }

  /// Prints what the command line asked for, or what is wrong with it, and gives the status.
  private static func report(_ error: any Error, of type: (some ParsableCommand).Type) -> Int32 {
    guard !type.exitCode(for: error).isSuccess else {
      Output().deliver(.output(type.fullMessage(for: error) + "\n"))
      return 0
    }
    let text = type.message(for: error)
    let message = Visible.text(text.prefix(1).lowercased() + text.dropFirst())
    let name = type.configuration.commandName ?? "oomsh"
    let fault = CommandError(.usage, message, hint: "see '\(name) --help'")
    Output().deliver(.diagnostics(fault.text + "\n"))
    return fault.exitStatus
  }
}
