/// What a report says, each figure under a name that the loss of other lines does not change: of a
/// row by its pid, of free blocks by their size.
package struct ReportClaims: Sendable {
  package private(set) var entries: [String: String] = [:]
  /// Names that two lines claim.
  package private(set) var rivals: Set<String> = []

  package init(_ facts: ReportFacts) {
    for (key, value) in facts.entries {
      let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      if parts.count > 2, ["task", "victim"].contains(parts[0]) {
        let pid = facts["\(parts[0]).\(parts[1]).pid"] ?? "?"
        add("\(parts[0]).\(pid).\(parts.dropFirst(2).joined(separator: "."))", value)
      } else if parts.count > 2, parts[parts.count - 2] == "blocks" {
        let star = value.firstIndex(of: "*") ?? value.startIndex
        let unit = value.firstIndex(of: "B") ?? value.startIndex
        add(
          "\(parts.dropLast().joined(separator: ".")).\(value[star...unit])",
          "\(value[..<star])\(value[unit...].dropFirst())")
      } else if parts[0] == "stack" {
        add("stack.\(value)", "")
      } else {
        add(key, value)
      }
    }
  }

  private mutating func add(_ key: String, _ value: String) {
    if entries.updateValue(value, forKey: key) != nil { rivals.insert(key) }
  }

  /// What is not as it was printed, a line each; what is missing is not wrong.
  package func wrong(_ truth: ReportClaims) -> [String] {
    entries.compactMap { key, value in
      truth.entries[key] == value && !rivals.contains(key)
        ? nil : "\(key): \(value) instead of \(truth.entries[key] ?? "–")"
    }.sorted()
  }

  /// What was printed and is not known, by name.
  package func missing(_ truth: ReportClaims) -> Set<String> {
    Set(truth.entries.keys).subtracting(entries.keys)
  }
}
