internal import Glibc
internal import OOMShell
internal import Platform
internal import Synchronization

/// Standard output and standard error, in the order in which things are said.
final class Output: Sendable {
  private let output = Mutex(StandardOutput(descriptor: STDOUT_FILENO))
  private let diagnostics = Mutex(StandardOutput(descriptor: STDERR_FILENO))

  /// Writes at once, so that an answer is seen before the next command runs. When nobody reads any
  /// more the process ends quietly, as it would in any pipeline.
  @Sendable func deliver(_ piece: Piece) {
    do throws(HostError) {
      switch piece {
      case .output(let text): try write(text, to: output)
      case .diagnostics(let text): try write(text, to: diagnostics)
      }
    } catch {
      guard error.code != .brokenPipe else { exit(0) }
      guard case .output = piece, error.code != .interrupted else { return }
      let fault = CommandError(.failed, "cannot write the answer", cause: error.reason)
      deliver(.diagnostics(fault.text + "\n"))
      exit(fault.exitStatus)
    }
  }

  private func write(
    _ text: String, to sink: borrowing Mutex<StandardOutput>
  ) throws(HostError) {
    try sink.withLock { (sink) throws(HostError) in
      try sink.write(text)
      try sink.flush()
    }
  }
}
