internal import Glibc

/// What can be known about a terminal without asking it.
package enum Terminal {
  /// Columns and rows.
  package struct Size: Sendable, Equatable {
    /// How many characters fit beside each other.
    package let columns: Int
    /// How many lines fit below each other.
    package let rows: Int

    /// Creates a size.
    package init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// Whether a descriptor (0, 1, 2) is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The size of a descriptor's terminal; where there is none, COLUMNS and LINES; else 80 x 24.
  package static func size(of descriptor: Int32 = STDOUT_FILENO) -> Size {
    var window = winsize()
    let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0
    func side(_ measured: UInt16, _ variable: String, _ fallback: Int) -> Int {
      if isKnown, measured > 0 { return Int(measured) }
      guard let text = EnvironmentVariables[variable], let number = Int(text), number > 0 else {
        return fallback
      }
      return number
    }
    return Size(
      columns: side(window.ws_col, "COLUMNS", 80), rows: side(window.ws_row, "LINES", 24))
  }

  /// Whether TERM names a terminal that understands escape sequences at all.
  package static var understandsEscapes: Bool {
    guard let name = EnvironmentVariables["TERM"] else { return false }
    return name != "dumb"
  }
}
