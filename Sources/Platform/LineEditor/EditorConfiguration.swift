internal import CEditline
internal import Glibc

/// The user's ~/.editrc (or $EDITRC), read line by line.
///
/// libedit's own reader stops silently at the first bad line, and a `bind -v` takes away every binding
/// that the program made before.
struct EditorConfiguration {
  /// Lines that libedit refused: `~/.editrc:3: bind -x nonsense`.
  private(set) var problems: [String] = []
  /// The keys that do something once the file is applied.
  private(set) var codes = KeyCodes()

  /// Applies the file to an editor; `rebind` makes the program's own bindings again.
  init(applyingTo editor: EditLine, rebind: () -> Void) {
    guard let path = Self.path else { return }
    let lines: [String]
    do {
      lines = try Self.lines(of: path)
    } catch {
      if error.code != .missing { problems.append(error.description.shown) }
      return
    }
    for (index, line) in lines.enumerated() {
      guard let words = Self.words(of: line) else { continue }
      if !apply(words, to: editor, rebind: rebind) {
        problems.append("\(path):\(index + 1): \(line)".shown)
      }
    }
  }

  private mutating func apply(_ words: [String], to editor: EditLine, rebind: () -> Void) -> Bool {
    guard words.first?.split(separator: ":").last == "bind" else { return editor.run(words) }
    let isUnderstood = editor.run(withCode(words))
    if words.contains("-v") || words.contains("-e") { rebind() }
    return isUnderstood
  }

  /// A `bind` line with the key's private character instead of the escape sequence that it speaks of:
  /// `bind "\e[A" …`, `bind ^[OA …`, or `bind -k up …`.
  private mutating func withCode(_ words: [String]) -> [String] {
    guard let place = words.dropFirst().firstIndex(where: { !$0.hasPrefix("-") }),
      let code = code(ofKey: words[place], isNamed: words.contains("-k"))
    else { return words }
    var line = words
    line[place] = KeyCodes.octal(code)
    return line.filter { $0 != "-k" }
  }

  private mutating func code(ofKey key: String, isNamed: Bool) -> UInt32? {
    if isNamed {
      let named = EditorKey.table.first { $0.arrowName == key }
      return named.flatMap { KeyCodes.code(of: $0.function) }
    }
    let escapes = ["\\e", "\\E", "^[", "\\033", "\u{1B}"]
    guard let escape = escapes.first(where: key.hasPrefix) else { return nil }
    let sequence = String(key.dropFirst(escape.count))
    // Only what the reader takes for one key: Alt and a letter stays two characters.
    guard sequence.count > 1, let lead = sequence.first, "[O".contains(lead) else { return nil }
    return codes.assign(sequence)
  }

  private static var path: String? {
    EnvironmentVariables["EDITRC"] ?? EnvironmentVariables["HOME"].map { $0 + "/.editrc" }
  }

  private static func lines(of path: String) throws(HostError) -> [String] {
    var reader = try LineReader(path: path)
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  /// The words of a line by libedit's own quoting rules; nil if it has none.
  private static func words(of line: String) -> [String]? {
    guard let first = line.first(where: { !$0.isWhitespace }), first != "#",
      let tokenizer = unsafe tok_init(nil)
    else { return nil }
    defer { unsafe tok_end(tokenizer) }
    var count: Int32 = 0
    var words: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    guard unsafe tok_str(tokenizer, line, &count, &words) == 0, let words = unsafe words else {
      // An unclosed quote: let libedit say so, rather than drop the line.
      return [line]
    }
    return (0..<Int(count)).compactMap { unsafe words[$0].map { unsafe String(cString: $0) } }
  }
}
