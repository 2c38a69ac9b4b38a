package import Platform

/// Everything outside: the clock, the zone, files, the terminal. The conversation reaches the
/// machine through these closures only, so that a test is a machine as good as any.
package struct Environment: Sendable {
  /// What the machine's clocks say now.
  package var clock: @Sendable () -> Moment
  /// How far a zone is from UTC at a moment (microseconds since 1970 UTC); nil for an unknown zone.
  package var offset: @Sendable (Zone, Int64) -> ZoneOffset?
  /// The directory below which /proc and /sys of the machine in question are.
  package var root = "/"
  /// A variable of the process.
  package var variable: @Sendable (String) -> String?
  /// The whole content of a script.
  package var readScript: @Sendable (String) throws(Unreadable) -> [UInt8]
  /// Opens a log for reading; `-` is standard input.
  package var openLog: @Sendable (String) throws(Unreadable) -> Log
  /// Runs journalctl for a query; the name is what messages call it.
  package var openJournal: @Sendable (SystemJournal.Query, String) throws(Unreadable) -> Log
  /// Makes a file without a name, for members of an archive.
  package var makeScratch: @Sendable () throws(Unreadable) -> Scratch
  /// The regular files below a directory.
  package var listFiles: @Sendable (String) throws(Unreadable) -> FileTree.Listing
  /// Whether a path names a directory.
  package var isDirectory: @Sendable (String) -> Bool
  /// The paths that a pattern with `*`, `?` and `[…]` matches, sorted.
  package var matches: @Sendable (String) -> [String]
  /// Reads the running kernel's ring buffer.
  package var readRing: @Sendable () throws(Unreadable) -> Ring
  /// Reads files below /proc and /sys of the machine that `--root` names, by their paths there.
  package var readMachine: @Sendable ([String]) throws(Unreadable) -> Machine
  /// Makes files below a directory, all or none; nothing that exists is touched.
  package var writeFiles: @Sendable (String, [NewFiles.File]) throws(Unreadable) -> Void
  /// What a directory holds, for completion; empty where it cannot be read.
  package var listDirectory: @Sendable (String) -> [DirectoryEntry]
  /// Where output goes.
  package var terminal: @Sendable () -> Terminal
  /// Takes text as soon as there is any. Where nil, `Shell.run` collects it in its answer.
  package var deliver: (@Sendable (Piece) -> Void)?
  /// Takes a line that says how far a long command is; nil ends it.
  package var progress: @Sendable (String?) -> Void
  /// Whether the user has cancelled what runs.
  package var isInterrupted: @Sendable () -> Bool

  /// A machine with nothing on it: no files, no terminal, UTC, and a clock that stands at 1970.
  package init() {
    clock = { Moment(wallMicros: 0, uptimeMicros: nil) }
    offset = { zone, _ in
      switch zone {
      case .local, .utc: ZoneOffset(seconds: 0, name: "UTC")
      case .offset(let seconds): ZoneOffset(seconds: seconds, name: nil)
      case .named: nil
      }
    }
    variable = { _ in nil }
    readScript = { (_) throws(Unreadable) in throw Unreadable("No such file or directory") }
    openLog = { (_) throws(Unreadable) in throw Unreadable("No such file or directory") }
    openJournal = { (_, _) throws(Unreadable) in throw Unreadable("there is no journal") }
    makeScratch = { () throws(Unreadable) in throw Unreadable("there is no room") }
    listFiles = { (_) throws(Unreadable) in throw Unreadable("No such file or directory") }
    isDirectory = { _ in false }
    matches = { _ in [] }
    readRing = { () throws(Unreadable) in throw Unreadable("there is no kernel log") }
    readMachine = { (_) throws(Unreadable) in Machine(files: [:], isLive: false, name: "nothing") }
    writeFiles = { (_, _) throws(Unreadable) in throw Unreadable("there is no room") }
    listDirectory = { _ in [] }
    terminal = { Terminal() }
    progress = { _ in }
    isInterrupted = { false }
  }
}

extension Environment {
  /// One reading of the clocks.
  package struct Moment: Sendable, Equatable {
    /// Microseconds since 1970-01-01 UTC.
    package let wallMicros: Int64
    /// Microseconds since boot, suspended time included; nil where that is not known.
    package let uptimeMicros: Int64?

    package init(wallMicros: Int64, uptimeMicros: Int64?) {
      self.wallMicros = wallMicros
      self.uptimeMicros = uptimeMicros
    }
  }

  /// Why a file cannot be read, in the words of the system.
  package struct Unreadable: Error, Sendable, Equatable {
    package let reason: String
    /// What to do about it.
    package let hint: String?

    package init(_ reason: String, hint: String? = nil) {
      self.reason = reason
      self.hint = hint
    }

    static let interrupted = Unreadable("interrupted")
  }

  /// One name in a directory.
  package struct DirectoryEntry: Sendable, Equatable {
    package let name: String
    package let isDirectory: Bool

    package init(_ name: String, isDirectory: Bool = false) {
      self.name = name
      self.isDirectory = isDirectory
    }
  }

  /// What output meets.
  package struct Terminal: Sendable, Equatable {
    package var isTerminal: Bool
    /// Columns; nil where they are not known.
    package var width: Int?
    /// Whether colour is welcome: a terminal, not a dumb one, and no NO_COLOR.
    package var hasColor: Bool
    /// Whether it shows more than ASCII.
    package var isUTF8: Bool

    package init(
      isTerminal: Bool = false, width: Int? = nil, hasColor: Bool = false, isUTF8: Bool = true
    ) {
      self.isTerminal = isTerminal
      self.width = width
      self.hasColor = hasColor
      self.isUTF8 = isUTF8
    }

    /// Whether the locale that the variables of a process ask for shows more than ASCII: not C or
    /// POSIX, and no charset but UTF-8. Terminals do where nothing is asked for.
    package static func isUTF8(_ variable: (String) -> String?) -> Bool {
      let chosen = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
      guard let name = chosen?.split(separator: "@").first else { return true }
      let parts = name.split(separator: ".", maxSplits: 1)
      guard parts.count > 1 else { return name != "C" && name != "POSIX" }
      return parts[1].lowercased().filter { $0 != "-" } == "utf8"
    }
  }
}

/// A piece of what the conversation says, safe to print, with its newlines.
package enum Piece: Sendable, Equatable {
  /// For the standard output.
  case output(String)
  /// For the standard error.
  case diagnostics(String)
}
