/// A key that terminals send as an escape sequence, and what it does.
///
/// libedit has no timeout after ESC, so that a bound sequence takes ESC away from vi mode, and it
/// inserts the rest of a sequence that is not bound. Here the reader recognises whole sequences and
/// hands libedit one private character for each: a C1 control, which no keyboard sends. A sequence
/// that is not in the table does nothing.
struct EditorKey {
  /// libedit's name of what the key does.
  let function: String
  /// What terminals send after ESC.
  let sequences: [String]
  /// The name under which `bind -k` in .editrc knows the key.
  let arrowName: String?

  private init(_ function: String, _ sequences: [String], arrowName: String? = nil) {
    self.function = function
    self.sequences = sequences
    self.arrowName = arrowName
  }

  /// All keys; a key's place decides its private character.
  static let table = [
    EditorKey("ed-prev-history", ["[A", "OA"], arrowName: "up"),
    EditorKey("ed-next-history", ["[B", "OB"], arrowName: "down"),
    EditorKey("ed-next-char", ["[C", "OC"], arrowName: "right"),
    EditorKey("ed-prev-char", ["[D", "OD"], arrowName: "left"),
    EditorKey("ed-move-to-beg", ["[H", "OH", "[1~", "[7~"], arrowName: "home"),
    EditorKey(moveToEnd, ["[F", "OF", "[4~", "[8~"], arrowName: "end"),
    EditorKey("ed-delete-next-char", ["[3~"], arrowName: "delete"),
    EditorKey("em-next-word", ["[1;5C", "[1;3C", "[5C", "Oc"]),
    EditorKey("ed-prev-word", ["[1;5D", "[1;3D", "[5D", "Od"]),
    EditorKey("em-delete-next-word", ["[3;5~", "[3;3~"]),
    EditorKey(paste, ["[200~"]),
    EditorKey(showChoices, []),
  ]

  /// libedit's own function that goes to the end of the line.
  static let moveToEnd = "ed-move-to-end"
  /// Our function that inserts what was pasted.
  static let paste = "oomsh-paste"
  /// Our function that shows the choices below the line.
  static let showChoices = "oomsh-show-choices"
  /// Our function that completes the word before the cursor.
  static let complete = "oomsh-complete"

  /// The private character that stands for the table's row.
  static func code(ofRow row: Int) -> UInt32 { 0x80 + UInt32(row) }

  /// The private character of a function that is in the table.
  static func code(of function: String) -> UInt32? {
    table.firstIndex { $0.function == function }.map(code(ofRow:))
  }

  /// What each sequence stands for.
  static let codes: [String: UInt32] = {
    var codes: [String: UInt32] = [:]
    for (row, key) in table.enumerated() {
      for sequence in key.sequences { codes[sequence] = code(ofRow: row) }
    }
    return codes
  }()

  /// Where a bracketed paste ends.
  static let pasteEnd = Array("\u{1B}[201~".utf8)
}
