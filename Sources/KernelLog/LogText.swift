/// Bytes that came from a log: a process, cgroup or host name, or a whole line.
///
/// They may hold anything but NUL: escape sequences, broken UTF-8, newlines. `description` is the
/// only way to a String, and it is safe to print.
package struct LogText: Sendable, Hashable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  package init(_ bytes: Span<UInt8>) {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for index in bytes.indices { copy.append(bytes[index]) }
    self.bytes = copy
  }
}

extension LogText {
  package var description: String { String(decoding: bytes, as: UTF8.self) }
}
