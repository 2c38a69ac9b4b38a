/// Why a word does not fit its parameter, before it is known whose parameter that is.
package struct GrammarFault: Error, Sendable, Equatable {
  package let message: String
  package let hint: String?

  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
