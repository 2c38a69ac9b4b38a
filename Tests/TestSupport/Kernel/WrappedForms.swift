import KernelLog

/// Forms in which something else stands around the lines of a log.
extension LogForm {
  static let wrapped: [LogForm] = [
    containers, containerParts, docker, jsonFields, table, netconsole, mail, webPage, grep, cat,
    console, logcat, vmware, talos, phone, differences, minutes, korean, verbose, coloured, logread,
    compose, nameless, heldJournal, nestedJournal, entries,
  ]

  private static let coloured = LogForm("dmesg -t in colours", .plain, .none) { record, _ in
    let text = indented("", record)
    return bytes("\u{1B}[1m") + Array(text.dropLast()) + bytes("\u{1B}[0m\n")
  }

  private static let logread = LogForm("logread", .syslog, .seconds) { record, _ in
    repeated("\(civil(record).ctime) kern.warn kernel: ", record, end: "\n")
  }

  private static let compose = LogForm("docker compose logs", .table, .uptime) { record, _ in
    repeated("agent-1  | \(stamp(record))", record, end: "\n")
  }

  private static let nameless = LogForm("JSON of nobody", .jsonLines, .wall) { record, host in
    bytes("{\"host\":{\"name\":\"\(host)\"},\"message\":\"") + json(record.text)
      + bytes("\",\"@timestamp\":\"\(civil(record).iso("."))Z\"}\n")
  }

  private static let heldJournal = LogForm("a journal in CRI", .container, .both) { record, host in
    bytes("\(civil(record).iso("."))789Z stdout F ") + journalJSON.log([record], host: host)
  }

  private static let nestedJournal = LogForm("a journal in Docker's JSON", .jsonLines, .both) {
    record, host in
    bytes("{\"log\":\"") + json(Array(journalJSON.log([record], host: host).dropLast()))
      + bytes("\\n\",\"stream\":\"stdout\"}\n")
  }

  private static let entries = LogForm(
    "an array of entries", .jsonLines, .both, header: "[", footer: "{\"n\": 1}]\n"
  ) { record, host in
    lines(repeated(stamp(record), record, end: "\n")) { line in
      bytes("{\n  \"resource\": { \"labels\": { \"n\": [1, 2] } },\n  \"textPayload\": \"")
        + json(line) + bytes("\",\n  \"timestamp\": \"\(civil(record).iso("."))Z\"\n}, ")
    }
  }

  private static let containers = LogForm("CRI", .container, .both) { record, _ in
    lines(indented(stamp(record), record)) { line in
      bytes("\(civil(record).iso("."))789Z stdout F ") + line + newline
    }
  }

  package static let containerParts = LogForm("CRI in parts", .container, .both) { record, _ in
    let prefix = "\(civil(record).iso("."))789Z stdout"
    return lines(indented(stamp(record), record)) { line in
      // Behind the stamp, and in none of the words that the scan looks for.
      let cut = min(24, line.count)
      let first: [UInt8] = bytes("\(prefix) P ") + line.prefix(cut) + newline
      return first + bytes("\(prefix) F ") + line.dropFirst(cut) + newline
    }
  }

  package static let docker = LogForm("Docker's JSON", .jsonLines, .both) { record, _ in
    lines(indented(stamp(record), record)) { line in
      let end = "\\n\",\"stream\":\"stdout\",\"time\":\"\(civil(record).iso("."))789Z\"}\n"
      return bytes("{\"log\":\"") + json(line) + bytes(end)
    }
  }

  private static let jsonFields = LogForm("JSON lines", .jsonLines, .both) { record, host in
    let end = """
      ","_HOSTNAME":"\(host)","_SOURCE_MONOTONIC_TIMESTAMP":"\(record.micros)",\
      "@timestamp":"\(civil(record).iso("."))Z","_TRANSPORT":"kernel"}\n
      """
    return bytes("{\"labels\":{\"job\":\"x\",\"n\":[1,2]},\"MESSAGE\":\"") + json(record.text)
      + bytes(end)
  }

  private static let table = LogForm("a table", .table, .uptime) { record, host in
    lines(repeated(stamp(record), record, end: "\n")) { line in
      let cell = line.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
      return bytes("1792938683,\(host),\"") + cell + bytes("\"\n")
    }
  }

  package static let netconsole = LogForm("extended netconsole", .kmsg, .uptime) { record, _ in
    let text = escaped(record.text)
    let header = "6.12.9,\(record.level),\(record.micros % 1000),\(record.micros),-"
    guard text.count > 100 else { return bytes("\(header);") + text + newline }
    return stride(from: 0, to: text.count, by: 100).flatMap { start -> [UInt8] in
      let piece = text.dropFirst(start).prefix(100)
      return bytes("\(header),ncfrag=\(start)/\(text.count);") + piece + newline
    }
  }

