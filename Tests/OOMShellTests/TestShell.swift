@testable import OOMShell

/// A shell on a machine that holds these files and nothing else.
func makeShell(
  files: [String: String] = [:], commands: CommandTable = .ofTheShell
) -> Shell {
  Shell(ShellState(environment: .holding(files), commands: commands))
}

extension Environment {
  /// A machine that holds these files and nothing else; its home is /home/u.
  static func holding(_ files: [String: String]) -> Environment {
    var environment = Environment()
    environment.readScript = { (path) throws(Unreadable) in
      guard let text = files[path] else { throw Unreadable("No such file or directory") }
      return Array(text.utf8)
    }
    environment.variable = { $0 == "HOME" ? "/home/u" : nil }
    environment.listDirectory = { directory in
      let parent = directory == "./" ? "" : directory
      var entries: [String: Bool] = [:]
      for path in files.keys where path.hasPrefix(parent) {
        let rest = path.dropFirst(parent.count)
        let name = rest.prefix { $0 != "/" }
        entries[String(name)] = rest.count > name.count
      }
      return entries.map { DirectoryEntry($0.key, isDirectory: $0.value) }
    }
    return environment
  }
}

extension Origin {
  /// The third line of a script.
  static let script = Origin(place: Place(file: "a.oomsh", line: 3), directory: "", depth: 1)
}

extension CommandTable {
  /// The commands that need no session, so that what is near a name does not change with others.
  static let ofTheShell = CommandTable([
    .explain, .help, .history, .echo, .set, .source, .quit,
  ])
}
