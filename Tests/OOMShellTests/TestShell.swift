import Synchronization

@testable import OOMShell

/// A shell on a machine that holds these files and nothing else.
func makeShell(
  files: [String: String] = [:], commands: CommandTable = .standard
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
      var entries: [String: Bool] = [:]
      for path in files.keys {
        let full = path.hasPrefix("/") || path.hasPrefix("./") ? path : "./" + path
        guard full.hasPrefix(directory) else { continue }
        let rest = full.dropFirst(directory.count)
        let name = rest.prefix { $0 != "/" }
        entries[String(name)] = rest.count > name.count
      }
      return entries.map { DirectoryEntry($0.key, isDirectory: $0.value) }
    }
    return environment
  }
}

/// Counts up from any thread.
final class Counter: Sendable {
  private let count = Atomic(0)

  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

extension Origin {
  /// The third line of a script.
  static let script = Origin(place: Place(file: "a.oomsh", line: 3), directory: "", depth: 1)
}
