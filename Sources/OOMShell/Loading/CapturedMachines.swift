/// The machines whose files one directory or archive holds, each below a directory of its own.
struct CapturedMachines {
  /// The directory or archive, as the user named it, and what stands between it and a file's name.
  private let name: String, separator: String
  /// By the directories around them; in the order in which their first files came.
  private var roots: [String] = []
  private var files: [String: [(path: String, bytes: [UInt8])]] = [:]

  init(in name: String, _ separator: String) {
    (self.name, self.separator) = (name, separator)
  }

  /// Adds a file of one of them.
  mutating func take(_ place: (root: String, path: String), _ bytes: [UInt8]) {
    if files[place.root] == nil { roots.append(place.root) }
    files[place.root, default: []].append((place.path, bytes))
  }

  var isEmpty: Bool { roots.isEmpty }

  /// What is known of each. Where there are several, each is named by its directory too.
  var machines: [CapturedMachine] {
    roots.map { root in
      let isNamed = roots.count > 1 && !root.isEmpty
      var machine = CapturedMachine(name: isNamed ? name + separator + root : name)
      for (path, bytes) in files[root] ?? [] { machine.take(path, bytes) }
      return machine
    }
  }

  /// The index of the machine that a log below a directory is of: the one around it; nil where nothing
  /// is known of it.
  func index(around root: String) -> Int? {
    var parts = root.split(separator: "/")
    while true {
      if let index = roots.firstIndex(of: parts.joined(separator: "/")) { return index }
      guard parts.popLast() != nil else { return nil }
    }
  }
}
