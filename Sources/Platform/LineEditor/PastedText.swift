/// Text from the clipboard, made fit for a line that is being edited.
///
/// Nothing that is pasted runs by itself. Several lines are inserted as one, with a visible mark where
/// each ends, so that they can be read and changed first; Enter then runs them one after the other,
/// and ^C drops them all.
struct PastedText: Equatable {
  /// Stands for the end of a line.
  static let lineMark: Character = "⏎"

  /// What to insert.
  let insertion: String
  /// Whether it has a mark, at which the line is to be split.
  let hasSeveralLines: Bool

  /// Makes text fit: line ends become marks, tabs spaces, and other control characters go.
  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
      .split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { line in
        String(
          String.UnicodeScalarView(
            line.unicodeScalars.compactMap { scalar in
              scalar == "\t" ? " " : scalar.isShowable ? scalar : nil
            }))
      }
    let end = (text.lastIndex { !$0.isEmpty } ?? -1) + 1
    insertion = text[..<end].joined(separator: String(Self.lineMark))
    hasSeveralLines = end > 1
  }

  /// The lines of an edited line that something was pasted into.
  static func lines(of line: String) -> [String] {
    line.split(separator: lineMark).map(String.init)
  }
}
