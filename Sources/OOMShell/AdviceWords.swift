internal import Investigation
internal import OOMReports
internal import Presentation

/// How advice speaks: sentences in the units of the settings, and events by their numbers.
struct AdviceWords {
  private let units: SizeUnits

  init(_ units: SizeUnits) {
    self.units = units
  }

  /// A sentence as text that is safe to show.
  func text(_ sentence: Sentence) -> String {
    Visible.text(sentence.text { units.text(bytes: $0.count) })
  }

  static func words(_ severity: Recommendation.Severity) -> String {
    switch severity {
    case .critical: "critical"
    case .high: "high"
    case .medium: "medium"
    case .low: "low"
    case .general: "in general"
    }
  }

  /// `events 1-3, 7`, with ranges where numbers follow each other.
  static func citation(_ events: [Int]) -> String {
    guard !events.isEmpty else { return "" }
    return "\(events.count == 1 ? "event" : "events") \(ranges(events))"
  }

  /// `1-3, 7`
  static func ranges(_ events: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in events.sorted() {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else if ranges.last?.upperBound != number {
        ranges.append(number...number)
      }
    }
    let words = ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
    return words.joined(separator: ", ")
  }
}
