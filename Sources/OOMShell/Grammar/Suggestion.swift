/// What somebody who typed a wrong name may have meant.
package enum Suggestion {
  /// How many names a message can bear.
  static let limit = 5

  /// The nearest of the names, best first: those within two edits (one for short names), then those
  /// that begin with what was typed. Names at the same distance keep their order.
  package static func nearest(to typed: String, among names: [String]) -> [String] {
    let wanted = Array(typed.lowercased().utf8)
    guard !wanted.isEmpty else { return [] }
    let reach = wanted.count <= 3 ? 1 : 2
    var ranked: [(rank: Int, order: Int, name: String)] = []
    for (order, name) in names.enumerated() {
      let candidate = Array(name.lowercased().utf8)
      if let edits = distance(wanted, candidate, atMost: reach) {
        let startsAlike = wanted.first == candidate.first
        ranked.append((edits * 2 + (startsAlike ? 0 : 1), order, name))
      } else if candidate.starts(with: wanted) {
        ranked.append((2 * reach + 2, order, name))
      }
    }
    ranked.sort { ($0.rank, $0.order) < ($1.rank, $1.order) }
    return ranked.prefix(limit).map(\.name)
  }

  /// The number of insertions, deletions, substitutions and swaps of neighbours that make one of
  /// the other; nil where it takes more than `reach`.
  static func distance(_ left: [UInt8], _ right: [UInt8], atMost reach: Int) -> Int? {
    guard abs(left.count - right.count) <= reach else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      row.reserveCapacity(right.count + 1)
      for (j, b) in right.enumerated() {
        var edits = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
          edits = min(edits, beforeLast[j - 1] + 1)
        }
        row.append(edits)
      }
      beforeLast = last
      last = row
    }
    return last.last.flatMap { $0 <= reach ? $0 : nil }
  }

  /// `did you mean 'a', 'b' or 'c'?`, or nil where nothing is near. The mark stands before each
  /// name, such as `--`, and is no part of what was mistyped.
  package static func question(
    for typed: String, among names: [String], after mark: String = ""
  ) -> String? {
    let near = nearest(to: typed, among: names).map { "'\(mark)\($0)'" }
    guard let last = near.last else { return nil }
    guard near.count > 1 else { return "did you mean \(last)?" }
    return "did you mean \(near.dropLast().joined(separator: ", ")) or \(last)?"
  }
}
