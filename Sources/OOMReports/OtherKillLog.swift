/// What a source tells of other killers: all of it counted, the first of it kept.
package struct OtherKillLog: Sendable, Equatable {
  /// In the order of the source.
  package private(set) var kills: [OtherKill] = []
  /// How many there are of each kind, also of those that are not kept.
  package private(set) var counts: [OtherKiller.Kind: Int] = [:]

  /// How many are kept: some hundred bytes each.
  static let capacity = 10_000
  /// How far back a kill is known again.
  private static let memory = 16

  package init() {}

  /// Those that are counted only.
  package var unkeptCount: Int { counts.values.reduce(0, +) - kills.count }

  mutating func add(_ kill: OtherKill) {
    if let known = kills.indices.suffix(Self.memory).last(where: { kills[$0].isRepeated(by: kill) })
    {
      kills[known].join(kill)
      return
    }
    counts[kill.killer, default: 0] += 1
    if kills.count < Self.capacity { kills.append(kill) }
  }
}
