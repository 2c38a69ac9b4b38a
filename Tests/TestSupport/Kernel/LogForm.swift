package import KernelLog

/// A form in which a log keeps kernel messages, and how it writes them.
package struct LogForm: Sendable, CustomStringConvertible {
  package let name: String
  package let carrier: Carrier
  package var description: String { name }
  /// What of a record's time the form keeps.
  package let clock: Clock
  private let header: String
  private let footer: String
  private let write: @Sendable (KernelRecord, _ host: String) -> [UInt8]

  package enum Clock: Sendable {
    case none, uptime, wall
    /// The wall clock, in whole seconds.
    case seconds
    case both
  }

  /// The wall-clock time of uptime 0 in all printed logs: 2026-10-25 14:30:00 UTC.
  package static let bootMicros: Int64 = 1_792_938_600_000_000

  init(
    _ name: String, _ carrier: Carrier, _ clock: Clock, header: String = "", footer: String = "",
    write: @escaping @Sendable (KernelRecord, String) -> [UInt8]
  ) {
    self.name = name
    self.carrier = carrier
    self.clock = clock
    self.header = header
    self.footer = footer
    self.write = write
  }

  /// The log of some records.
  package func log(_ records: some Sequence<KernelRecord>, host: String = "web1") -> [UInt8] {
    var bytes = Array(header.utf8)
    for record in records { bytes += write(record, host) }
    return bytes + Array(footer.utf8)
  }

  package static let plain = LogForm("dmesg -t", .plain, .none) { record, _ in
    indented("", record)
  }

  package static let dmesg = LogForm("dmesg", .dmesg, .uptime) { record, _ in
    indented(stamp(record), record)
  }

  package static let traditional = LogForm("RFC 3164", .syslog, .uptime) { record, host in
    repeated("\(civil(record).traditional) \(host) kernel: \(stamp(record))", record, end: "\n")
  }

  package static let kmsg = LogForm("/dev/kmsg", .kmsg, .uptime) { record, _ in
    Array("\(record.level),\(record.micros % 1000),\(record.micros),-;".utf8)
      + escaped(record.text) + Array("\n SUBSYSTEM=x\n".utf8)
  }

  package static let journalJSON = LogForm("journalctl -o json", .journalJSON, .both) {
    record, host in
    Array("{\"MESSAGE\":\"".utf8) + json(record.text)
      + Array(
        """
        ","_HOSTNAME":"\(host)","_SOURCE_MONOTONIC_TIMESTAMP":"\(record.micros)",\
        "__CURSOR":"s=1;i=\(record.micros)","__REALTIME_TIMESTAMP":"\(late(record))",\
        "__MONOTONIC_TIMESTAMP":"\(record.micros + 590_000_000)","PRIORITY":"\(record.level)",\
        "_TRANSPORT":"kernel"}\n
        """.utf8)
  }

  package static let journalExport = LogForm("journalctl -o export", .journalExport, .both) {
    record, host in
    Array(
      """
      __CURSOR=s=1;i=\(record.micros)
      __REALTIME_TIMESTAMP=\(late(record))
      __MONOTONIC_TIMESTAMP=\(record.micros + 590_000_000)
      _TRANSPORT=kernel
      _HOSTNAME=\(host)
      _SOURCE_MONOTONIC_TIMESTAMP=\(record.micros)\n
      """.utf8) + field("MESSAGE", record.text) + Array("\n".utf8)
  }

  package static let all: [LogForm] =
    wrapped + [
      plain, dmesg, traditional, kmsg, journalJSON, journalExport,
      LogForm("dmesg -T", .dmesgTime, .seconds) { record, _ in
        indented("[\(civil(record).ctime)] ", record)
      },
      LogForm("dmesg --time-format iso", .dmesgISO, .wall) { record, _ in
        indented("\(civil(record).iso(","))+00:00 ", record)
      },
      LogForm("dmesg -x", .dmesg, .uptime) { record, _ in
        indented("kern  :warn  : \(stamp(record))", record)
      },
      LogForm("dmesg -r", .dmesg, .uptime) { record, _ in
        indented("<\(record.level)>\(stamp(record))", record)
      },
      LogForm("dmesg -S", .dmesg, .uptime) { record, _ in
        repeated(stamp(record), record, end: "\n")
      },
      LogForm("dmesg --color=always", .dmesg, .uptime) { record, _ in
        indented("\u{1B}[32m\(stamp(record))\u{1B}[0m\u{1B}[31m", record, end: "\u{1B}[0m")
      },
      LogForm("dmesg with callers", .dmesg, .uptime) { record, _ in
        indented("\(stamp(record))[ T1234] ", record)
      },
      LogForm("console", .dmesg, .uptime) { record, _ in
        repeated(stamp(record), record, end: "\r\n")
      },
      LogForm("RFC 3164 without uptime", .syslog, .none) { record, host in
        repeated("\(civil(record).traditional) \(host) kernel: ", record, end: "\n")
      },
      LogForm("RFC 3339", .syslogISO, .both) { record, host in
        repeated(
          "\(civil(record).iso("."))+00:00 \(host) kernel: \(stamp(record))", record, end: "\n")
      },
      LogForm("RFC 5424", .syslog5424, .both) { record, host in
        repeated(
          "<\(record.level)>1 \(civil(record).iso("."))Z \(host) kernel - - - \(stamp(record))",
          record, end: "\n")
      },
      LogForm(
        "dmesg --json", .dmesgJSON, .uptime, header: "{\n   \"dmesg\": [\n      ",
        footer: "\n   ]\n}\n"
      ) { record, _ in
        Array(
          "{\n         \"pri\": \(record.level),\n         \"time\": \(seconds(record)),\n".utf8)
          + Array("         \"msg\": \"".utf8) + json(record.text) + Array("\"\n      },".utf8)
      },
      LogForm("journalctl", .syslog, .none) { record, host in
        indented("\(civil(record).traditional) \(host) kernel: ", record)
      },
      LogForm("journalctl -o short-monotonic", .journalText, .uptime) { record, host in
        indented("\(stamp(record))\(host) kernel: ", record)
      },
      LogForm("journalctl -o short-full", .journalText, .seconds) { record, host in
        indented("\(civil(record).full) UTC \(host) kernel: ", record)
      },
    ]

  /// journald reads the record ten minutes after it was logged.
  static func late(_ record: KernelRecord) -> Int64 {
    bootMicros + record.micros + 590_000_000
  }

  static func civil(_ record: KernelRecord) -> CivilTime {
    CivilTime(unixMicros: bootMicros + record.micros, offset: 0)
  }

  static func seconds(_ record: KernelRecord) -> String {
    let micros = "\(record.micros % 1_000_000)"
    let zeros = String(repeating: "0", count: 6 - micros.count)
    return "\(record.micros / 1_000_000).\(zeros)\(micros)"
  }

  static func stamp(_ record: KernelRecord) -> String {
    let seconds = seconds(record)
    return "[\(String(repeating: " ", count: max(0, 12 - seconds.count)))\(seconds)] "
  }
}

