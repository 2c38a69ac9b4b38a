/// What a format needs to know besides the document.
package struct RenderOptions: Sendable, Equatable {
  /// The columns of the terminal. Data formats ignore it, as they do the theme.
  package var width: Int
  package var theme: Theme
  /// How sizes look to people. Data formats always print bytes.
  package var units: SizeUnits

  package init(width: Int = 80, theme: Theme = .plain, units: SizeUnits = .binary) {
    self.width = width
    self.theme = theme
    self.units = units
  }
}

/// How a size looks to a person; the raw values are the words of the setting.
package enum SizeUnits: String, Sendable, CaseIterable {
  /// Binary units, rounded: `1.50 GiB`.
  case binary
  /// Exact, in the kernel's own unit: `1572864 kB`.
  case kB
  /// Exact: `1610612736 B`.
  case bytes
}
