internal import KernelLog

/// Tells the boots of each host in an input apart: the uptime of later events is smaller only
/// after a new start.
package struct BootCounter: Sendable {
  private var hosts: [LogText?: (boot: Int, uptime: Int64)] = [:]
  /// The boots seen, of all hosts together; at least 1 once there was an event.
  package private(set) var count = 0

  /// How far back a stamp may go within one boot, since processors print out of order.
  private static let slackMicros: Int64 = 1_000_000

  package init() {}

  /// The boot of a report, counted from 0 for each host. Reports must come in the order of the log.
  package mutating func boot(of report: OOMReport) -> Int {
    guard var state = hosts[report.host] else {
      hosts[report.host] = (0, report.time.uptimeMicros ?? 0)
      count += 1
      return 0
    }
    if let uptime = report.time.uptimeMicros {
      if uptime < state.uptime - Self.slackMicros {
        state.boot += 1
        count += 1
      }
      state.uptime = uptime
      hosts[report.host] = state
    }
    return state.boot
  }
}
