internal import Glibc

/// Why this machine did not do what was asked: the place, what the system said, and what to do.
package struct HostError: Error, Sendable, Equatable {
  /// The kinds of failure that a caller may want to treat differently.
  package enum Code: Sendable, Equatable {
    /// There is no such file, directory or time zone.
    case missing
    /// The user may not read or write it.
    case denied
    /// A directory, where a file is wanted.
    case isDirectory
    /// Exists, but is of a kind that cannot be used this way.
    case unsuitable
    /// Larger than the limit that the caller set.
    case tooLarge
    /// Changed since it was looked at, so that remembered places in it are void.
    case changed
    /// The text is not what it has to be: NUL, invalid UTF-8.
    case malformed
    /// Whoever was to read the output has gone: end quietly.
    case brokenPipe
    /// ^C came first.
    case interrupted
    /// Everything else that a system call may answer.
    case failed
  }

  /// What kind of failure this is.
  package let code: Code
  /// The file or the thing concerned, as the user knows it.
  package let path: String?
  /// What went wrong, in words: the system's own where it was a system call.
  package let reason: String
  /// What the user can do about it.
  package let hint: String?

  /// Creates an error from its parts.
  package init(_ code: Code, path: String? = nil, reason: String, hint: String? = nil) {
    self.code = code
    self.path = path
    self.reason = reason
    self.hint = hint
  }

  /// Creates the error that a system call's `errno` stands for.
  init(errno number: Int32, path: String?, hint: String? = nil) {
    let code: Code =
      switch number {
      case ENOENT, ENOTDIR, ENXIO, ENODEV: .missing
      case EACCES, EPERM: .denied
      case EISDIR: .isDirectory
      case EPIPE: .brokenPipe
      case EINTR: .interrupted
      case ELOOP: .unsuitable
      default: .failed
      }
    self.init(code, path: path, reason: SystemCall.message(for: number), hint: hint)
  }

  /// ^C, where there is nothing else to say.
  static let interrupted = HostError(.interrupted, reason: "interrupted")
}

extension HostError: CustomStringConvertible {
  /// `path: reason`, without the hint. The path is as it was given: escape it before showing it.
  package var description: String {
    path.map { "\($0): \(reason)" } ?? reason
  }
}
