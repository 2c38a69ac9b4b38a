package import KernelLog

/// What narrows the view: events since, or until, a moment.
package struct Filter: Sendable, Equatable {
  package let edge: Edge
  package let bound: Bound
  /// The time as the user wrote it, for the prompt and `filters`.
  package let text: String

  /// Which side of the moment passes.
  package enum Edge: String, Sendable { case since, until }

  /// The moment.
  package enum Bound: Sendable, Equatable {
    /// Microseconds since 1970-01-01 UTC.
    case wall(Int64)
    /// Microseconds since the start of a boot, where no wall-clock time is known; below 0 it lies an
    /// unknown number of boots before.
    case uptime(Int64, Boot)
  }

  package init(edge: Edge, bound: Bound, text: String) {
    self.edge = edge
    self.bound = bound
    self.text = text
  }

  /// Whether an event passes; nil where its time cannot be compared with the bound.
  package func admits(_ time: LogTime, _ boot: Boot) -> Bool? {
    switch bound {
    case .wall(let limit):
      return time.wallMicros.map { edge == .since ? $0 >= limit : $0 <= limit }
    case .uptime(let limit, let limitBoot):
      guard boot.input == limitBoot.input else { return nil }
      if boot.number > limitBoot.number { return edge == .since }
      // How long before this boot an earlier one was, nothing tells.
      if boot.number < limitBoot.number { return limit < 0 ? nil : edge == .until }
      return time.uptimeMicros.map { edge == .since ? $0 >= limit : $0 <= limit }
    }
  }
}

/// One run of a machine between two starts, as an input shows it.
package struct Boot: Sendable, Hashable {
  /// Index into the session's inputs.
  package let input: Int
  /// Counted from 0 within the input.
  package let number: Int

  package init(input: Int, number: Int) {
    self.input = input
    self.number = number
  }
}
