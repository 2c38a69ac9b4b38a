/// Draws shares as bars of block characters.
enum Bar {
  /// The columns of a whole bar where there is room.
  static let fullWidth = 20
  /// The columns of a whole bar below which it says nothing.
  static let leastWidth = 4

  /// Bars grow by eighths of a column.
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar of `share` of the width. What is not nothing can be seen.
  static func text(share: Double, width: Int, isASCII: Bool) -> String {
    guard share > 0, width > 0 else { return "" }
    let part = min(share, 1) * Double(width)
    if isASCII { return String(repeating: "#", count: max(1, Int(part + 0.5))) }
    let steps = max(1, Int(part * 8 + 0.5))
    return String(repeating: "█", count: steps / 8) + eighths[steps % 8]
  }
}
