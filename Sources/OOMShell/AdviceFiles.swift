internal import Investigation
internal import Platform
internal import Presentation

/// The snippets of advice as files that mirror their places, with a README.txt that says what each
/// is, how to apply it and how to undo that.
struct AdviceFiles {
  /// One file, and what advice it comes from.
  struct File {
    let path: String
    let place: String
    let kind: Snippet.Kind
    fileprivate(set) var rules: [String]
    fileprivate(set) var text: String
  }

  /// In the order of the advice.
  private(set) var files: [File] = []
  private let words: AdviceWords

  private static let width = 96

  init(_ advice: [Recommendation], _ words: AdviceWords) {
    self.words = words
    for item in advice {
      for snippet in item.snippets { add(snippet, of: item) }
    }
  }

  /// Several snippets for one place are one file.
  private mutating func add(_ snippet: Snippet, of item: Recommendation) {
    let text = comment(on: snippet, of: item) + snippet.text + "\n"
    if let index = files.firstIndex(where: { $0.path == snippet.place.path }) {
      files[index].text += "\n" + text
      if files[index].rules.last != item.ruleID { files[index].rules.append(item.ruleID) }
    } else {
      files.append(
        File(
          path: snippet.place.path, place: words.text(snippet.place.shown), kind: snippet.kind,
          rules: [item.ruleID], text: text))
    }
  }

  /// Every format takes a `#` at the beginning of a line for a comment; names from a log come
  /// escaped, so that none of them ends the line.
  private func comment(on snippet: Snippet, of item: Recommendation) -> String {
    let cited = AdviceWords.citation(item.events)
    let basis = cited.isEmpty ? item.settings.joined(separator: ", ") : cited
    let head = "rule \(item.ruleID), \(basis), \(item.certainty.rawValue): \(item.title)"
    return ([head] + snippet.computedFrom.map(words.text))
      .flatMap { $0.wrapped(to: Self.width) }
      .map { "# \($0)\n" }.joined()
  }

  /// What is to be written.
  var contents: [NewFiles.File] {
    (files.map { ($0.path, $0.text) } + [("README.txt", readme)]).map { path, text in
      NewFiles.File(path: path, bytes: Array(text.utf8))
    }
  }

  private var readme: String {
    let sections = files.map { file in
      [file.path]
        + Self.indented("Place: \(file.place)")
        + Self.indented("From: \(file.rules.joined(separator: ", "))")
        + Self.indented(Prose.text(.advice, file.kind.applyID) ?? "")
    }
    let intro = (Prose.text(.advice, "apply") ?? "").wrapped(to: Self.width)
    return ([intro] + sections).map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private static func indented(_ text: String) -> [String] {
    text.wrapped(to: width - 4).map { $0.isEmpty ? "" : "    " + $0 }
  }
}
