/// Text in which nothing is markup.
enum MarkdownText {
  /// Text for one line, such as a cell.
  static func line(_ text: String) -> String {
    escaped(SafeText.line(text))
  }

  /// Text of several lines. A line that begins with `- ` stays an item of a list.
  static func paragraphs(_ text: String) -> [String] {
    let lines = SafeText.paragraphs(text).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map {
      let line = escaped(String($0))
      let start = line.prefix { $0 == " " }
      let rest = line[start.endIndex...]
      let isMarkup = rest.first.map(lineStarts.contains) ?? false
      return isMarkup && !rest.hasPrefix("- ") ? "\(start)\\\(rest)" : line
    }
  }

  /// Lines that keep their spacing, between fences that no line of theirs can close.
  static func codeBlock(_ lines: [String]) -> [String] {
    let safe = lines.map(SafeText.line)
    let longestRun = safe.flatMap { $0.split { $0 != "`" } }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longestRun + 1))
    return [fence] + safe + [fence]
  }

  /// What begins a heading, a quotation, a list or a line under a heading, at the start of a line
  /// only.
  private static let lineStarts: Set<Character> = ["#", ">", "+", "-", "="]

  /// What is markup anywhere in a line.
  private static let specials: Set<Unicode.Scalar> = [
    "\\", "`", "*", "_", "<", ">", "[", "]", "|", "~", "&", "$",
  ]

  /// Escapes markup in text that is already safe to print. The slash of `https:/` and the dot of
  /// `www.` are escaped too, so that no name becomes a link.
  static func escaped(_ safe: String) -> String {
    var result = ""
    for scalar in safe.unicodeScalars {
      let isAddress = scalar == "/" && result.hasSuffix(":")
      let isSite = scalar == "." && result.suffix(3).lowercased() == "www"
      if specials.contains(scalar) || isAddress || isSite { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
