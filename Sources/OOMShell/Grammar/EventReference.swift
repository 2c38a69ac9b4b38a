/// How a line names events. Numbers are the fixed numbers of the session, whatever is in view.
package enum EventReference: Sendable, Equatable {
  case number(Int)
  /// Both ends belong to it; the first is not greater than the last.
  case range(ClosedRange<Int>)
  /// The first and the last event in view.
  case first, last
  /// `.`: the event that was looked at last.
  case current
}

extension EventReference {
  /// What is legal, for hints.
  static let forms = "3, 2-5, 2,4,7, first, last or ."

  /// Reads `3`, `2-5`, `2,4,7`, `first`, `last`, `.`, or several of them with commas between.
  ///
  /// The error says what is wrong in a few words, such as `'5-2' runs backwards`.
  package static func parse(_ text: String) throws(GrammarFault) -> [EventReference] {
    var references: [EventReference] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      references.append(try one(part, of: text))
    }
    return references
  }

  private static func one(
    _ part: Substring, of text: String
  ) throws(GrammarFault) -> EventReference {
    switch part {
    case "first": return .first
    case "last": return .last
    case ".": return .current
    default: break
    }
    let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = try ends.map { (end) throws(GrammarFault) in try number(end, of: text) }
    guard numbers.count == 2 else { return .number(numbers[0]) }
    guard numbers[0] <= numbers[1] else {
      throw GrammarFault(
        "\(Visible.quoted(String(part))) runs backwards", hint: "write \(numbers[1])-\(numbers[0])")
    }
    return .range(numbers[0]...numbers[1])
  }

  private static func number(_ digits: Substring, of text: String) throws(GrammarFault) -> Int {
    let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber else {
      throw GrammarFault(
        "\(Visible.quoted(text)) names no event", hint: "an event is \(forms)")
    }
    guard let number = Int(digits), number > 0 else {
      let fault = digits.utf8.allSatisfy { $0 == 0x30 } ? "events are numbered from 1" : nil
      throw GrammarFault(fault ?? "\(Visible.quoted(text)) is too large for an event number")
    }
    return number
  }
}

extension [EventReference] {
  /// The numbers meant, in the order given, each once; fails where there is no such event.
  ///
  /// `count` events are in the session, numbered from 1; `view` holds the numbers in view,
  /// ascending, and `current` is the event that was looked at last.
  package func resolved(
    count: Int, view: [Int], current: Int?
  ) throws(CommandError) -> [Int] {
    var numbers: [Int] = []
    var seen: Set<Int> = []
    for reference in self {
      for number in try reference.span(count: count, view: view, current: current)
      where seen.insert(number).inserted {
        numbers.append(number)
      }
    }
    return numbers
  }
}

extension EventReference {
  fileprivate func span(
    count: Int, view: [Int], current: Int?
  ) throws(CommandError) -> ClosedRange<Int> {
    guard count > 0 else { throw .noEvents() }
    switch self {
    case .number(let number):
      guard number <= count else { throw .noEvent(number, of: count) }
      return number...number
    case .range(let range):
      guard range.upperBound <= count else { throw .noEvent(range.upperBound, of: count) }
      return range
    case .first, .last:
      guard let number = self == .first ? view.first : view.last else { throw .nothingInView() }
      return number...number
    case .current:
      guard let current else { throw .noCurrentEvent() }
      return current...current
    }
  }
}
