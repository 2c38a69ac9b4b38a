/// `HH:MM:SS`, with a fraction behind a dot or a comma where there is one.
struct TimeOfDay {
  let hour: Int
  let minute: Int
  let second: Int
  var micros: Int64 = 0
  /// How coarse it is: a second, or what the digits of the fraction allow.
  var precisionMicros: Int64 = 1_000_000
  /// Whether a comma stands before the fraction, as only dmesg prints it.
  var hasComma = false

  /// Reads a time of day and moves the offset behind it; nil where none stands.
  init?(_ line: Span<UInt8>, at offset: inout Int) {
    var cursor = offset
    guard let hour = line.fixed(2, at: &cursor), line.byte(at: cursor) == .colon else { return nil }
    cursor += 1
    guard let minute = line.fixed(2, at: &cursor), line.byte(at: cursor) == .colon else {
      return nil
    }
    cursor += 1
    guard let second = line.fixed(2, at: &cursor), hour < 24, minute < 60, second < 61 else {
      return nil
    }
    (self.hour, self.minute, self.second) = (hour, minute, second)
    if let point = line.byte(at: cursor), point == .dot || point == .comma {
      var digits = cursor + 1
      if let fraction = line.fraction(at: &digits) {
        (micros, precisionMicros) = fraction
        hasComma = point == .comma
        cursor = digits
      }
    }
    offset = cursor
  }
}
