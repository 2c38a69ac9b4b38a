/// Logs that print the date only where the minute changes, and else what has passed since the line
/// before (`dmesg -H`, `--time-format=reltime`).
extension LogFormat {
  /// How far back the date may stand.
  private static let reach = 256 << 10

  /// The stamp of the record that ends at an offset: the last date before it and all that has passed
  /// since; nil where there is none, or a line between them tells no difference.
  ///
  /// It is right to a minute, since that is how the date is printed.
  package func summedStamp(endingAt end: Int, in bytes: Span<UInt8>) -> Stamp? {
    var passed: Int64 = 0
    var offset = end
    while offset > max(0, end - Self.reach) {
      let record = record(at: recordStart(of: offset - 1, in: bytes, floor: 0), in: bytes)
      if let civil = record.stamp.civil {
        var stamp = record.stamp
        stamp.civil = civil.advanced(by: passed)
        return stamp
      }
      if let delta = record.stamp.deltaMicros {
        passed += delta
        guard passed < Stamp.longestMicros else { return nil }
      } else if !record.isBare {
        return nil
      }
      offset = min(record.start, offset - 1)
    }
    return nil
  }
}

extension CivilTime {
  /// A later time; one without a year stays without.
  fileprivate func advanced(by micros: Int64) -> CivilTime {
    var later = CivilTime(unixMicros: unixMicrosAsUTC + micros, offset: 0)
    if year == 0 { later.year = 0 }
    return later
  }
}
