internal import Glibc

/// A file descriptor with one owner, closed when the owner lets go of it.
struct Descriptor: ~Copyable, Sendable {
  let number: Int32
  private let isOwned: Bool

  /// Takes over a descriptor that is open already; a borrowed one, such as stdin, stays open.
  init(_ number: Int32, isOwned: Bool = true) {
    self.number = number
    self.isOwned = isOwned
  }

  /// Opens a path, relative to an open directory if one is given. Never inherited by children.
  init(
    opening path: String, in directory: Int32 = AT_FDCWD, flags: Int32, mode: mode_t = 0,
    named name: String? = nil
  ) throws(HostError) {
    let opened = SystemCall.retrying {
      unsafe PathText.withBytes(of: path) { unsafe openat(directory, $0, flags | O_CLOEXEC, mode) }
    }
    guard opened.result >= 0 else { throw HostError(errno: opened.errno, path: name ?? path) }
    self.init(opened.result)
  }

  deinit {
    if isOwned { close(number) }
  }

  /// Reads what is there into the buffer's beginning, at most its size: how many bytes, 0 at the
  /// end, nil if a non-blocking descriptor has nothing yet.
  func read(into buffer: inout [UInt8], named name: String?) throws(HostError) -> Int? {
    try unsafe buffer.withUnsafeMutableBufferPointer { (bytes) throws(HostError) in
      try unsafe read(into: UnsafeMutableRawBufferPointer(bytes), named: name)
    }
  }

  /// The same into memory that somebody else owns.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, named name: String?
  ) throws(HostError) -> Int? {
    let got = SystemCall.retrying { unsafe Glibc.read(number, buffer.baseAddress, buffer.count) }
    if got.result >= 0 { return got.result }
    guard got.errno == EAGAIN else { throw HostError(errno: got.errno, path: name) }
    return nil
  }

  /// Reads to the end, which has to come within `limit` bytes.
  func readToEnd(limit: Int, named name: String?) throws(HostError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      guard let count = try read(into: &chunk, named: name), count > 0 else { return bytes }
      guard bytes.count + count <= limit else {
        throw HostError(.tooLarge, path: name, reason: "more than \(limit) bytes")
      }
      bytes += chunk[..<count]
    }
  }

  /// What fstat(2) says.
  func status(named name: String?) throws(HostError) -> stat {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw HostError(errno: errno, path: name) }
    return status
  }
}
