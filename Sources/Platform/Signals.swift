internal import CPlatform
internal import Glibc

/// The signals that a shell lives with. ^C never ends the process: it is remembered until taken.
///
/// SIGHUP and SIGTERM keep their default, since nothing is left unsaved between two commands.
package enum Signals {
  /// Begins to catch ^C and the terminal's signals. Call it once, before anything is read.
  package static func start() throws(HostError) {
    let failure = platform_signals_start()
    guard failure == 0 else { throw HostError(errno: failure, path: nil) }
  }

  /// Whether ^C has come since it was last taken. Cheap enough to ask in a loop.
  package static var isInterrupted: Bool { platform_signal_is_pending(PLATFORM_INTERRUPT) }

  /// Whether ^C has come, and forgets it.
  @discardableResult
  package static func takeInterrupt() -> Bool { platform_signal_take(PLATFORM_INTERRUPT) }

  /// Becomes readable when a signal arrives; -1 before the start.
  static var descriptor: Int32 { platform_signals_descriptor() }

  /// Empties that descriptor.
  static func drain() { platform_signals_drain() }

  /// What ended a wait.
  enum Wake {
    /// The descriptor can be read, or is at its end.
    case readable
    /// ^C is pending. It has not been taken.
    case interrupted
    /// Another signal is to be taken.
    case signalled
    /// Nothing came in time.
    case timeout
  }

  /// Waits until a descriptor can be read or a signal comes, however these two race, but no longer
  /// than so many milliseconds; for ever if negative.
  static func wait(for descriptor: Int32, milliseconds: Int32 = -1) -> Wake {
    if isInterrupted { return .interrupted }
    var watched = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let count = unsafe poll(&watched, nfds_t(watched.count), milliseconds)
    if watched[1].revents != 0 { drain() }
    if isInterrupted { return .interrupted }
    if count == 0 { return .timeout }
    if count > 0, watched[0].revents != 0 { return .readable }
    return .signalled
  }

  /// Waits until a descriptor can be read; ^C is an error.
  static func waitReadable(_ descriptor: Int32) throws(HostError) {
    while true {
      switch wait(for: descriptor) {
      case .readable: return
      case .interrupted: throw .interrupted
      case .signalled, .timeout: continue
      }
    }
  }
}
