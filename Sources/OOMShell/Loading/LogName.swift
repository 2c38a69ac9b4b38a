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
    } else if let mark = name.lastIndex(where: { $0 == "." || $0 == "-" }), mark > name.startIndex {
      let digits = name[name.index(after: mark)...]
      // `.1` counts; `-20261101` and `.1795389653` are dates.
      if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        digits.count >= 8 || name[mark] == "." && digits.count <= 3
      {
        age = digits.count <= 3 ? Int(digits) : nil
        name = name[..<mark]
      }
    }
    base = directory + name
    isRotated = name != whole
    self.age = age
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

  /// Whether such a path is a journal's file.
  static func isJournal(_ path: String) -> Bool {
    path.hasSuffix(".journal") || path.hasSuffix(".journal~")
  }
}
