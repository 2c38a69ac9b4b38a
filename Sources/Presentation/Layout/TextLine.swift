/// One line of output in the making: knows its column, whatever the styles add.
struct TextLine {
  private(set) var text = ""
  /// The columns taken so far, spaces that are not yet written included.
  private(set) var column = 0
  private var pendingSpaces = 0
  private let theme: Theme

  init(_ theme: Theme) {
    self.theme = theme
  }

  /// Moves right. The spaces are written only before further text, so that no line ends in one.
  mutating func advance(to column: Int) {
    guard column > self.column else { return }
    pendingSpaces += column - self.column
    self.column = column
  }

  /// Appends text that is already escaped.
  mutating func append(_ piece: String, _ style: Theme.Style? = nil) {
    guard !piece.isEmpty else { return }
    text += String(repeating: " ", count: pendingSpaces)
    pendingSpaces = 0
    text += theme.styled(piece, style)
    column += piece.displayWidth
  }
}
