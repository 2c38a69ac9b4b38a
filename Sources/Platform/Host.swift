/// A machine whose /proc and /sys can be read: the one this runs on, or one that was captured.
package protocol Host: Sendable {
  /// Whether this is the machine that the program runs on, now.
  var isLive: Bool { get }

  /// The machine's host name, where it can be told.
  var hostName: String? { get }

  /// The whole content of a file, as bytes; the path is absolute and that machine's own. A file of
  /// more than `limit` bytes is refused.
  func readFile(_ path: String, limit: Int) throws(HostError) -> [UInt8]

  /// The names in a directory, sorted by their bytes, without `.` and `..`.
  func listDirectory(_ path: String) throws(HostError) -> [String]
}

extension Host {
  /// The whole content of a file of at most 1 MiB, as bytes.
  package func readFile(_ path: String) throws(HostError) -> [UInt8] {
    try readFile(path, limit: 1 << 20)
  }
}