  private static let mail = LogForm("a quoting mail", .dmesg, .uptime) { record, _ in
    lines(indented(stamp(record), record)) { bytes("> > ") + $0 + newline }
  }

  private static let webPage = LogForm("a web page", .dmesg, .uptime) { record, _ in
    let text = repeated("<\(record.level)>\(stamp(record))", record, end: "\n")
    return text.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "<"): bytes("&lt;")
      case UInt8(ascii: ">"): bytes("&gt;")
      case UInt8(ascii: "&"): bytes("&amp;")
      default: [byte]
      }
    }
  }

  private static let grep = LogForm("grep -Hn", .dmesg, .uptime) { record, _ in
    repeated("kern.log:\(record.micros % 1000):\(stamp(record))", record, end: "\n")
  }

  private static let cat = LogForm("cat -n", .dmesg, .uptime) { record, _ in
    repeated("   12\t\(stamp(record))", record, end: "\n")
  }

  private static let console = LogForm("a console's screen", .console, .uptime) { record, _ in
    repeated("\u{1B}[Kbooting\r\(stamp(record))", record, end: "\r\r\n")
  }

  private static let logcat = LogForm("logcat", .logcat, .wall) { record, _ in
    repeated("\(civil(record).logcat)     0     0 W kernel  : ", record, end: "\n")
  }

  private static let vmware = LogForm("vmware.log", .virtualMachine, .both) { record, _ in
    let time = "\(civil(record).iso("."))Z"
    return repeated("\(time) In(05) vcpu-5 - Guest: <4>\(stamp(record))", record, end: "\n")
  }

  private static let talos = LogForm("talosctl dmesg", .talos, .wall) { record, _ in
    repeated("kern: warning: [\(civil(record).iso("."))Z]: ", record, end: "\n")
  }

  private static let phone = LogForm("a phone", .dmesg, .uptime) { record, _ in
    repeated("<4>\(stamp(record)) (0)[1234:kswapd0]", record, end: "\n")
  }

  private static let differences = LogForm("dmesg -d", .dmesgDelta, .none) { record, _ in
    indented("[<    0.000137>] ", record)
  }

  private static let minutes = LogForm("dmesg -H", .dmesgDelta, .none) { record, _ in
    indented(record.micros % 7 == 0 ? "[10월25 14:30] " : "[  +0.000137] ", record)
  }

  private static let korean = LogForm("dmesg -T in Korean", .dmesgTime, .seconds) { record, _ in
    indented("[\(civil(record).korean)] ", record)
  }

  package static let verbose = LogForm("journalctl -o verbose", .journalText, .both) {
    record, host in
    let monotonic = String(record.micros + 590_000_000, radix: 16)
    let realtime = String(late(record), radix: 16)
    let head = """
      \(civil(record).full).123456 UTC [s=0;i=7;b=1;m=\(monotonic);t=\(realtime);x=4]
          _TRANSPORT=kernel
          _HOSTNAME=\(host)
          _SOURCE_MONOTONIC_TIMESTAMP=\(record.micros)
          MESSAGE=
      """
    let message = record.lines.joined(separator: bytes("\n            "))
    return bytes(head) + Array(message) + bytes("\n    PRIORITY=\(record.level)\n")
  }

  /// Breaks lines at the last blank before a column, as mail programs do; the blank goes.
  package static func wrapped(at column: Int, quote: String = "") -> LogForm {
    LogForm("mail of \(column) columns", .dmesg, .uptime) { record, _ in
      lines(repeated(stamp(record), record, end: "\n")) { line in
        var result: [UInt8] = []
        var current: [UInt8] = []
        for word in line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
          if !current.isEmpty, current.count + word.count >= column {
            result += bytes(quote) + current + newline
            current = Array(word)
          } else {
            current += (current.isEmpty ? [] : [UInt8(ascii: " ")]) + word
          }
        }
        return result + bytes(quote) + current + newline
      }
    }
  }

  private static let newline: [UInt8] = [0x0A]

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func lines(_ text: [UInt8], _ write: ([UInt8]) -> [UInt8]) -> [UInt8] {
    text.split(separator: 0x0A).flatMap { write(Array($0)) }
  }
}

extension CivilTime {
  fileprivate var logcat: String { "\(pad(month, 2))-\(pad(day, 2)) \(time).\(pad(micros, 6))" }
  fileprivate var korean: String { "일 \(pad(month, 2))월 \(day) \(time) \(year)" }
}
