/// One kernel message: where it stands in its source, and what its prefix says.
///
/// Offsets are into the bytes that were read (`LogWindow`); the message itself is never copied
/// unless its carrier writes some bytes as escapes.
package struct LogRecord: Sendable {
  /// The offset of the record's first byte.
  package var start: Int
  /// The offset behind the record, its newline included.
  package var end: Int
  /// The message without prefix and line end.
  package var message: Range<Int>
  package var encoding: Encoding = .plain
  package var stamp = Stamp()
  package var host: Range<Int>?
  package var origin: Origin = .unknown
  package var carrier: Carrier = .plain
  /// Whether the line has no prefix at all, so that it may continue the message before it.
  package var isBare = false
  /// How many blanks stand before a bare line.
  package var indent = 0
  /// Whether the rest of a stamp stands before a bare line, which so is one of its own.
  package var isBehindStamp = false
  /// What stands around the whole line, and hides bytes of it.
  package var wrapping: Wrapping = .none
  /// Whether the record is longer than what was read of it; `end` then lies inside it.
  package var isCut = false

  package init(start: Int, end: Int, message: Range<Int>) {
    self.start = start
    self.end = end
    self.message = message
  }

  /// How a carrier writes the bytes of a message.
  package enum Encoding: Sendable {
    case plain
    /// Unprintable bytes as `\xNN`, everything else as it is (dmesg).
    case dmesg
    /// Like `dmesg`, with colour sequences among the text.
    case coloured
    /// Unprintable bytes and the backslash as `\xNN` (/dev/kmsg).
    case kmsg
    /// Control characters as `#NNN`, octal (rsyslog), or as `\xNN` (who reads /dev/kmsg).
    case syslog
    /// The inside of a JSON string.
    case json
    /// Further lines indented under the first (`journalctl -o verbose`).
    case indentedField
    /// Decimal byte values between commas (a journal's JSON array).
    case byteArray
  }

  /// How bytes of a whole line are hidden, before its carrier wrote any.
  package enum Wrapping: Sendable {
    case none
    /// The inside of a JSON string.
    case json
    /// The inside of a JSON string that is a member of an object inside another string.
    case jsonTwice
    /// `&lt;`, `&gt;`, `&amp;`, `&quot;` and `&#39;`, of a web page.
    case html
    /// A quote is written twice (CSV).
    case csv
    /// Colour sequences among the text, of a program that showed the log: `grep --color`, ccze.
    case coloured
    /// Each newline has a carriage return before it.
    case carriageReturns
    /// A container runtime's lines, each behind its own time and stream.
    case containerParts
    /// Extended netconsole's packets, each behind its own header.
    case packets
  }

  /// Who says the message, as far as the carrier tells.
  package enum Origin: Sendable {
    case kernel
    /// Another program, or a user who wrote into the kernel's log.
    case program
    case unknown
  }
}

/// How kernel messages come into a file.
package enum Carrier: String, Sendable, CaseIterable {
  case plain = "bare messages"
  case dmesg
  case dmesgTime = "dmesg -T"
  case dmesgISO = "dmesg --time-format iso"
  case dmesgDelta = "dmesg -d or -H"
  case kmsg = "/dev/kmsg"
  case syslog = "syslog (RFC 3164)"
  case syslogISO = "syslog (RFC 3339)"
  case syslog5424 = "syslog (RFC 5424)"
  case journalText = "journalctl text"
  case journalJSON = "journalctl json"
  case journalExport = "journalctl export"
  case dmesgJSON = "dmesg --json"
  case jsonLines = "JSON lines"
  case logfmt
  case container = "container log (CRI)"
  case console = "console"
  case table = "exported table"
  case logcat = "logcat"
  case virtualMachine = "vmware.log"
  case talos = "Talos"

  /// Whether the wall-clock times are dmesg's sums and not read from a clock.
  package var isConverted: Bool {
    self == .dmesgTime || self == .dmesgISO || self == .dmesgDelta
  }
}

/// The times that a record's prefix prints, not yet related to each other.
package struct Stamp: Sendable, Equatable {
  /// The printk time since boot.
  package var uptimeMicros: Int64?
  /// A date and time of day; its year is 0 where none is printed.
  package var civil: CivilTime?
  /// Seconds east of UTC; nil where none is printed.
  package var utcOffset: Int?
  package var unixMicros: Int64?
  /// How coarse the wall-clock time is.
  package var precisionMicros: Int64 = 1
  /// The time since the line before, where that is all that is printed (`dmesg -H`, `-d`).
  package var deltaMicros: Int64?
  /// A journal entry's monotonic time of reading, which goes with `unixMicros`.
  package var journalMonotonicMicros: Int64?
  /// The boot that a journal entry names, by the first half of its 128 bits.
  package var bootID: UInt64?

  package init() {}

  /// Four thousand years: sums of times below fit, whatever a log says.
  static let longestMicros: Int64 = 1 << 57

  package var hasWallTime: Bool { civil != nil || unixMicros != nil }
}
