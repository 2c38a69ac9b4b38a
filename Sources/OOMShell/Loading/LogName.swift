internal import KernelLog

/// What the name of a log tells: which log it is, and how often it was rotated since.
///
/// Only a guess about what to read together; what a file holds is found out by looking.
struct LogName: Equatable {
  /// The directory with its slash, and the name without what rotation and compression add.
  let base: String
  /// Whether rotation has added anything.
  let isRotated: Bool
  /// Grows with age where rotation counts; nil where it writes dates or nothing.
  let age: Int?

  init(_ path: String) {
    let directory = Script.directory(of: path)
    var name = path.dropFirst(directory.count)
    for suffix in [".gz", ".xz", ".zst", ".bz2"] where name.hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
    }
    let whole = name
    var age: Int?
    if name.hasSuffix(".old") {
      name = name.dropLast(4)
      age = 1
    } else if let mark = name.lastIndex(of: "."), mark > name.startIndex,
      let count = Self.count(name[name.index(after: mark)...])
    {
      name = name[..<mark]
      age = count
    } else if let mark = name.indices.dropFirst().first(where: {
      Self.marks.contains(name[$0]) && Self.isDate(name[name.index(after: $0)...])
    }) {
      name = name[..<mark]
    }
    base = directory + name
    isRotated = name != whole
    self.age = age
  }

  /// What stands before a date.
  private static let marks: Set<Character> = ["-", ".", "_"]

  /// How often a log was rotated, by what is behind the point: `.1`.
  private static func count(_ text: Substring) -> Int? {
    text.count <= 3 && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
  }

  /// Whether a text is the date of a rotation: `20261101`, `2026-11-01`, seconds since 1970, and
  /// behind that perhaps a time of the day or a number.
  private static func isDate(_ text: Substring) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false) { "-_.T:".contains($0) }
    guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }) else { return false }
    return parts[0].count >= 8 || parts.count >= 3 && parts.prefix(3).map(\.count) == [4, 2, 2]
  }

  private static let words = [
    "dmesg", "kern", "kmsg", "messages", "syslog", "journalctl", "console",
  ]

  /// Whether a file of this path, below a directory or in an archive, may hold kernel messages.
  var looksLikeLog: Bool {
    let name = base.dropFirst(Script.directory(of: base).count).lowercased()
    guard !name.hasPrefix("."), !name.hasPrefix("audit") else { return false }
    return name.hasSuffix(".log") || Self.words.contains { name.contains($0) }
  }

  /// Whether such a path is called as archives are: of a sosreport, of a support bundle.
  static func isArchive(_ path: String) -> Bool {
    let name = path.lowercased()
    return archives.contains { name.hasSuffix($0) }
  }

  private static let archives = [
    ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.bz2", ".tbz", ".tbz2",
  ]

  /// Whether such a path is a journal's file.
  static func isJournal(_ path: String) -> Bool {
    path.hasSuffix(".journal") || path.hasSuffix(".journal~")
  }
}
