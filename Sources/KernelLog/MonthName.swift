/// Months as the C library abbreviates them in the locales that logs are met in.
///
/// A log in another language keeps its events; only their wall-clock time is missing.
enum MonthName {
  /// The month and the day in `Sun Oct 25`, `ven. nov. 28`, `일 11월 22` or `Di 12. Aug`.
  static func monthAndDay(
    _ line: Span<UInt8>, _ range: Range<Int>
  ) -> (month: Int, day: Int)? {
    var month: Int?
    var day: Int?
    var cursor = range.lowerBound
    while cursor < range.upperBound {
      let start = line.skippingBlanks(from: cursor)
      cursor = min(line.endOfWord(from: start), range.upperBound)
      guard start < cursor else { break }
      var digits = start
      if let number = line.integer(at: &digits), digits >= cursor - 1 {
        day = Int(number)
      } else if let found = self.month(line, start..<cursor) {
        month = found
      }
    }
    guard let month, let day, (1...31).contains(day) else { return nil }
    return (month, day)
  }

  /// The month that a word names; a dot behind it does not matter.
  static func month(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var end = range.upperBound
    if end > range.lowerBound, line[end - 1] == .dot { end -= 1 }
    let length = end - range.lowerBound
    for (index, names) in names.enumerated() {
      for name in names where name.utf8CodeUnitCount == length {
        if line.matches(name, at: range.lowerBound) { return index + 1 }
      }
    }
    return nil
  }

  /// English, German, French, Spanish, Korean (the number and the sign for month).
  private static let names: [[StaticString]] = [
    ["jan", "jän", "janv", "ene", "1월"], ["feb", "févr", "2월"],
    ["mar", "mär", "mrz", "märz", "mars", "3월"], ["apr", "avril", "avr", "abr", "4월"],
    ["may", "mai", "5월"], ["jun", "juin", "juni", "6월"],
    ["jul", "juil", "juli", "7월"], ["aug", "août", "ago", "8월"],
    ["sep", "sept", "9월"], ["oct", "okt", "10월"], ["nov", "11월"],
    ["dec", "dez", "déc", "dic", "12월"],
  ]
}

extension Span where Element == UInt8 {
  /// Whether a lower-case word stands at an offset, in either case of its ASCII letters.
  fileprivate func matches(_ word: StaticString, at offset: Int) -> Bool {
    guard offset + word.utf8CodeUnitCount <= count else { return false }
    let letters = unsafe word.utf8Start
    for index in 0..<word.utf8CodeUnitCount {
      let byte = self[offset + index]
      let lower = byte.isLetter ? byte | 0x20 : byte
      if unsafe lower != letters[index] { return false }
    }
    return true
  }
}
