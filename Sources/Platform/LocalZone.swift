internal import Glibc

/// The time zone that times are shown in: the system's, or the one that TZ or the user names.
package enum LocalZone {
  /// What a zone says about one moment.
  package struct Offset: Sendable, Equatable {
    /// Seconds to add to UTC.
    package let seconds: Int
    /// The zone's own short name then, such as `KST`, `CEST` or `+0530`.
    package let abbreviation: String

    /// Creates an offset.
    package init(seconds: Int, abbreviation: String) {
      self.seconds = seconds
      self.abbreviation = abbreviation
    }
  }

  /// The offset at a UTC second since 1970. Years that the C library cannot count are in UTC.
  package static func offset(at utcSecond: Int64) -> Offset {
    var second = time_t(utcSecond)
    var parts = unsafe tm()
    guard unsafe localtime_r(&second, &parts) != nil, let name = unsafe parts.tm_zone else {
      return Offset(seconds: 0, abbreviation: "UTC")
    }
    return unsafe Offset(seconds: parts.tm_gmtoff, abbreviation: String(cString: name))
  }

  /// Shows times in another zone from now on: a name such as `Asia/Seoul`, `UTC`, or `+09:00`.
  ///
  /// The C library silently takes UTC for a zone that it does not know, hence the check before. Call
  /// it while there is one thread only.
  package static func use(name: String) throws(HostError) {
    let rule: String
    if let fixed = posixRule(fixedOffset: name) { rule = fixed } else { rule = try found(name) }
    unsafe setenv("TZ", rule, 1)
    tzset()
  }

  /// The POSIX rule for `UTC`, `Z` or an offset such as `+09:00`, `-0330`, `+9`; nil for a name.
  ///
  /// POSIX counts westwards, and wants a name for the zone, in which glibc allows no colon.
  static func posixRule(fixedOffset text: String) -> String? {
    if ["UTC", "Z", "GMT"].contains(text.uppercased()) { return "UTC0" }
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), (1...4).contains(digits.count) else {
      return nil
    }
    let hourCount = digits.count > 2 ? digits.count - 2 : digits.count
    guard let hours = Int(digits.prefix(hourCount)), hours <= 14,
      let minutes = Int("0" + digits.dropFirst(hourCount)), minutes < 60
    else { return nil }
    let name = "\(sign)\(twoDigits(hours))\(minutes == 0 ? "" : twoDigits(minutes))"
    return "<\(name)>\(sign == "+" ? "-" : "+")\(hours):\(twoDigits(minutes))"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  /// The name itself, if the system's database has a zone of that name.
  private static func found(_ name: String) throws(HostError) -> String {
    let directory = EnvironmentVariables["TZDIR"] ?? "/usr/share/zoneinfo"
    guard unsafe access(directory, F_OK) == 0 else {
      throw HostError(
        .missing, path: name, reason: "this system has no time zone database (tzdata)",
        hint: "UTC and offsets such as +09:00 always work")
    }
    let isPlain = name.split(separator: "/", omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") }
    var magic = [UInt8](repeating: 0, count: 4)
    guard isPlain,
      let file = try? Descriptor(opening: "\(directory)/\(name)", flags: O_RDONLY),
      let count = try? file.read(into: &magic, named: name),
      count == magic.count, magic == Array("TZif".utf8)
    else {
      throw HostError(
        .missing, path: name, reason: "there is no such time zone",
        hint: "a name such as Europe/Berlin, UTC, or an offset such as +09:00")
    }
    return name
  }
}
