/// The full date by which a log store knows a line whose own stamp has no year and no zone.
struct StoreTime {
  /// Since 1970, in microseconds.
  private let unixMicros: Int64

  /// Nil where the store's date is not one itself.
  init?(_ stamp: Stamp) {
    if let unix = stamp.unixMicros {
      unixMicros = unix
    } else if let civil = stamp.civil, civil.year > 0, let offset = stamp.utcOffset {
      unixMicros = civil.unixMicrosAsUTC - Int64(offset) * 1_000_000
    } else {
      return nil
    }
  }

  private static let quarter: Int64 = 900_000_000
  /// No zone is further from UTC.
  private static let furthest: Int64 = 14 * 3_600_000_000
  /// How far the two may be apart beyond a zone.
  private static let slack: Int64 = 2_000_000

  /// The line's date with the year that brings it nearest, and how far its zone is from UTC, in
  /// seconds, where the two differ by that alone.
  func dating(_ date: CivilTime) -> (civil: CivilTime, offset: Int?) {
    let year = CivilTime(unixMicros: unixMicros, offset: 0).year
    var nearest = date
    var least = Int64.max
    for candidate in year - 1...year + 1 {
      var dated = date
      dated.year = candidate
      let apart = dated.isValid ? dated.unixMicrosAsUTC - unixMicros : .max
      if apart.magnitude < least.magnitude { (nearest, least) = (dated, apart) }
    }
    let zone = (least + (least < 0 ? -1 : 1) * Self.quarter / 2) / Self.quarter * Self.quarter
    let isZone = abs(least) <= Self.furthest && abs(least - zone) <= Self.slack
    return (nearest, isZone ? Int(zone / 1_000_000) : nil)
  }
}
