/// The abbreviations of time zones that `date` and journalctl print and that mean one offset from UTC
/// only, in all of the time zone database since 2014f. Others, as CST, IST and PST, have several
/// meanings.
package enum ZoneNames {
  /// Seconds east of UTC; nil for a name with several meanings, or of no zone.
  package static func offset(of name: Substring) -> Int64? {
    minutes[String(name)].map { $0 * 60 }
  }

  /// The same of a range of bytes: `CET`, or `+09` and `-0330`, as zones without a name are written.
  static func offset(of word: Range<Int>, in bytes: Span<UInt8>) -> Int? {
    guard let first = bytes.byte(at: word.lowerBound), word.count <= 5 else { return nil }
    guard first == UInt8(ascii: "+") || first == .minus else {
      return offset(of: Substring(bytes.ascii(word))).map { Int($0) }
    }
    var cursor = word.lowerBound + 1
    guard let hours = bytes.fixed(2, at: &cursor),
      let minutes = cursor == word.upperBound ? 0 : bytes.fixed(2, at: &cursor),
      cursor == word.upperBound, hours <= 14, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return first == .minus ? -seconds : seconds
  }

  private static let minutes: [String: Int64] = [
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "WAT": 60, "CAT": 120, "SAST": 120, "EAT": 180, "PKT": 300,
    "WIB": 420, "WITA": 480, "WIT": 540, "HKT": 480, "AWST": 480, "JST": 540, "KST": 540,
    "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "HST": -600,
    "AKST": -540, "AKDT": -480, "PDT": -420, "MST": -420, "MDT": -360, "EST": -300, "EDT": -240,
    "AST": -240, "ADT": -180, "NST": -210, "NDT": -150,
  ]
}
