internal import Glibc

/// What every use of a system call has in common.
enum SystemCall {
  /// Runs a call that answers -1 on failure, again while signals interrupt it.
  ///
  /// ^C ends it: the call fails with `EINTR` once an interrupt is pending.
  static func retrying<Result: SignedInteger>(
    _ call: () -> Result
  ) -> (result: Result, errno: Int32) {
    while true {
      let result = call()
      let number = result == -1 ? errno : 0
      guard number == EINTR, !Signals.isInterrupted else { return (result, number) }
    }
  }

  /// The system's words for an errno, its first letter small since it follows a path and a colon.
  static func message(for number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    let text = String(decoding: bytes, as: UTF8.self)
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
