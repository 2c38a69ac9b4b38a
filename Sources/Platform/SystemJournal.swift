/// The journal of systemd, read by its own tool: its files are compressed and keyed in ways that
/// change.
package enum SystemJournal {
  /// Which entries are wanted.
  package struct Query: Sendable, Equatable {
    /// A boot as journalctl names it: `0`, `-1`, an id, or `all`; nil for all boots.
    package var boot: String?
    /// Microseconds since 1970 UTC.
    package var since: Int64?
    /// Where the journal is; nil for this machine's own.
    package var place: Place?

    /// Where a journal that is not this machine's own lies.
    package enum Place: Sendable, Equatable {
      case directory(String)
      case file(String)
    }

    /// Creates a query.
    package init(boot: String? = nil, since: Int64? = nil, place: Place? = nil) {
      self.boot = boot
      self.since = since
      self.place = place
    }
  }

  /// How a binary journal begins.
  static let magic = Array("LPKSHHRH".utf8)

  /// The message with which journald owns up to lost kernel messages.
  private static let missed = "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606"

  /// What prints the wanted entries. Not `-k`: that means the last boot only.
  static func tool(_ query: Query) -> Tool {
    var arguments = ["-o", "export", "--no-pager", "--quiet"]
    // Every boot is the default; `-b all` is unknown to old versions.
    if let boot = query.boot, boot != "all" { arguments.append("--boot=\(boot)") }
    if let since = query.since { arguments.append("--since=@\(since / 1_000_000)") }
    switch query.place {
    case .directory(let path): arguments.append("--directory=\(path)")
    case .file(let path): arguments.append("--file=\(path)")
    case nil: break
    }
    return Tool(
      "journalctl", arguments + ["_TRANSPORT=kernel", "+", missed], package: "systemd")
  }

  /// What prints the journal file on its standard input, whatever the file is called.
  static let fileTool = tool(Query(place: .file("/proc/self/fd/0")))
}
