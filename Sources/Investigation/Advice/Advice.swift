/// A rule of advice: silent unless its evidence speaks.
package struct AdviceRule: Sendable {
  package let id: String
  /// The entries of the book advice that it may answer with.
  package let texts: [String]
  private let evaluate: @Sendable (Evidence) -> [Recommendation]

  init(
    _ id: String, texts: [String]? = nil,
    _ evaluate: @escaping @Sendable (Evidence) -> [Recommendation]
  ) {
    self.id = id
    self.texts = texts ?? [id]
    self.evaluate = evaluate
  }

  /// What the rule has to say of the evidence; nothing where it does not apply.
  package func recommendations(for evidence: Evidence) -> [Recommendation] {
    evaluate(evidence)
  }
}

/// The rules, each in a file of its own.
package enum Advice {
  /// Rules of the same severity speak in this order: causes, settings, precautions.
  package static let rules: [AdviceRule] = [
    .noKillable,
    .panicOnOOM,
    .protectedHog,
    .memcgLimit,
    .nodeBound,
    .lowmem,
    .fragmentation,
    .unaccounted,
    .compressedSwap,
    .slab,
    .shmem,
    .hugePages,
    .mlock,
    .growth,
    .workerPool,
    .machineRAM,
    .watchLargest,
    .swapFree,
    .addSwap,
    .minFree,
    .killAllocatingTask,
    .overcommit,
    .container,
    .systemdUnit,
    .groupKill,
    .protectService,
    .dumpTasks,
    .earlyAction,
    .sysrq,
    .logCollection,
    .monitoring,
  ]

  /// What the evidence supports, most urgent first; nothing without evidence.
  package static func recommendations(for evidence: Evidence) -> [Recommendation] {
    var given: Set<[String]> = []
    return
      rules
      .flatMap { $0.recommendations(for: evidence) }
      .enumerated()
      .sorted { ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset) }
      .map { $0.element.givingOnce(&given) }
  }
}

extension Recommendation {
  /// The same without snippets for settings that more urgent advice gives at the same place.
  fileprivate func givingOnce(_ given: inout Set<[String]>) -> Recommendation {
    var item = self
    item.snippets = snippets.filter { snippet in
      let settings = snippet.settings.map { [snippet.place.path, $0] }
      guard given.isDisjoint(with: settings) else { return false }
      given.formUnion(settings)
      return true
    }
    return item
  }
}
