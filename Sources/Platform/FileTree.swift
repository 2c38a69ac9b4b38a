internal import Glibc

/// Finding files: below a directory, and by a pattern.
package enum FileTree {
  /// A file below a directory.
  package struct File: Sendable, Equatable {
    /// The path from the directory on, without a slash before it.
    package let name: String
    /// When it was last written to, in microseconds since 1970.
    package let modified: Int64
  }

  /// What lies below a directory.
  package struct Listing: Sendable, Equatable {
    /// The regular files.
    package var files: [File] = []
    /// Directories that may not be read, each with the reason.
    package var unreadable: [HostError] = []
    /// Whether there were too many files to go on.
    package var isCut = false
  }

  /// A captured machine has some ten thousand files.
  private static let mostFiles = 200_000

  /// The regular files below a directory, sorted by their paths. Symbolic links are followed to files
  /// and never to directories, so that there is an end. ^C is an error.
  package static func files(below directory: String) throws(HostError) -> Listing {
    var listing = Listing()
    var waiting = [""]
    while let place = waiting.popLast(), !listing.isCut {
      guard !Signals.isInterrupted else { throw .interrupted }
      do throws(HostError) {
        let opened = try Descriptor(
          opening: directory + "/" + place, flags: O_RDONLY | O_DIRECTORY | O_NONBLOCK)
        for name in try DirectoryListing.names(in: opened.number, named: directory + "/" + place) {
          var status = stat()
          guard look(at: name, in: opened.number, flags: AT_SYMLINK_NOFOLLOW, into: &status) else {
            continue
          }
          if status.st_mode & S_IFMT == S_IFLNK {
            guard look(at: name, in: opened.number, into: &status),
              status.st_mode & S_IFMT == S_IFREG
            else { continue }
          }
          if status.st_mode & S_IFMT == S_IFDIR { waiting.append(place + name + "/") }
          guard status.st_mode & S_IFMT == S_IFREG else { continue }
          let modified =
            Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000
          listing.files.append(File(name: place + name, modified: modified))
        }
      } catch {
        if place.isEmpty { throw error }
        listing.unreadable.append(error)
      }
      listing.isCut = listing.files.count >= mostFiles
    }
    listing.files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return listing
  }

  /// Asks what a name in an open directory, or a path, stands for; false where nothing answers.
  static func look(
    at name: String, in directory: Int32 = AT_FDCWD, flags: Int32 = 0, into status: inout stat
  ) -> Bool {
    unsafe PathText.withBytes(of: name) { unsafe fstatat(directory, $0, &status, flags) == 0 }
  }

  /// Whether a path names a directory.
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return look(at: path, into: &status) && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The paths that a pattern with `*`, `?` and `[…]` matches, sorted; a backslash takes a character
  /// as it is. Names with a leading dot want one in the pattern.
  package static func matches(of pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    let isFound = unsafe PathText.withBytes(of: pattern) { unsafe glob($0, 0, nil, &found) == 0 }
    guard isFound else { return [] }
    return (0..<Int(unsafe found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe PathText.text($0) }
    }
  }
}
