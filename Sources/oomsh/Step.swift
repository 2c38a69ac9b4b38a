internal import Synchronization

/// One `-c` or `-f`.
struct Step: Sendable, Equatable {
  enum Action: Sendable, Equatable {
    case command(String)
    case script(String)
  }

  /// Where it stands among the others; ArgumentParser keeps no order between two options.
  let order: Int
  let action: Action

  static func command(_ text: String) -> Step { Step(.command(text)) }

  static func script(_ path: String) -> Step { Step(.script(path)) }

  /// Made while the command line is read from left to right, hence in order.
  private init(_ action: Action) {
    order = Self.count.add(1, ordering: .relaxed).newValue
    self.action = action
  }

  private static let count = Atomic(0)
}
