extension String {
  /// The text in lines of at most `width` columns.
  ///
  /// Newlines are kept. Lines break at spaces, and between two wide characters where neither is
  /// punctuation that must stay with its neighbour; a word that is longer than a line is cut.
  /// Continued lines are indented like their first line, its bullet included, and by `hanging`
  /// columns more.
  package func wrapped(to width: Int, hanging: Int = 0) -> [String] {
    split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      var filler = LineFiller(width: Swift.max(width, 2), line: line, hanging: hanging)
      return filler.lines(of: line)
    }
  }
}

/// Fills lines with the pieces of a paragraph, as many as fit.
private struct LineFiller {
  /// A run of text within which no line may break, and the spaces before it.
  struct Piece {
    var spaces = 0
    var text = ""
  }

  let width: Int
  let indent: Int
  private var finished: [String] = []
  private var current = ""
  private var column = 0
  /// Whether the current line holds more than its indentation.
  private var hasText = false

  init(width: Int, line: Substring, hanging: Int) {
    self.width = width
    let spaces = line.prefix { $0 == " " }.count
    let bullet = line.dropFirst(spaces).prefix { $0 != " " }
    let isBullet =
      ["-", "*", "•"].contains(bullet) || bullet.last == "." && bullet.dropLast().isNumber
    // An indentation that leaves no room for text is worse than none.
    indent = Swift.min(spaces + (isBullet ? bullet.count + 1 : 0) + hanging, width / 2)
  }

  mutating func lines(of line: Substring) -> [String] {
    for piece in Self.pieces(of: line) { add(piece) }
    finished.append(current)
    return finished
  }

  private mutating func add(_ piece: Piece) {
    let pieceWidth = piece.text.displayWidth
    if column + piece.spaces + pieceWidth > width, hasText { startLine() } else { space(piece) }
    var rest = piece.text[...]
    while column + rest.displayWidth > width {
      var head = rest.prefix(columns: width - column)
      if head.isEmpty { head = rest.prefix(1) }
      append(head)
      rest = rest[head.endIndex...]
      if rest.isEmpty { return }
      startLine()
    }
    append(rest)
  }

  private mutating func space(_ piece: Piece) {
    let count = hasText ? piece.spaces : Swift.min(piece.spaces, width / 2)
    current += String(repeating: " ", count: count)
    column += count
  }

  private mutating func append(_ text: Substring) {
    current += text
    column += text.displayWidth
    hasText = true
  }

  private mutating func startLine() {
    finished.append(current)
    current = String(repeating: " ", count: indent)
    column = indent
    hasText = false
  }

  private static func pieces(of line: Substring) -> [Piece] {
    var pieces: [Piece] = []
    var piece = Piece()
    var previous: Character?
    for character in line {
      if character == " " {
        if !piece.text.isEmpty {
          pieces.append(piece)
          piece = Piece()
        }
        piece.spaces += 1
        previous = nil
        continue
      }
      if let previous, canBreak(between: previous, and: character) {
        pieces.append(piece)
        piece = Piece()
      }
      piece.text.append(character)
      previous = character
    }
    if !piece.text.isEmpty { pieces.append(piece) }
    return pieces
  }

  private static func canBreak(between left: Character, and right: Character) -> Bool {
    left.displayWidth == 2 && right.displayWidth == 2
      && !openers.contains(left) && !closers.contains(right)
  }

  /// Wide punctuation that no line ends with.
  private static let openers: Set<Character> = ["（", "「", "『", "【", "〈", "《", "〔", "［", "｛"]

  /// Wide punctuation that no line starts with.
  private static let closers: Set<Character> = [
    "）", "」", "』", "】", "〉", "》", "〕", "］", "｝", "、", "。", "，", "．", "：", "；", "？", "！",
    "ー", "々",
  ]
}

extension Substring {
  /// Whether the text is a number in ASCII digits.
  fileprivate var isNumber: Bool {
    !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
