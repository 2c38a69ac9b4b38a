internal import Investigation
internal import KernelLog
internal import Presentation

/// The warning that processes are being killed now, which only the load of a live input can give.
enum RecentKills {
  private static let dayMicros: Int64 = 86_400_000_000

  static func note(_ state: ShellState) -> Block? {
    let session = state.session
    let now = state.environment.clock().wallMicros
    var kills = 0
    var newest: Int64?
    for index in 0..<session.events.count {
      guard let wall = session.events.time(at: index).wallMicros,
        (0...dayMicros).contains(now - wall),
        session.inputs[session.events.boot(at: index).input].isOfThisMachine
      else { continue }
      kills += session.events.killCount(at: index)
      newest = max(newest ?? wall, wall)
    }
    guard kills > 0, let newest else { return nil }
    let noun = kills == 1 ? "process was" : "processes were"
    return .note(
      .warning,
      "\(kills) \(noun) killed in the last 24 hours, the latest \(words(now - newest)) ago")
  }

  /// A span as a person says it, rounded to minutes or hours.
  private static func words(_ micros: Int64) -> String {
    let minutes = (micros + 30_000_000) / 60_000_000
    if minutes < 1 { return "less than a minute" }
    return minutes < 120 ? "\(minutes) min" : "\((minutes + 30) / 60) h"
  }
}
