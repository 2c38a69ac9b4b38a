/// `2026-10-25T14:31:23.074316+00:00 `, the blank or bracket behind it included; some daemons put a
/// blank for the T.
struct ISOStamp {
  let civil: CivilTime
  /// Seconds east of UTC; nil where none is printed.
  let utcOffset: Int?
  let precisionMicros: Int64
  /// Whether dmesg printed it, which puts a comma before the fraction.
  let isDmesg: Bool
  /// The offset behind the blank or bracket.
  let end: Int

  init?(_ line: Span<UInt8>, _ start: Int, closedBy close: UInt8 = .space) {
    var cursor = start
    guard let year = line.fixed(4, at: &cursor), line.byte(at: cursor) == .minus else { return nil }
    cursor += 1
    guard let month = line.fixed(2, at: &cursor), line.byte(at: cursor) == .minus else {
      return nil
    }
    cursor += 1
    guard let day = line.fixed(2, at: &cursor), let mark = line.byte(at: cursor),
      mark == UInt8(ascii: "T") || mark == .space
    else { return nil }
    cursor += 1
    guard let time = TimeOfDay(line, at: &cursor) else { return nil }
    let civil = CivilTime(
      year: year, month: month, day: day, hour: time.hour, minute: time.minute,
      second: time.second, micros: Int(time.micros))
    guard civil.isValid else { return nil }
    self.civil = civil
    precisionMicros = time.precisionMicros
    utcOffset = Self.offset(line, &cursor)
    // Programs write a comma too, but no offset behind it.
    isDmesg = time.hasComma && mark != .space && utcOffset != nil
    // vmware.log ends its stamps with a bar.
    if close == .space, line.byte(at: cursor) == UInt8(ascii: "|") { cursor += 1 }
    guard line.byte(at: cursor) == close || cursor == line.count else { return nil }
    self.end = min(cursor + 1, line.count)
  }

  /// Puts what it says into the stamp of a line.
  func add(to stamp: inout Stamp) {
    stamp.civil = civil
    stamp.utcOffset = utcOffset
    stamp.precisionMicros = precisionMicros
  }

  /// `Z`, `+09:00` or `+0900`.
  private static func offset(_ line: Span<UInt8>, _ cursor: inout Int) -> Int? {
    guard let sign = line.byte(at: cursor) else { return nil }
    if sign == UInt8(ascii: "Z") {
      cursor += 1
      return 0
    }
    guard sign == .plus || sign == .minus else { return nil }
    var digits = cursor + 1
    guard let hours = line.fixed(2, at: &digits) else { return nil }
    if line.byte(at: digits) == .colon { digits += 1 }
    guard let minutes = line.fixed(2, at: &digits), hours < 24, minutes < 60 else { return nil }
    cursor = digits
    let seconds = hours * 3600 + minutes * 60
    return sign == .minus ? -seconds : seconds
  }
}
