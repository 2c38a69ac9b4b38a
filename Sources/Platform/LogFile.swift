internal import Glibc

/// A log that is read from its beginning: a file, a FIFO, a terminal or standard input.
///
/// It is read and never mapped, since a mapped file that is truncated underneath ends the process.
package final class LogFile: Sendable {
  /// What a log is read from.
  package enum Kind: Sendable, Equatable {
    /// A file: its size is known, and any part of it can be read again.
    case regular
    /// A pipe, a terminal, a socket: comes once and ends when the writer says so.
    case stream
  }

  /// What tells one state of a file from another, so that remembered offsets can be trusted.
  package struct Identity: Sendable, Equatable {
    /// Size in bytes when the file was opened.
    package let size: Int
    /// When it was last written to, in microseconds since 1970.
    package let modified: Int64
    /// The file system and the number of the file there.
    package let device: UInt64, inode: UInt64
  }

  /// The path as the user gave it; `-` is standard input.
  package let path: String
  /// What it is read from.
  package let kind: Kind
  /// The state of the file when it was opened.
  package let identity: Identity

  private let descriptor: Descriptor

  /// For a child process that reads it, or for poll(2).
  var number: Int32 { descriptor.number }

  /// Whether a path names a regular file. Nothing is opened: who opens a FIFO and closes it again
  /// takes its only reader from the writer.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return FileTree.look(at: path, into: &status) && status.st_mode & S_IFMT == S_IFREG
  }

  /// Opens a log, `-` being standard input. Waits for nothing, not even a FIFO's writer.
  package init(path: String) throws(HostError) {
    self.path = path
    // Without O_NONBLOCK the open of a FIFO waits for a writer, and no ^C would be sure to end it.
    // Standard input stays as it is, since the mode would be set for everybody who shares it.
    descriptor =
      path == "-"
      ? Descriptor(STDIN_FILENO, isOwned: false)
      : try Descriptor(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let status = try descriptor.status(named: path)
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: throw HostError(.isDirectory, path: path, reason: "is a directory")
    case S_IFBLK: throw HostError(.unsuitable, path: path, reason: "is a block device")
    default: kind = .stream
    }
    identity = Identity(status)
  }

  /// Takes over a file that is open, under the name that the user is to see.
  init(_ descriptor: consuming Descriptor, named path: String) throws(HostError) {
    self.path = path
    kind = .regular
    identity = Identity(try descriptor.status(named: path))
    self.descriptor = descriptor
  }

  /// Reads the next bytes into the buffer's beginning: how many, 0 at the end. ^C is an error.
  package func read(into buffer: inout [UInt8]) throws(HostError) -> Int {
    try unsafe buffer.withUnsafeMutableBufferPointer { (bytes) throws(HostError) in
      try unsafe read(into: UnsafeMutableRawBufferPointer(bytes))
    }
  }

  /// The same into memory that somebody else owns, such as the window of a scan.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HostError) -> Int {
    while true {
      if kind == .stream { try Signals.waitReadable(descriptor.number) }
      if let count = try unsafe descriptor.read(into: buffer, named: path) { return count }
    }
  }

  /// Reads a part of a regular file again, without moving where `read(into:)` goes on.
  ///
  /// Fails if the file has been replaced, shortened or rewritten since it was opened.
  package func readRange(_ range: Range<Int>) throws(HostError) -> [UInt8] {
    guard kind == .regular else {
      throw HostError(.unsuitable, path: path, reason: "cannot be read a second time")
    }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < bytes.count {
      let got = SystemCall.retrying {
        unsafe bytes.withUnsafeMutableBytes { buffer in
          unsafe pread(
            descriptor.number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled,
            off_t(range.lowerBound + filled))
        }
      }
      guard got.result >= 0 else { throw HostError(errno: got.errno, path: path) }
      guard got.result > 0 else { throw changed }
      filled += got.result
    }
    guard try isUnchanged() else { throw changed }
    return bytes
  }

  /// Whether what was read of the file still stands where it stood.
  ///
  /// A file that has only grown is unchanged: logs do that. One that is not longer must not have been
  /// written to.
  package func isUnchanged() throws(HostError) -> Bool {
    let now = Identity(try descriptor.status(named: path))
    return now.size > identity.size || now == identity
  }

  private var changed: HostError {
    HostError(
      .changed, path: path, reason: "has changed since it was loaded", hint: "load it again")
  }
}

extension LogFile.Identity {
  fileprivate init(_ status: stat) {
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
