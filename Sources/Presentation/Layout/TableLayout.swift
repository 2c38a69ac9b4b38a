/// Which columns of a table are shown in a given width, and how wide.
///
/// Wide columns are shortened first; where that is not enough, columns are left out by their drop
/// order; where nothing may be left out, columns are shortened more than is good. What is still too
/// wide then stays so: a figure that is cut would be a wrong figure.
struct TableLayout: Equatable {
  /// What a column needs.
  struct Need: Equatable {
    /// The width of its widest cell, title included.
    var natural: Int
    /// The width below which it is left out sooner than shortened.
    var readable: Int
    /// The width below which it is never shortened.
    var least: Int
    /// As in `Column`.
    var dropOrder: Int
  }

  /// The columns between two columns.
  static let gap = 2

  /// The width of each column; nil for one that is hidden.
  let widths: [Int?]

  init(_ needs: [Need], width: Int) {
    var shown = Array(needs.indices)
    while true {
      if let widths = Self.fit(needs, shown, into: width, least: \.readable) {
        self.widths = widths
        return
      }
      let candidate = shown.last { index in
        needs[index].dropOrder > 0
          && shown.allSatisfy { needs[$0].dropOrder <= needs[index].dropOrder }
      }
      guard let candidate, shown.count > 1 else { break }
      shown.removeAll { $0 == candidate }
    }
    var least: [Int?] = Array(repeating: nil, count: needs.count)
    for index in shown { least[index] = min(needs[index].natural, needs[index].least) }
    widths = Self.fit(needs, shown, into: width, least: \.least) ?? least
  }

  /// The widths when no column is wider than a common cap, the largest with which all fit.
  private static func fit(
    _ needs: [Need], _ shown: [Int], into width: Int, least: KeyPath<Need, Int>
  ) -> [Int?]? {
    let room = width - gap * (shown.count - 1)
    func capped(_ cap: Int) -> [Int] {
      shown.map { min(needs[$0].natural, max(cap, needs[$0][keyPath: least])) }
    }
    let widest = shown.map { needs[$0].natural }.max() ?? 0
    for cap in stride(from: max(min(room, widest), 0), through: 0, by: -1) {
      let widths = capped(cap)
      guard widths.reduce(0, +) <= room else { continue }
      var result: [Int?] = Array(repeating: nil, count: needs.count)
      for (index, width) in zip(shown, widths) { result[index] = width }
      return result
    }
    return nil
  }
}
