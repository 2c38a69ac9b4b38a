internal import Glibc

/// Files that are made below a directory, all of them or none.
///
/// Nothing that exists is touched: a file that is there already, or a symbolic link in the place of
/// the directory or anywhere below it, is refused before the first byte is written, and again by the
/// system while it is. The way to the directory may lead through links.
package enum NewFiles {
  /// A file to be made.
  package struct File: Sendable {
    /// Names below the directory, separated by `/`.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// Makes the files, and the directories that they need.
  ///
  /// - Throws: Why nothing was written; what had been made before that is taken away again.
  package static func write(_ files: [File], below directory: String) throws(HostError) {
    let paths = try files.map { (file) throws(HostError) in try names(of: file.path) }
    let directory = place(directory)
    try refuseLink(directory)
    try makeDirectory(directory)
    for path in paths { try refuseExisting(path, below: directory) }
    var made: [String] = []
    do throws(HostError) {
      for (file, path) in zip(files, paths) {
        let parent = try open(path.dropLast(), below: directory)
        let shown = "\(directory)/\(file.path)"
        let new = try Descriptor(
          opening: path[path.count - 1], in: parent.number,
          flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644, named: shown)
        made.append(shown)
        try put(file.bytes, into: new, named: shown)
      }
    } catch {
      for path in made { _ = unsafe unlink(path) }
      throw error
    }
  }

  /// The names that a path leads through; it must stay below where it begins.
  private static func names(of path: String) throws(HostError) -> [String] {
    let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let isSafe = names.allSatisfy { name in
      !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(0)
    }
    guard isSafe else { throw HostError(.malformed, path: path, reason: "leads elsewhere") }
    return names
  }

  /// The directory without slashes at its end, with which the system would follow a link.
  private static func place(_ directory: String) -> String {
    let names = directory.reversed().drop { $0 == "/" }.reversed()
    return names.isEmpty ? directory : String(names)
  }

  /// Whoever could make the link chose where it leads.
  private static func refuseLink(_ directory: String) throws(HostError) {
    var status = stat()
    guard unsafe lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
    throw HostError(
      .unsuitable, path: directory, reason: "is a symbolic link",
      hint: "nothing was written; name the directory that it leads to")
  }

  private static func makeDirectory(_ path: String) throws(HostError) {
    guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
    throw HostError(errno: errno, path: path)
  }

  private static func refuseExisting(
    _ names: [String], below directory: String
  ) throws(HostError) {
    var place = directory
    for (index, name) in names.enumerated() {
      place += "/" + name
      var status = stat()
      guard unsafe lstat(place, &status) == 0 else {
        guard errno != ENOENT else { return }
        throw HostError(errno: errno, path: place)
      }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      guard isDirectory, index < names.count - 1 else {
        throw HostError(
          .unsuitable, path: place, reason: "exists already",
          hint: "nothing was written; name a directory that is new or empty")
      }
    }
  }

  /// Opens the directory at the end of these names, making what is missing. No name may be a link.
  private static func open(
    _ names: ArraySlice<String>, below directory: String
  ) throws(HostError) -> Descriptor {
    var current = try Descriptor(
      opening: directory, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    var place = directory
    for name in names {
      place += "/" + name
      if unsafe mkdirat(current.number, name, 0o755) != 0, errno != EEXIST {
        throw HostError(errno: errno, path: place)
      }
      current = try Descriptor(
        opening: name, in: current.number, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
        named: place)
    }
    return current
  }

  private static func put(
    _ bytes: [UInt8], into file: borrowing Descriptor, named name: String
  ) throws(HostError) {
    let number = file.number
    var written = 0
    while written < bytes.count {
      let put = unsafe bytes.withUnsafeBytes { buffer in
        SystemCall.retrying {
          unsafe Glibc.write(
            number, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        }
      }
      guard put.result > 0 else { throw HostError(errno: put.errno, path: name) }
      written += put.result
    }
  }
}