/// How the forms lay out a record's lines and bytes.
extension LogForm {
  /// The prefix once, and further lines behind as many blanks.
  static func indented(
    _ prefix: String, _ record: KernelRecord, end: String = ""
  ) -> [UInt8] {
    let shown = prefix.replacing("\u{1B}[32m", with: "").replacing("\u{1B}[0m\u{1B}[31m", with: "")
    var bytes = Array(prefix.utf8)
    for (index, line) in record.lines.enumerated() {
      if index > 0 { bytes += [UInt8](repeating: 0x20, count: shown.utf8.count) }
      bytes += line.flatMap { byte -> [UInt8] in
        byte < 0x20 || byte == 0x7F ? Array(hexEscape(byte).utf8) : [byte]
      }
      bytes += Array("\(index == record.lines.count - 1 ? end : "")\n".utf8)
    }
    return bytes
  }

  /// The prefix on every line.
  static func repeated(
    _ prefix: String, _ record: KernelRecord, end: String
  ) -> [UInt8] {
    record.lines.flatMap { Array(prefix.utf8) + $0 + Array(end.utf8) }
  }

  static func hexEscape(_ byte: UInt8) -> String {
    "\\x\(String(byte >> 4, radix: 16))\(String(byte & 15, radix: 16))"
  }

  /// As /dev/kmsg writes a record's text.
  static func escaped(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { byte -> [UInt8] in
      byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\\")
        ? Array(hexEscape(byte).utf8) : [byte]
    }
  }

  static func json(_ text: [UInt8]) -> [UInt8] {
    text.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\n"): Array("\\n".utf8)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
      case ..<0x20: Array("\\u00\(hexEscape(byte).dropFirst(2))".utf8)
      default: [byte]
      }
    }
  }

  /// A journal field: as text, or with its length where it has line breaks.
  static func field(_ name: String, _ value: [UInt8]) -> [UInt8] {
    guard value.contains(where: { $0 < 0x20 }) else {
      return Array("\(name)=".utf8) + value + [0x0A]
    }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: value.count >> (8 * $0)) }
    return Array("\(name)\n".utf8) + length + value + [0x0A]
  }
}

extension CivilTime {
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  func pad(_ value: Int, _ width: Int) -> String {
    let digits = "\(value)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  var time: String { "\(pad(hour, 2)):\(pad(minute, 2)):\(pad(second, 2))" }
  var date: String { "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))" }
  var monthAndDay: String { "\(Self.months[month - 1]) \(day < 10 ? " " : "")\(day)" }

  var ctime: String { "Sun \(monthAndDay) \(time) \(year)" }
  var traditional: String { "\(monthAndDay) \(time)" }
  var full: String { "Sun \(date) \(time)" }

  func iso(_ point: String) -> String { "\(date)T\(time)\(point)\(pad(micros, 6))" }
}
