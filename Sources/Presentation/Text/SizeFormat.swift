extension SizeUnits {
  /// The size as text, with its unit.
  ///
  /// The kernel counts whole kB of 1024 bytes. A size that is no multiple of that would not be
  /// exact in kB and is shown in bytes.
  package func text(bytes: Int64) -> String {
    switch self {
    case .binary: return Self.binaryText(bytes)
    case .kB where bytes % 1024 == 0: return "\(bytes / 1024) kB"
    case .kB, .bytes: return "\(bytes) B"
    }
  }

  private static let prefixes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  /// Three digits where the size is rounded; none after the point where it is whole.
  private static func binaryText(_ bytes: Int64) -> String {
    let magnitude = UInt128(bytes.magnitude)
    let sign = bytes < 0 ? "-" : ""
    var power = 0
    var unit: UInt128 = 1
    // The largest unit of which there is a whole one after rounding: 1023.7 KiB are 1.00 MiB.
    while magnitude * 2 >= unit * 2047 {
      power += 1
      unit *= 1024
    }
    if magnitude % unit == 0 { return "\(sign)\(magnitude / unit) \(prefixes[power])" }
    for (decimals, scale) in [(2, UInt128(100)), (1, 10)] {
      let scaled = (magnitude * scale * 2 + unit) / (unit * 2)
      if scaled < 1000 {
        let text = decimal(whole: scaled / scale, fraction: scaled % scale, digits: decimals)
        return "\(sign)\(text) \(prefixes[power])"
      }
    }
    return "\(sign)\((magnitude * 2 + unit) / (unit * 2)) \(prefixes[power])"
  }
}

/// `12.05` of 12 and 5 with two digits after the point.
func decimal(
  whole: some BinaryInteger, fraction: some BinaryInteger, digits: Int
) -> String {
  let text = "\(fraction)"
  return "\(whole).\(String(repeating: "0", count: digits - text.count))\(text)"
}
