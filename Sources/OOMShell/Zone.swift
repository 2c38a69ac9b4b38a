/// The time zone in which times are shown, and in which times without a zone are read.
package enum Zone: Sendable, Equatable {
  /// The machine's own.
  case local
  case utc
  /// A fixed distance from UTC in seconds, east positive.
  case offset(Int)
  /// A name of the zone database, such as `Asia/Seoul`.
  case named(String)

  /// Reads `local`, `UTC`, `+09:00` or a name. Whether the machine knows the name is not asked.
  package init(_ text: String) {
    switch text {
    case "local": self = .local
    case "UTC", "Z": self = .utc
    default: self = TimeText.parseOffset(text).map(Zone.offset) ?? .named(text)
    }
  }
}

extension Zone: CustomStringConvertible {
  package var description: String {
    switch self {
    case .local: "local"
    case .utc: "UTC"
    case .named(let name): name
    case .offset(let seconds): ZoneOffset(seconds: seconds, name: nil).numeric
    }
  }
}

/// How far a zone is from UTC at one moment.
package struct ZoneOffset: Sendable, Equatable {
  /// East positive.
  package let seconds: Int
  /// The zone's abbreviation then, such as `KST`.
  package let name: String?

  package init(seconds: Int, name: String?) {
    self.seconds = seconds
    self.name = name
  }

  /// `+09:00`.
  package var numeric: String {
    let minutes = abs(seconds) / 60
    let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return (seconds < 0 ? "-" : "+") + parts.joined(separator: ":")
  }
}
