internal import Glibc
internal import OOMShell
internal import Platform

/// Standard output and standard error, in the order in which things are said.
final class Output {
  private let output = StandardOutput(descriptor: STDOUT_FILENO)
  private let diagnostics = StandardOutput(descriptor: STDERR_FILENO)

  /// Writes at once, so that an answer is seen before the next command runs. When nobody reads any
  /// more the process ends quietly, as it would in any pipeline.
  func deliver(_ piece: Piece) {
    do throws(HostError) {
      switch piece {
      case .output(let text):
        try output.write(text)
        try output.flush()
      case .diagnostics(let text):
        try diagnostics.write(text)
        try diagnostics.flush()
      }
    } catch {
      guard error.code != .brokenPipe else { exit(0) }
      guard case .output = piece, error.code != .interrupted else { return }
      let fault = CommandError(.failed, "cannot write the answer", cause: error.reason)
      deliver(.diagnostics(fault.text + "\n"))
      exit(fault.exitStatus)
    }
  }
}
