/// What a kernel message says about the kernel's clocks, besides its own stamp.
package enum ClockMark: Sendable, Equatable {
  /// The banner that every kernel prints first: "Linux version …" (`linux_banner`, all versions).
  case boot
  /// From here on the stamps may stand to the wall clock in another way.
  case cut(ClockCut)
  /// "audit: type=1400 audit(1795211548.194:1): …": the wall clock in microseconds, read at most
  /// about a second before the line was logged (`audit_log_start`, 2.6.6 and later).
  case audit(Int64)
  /// "rtc_cmos 00:00: setting system clock to 2024-01-02T03:04:05 UTC (1704164645)": what the
  /// battery clock said, in microseconds, to the second (`rtc_hctosys`, 2.6.19 and later).
  case rtc(Int64)

  /// What a message says; nil for nearly all of them.
  package init?(_ message: Span<UInt8>) {
    switch message.byte(at: 0) {
    case UInt8(ascii: "L"):
      guard message.starts(with: "Linux version ", at: 0) else { return nil }
      self = .boot
    case UInt8(ascii: "a"), UInt8(ascii: "t"):
      guard message.starts(with: "audit", at: 0) || message.starts(with: "type=", at: 0),
        let micros = Self.auditTime(message)
      else {
        return nil
      }
      self = .audit(micros)
    case UInt8(ascii: "P"), UInt8(ascii: "r"), UInt8(ascii: "c"):
      if let cut = ClockCut(message) {
        self = .cut(cut)
      } else if let micros = Self.clockTime(message) {
        self = .rtc(micros)
      } else {
        return nil
      }
    default:
      // The RTC's driver comes first in the line, whatever its name is.
      guard let micros = Self.clockTime(message) else { return nil }
      self = .rtc(micros)
    }
  }

  private static func auditTime(_ message: Span<UInt8>) -> Int64? {
    let head = message.extracting(0..<min(message.count, 48))
    guard let open = head.first("audit(") else { return nil }
    var cursor = open + 6
    guard let seconds = message.integer(at: &cursor), isPlausible(seconds),
      message.byte(at: cursor) == .dot
    else { return nil }
    cursor += 1
    guard let fraction = message.fraction(at: &cursor), message.byte(at: cursor) == .colon else {
      return nil
    }
    return seconds * 1_000_000 + fraction.micros
  }

  private static func clockTime(_ message: Span<UInt8>) -> Int64? {
    let head = message.extracting(0..<min(message.count, 128))
    guard let words = head.first("setting system clock to "), let open = head.first(" UTC (")
    else { return nil }
    var cursor = open + 6
    guard words < open, let seconds = message.integer(at: &cursor), isPlausible(seconds),
      message.byte(at: cursor) == UInt8(ascii: ")")
    else { return nil }
    return seconds * 1_000_000
  }

  /// After 1980 and within four thousand years: a machine without a battery starts in 1970, which
  /// ties nothing to anything.
  private static func isPlausible(_ seconds: Int64) -> Bool {
    (315_532_800..<Stamp.longestMicros / 1_000_000).contains(seconds)
  }
}

/// Why the stamps behind a line may stand to the wall clock in another way than those before it.
package enum ClockCut: UInt8, Sendable, CaseIterable {
  /// The machine slept: printk's clock may have stood still (`local_clock`).
  case suspend
  /// A virtual machine went on from a snapshot: the wall clock jumped to now.
  case fork
  /// The kernel found the clock it counted by to be wrong.
  case clocksource
  /// The wall clock was set, as two audit lines show.
  case step

  /// "PM: suspend exit", "PM: hibernation exit" and "PM: resume…" of all versions; "random: crng
  /// reseeded due to virtual machine fork" (5.18 and later); "clocksource: … unstable …" (2.6.18
  /// and later, the prefix since 4.2).
  fileprivate init?(_ message: Span<UInt8>) {
    if message.starts(with: "PM: ", at: 0) {
      guard
        message.starts(with: "PM: resume", at: 0) || message.first("suspend exit") != nil
          || message.first("hibernation exit") != nil
      else { return nil }
      self = .suspend
    } else if message.starts(with: "random: ", at: 0) {
      guard message.first("virtual machine fork") != nil else { return nil }
      self = .fork
    } else if message.starts(with: "clocksource: ", at: 0) {
      guard message.first(" unstable") != nil || message.first(" jumped") != nil else {
        return nil
      }
      self = .clocksource
    } else {
      return nil
    }
  }
}
