/// A key that terminals send as an escape sequence, and what it does.
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

  /// All keys that do something unless the user binds others.
  static let table = [
    EditorKey("ed-prev-history", ["[A", "OA"], arrowName: "up"),
    EditorKey("ed-next-history", ["[B", "OB"], arrowName: "down"),
    EditorKey("ed-next-char", ["[C", "OC"], arrowName: "right"),
    EditorKey("ed-prev-char", ["[D", "OD"], arrowName: "left"),
    EditorKey("ed-move-to-beg", ["[H", "OH", "[1~", "[7~"], arrowName: "home"),
    EditorKey("ed-move-to-end", ["[F", "OF", "[4~", "[8~"], arrowName: "end"),
    EditorKey("ed-delete-next-char", ["[3~"], arrowName: "delete"),
    EditorKey("em-next-word", ["[1;5C", "[1;3C", "[5C", "Oc"]),
    EditorKey("ed-prev-word", ["[1;5D", "[1;3D", "[5D", "Od"]),
    EditorKey("em-delete-next-word", ["[3;5~", "[3;3~"]),
    EditorKey(paste, ["[200~"]),
    EditorKey(goToEnd, []),
    EditorKey(showChoices, []),
  ]

  /// Our function that completes the word before the cursor.
  static let complete = "oomsh-complete"
  /// Our function that inserts what was pasted.
  static let paste = "oomsh-paste"
  /// Our function that goes to the end of the line, below which something is to be written.
  static let goToEnd = "oomsh-go-to-end"
  /// Our function that shows the choices below the line.
  static let showChoices = "oomsh-show-choices"
}

/// The private characters that stand for whole keys.
///
/// libedit has no timeout after ESC, so that a bound sequence takes ESC away from vi mode, and it
/// inserts the rest of a sequence that is not bound. Here the reader recognises whole sequences and
/// hands libedit one character for each: a C1 control, which no keyboard sends. A sequence that has no
/// such character does nothing.
struct KeyCodes: Equatable {
  private static let first: UInt32 = 0x80
  private static let end: UInt32 = 0xA0

  private var codes: [String: UInt32] = [:]
  private var next = first

  /// The codes of `EditorKey.table`: a key's place there decides its code.
  init() {
    for key in EditorKey.table {
      for sequence in key.sequences { codes[sequence] = next }
      next += 1
    }
  }

  /// What a sequence, without its ESC, stands for.
  subscript(sequence: String) -> UInt32? { codes[sequence] }

  /// The code of a sequence, a new one if it has none; nil when there are no more.
  mutating func assign(_ sequence: String) -> UInt32? {
    if let code = codes[sequence] { return code }
    guard next < Self.end else { return nil }
    defer { next += 1 }
    codes[sequence] = next
    return next
  }

  /// The code of a function that is in the table.
  static func code(of function: String) -> UInt32? {
    EditorKey.table.firstIndex { $0.function == function }.map { first + UInt32($0) }
  }

  /// How `bind` writes such a character.
  static func octal(_ code: UInt32) -> String { "\\" + String(code, radix: 8) }
}
