internal import CProse

/// The project's texts, keyed by id: help, glossary, advice. They are data, so that they can be
/// written, reviewed and translated without touching code.
package enum Prose {
  /// The texts of one kind.
  package enum Book: Sendable, CaseIterable {
    case glossary, advice, help, sysctl
  }
}
