internal import Platform
internal import Presentation

/// Text of unknown origin inside a message: escaped, and no longer than a message can bear.
package enum Visible {
  /// The longest text that is quoted whole, in characters.
  static let limit = 60

  /// The text with everything escaped that could act on a terminal.
  package static func text(_ text: String) -> String {
    SafeText.line(PathText.shown(text))
  }

  /// The text in single quotes, cut in the middle where it is long.
  package static func quoted(_ text: String) -> String {
    guard text.utf8.count > limit else { return "'\(self.text(text))'" }
    let head = text.unicodeScalars.prefix(limit / 2)
    let tail = text.unicodeScalars.suffix(limit / 4)
    let cut = String(String.UnicodeScalarView(head)) + "…" + String(String.UnicodeScalarView(tail))
    return "'\(self.text(cut))'"
  }
}
