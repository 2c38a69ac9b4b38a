/// Advice that follows from evidence, with its reason and what would refute it.
package struct Recommendation: Sendable, Equatable {
  package let ruleID: String
  package let severity: Severity
  package let title: String
  /// What to do, in paragraphs.
  package let action: String
  /// Why, with figures; one sentence or more.
  package let reason: [Sentence]
  /// The numbers of the events that the advice rests on, in order.
  package let events: [Int]
  /// The settings that it rests on (`vm.panic_on_oom`).
  package let settings: [String]
  package let certainty: Certainty
  /// An observation that would prove the advice wrong.
  package let wouldRefute: String
  /// What to put where, as far as the evidence carries the figures.
  package internal(set) var snippets: [Snippet]
  /// How to see that it helped, in paragraphs.
  package let check: String

  /// How urgent it is, most urgent first.
  package enum Severity: Int, Sendable, Comparable, CaseIterable {
    /// The machine may stop, or did.
    case critical
    case high, medium, low
    /// Not about the cause: what to have in place before the next time.
    case general

    package static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// How surely the evidence carries the advice.
  package enum Certainty: String, Sendable, CaseIterable {
    /// The log or the settings say so themselves.
    case certain
    /// It follows from figures by a rule that seldom fails.
    case likely
    /// One of several readings.
    case possible
  }

  /// Takes title, action, check and refutation from the book advice.
  init(
    _ ruleID: String, text: String? = nil, _ severity: Severity, _ certainty: Certainty,
    events: [Int], settings: [String] = [], reason: [Sentence], snippets: [Snippet] = []
  ) {
    let text = text ?? ruleID
    self.ruleID = ruleID
    self.severity = severity
    self.certainty = certainty
    self.events = events
    self.settings = settings
    self.reason = reason
    self.snippets = snippets
    title = Prose.title(.advice, text) ?? text
    action = Prose.text(.advice, text) ?? ""
    check = Prose.text(.advice, text + ".check") ?? ""
    wouldRefute = Prose.text(.advice, text + ".refute") ?? ""
  }
}
