internal import OOMShell
internal import Platform

/// Lines of a standard input that is no terminal.
final class PipeSource: LineSource {
  private var reader = LineReader()

  func nextLine(
    prompt: String, complete: @escaping @Sendable (String, Int) -> Completion
  ) -> LineEvent {
    do throws(HostError) {
      return try reader.next().map(LineEvent.line) ?? .end
    } catch {
      return error.code == .interrupted ? .interrupted : .unreadable(error.reason)
    }
  }

  func remember(_ line: String) {}
}
