internal import Glibc

/// A name for an open file that has none, as long as its owner lives: journalctl reads no file that is
/// gone (`Identifier removed`), not even one that it gets opened.
final class TemporaryName: Sendable {
  private let path: String

  /// - Returns: Nil where the file system gives the file no name any more.
  init?(of descriptor: Int32, in directory: String) {
    // As mkstemp(3) does, until a name is free.
    for _ in 0..<100 {
      let path = "\(directory)/oomsh-\(UInt64.random(in: 0 ... .max))"
      let file = "/proc/self/fd/\(descriptor)"
      if unsafe linkat(AT_FDCWD, file, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 {
        self.path = path
        return
      }
      guard errno == EEXIST else { return nil }
    }
    return nil
  }

  deinit { _ = unsafe unlink(path) }
}
