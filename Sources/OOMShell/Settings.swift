package import Presentation

/// What a person can set: how answers look.
package struct Settings: Sendable, Equatable {
  /// The name of an output format.
  package var format = "table"
  package var units = SizeUnits.binary
  /// Columns; nil follows the terminal, and is 80 where there is none.
  package var width: Int?
  package var color = ColorChoice.auto
  package var zone = Zone.local

  package init() {}

  /// When colour is used.
  package enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never
  }
}

extension Settings {
  /// Columns where nobody says how many.
  static let defaultWidth = 80

  /// How a document looks on that terminal.
  package func renderOptions(on terminal: Environment.Terminal) -> RenderOptions {
    let isColored =
      switch color {
      case .auto: terminal.hasColor
      case .always: true
      case .never: false
      }
    let columns = width ?? (terminal.isTerminal ? terminal.width : nil) ?? Self.defaultWidth
    return RenderOptions(
      width: columns, theme: Theme(isColored: isColored, isASCII: !terminal.isUTF8), units: units)
  }
}
