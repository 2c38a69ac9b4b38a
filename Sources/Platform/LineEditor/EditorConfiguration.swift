internal import CEditline
internal import Glibc

/// The user's ~/.editrc (or $EDITRC), read line by line.
///
/// libedit's own reader stops silently at the first bad line, and a `bind -v` takes away every binding
/// that the program made before.
struct EditorConfiguration {
  /// Lines that libedit refused: `~/.editrc:3: bind -x nonsense`.
  private(set) var problems: [String] = []
  /// Escape sequences, without ESC, that the user has bound.
  private(set) var boundSequences: Set<String> = []

  /// Applies the file to an editor; `rebind` makes the program's own bindings again.
  init(applyingTo editor: EditLine, rebind: () -> Void) {
    guard let path = Self.path else { return }
    let lines: [String]
    do {
      lines = try Self.lines(of: path)
    } catch {
      if error.code != .missing { problems.append(error.description) }
      return
    }
    for (index, line) in lines.enumerated() {
      guard let words = Self.words(of: line) else { continue }
      if !editor.run(words) { problems.append("\(path):\(index + 1): \(line.shown)") }
      guard words.first?.split(separator: ":").last == "bind" else { continue }
      boundSequences.formUnion(Self.sequences(boundBy: words))
      if words.contains("-v") || words.contains("-e") { rebind() }
    }
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

  /// The sequences that a `bind` line speaks of: `bind "\e[A" …`, `bind ^[OA …`, `bind -k up …`.
  private static func sequences(boundBy words: [String]) -> [String] {
    let keys = words.dropFirst().filter { !$0.hasPrefix("-") }
    guard let key = keys.first else { return [] }
    if words.contains("-k") {
      return EditorKey.table.filter { $0.arrowName == key }.flatMap(\.sequences)
    }
    let escapes = ["\\e", "\\E", "^[", "\\033", "\u{1B}"]
    return escapes.filter(key.hasPrefix).map { String(key.dropFirst($0.count)) }
  }
}
