/// Spans of time and shares as text for people.
enum SpanFormat {
  private static let units: [(seconds: UInt64, name: String)] = [
    (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"),
  ]

  /// A span in its two largest units, `3d 4h`, and below a minute in seconds, `12.98 s`.
  /// Nil for what is no number.
  static func text(seconds: Double) -> String? {
    guard seconds.isFinite else { return nil }
    let sign = seconds < 0 ? "-" : ""
    // Three hundred million years are enough, and far from where an integer would overflow.
    let magnitude = min(seconds.magnitude, 1e16)
    // Adding a half rounds without libm, which this module would otherwise have to link.
    let hundredths = UInt64(magnitude * 100 + 0.5)
    let micros = UInt64(min(magnitude, 1) * 1_000_000 + 0.5)
    if micros > 0, micros < 1000 { return "\(sign)\(micros) µs" }
    if micros > 0, micros < 999_500 { return "\(sign)\((micros + 500) / 1000) ms" }
    if hundredths < 6000 {
      let text = decimal(whole: hundredths / 100, fraction: hundredths % 100, digits: 2)
      return hundredths % 100 == 0 ? "\(sign)\(hundredths / 100) s" : "\(sign)\(text) s"
    }
    return sign + twoUnits(UInt64(magnitude + 0.5))
  }

  private static func twoUnits(_ seconds: UInt64) -> String {
    for (large, small) in zip(units, units.dropFirst()) where seconds >= large.seconds {
      let rest = seconds % large.seconds / small.seconds
      let whole = "\(seconds / large.seconds)\(large.name)"
      return rest == 0 ? whole : "\(whole) \(rest)\(small.name)"
    }
    return "\(seconds)s"
  }

  /// A share between 0 and 1 as a percentage: `7.5%`, `42%`. Nil for what is no number.
  static func text(share: Double) -> String? {
    guard share.isFinite else { return nil }
    let sign = share < 0 ? "-" : ""
    let tenths = UInt64(min(share.magnitude, 1e12) * 1000 + 0.5)
    if tenths == 0 { return share == 0 ? "0%" : "\(sign)<0.1%" }
    if tenths >= 100 || tenths % 10 == 0 { return "\(sign)\((tenths + 5) / 10)%" }
    return "\(sign)\(decimal(whole: tenths / 10, fraction: tenths % 10, digits: 1))%"
  }
}
