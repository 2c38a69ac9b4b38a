/// The terms that `explain` knows: the book glossary, by subject.
///
/// A word may mean one thing in a log and another on a screen; it then names an entry of each
/// subject, and `explain` gives all of them.
package enum Glossary {
  /// A part of the glossary.
  package struct Subject: Sendable {
    package let id: String
    package let title: String
    package let entries: [Entry]
  }

  /// What one or several words mean.
  package struct Entry: Sendable, Equatable {
    /// The main one first.
    package let names: [String]
    package let title: String
    /// The id of its subject.
    package let subject: String
    package let text: String

    package var id: String { names[0] }
  }

  /// All subjects in the order of the book.
  package static let subjects: [Subject] = {
    let index = Prose.index(.glossary)
    return index.subjects.enumerated().map { position, subject in
      let title = subject.title ?? subject.id
      return Subject(
        id: subject.id, title: title,
        entries: index.entries.filter { $0.subject == position }.map {
          Entry(
            names: $0.names, title: $0.title ?? $0.names[0], subject: subject.id,
            text: Prose.text(.glossary, $0))
        })
    }
  }()

  /// Every word that has an entry, main words first.
  package static var names: [String] {
    let entries = subjects.flatMap(\.entries)
    return entries.map(\.id) + entries.flatMap { $0.names.dropFirst() }
  }

  /// The subject of an id; nil where there is none.
  package static func subject(_ id: String) -> Subject? {
    subjects.first { $0.id == id.lowercased() }
  }

  /// The entries of a word, written as a log or a screen prints it: in any case of letters, with
  /// blanks, dashes or underscores, with a colon behind it, a unit, a zone or a number. Empty where
  /// it is not known.
  package static func entries(named word: String) -> [Entry] {
    forms(of: word).lazy.compactMap { entriesByKey[$0] }.first ?? []
  }

  /// The unit that a key of a record ends in: `kB` for `total_vm_kb`.
  package static func unit(of key: String) -> String? {
    guard let end = key.lastIndex(of: "_"), end > key.startIndex else { return nil }
    let suffix = "-" + key[key.index(after: end)...].lowercased()
    return units.first { $0.suffix == suffix }?.name
  }

  /// A key of a record without its unit.
  package static func stem(of key: String) -> String {
    guard unit(of: key) != nil, let end = key.lastIndex(of: "_") else { return key }
    return String(key[..<end])
  }

  /// What is alike however it is written: without case, commas and what stands behind a word.
  package static func key(_ word: String) -> String {
    let dashed = word.lowercased().filter { $0 != "," }.map { $0 == " " || $0 == "_" ? "-" : $0 }
    let ends: Set<Character> = ["-", ":", "=", "?", "…"]
    let start = dashed.drop { $0 == "-" }
    guard let end = start.lastIndex(where: { !ends.contains($0) }) else { return "" }
    return String(start[...end])
  }

  private static let units: [(suffix: String, name: String)] = [
    ("-kb", "kB"), ("-pages", "pages"), ("-bytes", "bytes"), ("-us", "µs"),
  ]

  private static let entriesByKey: [String: [Entry]] = {
    var entries: [String: [Entry]] = [:]
    for entry in subjects.flatMap(\.entries) {
      for key in Set(entry.names.map(key)) { entries[key, default: []].append(entry) }
    }
    return entries
  }()

  /// A word, and what is left of it without what screens and records put around a word.
  private static func forms(of word: String) -> [String] {
    var forms = [key(word)]
    func add(_ form: some StringProtocol) {
      if !form.isEmpty, form != forms[forms.count - 1] { forms.append(key(String(form))) }
    }
    // `time (UTC+09:00)`
    if let form = forms.last, form.last == ")", let open = form.lastIndex(of: "(") {
      add(form[..<open])
    }
    // The record gives the lines of counters as `counter.free` and `stat.anon`.
    if let form = forms.last, let dot = form.firstIndex(of: "."),
      ["counter", "stat"].contains(form[..<dot])
    {
      add(form[form.index(after: dot)...])
    }
    if let form = forms.last, let unit = units.first(where: { form.hasSuffix($0.suffix) }) {
      add(form.dropLast(unit.suffix.count))
    }
    // `event 3`, `killed_2`
    if let form = forms.last, let end = form.lastIndex(where: { !("0"..."9").contains($0) }),
      form[end] == "-"
    {
      add(form[..<end])
    }
    // `32 tasks`
    if let form = forms.last, let first = form.first, ("0"..."9").contains(first),
      let dash = form.firstIndex(of: "-"),
      form[..<dash].allSatisfy({ ("0"..."9").contains($0) })
    {
      add(form[form.index(after: dash)...])
    }
    return forms
  }
}
