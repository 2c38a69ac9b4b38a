internal import Glibc

/// Standard output or standard error, buffered here and nowhere else.
package final class StandardOutput {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  private static let capacity = 64 * 1024

  /// Creates an output onto a descriptor that is open: 1 or 2.
  package init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Whether what is written appears on a terminal.
  package var isTerminal: Bool { Terminal.isTerminal(descriptor) }

  /// Puts text behind what was written before.
  package func write(_ text: some StringProtocol) throws(HostError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Puts bytes behind what was written before, as they are.
  package func write(_ bytes: some Collection<UInt8>) throws(HostError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Hands everything to the system. The buffer is empty afterwards, also on failure.
  ///
  /// Fails with `brokenPipe` when nobody reads any more, and with `interrupted` when ^C ends the wait
  /// for a slow reader.
  package func flush() throws(HostError) {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    var written = 0
    while written < bytes.count {
      let put = SystemCall.retrying {
        unsafe bytes.withUnsafeBytes { all in
          unsafe Glibc.write(
            descriptor, all.baseAddress?.advanced(by: written), all.count - written)
        }
      }
      if put.result >= 0 {
        written += put.result
      } else if put.errno == EAGAIN {
        // Another program set the shared descriptor to be non-blocking.
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&watched, 1, -1)
      } else {
        throw HostError(errno: put.errno, path: nil)
      }
    }
  }
}
