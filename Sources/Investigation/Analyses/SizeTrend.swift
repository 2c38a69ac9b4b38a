package import OOMReports

/// What a row of sizes, in the order of time, shows; the rule is exact and the same everywhere.
package enum SizeTrend: String, Sendable, CaseIterable {
  /// Fewer than three sizes are known: nothing can be said of them.
  case onlyCounts = "only-counts"
  /// The last is larger than the first by more than a tenth, and none is below the one before it by
  /// more than a twentieth.
  case sizesGrow = "grow"
  /// The last is smaller than the first by more than a tenth, and none is above the one before it by
  /// more than a twentieth.
  case sizesFall = "fall"
  /// The largest exceeds the smallest by a tenth of the largest at most.
  case sizesSteady = "steady"
  /// Neither.
  case sizesVary = "vary"

  package init(_ sizes: [Bytes]) {
    guard sizes.count >= 3, let first = sizes.first, let last = sizes.last,
      let least = sizes.min(), let most = sizes.max()
    else {
      self = .onlyCounts
      return
    }
    func exceeds(_ larger: Bytes, _ smaller: Bytes, by share: Double) -> Bool {
      Double(larger.count) > Double(smaller.count) * (1 + share)
    }
    let steps = Array(zip(sizes, sizes.dropFirst()))
    let everFalls = steps.contains { before, after in
      Double(after.count) < Double(before.count) * 0.95
    }
    let everRises = steps.contains { before, after in exceeds(after, before, by: 0.05) }
    self =
      if Double(most.count) - Double(least.count) <= 0.1 * Double(most.count) {
        .sizesSteady
      } else if !everFalls && exceeds(last, first, by: 0.1) {
        .sizesGrow
      } else if !everRises && exceeds(first, last, by: 0.1) {
        .sizesFall
      } else {
        .sizesVary
      }
  }
}
