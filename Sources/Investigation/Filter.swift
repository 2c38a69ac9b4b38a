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
    /// Microseconds since the start of a boot, where no wall-clock time is known.
    case uptime(Int64, boot: Int)
  }

  package init(edge: Edge, bound: Bound, text: String) {
    self.edge = edge
    self.bound = bound
    self.text = text
  }

  /// Whether an event passes; nil where its time cannot be compared with the bound.
  package func admits(_ time: LogTime, boot: Int) -> Bool? {
    switch bound {
    case .wall(let limit):
      return time.wallMicros.map { edge == .since ? $0 >= limit : $0 <= limit }
    case .uptime(let limit, let limitBoot):
      if boot != limitBoot { return edge == .since ? boot > limitBoot : boot < limitBoot }
      return time.uptimeMicros.map { edge == .since ? $0 >= limit : $0 <= limit }
    }
  }
}
