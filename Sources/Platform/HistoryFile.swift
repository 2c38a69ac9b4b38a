internal import Glibc

/// The commands of this and earlier sessions: a plain UTF-8 file, one command a line, for its owner's
/// eyes only.
///
/// Each command is written at once, so that a closed terminal or a killed process loses nothing, and
/// appended under a lock, so that sessions side by side do not tear each other's lines.
package struct HistoryFile: ~Copyable {
  /// How many commands a session begins with at most.
  package static let longest = 2000

  /// The commands that the file held, oldest first.
  package private(set) var lines: [String] = []
  /// Why nothing is kept, if it is not: say it once.
  package private(set) var problem: HostError?

  private var file: Descriptor?
  private var last: String?
  private var lacksLineEnd = false

  /// Opens a history, with its directory, creating what is missing. Never fails: a session without a
  /// history is better than none, and `problem` says why.
  package init(path: String) {
    do throws(HostError) {
      let opened = try Self.open(path)
      let bytes = try opened.readToEnd(limit: 64 << 20, named: path)
      lines = Self.lines(of: bytes)
      lacksLineEnd = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
      file = consume opened
    } catch {
      problem = error
      file = nil
    }
    last = lines.last
  }

  /// Where a program keeps such a file: below XDG_STATE_HOME, or else ~/.local/state. Nil without a
  /// home.
  package static func statePath(_ name: String) -> String? {
    // The XDG specification demands that a relative path be ignored.
    if let state = EnvironmentVariables["XDG_STATE_HOME"], state.hasPrefix("/") {
      return "\(state)/\(name)"
    }
    return EnvironmentVariables["HOME"].map { "\($0)/.local/state/\(name)" }
  }

  /// Whether a command is worth keeping: not empty, not the same again, and not hidden by a space
  /// before it.
  static func keeps(_ line: String, after last: String?) -> Bool {
    !line.isEmpty && line.first != " " && line != last && !line.contains { $0.isNewline }
  }

  /// Keeps a command. A failure ends the keeping, so that it is reported once.
  package mutating func record(_ line: String) throws(HostError) {
    guard Self.keeps(line, after: last) else { return }
    last = line
    guard let number = file?.number else { return }
    // Somebody edited the file, or a full disk cut the last command off.
    let bytes = Array((lacksLineEnd ? "\n" : "").utf8) + Array((line + "\n").utf8)
    lacksLineEnd = false
    flock(number, LOCK_EX)
    defer { flock(number, LOCK_UN) }
    let put = SystemCall.retrying {
      unsafe bytes.withUnsafeBytes { unsafe write(number, $0.baseAddress, $0.count) }
    }
    guard put.result == bytes.count else {
      let error = HostError(
        errno: put.result < 0 ? put.errno : ENOSPC, path: nil, hint: "no history is kept")
      problem = error
      file = nil
      throw error
    }
  }

  private static func open(_ path: String) throws(HostError) -> Descriptor {
    try createDirectories(above: path)
    let file = try Descriptor(
      opening: path, flags: O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
      mode: S_IRUSR | S_IWUSR)
    let status = try file.status(named: path)
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw HostError(.unsuitable, path: path, reason: "is not a regular file")
    }
    // Commands name hosts and files: what a careless umask or copy opened is closed again.
    if status.st_mode & 0o077 != 0, status.st_uid == geteuid() {
      fchmod(file.number, S_IRUSR | S_IWUSR)
    }
    return file
  }

  private static func createDirectories(above path: String) throws(HostError) {
    var directory = ""
    for name in path.split(separator: "/").dropLast() {
      directory += (directory.isEmpty && !path.hasPrefix("/") ? "" : "/") + name
      guard unsafe mkdir(directory, S_IRWXU) != 0, errno != EEXIST else { continue }
      guard unsafe access(directory, F_OK) != 0 else { continue }
      throw HostError(errno: errno, path: directory)
    }
  }

  /// The last commands in the file. Lines that are no UTF-8 are left out.
  private static func lines(of bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"))
      .compactMap { line in String(validating: line, as: UTF8.self) }
      .suffix(longest)
  }
}
