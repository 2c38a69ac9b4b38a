internal import Glibc

/// A machine seen through the file system: `/`, or a directory with its /proc and /sys inside, such
/// as an unpacked sosreport.
package struct LiveHost: Host {
  /// The directory that is taken for that machine's `/`.
  package let root: String

  /// Creates a machine from its root directory.
  package init(root: String = "/") {
    self.root = root
  }

  /// Whether the root is this machine's own.
  package var isLive: Bool { !root.isEmpty && root.allSatisfy { $0 == "/" } }

  /// This machine's name, or the one that a captured tree holds.
  package var hostName: String? {
    let sources = ["/proc/sys/kernel/hostname", "/etc/hostname"]
    for source in sources {
      guard let bytes = try? readFile(source, limit: 4096) else { continue }
      let name = String(decoding: bytes.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
      if !name.isEmpty { return name }
    }
    return nil
  }

  /// Reads a file below the root.
  package func readFile(_ path: String, limit: Int) throws(HostError) -> [UInt8] {
    // Non-blocking: a FIFO in a captured tree must not stop us.
    let file = try open(path, flags: O_RDONLY | O_NONBLOCK)
    let kind = try file.status(named: path).st_mode & S_IFMT
    switch kind {
    case S_IFREG: return try file.readToEnd(limit: limit, named: path)
    case S_IFDIR: throw HostError(.isDirectory, path: path, reason: "is a directory")
    default: throw HostError(.unsuitable, path: path, reason: "is not a regular file")
    }
  }

  /// Lists a directory below the root.
  package func listDirectory(_ path: String) throws(HostError) -> [String] {
    let directory = try open(path, flags: O_RDONLY | O_DIRECTORY)
    return try DirectoryListing.names(in: directory.number, named: path).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  private func open(_ path: String, flags: Int32) throws(HostError) -> Descriptor {
    if isLive { return try Descriptor(opening: path, flags: flags) }
    return try RootedPath(root: root, path: path).open(flags: flags)
  }
}

/// Reading the names out of a directory.
enum DirectoryListing {
  /// The names in an open directory in the order the system gives them, `.` and `..` left out.
  static func names(in directory: Int32, named path: String) throws(HostError) -> [String] {
    // closedir closes what it was given, hence the duplicate.
    guard let stream = unsafe fdopendir(fcntl(directory, F_DUPFD_CLOEXEC, 0)) else {
      throw HostError(errno: errno, path: path)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          unsafe PathText.text($0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
