/// The abbreviations of time zones that `date` and journalctl print and that mean one offset from UTC
/// only, in all of the time zone database since 2014f. Others, as CST, IST and PST, have several
/// meanings.
package enum ZoneNames {
  /// Seconds east of UTC of `CET`, or of `+09` and `-0330`, as zones without a name are written; nil for
  /// a name with several meanings, or of no zone.
  package static func offset(of name: Substring) -> Int64? {
    if let known = minutes[String(name)] { return known * 60 }
    guard let sign = name.first, sign == "+" || sign == "-", name.count == 3 || name.count == 5,
      let digits = Int64(name.dropFirst()), digits >= 0
    else { return nil }
    let seconds = name.count == 3 ? digits * 3600 : digits / 100 * 3600 + digits % 100 * 60
    return sign == "-" ? -seconds : seconds
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
