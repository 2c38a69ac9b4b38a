/// How output for people is dressed: with colour or without, with block characters or in ASCII.
package struct Theme: Sendable, Equatable {
  /// Whether styles become SGR escape sequences. Without it no style leaves a trace.
  package var isColored: Bool
  /// Whether what this program draws itself, bars and ellipses, keeps to ASCII. Text that comes
  /// from elsewhere is not changed.
  package var isASCII: Bool

  package init(isColored: Bool = false, isASCII: Bool = false) {
    self.isColored = isColored
    self.isASCII = isASCII
  }

  package static let plain = Theme()
  package static let color = Theme(isColored: true)

  /// What a piece of text is; the theme decides how that looks.
  package enum Style: Sendable, CaseIterable {
    case heading, faint, warning, critical, number, name

    /// The parameter of the SGR sequence. Only the eight basic colours, which every terminal has
    /// and which people choose to suit their background.
    fileprivate var parameter: String {
      switch self {
      case .heading: "1"
      case .faint: "2"
      case .warning: "33"
      case .critical: "1;31"
      case .number: "32"
      case .name: "36"
      }
    }
  }

  /// The text in a style; unchanged without colour, without a style and where there is none.
  package func styled(_ text: String, _ style: Style?) -> String {
    guard isColored, let style, !text.isEmpty else { return text }
    return "\u{1b}[\(style.parameter)m\(text)\u{1b}[0m"
  }

  /// What stands for text that was left out.
  package var ellipsis: String { isASCII ? "..." : "…" }
}
