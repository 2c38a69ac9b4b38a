internal import OOMShell
internal import Synchronization

/// One `-c` or `-f` with its place among the others.
struct Step: Sendable, Equatable {
  /// Grows from left to right; ArgumentParser keeps no order between two options.
  let order: Int
  let request: Plan.Request

  @Sendable static func command(_ text: String) -> Step { Step(.command(text)) }

  @Sendable static func script(_ path: String) -> Step { Step(.script(path)) }

  /// Made while the command line is read from left to right, hence in order.
  private init(_ request: Plan.Request) {
    order = Self.count.add(1, ordering: .relaxed).newValue
    self.request = request
  }

  private static let count = Atomic(0)
}
