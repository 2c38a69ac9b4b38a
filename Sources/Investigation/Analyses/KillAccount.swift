/// The kernel's own count of kills since boot against what its log still holds.
package struct KillAccount: Sendable, Equatable {
  /// `oom_kill` of /proc/vmstat.
  package let counted: Int64
  /// Processes killed in the live log's events.
  package let logged: Int64
  /// Kills that the log does not hold: at least this many. A group kill counts its first victim
  /// twice, so that one a group is left out of doubt.
  package let lost: Int64
  package let verdict: Verdict

  /// How the two counts compare.
  package enum Verdict: String, Sendable, CaseIterable {
    case noneLost = "none-lost"
    case lost
    case moreLogged = "more-logged"
  }

  /// What the verdict means.
  package var meaning: String { Prose.text(.sysctl, "kills.\(verdict.rawValue)") ?? "" }

  /// Nil where the facts are not those of the running kernel or hold no count.
  init?(_ host: HostFacts, liveEvents: [Event]) {
    guard host.isLive, let counted = host.oomKills, counted >= 0 else { return nil }
    let logged = liveEvents.reduce(Int64(0)) { $0 + Int64($1.killCount) }
    let groups = liveEvents.reduce(Int64(0)) { $0 + ($1.killCount > 1 ? 1 : 0) }
    self.counted = counted
    self.logged = logged
    lost = max(0, counted - logged - groups)
    verdict = lost > 0 ? .lost : logged > counted ? .moreLogged : .noneLost
  }
}
