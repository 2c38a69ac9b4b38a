package import KernelLog

/// Something that a killer other than the kernel's OOM killer did, or an allocation that failed
/// without one. It is no event: it says nothing of the kernel's choice.
package struct OtherKill: Sendable, Equatable {
  package let killer: OtherKiller.Kind
  /// The 1-based line of the source.
  package var line: Int
  package var host: LogText?
  package var time = LogTime()
  /// The process that was killed, or whose allocation failed.
  package var pid: Int64?
  package var comm: LogText?
  /// The control group that was killed.
  package var cgroup: LogText?
  /// The unit of systemd's that the process was of.
  package var unit: LogText?
  /// Why, in the killer's own words, or what the allocation asked for.
  package var reason: LogText?
  /// How often it was said of this process: earlyoom asks again and again.
  package var count = 1
  /// Which of the things this is that are said of one death in turn.
  var stage = 0

  init(_ killer: OtherKiller.Kind) {
    self.killer = killer
    line = 0
  }

  /// Whether another one is this one said again.
  func isRepeated(by other: OtherKill) -> Bool {
    guard killer == other.killer, host == other.host else { return false }
    if killer == .systemd { return unit == other.unit && other.stage > stage }
    return killer.repeatsItself && pid != nil && pid == other.pid && comm == other.comm
  }

  /// Counts another one that is this one said again.
  mutating func join(_ other: OtherKill) {
    count += 1
    stage = other.stage
  }
}
