/// A prompt as libedit wants it: colours between markers, so that they count for no width.
struct EditorPrompt: Equatable {
  /// Surrounds what takes no room on the screen.
  static let marker: Character = "\u{1}"

  /// The prompt with its markers.
  let text: String
  /// How many columns it takes.
  let columnCount: Int

  /// Makes a prompt of text with SGR colour sequences.
  ///
  /// libedit prints garbage for two groups that touch, drops one at the very end, and dies of text
  /// that the locale cannot encode. Hence sequences that touch are merged, a last one moves before
  /// the last character, and control characters go.
  init(_ prompt: String, isUnicode: Bool) {
    var pieces: [(style: String, character: String)] = []
    var style = ""
    var rest = prompt.unicodeScalars[...]
    while let scalar = rest.first {
      if let length = Self.colourLength(rest) {
        style += String(rest.prefix(length))
        rest = rest.dropFirst(length)
        continue
      }
      rest = rest.dropFirst()
      guard scalar.isShowable else { continue }
      pieces.append((style, isUnicode || scalar.isASCII ? String(scalar) : "?"))
      style = ""
    }
    if !style.isEmpty, let last = pieces.indices.last { pieces[last].style += style }
    text = pieces.map { piece in
      piece.style.isEmpty
        ? piece.character : "\(Self.marker)\(piece.style)\(Self.marker)\(piece.character)"
    }.joined()
    columnCount = pieces.reduce(0) { $0 + $1.character.columnCount }
  }

  /// How many scalars the colour sequence takes that the text begins with; nil if it does not.
  private static func colourLength(_ text: Substring.UnicodeScalarView) -> Int? {
    guard text.starts(with: "\u{1B}[".unicodeScalars) else { return nil }
    let parameters = text.dropFirst(2).prefix { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
    guard parameters.endIndex < text.endIndex, text[parameters.endIndex] == "m" else { return nil }
    return 2 + parameters.count + 1
  }
}
