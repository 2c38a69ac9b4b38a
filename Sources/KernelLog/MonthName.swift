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

  /// The month and the day in `Nov 2`, `nov.22` or `11월22`, where no blank need part them.
  static func monthAndDay(
    _ line: Span<UInt8>, glued range: Range<Int>
  ) -> (month: Int, day: Int)? {
    var start = range.upperBound
    while start > range.lowerBound, line[start - 1].isDigit { start -= 1 }
    var cursor = start
    guard let day = line.integer(at: &cursor), (1...31).contains(day) else { return nil }
    while start > range.lowerBound, line[start - 1] == .space { start -= 1 }
    return month(line, range.lowerBound..<start).map { ($0, Int(day)) }
  }

  /// The month that a word names; a dot behind it does not matter.
  static func month(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var end = range.upperBound
    if end > range.lowerBound, line[end - 1] == .dot { end -= 1 }
    let length = end - range.lowerBound
    if length == 3, let month = english(line, range.lowerBound) { return month }
    for (index, names) in names.enumerated() {
      for name in names where name.utf8CodeUnitCount == length {
        if line.matches(name, at: range.lowerBound) { return index + 1 }
      }
    }
    return numbered(line, range.lowerBound..<end)
  }

  /// English months, by their letters as one number: nearly every log has these.
  private static func english(_ line: Span<UInt8>, _ start: Int) -> Int? {
    var word: UInt32 = 0
    for index in start..<start + 3 { word = word << 8 | UInt32(line[index] | 0x20) }
    return switch word {
    case 0x6A_616E: 1
    case 0x66_6562: 2
    case 0x6D_6172: 3
    case 0x61_7072: 4
    case 0x6D_6179: 5
    case 0x6A_756E: 6
    case 0x6A_756C: 7
    case 0x61_7567: 8
    case 0x73_6570: 9
    case 0x6F_6374: 10
    case 0x6E_6F76: 11
    case 0x64_6563: 12
    default: nil
    }
  }

  /// `11월` (Korean) and `11月` (Japanese, Chinese).
  private static func numbered(_ line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var cursor = range.lowerBound
    guard let month = line.integer(at: &cursor), (1...12).contains(month),
      cursor + 3 == range.upperBound,
      line.starts(with: "월", at: cursor) || line.starts(with: "月", at: cursor)
    else { return nil }
    return Int(month)
  }

  /// Abbreviated months of glibc's locales, as far as no two languages mean different months by
  /// one: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Ukrainian,
  /// Czech, Slovak, the Scandinavian ones, Finnish, Hungarian, Turkish, Romanian, Greek.
  private static let names: [[StaticString]] = [
    [
      "jän", "janv", "ene", "gen", "sty", "янв", "січ", "led", "tammi", "oca", "ian", "Ιαν",
    ],
    ["févr", "fev", "lut", "фев", "лют", "úno", "helmi", "febr", "Şub", "Φεβ"],
    ["mär", "mrz", "märz", "mars", "mrt", "мар", "бер", "bře", "maalis", "márc", "Μαρ"],
    ["avril", "avr", "abr", "kwi", "апр", "кві", "dub", "april", "huhti", "ápr", "nis", "Απρ"],
    ["mai", "mag", "mei", "maj", "мая", "май", "тра", "kvě", "máj", "touko", "Μαΐ"],
    ["juin", "juni", "giu", "cze", "июн", "чер", "čen", "jún", "kesä", "haz", "iun", "Ιουν"],
    [
      "juil", "juli", "lug", "lip", "июл", "лип", "čec", "júl", "heinä", "tem", "iul", "Ιουλ",
    ],
    ["août", "ago", "sie", "авг", "сер", "srp", "elo", "Ağu", "Αυγ"],
    ["sept", "set", "wrz", "сен", "вер", "zář", "syys", "szept", "eyl", "Σεπ"],
    ["okt", "out", "ott", "paź", "окт", "жов", "říj", "loka", "eki", "Οκτ"],
    ["lis", "ноя", "marras", "kas", "Νοε"],
    ["dez", "déc", "dic", "des", "gru", "дек", "гру", "pro", "joulu", "ara", "Δεκ"],
  ]
}

extension Span where Element == UInt8 {
  /// Whether a word of the table stands at an offset; its lower-case ASCII letters stand for both
  /// cases.
  fileprivate func matches(_ word: StaticString, at offset: Int) -> Bool {
    guard offset + word.utf8CodeUnitCount <= count else { return false }
    let letters = unsafe word.utf8Start
    for index in 0..<word.utf8CodeUnitCount {
      let byte = self[offset + index]
      let lower = byte.isLetter ? byte | 0x20 : byte
      if unsafe byte != letters[index] && lower != letters[index] { return false }
    }
    return true
  }
}
